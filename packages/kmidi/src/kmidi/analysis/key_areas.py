"""The keys that bars are in, one after another, before it is known which is home; and whether a song rises at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise

import numpy as np

from ..score import ChordSpan
from .heard import Flags, Floats, Heard, Ints
from .key_cues import LOG_CHANCES
from .products import Singles
from .smoothing import lasting, smoothed

SECTION_BARS = 8  # a key that holds for less is a colour, not a section
DRAWN = 4.0  # notes that the time of a bar counts for: those of a bar are no independent draws
MOVE = 14.0  # log-odds that a key must win by, in all, to be a new section, where a phrase is as likely to begin as not
STARTS = 2.0  # times the log-odds that a phrase begins, less: keys change where sections do
UNLIKE, LIKE = -4.0, 2.0  # log-odds beyond which a bar is as unlikely, or likely, to begin a phrase as can be
CLOSER = 2  # times as many draws are heard for a key next door, which differs in one tone
PLAIN, CLEAR = 0.02, 3  # share of that tone in what sounds, and times that of its neighbour, by which it is told
RISES = (1, 2, 3)  # semitones that a song's end is lifted by: of POP909's songs that rise, all but a few
SIGNATURE = np.append(np.arange(12), (np.arange(12) + 3) % 12)  # the major key on the scale of each of 24


Sounding = tuple[Heard, Ints, tuple[ChordSpan, ...]]  # notes, lowest pitch of each beat, chords


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeyAreas:
    """fit: log-odds (bars, 24) up to a constant of each bar in each major key, then minor; states: the likeliest path."""

    fit: Floats
    states: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """The bar from which all that is left sounds so many semitones higher, and the major key on the scale before it."""

    bar: int
    semitones: int
    signature: int


def key_areas(heard: Heard, starts: Singles | None) -> KeyAreas:
    """Each bar by itself under the profile of each key, as draws from it (so that a change stands on its bar).

    Joined by Viterbi with a price on every change: Temperley, "The Cognition of Basic Musical Structures", 2001, ch. 7,
    and "Music and Probability", 2007, ch. 6; CLOSER where it moves to keys a fifth away alone. starts: the log-odds
    (bars,) that a phrase begins at each bar, where told.
    """
    each = heard.within(heard.bar_beats)
    fit = DRAWN * each @ LOG_CHANCES.T / np.maximum(np.add.reduce(each, 1, keepdims=True), 1)
    price = np.full(len(fit), MOVE)
    if starts is not None:
        price -= STARTS * np.minimum(np.maximum(starts, UNLIKE), LIKE)
    near = _told(_path(CLOSER * fit, price), each)
    scales = [int(SIGNATURE[near[first]]) for first, _ in runs(SIGNATURE[near])]
    next_door = all((high - low) % 12 in (5, 7) for low, high in pairwise(scales))
    return KeyAreas(fit=fit, states=near if next_door else _path(fit, price))


def _path(fit: Floats, price: Floats) -> Ints:
    """The likeliest states; the first bars are no section of their own where they are few."""
    state = lasting(fit, float(price[1:].min(initial=MOVE)))  # as in most pieces
    if state >= 0:
        return np.full(len(fit), state)
    states = smoothed(fit, price)
    while (changed := (states != states[0]).nonzero()[0]).size and changed[0] < SECTION_BARS <= len(fit) - changed[0]:
        states[: changed[0]] = states[changed[0]]
    return states


def _told(states: Ints, each: Floats) -> Ints:
    """The states but for sections a fifth from their neighbour that the one tone in which the two scales differ does not
    tell: the shorter of the two is as the other. each: (bars, 12) ticks of pitch classes.
    """
    while True:
        doubtful = [
            sorted(pair, key=lambda run: run[1] - run[0])
            for pair in pairwise(runs(SIGNATURE[states]))
            if not _apart(*((int(SIGNATURE[states[first]]), each[first:end].sum(0)) for first, end in pair))
        ]
        if not doubtful:
            return states
        (first, end), (other, _) = min(doubtful, key=lambda pair: pair[0][1] - pair[0][0])
        states[first:end] = states[other]


def _apart(one: tuple[int, Floats], other: tuple[int, Floats]) -> bool:
    """Whether two sections (scale, ticks of pitch classes) are told apart: where one's tonic is the other's fifth, by the
    fourth degree of the lower, which the upper raises.
    """
    (low, below), (high, above) = (one, other) if (other[0] - one[0]) % 12 == 7 else (other, one)
    if (high - low) % 12 != 7:
        return True
    fourth, raised = (low + 5) % 12, (low + 6) % 12

    def plainly(ticks: Floats, tone: int, instead: int) -> bool:
        return bool(ticks[tone] >= max(PLAIN * ticks.sum(), CLEAR * ticks[instead], 1))

    return plainly(below, fourth, raised) and plainly(above, raised, fourth)


def runs(states: Ints) -> list[tuple[int, int]]:
    """(First, end) of runs of one state; a run shorter than SECTION_BARS joins the one before it."""
    edges = [0, *((states[1:] != states[:-1]).nonzero()[0] + 1).tolist(), len(states)]
    found: list[tuple[int, int]] = []
    for first, last in pairwise(edges):
        if found and (last - first < SECTION_BARS or states[found[-1][0]] == states[first]):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def find_rise(areas: KeyAreas) -> Rise | None:
    """Where a song that stayed on one scale is lifted for good, in the same mode by one of RISES; None where it is not."""
    signatures = SIGNATURE[areas.states]
    found = runs(signatures)
    bar = found[-1][0]
    if len(found) != 2 or bar < SECTION_BARS:
        return None
    before, after = (int(part.sum(0).argmax()) for part in (areas.fit[:bar], areas.fit[bar:]))
    semitones = (after - before) % 12
    if before // 12 != after // 12 or semitones not in RISES:
        return None
    return Rise(bar=bar, semitones=semitones, signature=int(signatures[0]))


def settled(areas: KeyAreas) -> Ints:
    """The major key on the scale of each bar's section."""
    signatures = SIGNATURE[areas.states]
    if (signatures == signatures[0]).all():  # as in most pieces
        return signatures
    firsts, ends = np.array(runs(signatures)).T
    return signatures[firsts].repeat(ends - firsts)


