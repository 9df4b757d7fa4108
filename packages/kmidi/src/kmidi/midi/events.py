"""Chunks to events: one row an event, in file order, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..score import Repair
from .chunks import PAD, Chunks, take_apart
from .encode import Bytes, Ints

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """The events of a file in file order, one row an event. `status` is filled in where the file left it out.

    `start` is the byte at which the delta time stands; the event's own bytes after the status are data[at : at + size].
    """

    data: Bytes
    track: Ints
    tick: Ints
    status: Bytes
    start: Ints
    at: Ints
    size: Ints

    @property
    def one(self) -> Bytes:
        """The first byte after the status (a pitch, a controller, the type of a meta event)."""
        return self.data[self.at]

    @property
    def two(self) -> Bytes:
        """The second byte after the status."""
        return self.data[self.at + 1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class File:
    """A parsed file. `division` as the header says it; `ends` is the tick at which each track ends.

    `bounds` are the bytes of each track's content in events.data, None where it could not be kept as it stands;
    `others` are chunks that are no tracks: how many tracks stand before each, and its bytes.
    """

    format: int
    division: int
    bounds: tuple[tuple[int, int] | None, ...]
    ends: Ints
    others: tuple[tuple[int, bytes], ...]
    events: Events
    repairs: tuple[Repair, ...]


def parse(data: bytes) -> File:
    """The events of a Standard MIDI File. MidiError, with the byte, where it can't be understood."""
    chunks = take_apart(data)
    counts = np.array(chunks.counts, np.int64)
    repairs = list(chunks.repairs)
    mended = {repair.track for repair in repairs}
    events, ends = _rows(np.frombuffer(data + bytes(PAD), np.uint8), chunks, counts, repairs)
    mended |= {repair.track for repair in repairs}
    return File(
        format=chunks.format,
        division=chunks.division,
        bounds=tuple(None if n in mended else bound for n, bound in enumerate(chunks.bounds)),
        ends=ends,
        others=tuple(chunks.others),
        events=events,
        repairs=tuple(sorted(repairs, key=lambda r: r.byte)),
    )


def varints(data: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """The variable-length quantities that start at so many bytes, and the bytes each takes."""
    byte = data[at].astype(np.int64)
    value, width = byte & 0x7F, np.ones(at.size, np.int64)
    rows = np.flatnonzero(byte >= 0x80)
    for k in (1, 2, 3):
        if not rows.size:
            break
        byte = data[at[rows] + k]
        value[rows] = value[rows] << 7 | byte & 0x7F
        width[rows] += 1
        rows = rows[byte >= 0x80]
    return value, width


def _rows(data: Bytes, chunks: Chunks, counts: Ints, repairs: list[Repair]) -> tuple[Events, Ints]:
    """The rows of all tracks from where they start, and the tick at which each track ends."""
    start = chunks.starts
    delta, width = varints(data, start)
    track = np.repeat(np.arange(counts.size), counts)
    tick, ends = _ticks(delta, counts)
    at = start + width
    del delta, width
    status, explicit, unknown = _statuses(data[at], counts)
    at += explicit
    one = (status & 0xE0) == 0xC0
    size = np.where(one, 1, 2)
    special = np.flatnonzero(status >= 0xF0)
    system = status[special]
    of_meta = (system == 0xFF).astype(np.int64)
    content, wide = varints(data, at[special] + of_meta)
    whole = (system == 0xFF) | (system == 0xF0) | (system == 0xF7)
    size[special] = np.where(whole, of_meta + wide + content, np.select([system == 0xF2, (system == 0xF1) | (system == 0xF3)], [2, 1], 0))  # fmt: skip

    undefined = np.zeros(start.size, bool)
    undefined[special] = np.isin(system, (0xF4, 0xF5, 0xF9, 0xFD))
    for flags, what in (
        (unknown, "data bytes with no status before them, left out"),
        (undefined, "status bytes that MIDI does not define, left out"),
    ):
        repairs += named(np.flatnonzero(flags), track, start, what)
    channel = status < 0xF0
    first_high, second_high = channel & (data[at] >= 0x80), channel & ~one & (data[at + 1] >= 0x80)
    high = first_high | second_high
    if high.any():
        repairs += named(np.flatnonzero(high), track, start, "events with a data byte above 127, read as 127")
        data = data.copy()
        data[at[first_high]] = 127
        data[at[second_high] + 1] = 127
    events = Events(data=data, track=track, tick=tick, status=status, start=start, at=at, size=size)
    gone = unknown | undefined
    return (_take(events, ~gone) if gone.any() else events), ends


def _ticks(delta: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """The tick of each event from the delta times of tracks, and the tick at which each track ends."""
    total, after = np.concatenate([[0], np.cumsum(delta)]), np.cumsum(counts)
    base = total[after - counts]
    return total[1:] - np.repeat(base, counts), total[after] - base


def _statuses(byte: Bytes, counts: Ints) -> tuple[Bytes, Flags, Flags]:
    """The status of each event from the byte that stands in its place; whether it stood there; whether none is known."""
    explicit = byte >= 0x80
    last = np.where(explicit & (byte < 0xF0), np.arange(byte.size), -1)
    np.maximum.accumulate(last, out=last)
    unknown = ~explicit & (last < np.repeat(np.cumsum(counts) - counts, counts))
    return np.where(explicit, byte, byte[last]), explicit, unknown


def _take(events: Events, keep: Flags) -> Events:
    columns = {name: getattr(events, name)[keep] for name in ("track", "tick", "status", "start", "at", "size")}
    return Events(data=events.data, **columns)


def named(rows: Ints, track: Ints, byte: Ints, what: str) -> list[Repair]:
    """One repair a track for such rows: how many, and the byte of the first."""
    if not rows.size:
        return []
    tracks, first, count = np.unique(track[rows], return_index=True, return_counts=True)
    return [Repair(int(t), int(byte[rows[f]]), f"{c} {what}") for t, f, c in zip(tracks, first, count, strict=True)]
