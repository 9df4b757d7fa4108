"""Note-ons and note-offs to notes: first on, first off, within a track, channel and pitch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .encode import Ints
from .events import Events


class Pairs(NamedTuple):
    """Rows of Events: each note's on and its off; ons that nothing ends; offs that end nothing; ons that overlap."""

    on: Ints
    off: Ints
    hanging: Ints
    orphan: Ints
    overlapping: Ints


def pair(events: Events) -> Pairs:
    """The notes of a file. A note-on of velocity 0 is a note-off; of notes that overlap the first to start ends first."""
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
    return Pairs(rows[ons[ended]], rows[offs], rows[ons[~ended]], rows[orphan], overlapping)
