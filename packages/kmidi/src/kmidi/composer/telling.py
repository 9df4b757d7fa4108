"""Chords that are told: what makes a chord this one and no other is sounded by some part while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..score import PPQ, ChordSpan
from ..theory import Chord
from .stage import Table
from .voicing import MUD

Placed = tuple[int, int, int, int, int]  # a Row and which part it is of
Registers = Sequence[tuple[int, int] | None]  # of each part; None: its rows may not be moved


@lru_cache(maxsize=1024)
def telling(chord: Chord) -> tuple[int, ...]:
    """The pitch classes that tell a chord from its neighbours, the most needed first.

    Third, or what stands in its place; seventh; a bent fifth; the highest colour; the root. A perfect fifth tells
    nothing but over another bass than the root: E and C sharp alone are A over its fifth as well as C sharp minor.
    """
    steps = chord.intervals
    third = [s for s in steps if s in (3, 4)] or [s for s in steps if s in (2, 5)]
    seventh = [s for s in steps if s in (10, 11)]
    bent = [s for s in steps if s in (6, 8)]
    colour = [s for s in steps[-1:] if s > 8 and s not in seventh]
    fifth = [7] if chord.bass != chord.root and 7 in steps else []
    return tuple((chord.root + s) % 12 for s in (*third, *seventh, *bent, *colour, 0, *fifth))


@lru_cache(maxsize=1024)
def _telling_bits(chord: Chord) -> int:
    """The same as bits."""
    return sum(1 << tone for tone in set(telling(chord)))


def tell(
    table: Table, spans: Sequence[ChordSpan], registers: Registers, hand: int = 128
) -> tuple[Table, list[tuple[ChordSpan, int]]]:
    """A table in which notes of parts with a register have moved to tones that tell a chord and that are not heard in it.

    Heard is what such a part strikes in the chord, and what lasts for half a beat of it, or half of it. A note is moved
    that others sound too, or that is no telling tone, never the lowest that sounds: the longest and earliest the shortest
    way, so that two hands of `hand` semitones each reach what is struck together. Onsets and loudness stay; what is cut
    off a note comes behind all rows. Also what no note could be moved to: chords and pitch classes.
    """
    untold: list[tuple[ChordSpan, int]] = []
    cut: list[Placed] = []
    table, many = table.copy(), table.shape[1]
    onset, length, _, _, part = table
    stop = onset + length
    mine = np.array([register is not None for register in registers], bool)[part]
    for span, bits in zip(spans, heard_in(spans, table, mine), strict=True):
        if not _telling_bits(span.chord) & ~bits:
            continue
        lacking = [tone for tone in telling(span.chord) if not bits >> tone & 1]
        end = span.onset + span.duration
        about = ((onset < end) & (stop > span.onset)).nonzero()[0]
        there: dict[int, Placed] = dict(zip(about.tolist(), zip(*table[:, about].tolist(), strict=True), strict=True))
        there |= {many + at: row for at, row in enumerate(cut) if row[0] < end and row[0] + row[1] > span.onset}
        for tone in lacking:
            found = _best(tone, span, there, registers, hand)
            if found is None:
                untold.append((span, tone))
                continue
            _, at, (there[at], *rest) = found
            if at < many:
                table[:, at], stop[at] = there[at], sum(there[at][:2])
            else:
                cut[at - many] = there[at]
            for row in rest:
                there[many + len(cut)] = row
                cut.append(row)
    return (np.concatenate([table, np.array(cut, np.int64).T], 1) if cut else table), untold


def heard_in(spans: Sequence[ChordSpan], table: Table, struck: NDArray[np.bool_]) -> list[int]:
    """The pitch classes heard in each chord, as bits: what those rows strike in it that do so to be heard, and what lasts for
    half a beat of it, or half of it.
    """
    there = np.zeros((len(spans), 12), bool)
    starts, lasts = np.array([(s.onset, s.duration) for s in spans], np.int64).reshape(-1, 2).T
    onset, length, pitch = table[:3]
    which = np.maximum(starts.searchsorted(onset, "right") - 1, 0)
    last = starts.searchsorted(onset + length) - 1
    pitch_class = pitch % 12
    there[which[struck], pitch_class[struck]] = True
    while len(which):  # the chord that each begins in, then those that it rings into
        start, lasting = starts[which], lasts[which]
        sounds = np.minimum(onset + length, start + lasting) - np.maximum(onset, start)
        long = sounds >= np.minimum(PPQ, lasting) // 2
        there[which[long], pitch_class[long]] = True
        on = (which < last).nonzero()[0]
        onset, length, pitch_class, which, last = (each[on] for each in (onset, length, pitch_class, which + 1, last))
    return (there @ (1 << np.arange(12))).tolist()


def _sounded(span: ChordSpan, there: Iterable[Placed], registers: Registers) -> Counter[int]:
    """How many notes let each pitch class be heard in a chord."""
    end, least = span.onset + span.duration, min(PPQ, span.duration) // 2
    return Counter(
        p % 12
        for o, n, p, _, part in there
        if (o >= span.onset and registers[part]) or min(o + n, end) - max(o, span.onset) >= least
    )


def _best(
    tone: int, span: ChordSpan, there: Mapping[int, Placed], registers: Registers, hand: int
) -> tuple[float, int, tuple[Placed, ...]] | None:
    """(cost, which of those there, what it becomes) of the note that may best be moved to a tone of a chord, None where
    none may.

    Of a note that rings in from the chord before, or far on into the next, only what lies in the chord is moved.
    """
    end = span.onset + span.duration
    needed, sounded = telling(span.chord), _sounded(span, there.values(), registers)
    ways: list[tuple[float, int, int, int, int]] = []  # at least what each costs, which note, its new pitch, from, to
    for at, (onset, length, pitch, _, part) in there.items():
        register = registers[part]
        if register is None or (pitch % 12 in needed and sounded[pitch % 12] < 2):
            continue
        start, stop = max(onset, span.onset), min(onset + length, end)
        if start > onset and stop - start < PPQ // 2:
            continue
        pieces = (start > onset) + (onset + length >= end + PPQ // 2)
        least = 4 * (start - span.onset) / PPQ - 2 * min(stop - start, 2 * PPQ) / PPQ + 3 * pieces
        up, (low, high) = (tone - pitch) % 12, register
        ways += [
            (least + abs(new - pitch), at, new, start, stop)
            for new in (pitch + up, pitch + up - 12)
            if low <= new <= high
        ]
    found: list[tuple[float, int, tuple[Placed, ...]]] = []
    for least, at, new, start, stop in sorted(ways):
        if found and least > min(found)[0]:
            break
        onset, length, pitch, velocity, part = there[at]
        beside = [(p, its) for which, (o, n, p, _, its) in there.items() if which != at and o < stop and start < o + n]
        pitches = [p for p, _ in beside]
        lowest = min(pitches, default=128)
        highest = max((p for p, its in beside if p > pitch and registers[its] is None), default=128)
        if pitch < lowest or not lowest < new < highest or (new, part) in beside or growls(new, pitches):
            continue
        if not two_hands([new, *[p for w, (o, _, p, _, _) in there.items() if w != at and o == start]], hand):
            continue
        rubs = sum([abs(new - p) in (1, 11, 13) for p in pitches])
        rows = [(start, stop - start, new, velocity, part)]
        if start > onset:
            rows.insert(0, (onset, start - onset, pitch, velocity, part))
        if onset + length >= end + PPQ // 2:
            rows.append((end, onset + length - end, pitch, velocity, part))
        found.append((least + 3 * rubs, at, tuple(rows)))
    return min(found, default=None)


def growls(pitch: int, beside: Iterable[int]) -> bool:
    """True where a pitch lies closer than a fourth to another of those beside it, low down."""
    return any(min(pitch, other) < MUD and abs(pitch - other) < 5 for other in beside)


def two_hands(pitches: Sequence[int], hand: int) -> bool:
    """True where two hands that span so many semitones reach all pitches."""
    lowest = min(pitches)
    beyond = [p for p in pitches if p - lowest > hand]
    return not beyond or max(beyond) - min(beyond) <= hand
