"""Note-ons and note-offs to notes: first on, first off, within a track, channel and pitch."""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np

from .encode import NO_ROWS, Ints
from .events import Events, Flags


class Pairs(NamedTuple):
    """Rows of Events: each note's on and its off; ons that nothing ends; offs that end nothing; ons that overlap.

    `until`: for each on that nothing ends the next of its pitch, which ends it, -1 where none comes.
    """

    on: Ints
    off: Ints
    hanging: Ints
    until: Ints
    orphan: Ints
    overlapping: Ints


def pair(events: Events) -> Pairs:
    """The notes of a file. A note-on of velocity 0 is a note-off; of notes that overlap the first to start ends first.

    Where a pitch has more ons than offs, the on left over is the one whose off is missing, so that no later note takes
    the end of another; a note whose off stands before its on at one tick, as some writers leave grace notes, is empty.
    """
    rows = ((events.status & 0xE0) == 0x80).nonzero()[0]  # 0x80 and 0x90
    status = events.status.take(rows)
    is_on = (status >= 0x90) & (events.two.take(rows) > 0)
    voice = events.track.take(rows) << 11 | (status & 15).astype(np.int64) << 7 | events.one.take(rows)
    few = voice.size == 0 or int(voice.max()) < 1 << 16  # 16 bits: a radix sort
    order = (voice.astype(np.uint16) if few else voice).argsort(kind="stable")
    rows, is_on, voice = rows.take(order), is_on.take(order), voice.take(order)
    first = opens(voice)
    del order, voice, status
    group = first.cumsum()
    group -= 1
    count, held = _counted(is_on, first, group)
    overlapping = rows[is_on & (count > 1)]
    orphan = _orphans(is_on, first, held)
    torn = held[np.append(first[1:], True)[: rows.size]] > 0  # voices in which an on is left over
    del count, held
    ends = ~is_on & ~orphan
    if not torn.any():  # the k-th on of a voice meets its k-th off
        return Pairs(rows[is_on], rows[ends], NO_ROWS, NO_ROWS, rows[orphan], overlapping)
    apart = torn.take(group)
    del group
    whole = ~apart
    plain = Pairs(rows[is_on & whole], rows[ends & whole], NO_ROWS, NO_ROWS, rows[orphan & whole], overlapping)
    rows, is_on, first = rows[apart], is_on[apart], first[apart]
    del apart, whole, ends, orphan
    return _mended(plain, rows, events.tick.take(rows), is_on, first)


class ByVoice:
    """The places at which each voice stands among some, ascending."""

    def __init__(self, voice: Ints) -> None:
        self._order = voice.argsort(kind="stable")
        self._voice = voice[self._order]

    def __getitem__(self, voice: int) -> Ints:
        begin, end = self._voice.searchsorted([voice, voice + 1]).tolist()
        return self._order[begin:end]


def opens(voice: Ints) -> Flags:
    """True for the first row of each voice."""
    first = np.ones(voice.size, bool)
    first[1:] = voice[1:] != voice[:-1]
    return first


def _counted(is_on: Flags, first: Flags, group: Ints) -> tuple[Ints, Ints]:
    """After each event: its voice's ons less its offs; and its notes that sound, which an off that ends none leaves at 0."""
    step = 2 * is_on.view(np.int8) - 1
    count = step.cumsum(dtype=np.int64)
    count -= (count[first] - step[first]).take(group)
    if count.min(initial=0) >= 0:  # no off ends nothing, as in most files
        return count, count
    floor = group * -(is_on.size + 1)  # more than any count can fall, so that each voice starts below all before it
    held = count + floor
    np.minimum(held, floor, out=floor)
    np.minimum.accumulate(floor, out=floor)
    held -= floor
    return count, held


def _orphans(is_on: Flags, first: Flags, held: Ints) -> Flags:
    """The offs before which nothing sounds."""
    silent = first.copy()
    silent[1:] |= held[:-1] == 0
    return silent & ~is_on


def _mended(plain: Pairs, rows: Ints, tick: Ints, is_on: Flags, first: Flags) -> Pairs:
    """The pairs, with those of the voices where notes hang: there the last to start ends first."""
    empty = _empty(tick, is_on, first)
    del tick
    left = (~empty).nonzero()[0]
    group = first.cumsum()
    strikes, opening = is_on.take(left), opens(group.take(left))
    orphan = _orphans(strikes, opening, _counted(strikes, opening, opening.cumsum() - 1)[1])
    sounding = np.where(orphan, np.int8(0), 2 * strikes.view(np.int8) - 1).cumsum(dtype=np.int64)
    # what sounds from an on to the end of all hangs: a voice ends with no less than it starts with
    hangs = strikes & (np.minimum.accumulate(sounding[::-1])[::-1] == sounding)
    del sounding
    on, off = left[strikes & ~hangs], left[~strikes & ~orphan]
    if left.size < rows.size:
        on, off = (_by_group(np.append(some, empty.nonzero()[0][k::2]), group) for some, k in ((on, 1), (off, 0)))
    struck = left[strikes]
    until = np.full(struck.size, -1)
    again = group[struck[1:]] == group[struck[:-1]]
    until[:-1][again] = rows[struck[1:][again]]
    return Pairs(
        np.concatenate([plain.on, rows[on]]),
        np.concatenate([plain.off, rows[off]]),
        rows[left[hangs]],
        until[hangs[strikes]],
        np.concatenate([plain.orphan, rows[left[orphan]]]),
        plain.overlapping,
    )


def _by_group(places: Ints, group: Ints) -> Ints:
    return places.take(group.take(places).argsort(kind="stable"))


def _empty(tick: Ints, is_on: Flags, first: Flags) -> Flags:
    """Offs that end nothing and the ons behind them at one tick, where those ons would hang else: an on or nothing follows."""
    count = is_on.size
    glued, begun = np.zeros(count, bool), np.zeros(count + 1, np.int8)
    glued[:-1] = ~is_on[:-1] & is_on[1:] & (tick[:-1] == tick[1:]) & ~first[1:]
    if not glued.any():
        return glued
    stops, ends = np.arange(count, dtype=np.int32), np.full(count + 2, count, np.int32)
    stops[glued & ~first] = count
    for odd in (0, 1):  # where the run of such pairs stops that goes on at each off
        ends[odd:-2:2] = np.minimum.accumulate(stops[odd::2][::-1])[::-1]
    ends = ends[2:]  # of the run that begins there
    np.minimum(ends, count - 1, out=stops)
    ripe = glued & ((ends == count) | is_on[stops] | first[stops])
    del stops
    if ripe.any():
        codes = is_on.view(np.uint8) | ripe.view(np.uint8) << 1 | first.view(np.uint8) << 2
        runs = _unsounded(codes.tobytes(), memoryview(ends.data))
        begun[runs] += 1
        begun[ends[runs]] -= 1
    return begun[:-1].cumsum(dtype=np.int8) > 0


def _unsounded(codes: bytes, ends: memoryview) -> Ints:
    """Where runs begin while nothing sounds. codes: 1 an on, 2 a run that may begin here, 4 the first of a voice."""
    begun = array("q")
    sounding = at = 0
    while at < len(codes):
        code = codes[at]
        if code & 4:
            sounding = 0
        if code & 1:
            sounding += 1
        elif sounding:
            sounding -= 1
        elif code & 2:
            begun.append(at)
            at = ends[at]
            continue
        at += 1
    return np.array(begun, np.int64)
