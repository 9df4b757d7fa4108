"""Note-ons and note-offs to notes: first on, first off, within a track, channel and pitch."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .encode import Ints
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
    first = np.ones(rows.size, bool)
    first[1:] = voice[1:] != voice[:-1]
    group = first.cumsum() - 1
    # how many notes of its voice sound after each event; an off with none sounding makes a new minimum below zero
    step = 2 * is_on.astype(np.int64) - 1
    sounding = step.cumsum()
    sounding -= (sounding - step)[first].take(group)
    ground = group * -(rows.size + 1)  # more than any count can fall, so that each voice starts below all before it
    level = sounding + ground
    floor = np.minimum.accumulate(np.minimum(level, ground))
    lowest = np.empty_like(floor)
    lowest[1:] = floor[:-1]
    lowest[first] = ground[first]
    orphan = ~is_on & (level < lowest)
    overlapping = rows[is_on & (sounding > 1)]
    del step, sounding, ground, level, floor, lowest
    ons, offs = is_on.nonzero()[0], (~is_on & ~orphan).nonzero()[0]
    voices = int(group[-1]) + 1 if group.size else 0
    on_count, off_count = (np.bincount(group.take(x), minlength=voices) for x in (ons, offs))
    # the k-th on of a voice meets its k-th off
    ended = np.arange(ons.size) < (on_count.cumsum() - on_count + off_count).repeat(on_count)
    on, off, hanging = rows[ons[ended]], rows[offs], rows[ons[~ended]]
    found = Pairs(on, off, hanging, np.full(hanging.size, -1), rows[orphan], overlapping)
    torn = np.flatnonzero(on_count > off_count)
    return _mended(found, events, rows, is_on, group, torn, on_count[torn]) if torn.size else found


def _mended(found: Pairs, events: Events, rows: Ints, is_on: Flags, group: Ints, torn: Ints, on_count: Ints) -> Pairs:
    """The pairs with those of some groups, where notes hang, told anew one event after the other; of ons alone all hang."""
    whole = np.ones(events.status.size, bool)
    mended: list[list[int]] = [[], [], [], [], []]
    begins, ends = (group.searchsorted(torn, side=side).tolist() for side in ("left", "right"))
    for begin, end, ons in zip(begins, ends, on_count.tolist(), strict=True):
        mine = rows[begin:end]
        if ons == end - begin:
            some = mine.tolist()
            mended[2] += some
            mended[3] += [*some[1:], -1]
            continue
        whole[mine] = False
        for all_, some in zip(
            mended, _told(mine.tolist(), events.tick[mine].tolist(), is_on[begin:end].tolist()), strict=True
        ):
            all_ += some
    on, off, hanging, until, orphan = (np.array(some, np.int64) for some in mended)
    stays = whole[found.on]
    return Pairs(
        np.concatenate([found.on[stays], on]),
        np.concatenate([found.off[stays], off]),
        hanging,
        until,
        np.concatenate([found.orphan[whole[found.orphan]], orphan]),
        found.overlapping,
    )


def _told(rows: list[int], ticks: list[int], is_on: list[bool]) -> tuple[list[int], ...]:
    """Rows of ons, their offs, ons left over, what ends those, and offs left over, of one pitch whose notes hang."""
    empty = _empty(ticks, is_on)
    left = [at for at in range(len(rows)) if at not in empty]
    open_: list[int] = []
    orphan: list[int] = []
    for at in left:
        if is_on[at]:
            open_.append(at)
        elif open_:
            open_.pop()
        else:
            orphan.append(at)
    hanging, lost = {*open_}, {*orphan}
    strikes = [at for at in left if is_on[at]]
    follows = dict(pairwise(strikes))
    on = [at for at in strikes if at not in hanging] + [at for at in empty if is_on[at]]
    off = [at for at in left if not is_on[at] and at not in lost] + [at for at in empty if not is_on[at]]
    until = [rows[follows[at]] if at in follows else -1 for at in open_]
    return ([rows[at] for at in on], [rows[at] for at in off], [rows[at] for at in open_], until, [rows[at] for at in orphan])  # fmt: skip


def _empty(ticks: list[int], is_on: list[bool]) -> dict[int, None]:
    """Places of offs that end nothing and of the ons behind them at one tick, where those ons would hang else."""
    found: dict[int, None] = {}
    sounding, at, count = 0, 0, len(ticks)
    while at < count:
        if is_on[at] or sounding:
            sounding += 1 if is_on[at] else -1
            at += 1
            continue
        end = at
        while end + 1 < count and not is_on[end] and is_on[end + 1] and ticks[end] == ticks[end + 1]:
            end += 2
        if end == count or is_on[end]:
            found.update(dict.fromkeys(range(at, end)))
        at = max(end, at + 1) if end == count or is_on[end] else at + 1
    return found
