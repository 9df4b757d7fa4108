"""Events of many tracks, in any order, laid out as the bytes of each track."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..errors import MidiError
from .encode import Bytes, Ints, encode
from .events import Events

LONGEST = 1 << 40  # ticks; 72 years at 120 bpm

# What comes first at one tick: a note's end, then what changes the sound, then what a file that was read holds there in
# its own order, then a note's start, then the closing event.
OFF, CHANGE, KEPT, ON, CLOSE, END = range(6)


class Rows(NamedTuple):
    """Channel events to be laid out: three bytes each in `data`, of which `size` count."""

    track: Ints
    tick: Ints
    place: int
    data: Bytes
    size: Ints


class Event(NamedTuple):
    """One event to be laid out, its bytes whole."""

    track: int
    tick: int
    place: int
    data: bytes


def lay_out(tracks: int, events: list[Event], rows: list[Rows], kept: tuple[Events, Ints] | None = None) -> list[bytes]:
    """The bytes of so many tracks; events of one track, tick and place keep the order given, `events` before `rows`.

    `kept` are rows of a file that was read. MidiError past LONGEST ticks.
    """
    pools = [np.frombuffer(b"".join(e.data for e in events), np.uint8), *(r.data.ravel() for r in rows)]
    sizes = [np.array([len(e.data) for e in events], np.int64), *(r.size for r in rows)]
    at = [np.cumsum(sizes[0]) - sizes[0]]
    begin = pools[0].size
    for r in rows:
        at.append(begin + 3 * np.arange(r.size.size))
        begin += r.data.size
    heads = [np.zeros(sum(size.size for size in sizes), np.uint8)]
    track = [np.array([e.track for e in events], np.int64), *(r.track for r in rows)]
    tick = [np.array([e.tick for e in events], np.int64), *(r.tick for r in rows)]
    place = [np.array([e.place for e in events], np.int64), *(np.full(r.size.size, r.place) for r in rows)]
    if kept is not None:
        source, mine = kept
        pools.append(source.data)
        at.append(begin + source.at[mine])
        sizes.append(source.size[mine])
        heads.append(source.status[mine])
        track.append(source.track[mine])
        tick.append(source.tick[mine])
        place.append(np.full(mine.size, KEPT))
    when, where = np.concatenate(tick), np.concatenate(track)
    if int(when.max(initial=0)) > LONGEST:
        raise MidiError(f"an event at tick {int(when.max())}; legal: 0 to {LONGEST}")
    order = np.argsort(where << 43 | when << 3 | np.concatenate(place), kind="stable")
    return encode(
        when[order],
        np.concatenate(heads)[order],
        np.concatenate(pools),
        np.concatenate(at)[order],
        np.concatenate(sizes)[order],
        np.bincount(where, minlength=tracks).tolist(),
    )
