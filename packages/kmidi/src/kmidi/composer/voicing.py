"""Voicings: which octave each chord tone takes, moving as little as possible, as hands and strings allow."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import pairwise, product
from operator import sub

from ..theory import Chord

Voicing = tuple[int, ...]  # pitches, lowest first
MUD = 48  # below C3 nothing closer than a fourth sounds clear
_MUDDY = 40  # semitones that such a voicing seems to lie off its place
RUNGS = 16  # the highest rung that a stroke may name
_STRINGS = (40, 45, 50, 55, 59, 64)  # a guitar's open strings


@lru_cache(maxsize=512)
def voice(chord: Chord, low: int, high: int, voices: int, previous: Voicing = (), kind: str = "close") -> Voicing:
    """Pitches of a chord in low..high: the voicing of its kind that moves least from the previous one.

    kind: close (within an octave), open (the second voice from above dropped), rootless (for a band with a bass),
    power (root, fifth, octave), guitar (a shape that a hand can hold). Where nothing fits, the tones that do.
    """
    choices = _weighed(chord, low, high, voices, kind)
    if not previous:
        return min(choices)[1]
    return min(
        [
            (sum(map(abs, map(sub, pitches, previous))) + 2 * abs(len(pitches) - len(previous)) + 0.25 * away, pitches)
            for away, pitches in choices
        ]
    )[1]


@lru_cache(maxsize=256)
def _weighed(chord: Chord, low: int, high: int, voices: int, kind: str) -> tuple[tuple[float, Voicing], ...]:
    """The voicings of a chord, each with how far it lies from the middle of its register, in semitones; mud lies far."""
    middle = (low + high) / 2
    return tuple(
        (abs(sum(p) / len(p) - middle) + _MUDDY * any(a < MUD and b - a < 5 for a, b in pairwise(p)), p)
        for p in _choices(chord, low, high, voices, kind)
    )


def _choices(chord: Chord, low: int, high: int, voices: int, kind: str) -> tuple[Voicing, ...]:
    if kind == "guitar":
        shapes = tuple(s for s in _shapes(chord) if low <= s[0] and s[-1] <= high)
        if shapes:
            return shapes
    if kind == "power":
        found = [(r, r + 7, r + 12) for r in range(low, high - 11) if r % 12 == chord.root]
        if found:
            return tuple(found)
    classes = _tones(chord, voices, rootless=kind == "rootless")
    stacks: list[Voicing] = []
    for lowest in classes:
        steps = sorted((pc - lowest) % 12 for pc in classes)
        bottoms = range(low + (lowest - low) % 12, high - steps[-1] + 1, 12)
        stacks += [tuple([bottom + step for step in steps]) for bottom in bottoms]
    if kind == "open":
        dropped = [tuple(sorted((*s[:-2], s[-2] - 12, s[-1]))) for s in stacks if len(s) > 2 and s[-2] - 12 >= low]
        stacks = dropped or stacks
    if stacks:
        return tuple(stacks)
    alone = tuple(p for p in range(low, high + 1) if p % 12 in classes)[:voices]
    return (alone or (low + (chord.root - low) % 12,),)


def _tones(chord: Chord, voices: int, *, rootless: bool) -> tuple[int, ...]:
    """Pitch classes in the order in which they are needed: third, seventh, colours, root, fifth."""
    steps = {s % 12: s for s in chord.intervals}
    if rootless and len(steps) > 3:
        steps.pop(0)
    order = [s for s in (3, 4, 10, 11, 9, 2, 1, 5, 6, 0, 8, 7) if s in steps]
    if len(order) > voices and 0 not in order[:voices] and len(steps) == 3:
        order = [0, *order]
    return tuple((chord.root + s) % 12 for s in order[:voices])


@lru_cache(maxsize=128)
def _shapes(chord: Chord) -> tuple[Voicing, ...]:
    """Guitar shapes: four or more neighbouring strings within four frets, the chord's bass lowest, every tone there."""
    tones = {p % 12 for p in chord.pitch_classes}
    found: set[Voicing] = set()
    for first in range(3):
        for fret in range(10):
            frets = [
                [o + f for f in range(fret, fret + 4) if (o + f) % 12 in tones] + ([o] if o % 12 in tones else [])
                for o in _STRINGS[first:]
            ]
            if not all(frets) or not any(p % 12 == chord.bass for p in frets[0]):
                continue
            frets[0] = [p for p in frets[0] if p % 12 == chord.bass]
            for shape in product(*[options[:2] for options in frets]):
                if list(shape) == sorted(set(shape)) and {p % 12 for p in shape} >= tones:
                    found.add(shape)
    return tuple(sorted(found))


def ladder(chord: Chord, low: int, high: int, near: int) -> Voicing:
    """All chord tones upwards from the chord's bass, placed in low..low+12 as near as can be to a pitch; up to high."""
    bottom = low + (chord.bass - low) % 12
    if bottom + 12 <= low + 14 and abs(bottom + 12 - near) < abs(bottom - near):
        bottom += 12
    return (bottom, *pitches_of(chord.pitch_classes, bottom + 1, high))


@lru_cache(maxsize=256)
def climbed(voicing: Voicing) -> Voicing:
    """What each rung names, from 0 to the highest: past the top of a voicing the way goes down again, and up."""
    way = voicing + voicing[-2:0:-1]
    return (way * RUNGS)[: RUNGS + 1]


def pitches_of(classes: tuple[int, ...], low: int, high: int) -> Voicing:
    """The pitches of some classes in low..high."""
    every = _all_pitches(classes)
    return every[bisect_left(every, low) : bisect_right(every, high)]


@lru_cache(maxsize=192)
def _all_pitches(classes: tuple[int, ...]) -> Voicing:
    return tuple(pitch for pitch in range(128) if pitch % 12 in classes)
