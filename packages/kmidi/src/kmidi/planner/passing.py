"""Chords of one beat: bars in which a chord leads on, comes early or comes late, as often as songs have them."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate

from ..streams import Stream
from ..tables import counts, draw
from ..theory import Key, roman_to_chord
from .colour import root, triad
from .grammar import Bars, diatonic

_C = Key("C")
_COUNTED = {"ionian": "major", "aeolian": "minor"}
# What becomes of a bar by its number of chords, and how many bars in a thousand of POP909's odd numbers are so
# (scripts/count_beats.py): a, b its chords, p a chord that leads from the one before to the one after.
_SHAPES: dict[int, tuple[tuple[str, ...], tuple[float, ...]]] = {
    1: (("aaap",), (1.0,)),
    2: (("aabp", "apbb", "aaab", "abbb", "apbp"), tuple(accumulate((28.0, 23.0, 15.0, 29.0, 6.0)))),
}


def passing(bars: Bars, mode: str, share: float, stream: Stream) -> Bars:
    """The bars with about a share (0..1) of them led on by chords of one beat: those have a numeral for each beat.

    The chords that lead are those that songs take from one to the other.
    """
    out = list(bars)
    for index, bar in enumerate(bars):
        one, two, three = stream.unit(), stream.unit(), stream.unit()
        if one < share and len(bar) in _SHAPES:
            out[index] = _led(bar, bars[(index + 1) % len(bars)][0], mode, two, three) or bar
    return tuple(out)


def _led(bar: tuple[str, ...], following: str, mode: str, one: float, two: float) -> tuple[str, ...] | None:
    """A bar of four beats with a chord of one beat in it, or None where no chord is known to lead on."""
    first, last = bar[0], bar[-1]
    shape = draw(one, _SHAPES[len(bar)])
    led = {"a": first, "b": last}
    leads: dict[int, str] = {}
    for at, what in enumerate(shape):
        if what == "p":
            lead = _lead(led[shape[at - 1]], last if at == 1 else following, mode, two)
            if lead is None:
                return None
            leads[at] = lead
    return tuple(leads.get(at) or led[what] for at, what in enumerate(shape))


def _lead(before: str, after: str, mode: str, unit: float) -> str | None:
    """A chord between two, on the bass note that steps from one to the other where it has one."""
    kinds = _between(triad(before), triad(after), mode)
    if kinds is None:
        return None
    lead = draw(unit, kinds)
    return lead if "dim" in lead or "aug" in lead else f"{lead}{_step(before, lead, after)}"


@lru_cache(maxsize=512)
def _between(before: str, after: str, mode: str) -> tuple[tuple[str, ...], tuple[float, ...]] | None:
    """The chords that lead from one to another, with the running sums of how often songs take them; None where none does.

    In modes that were not counted, the chords of the scale; those a step or a fifth above the goal thrice as often.
    """
    found: dict[str, float] = {}
    if mode in _COUNTED:
        moves = counts().moves[_COUNTED[mode]]
        for lead, many in _counts(moves.get(before)).items():
            onward = _counts(moves.get(lead))
            weight = many * onward.get(after, 0.0) / (sum(onward.values()) or 1.0)
            if weight >= 3:
                found[lead] = weight
    else:
        for lead in {diatonic(mode, degree): None for degree in range(7)}:
            if "dim" not in lead and "aug" not in lead:
                found[lead] = 3.0 if (root(lead) - root(after)) % 12 in (1, 2, 7, 10, 11) else 1.0
    for known in (before, after):
        found.pop(known, None)
    return (tuple(found), tuple(accumulate(found.values()))) if found else None


def _counts(row: tuple[tuple[str, ...], tuple[float, ...]] | None) -> dict[str, float]:
    if row is None:
        return {}
    items, sums = row
    return {item: until - start for item, start, until in zip(items, (0.0, *sums), sums, strict=False)}


@lru_cache(maxsize=1024)
def _step(before: str, lead: str, after: str) -> str:
    """The inversion ("/3", "/5") by which a chord's bass steps between its neighbours', if its root does not; else nothing."""
    start, end = roman_to_chord(before, _C).bass, roman_to_chord(after, _C).bass
    tones = roman_to_chord(lead, _C).pitch_classes
    for name, tone in (("", root(lead)), ("/3", tones[1]), ("/5", tones[2])):
        down, up = (start - tone) % 12, (tone - end) % 12
        if down in (1, 2, 10, 11) and up in (1, 2, 10, 11):
            return name
    return ""