def in_bars(heard: Heard, lowest: Ints, chords: Sequence[ChordSpan], here: Flags) -> Sounding:
    """What begins in some of the bars."""

    def inside(ticks: Ints) -> Flags:
        return here[np.clip(heard.bars.searchsorted(ticks, side="right") - 1, 0, len(here) - 1)]

    kept = inside(heard.onset)
    notes = replace(heard, onset=heard.onset[kept], end=heard.end[kept], pitch=heard.pitch[kept], part=heard.part[kept])
    spans = inside(np.array([span.onset for span in chords], np.int64))
    return notes, lowest[inside(heard.beats[:-1])], tuple(compress(chords, spans.tolist()))


def before_rise(heard: Heard, lowest: Ints, chords: Sequence[ChordSpan], rise: Rise) -> Sounding:
    """What sounds before a rise, and after it the last chord, put back down."""
    tick = int(heard.bars[rise.bar])
    notes, low, spans = in_bars(heard, lowest, chords, np.arange(len(heard.bars) - 1) < rise.bar)
    if spans and len(spans) < len(chords):
        spans += (ChordSpan(tick, 1, chords[-1].chord.transpose(-rise.semitones)),)
    return replace(notes, end=np.minimum(notes.end, tick)), low, spans


def told_by_rise(rise: Rise, tonic: int, minor: bool) -> bool:
    """Whether a key that the whole seems to be in is doubtful for the rise: a semitone up, or not on the scale before it.

    A minor verse before a chorus in the major a fourth above looks like a rise of two, and its key is told well.
    """
    return rise.semitones == 1 or (tonic + 3 * minor) % 12 != rise.signature
