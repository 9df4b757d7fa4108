"""Chunks to events: one row an event, in file order, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .chunks import Chunks, take_apart
from .encode import Bytes, Ints
from .repairs import Repairs, in_order, named
from .walk import PAD, SYSTEM

Flags = NDArray[np.bool_]
_DATA_BYTES = np.zeros(256, np.int64)  # of a system message, by its status
_DATA_BYTES[[*SYSTEM]] = [*SYSTEM.values()]
_UNDEFINED = np.zeros(256, np.bool_)
_UNDEFINED[[0xF4, 0xF5, 0xF9, 0xFD]] = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """The events of a file in file order, one row an event. `status` is filled in where the file left it out.

    `start` is the byte at which the delta time stands; the event's own bytes after the status are data[at : at + size],
    the first of them `one` (a pitch, a controller, the type of a meta event), the second `two`.
    """

    data: Bytes
    track: Ints
    tick: Ints
    status: Bytes
    start: Ints
    at: Ints
    size: Ints
    one: Bytes
    two: Bytes


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
    repairs: Repairs


def parse(data: bytes) -> File:
    """The events of a Standard MIDI File. MidiError, with the byte, where it can't be understood."""
    chunks = take_apart(data)
    repairs = [chunks.repairs]
    events, ends = _rows(np.frombuffer(data + bytes(PAD), np.uint8), chunks, chunks.counts, repairs)
    told = in_order(repairs)
    bounds: list[tuple[int, int] | None] = [*chunks.bounds]
    for track in {*told.track.tolist()} - {-1}:
        bounds[track] = None
    return File(
        format=chunks.format,
        division=chunks.division,
        bounds=tuple(bounds),
        ends=ends,
        others=tuple(chunks.others),
        events=events,
        repairs=told,
    )


def varints(data: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """The variable-length quantities that start at so many bytes, and the bytes each takes."""
    byte = data.take(at)
    value, width = (byte & 0x7F).astype(np.int64), np.ones(at.size, np.int64)
    rows = (byte >= 0x80).nonzero()[0]
    for k in (1, 2, 3):
        if not rows.size:
            break
        byte = data[at[rows] + k]
        value[rows] = value[rows] << 7 | byte & 0x7F
        width[rows] += 1
        rows = rows[byte >= 0x80]
    return value, width


def _rows(data: Bytes, chunks: Chunks, counts: Ints, repairs: list[Repairs]) -> tuple[Events, Ints]:
    """The rows of all tracks from where they start, and the tick at which each track ends."""
    start = chunks.starts
    delta, width = varints(data, start)
    track = np.arange(counts.size).repeat(counts)
    tick, ends = _ticks(delta, counts)
    at = start + width
    del delta, width
    status, explicit, unknown = _statuses(data.take(at), counts)
    at += explicit
    lone = (status & 0xE0) == 0xC0
    size = 2 - lone.astype(np.int64)
    special = (status >= 0xF0).nonzero()[0]
    system = status[special]
    size[special] = _DATA_BYTES[system]
    long = special[(system == 0xFF) | (system == 0xF0) | (system == 0xF7)]
    of_meta = (status[long] == 0xFF).astype(np.int64)
    content, wide = varints(data, at[long] + of_meta)
    size[long] = of_meta + wide + content

    undefined = np.zeros(start.size, bool)
    undefined[special] = _UNDEFINED[system]
    for flags, what in (
        (unknown, "data byte{s} with no status in front, left out"),
        (undefined, "status byte{s} that MIDI does not define, left out"),
    ):
        if flags.any():
            repairs.append(named(flags.nonzero()[0], track, start, what))
    channel = status < 0xF0
    one, two = data.take(at), data.take(at + 1)
    first_high, second_high = channel & (one >= 0x80), channel & (two >= 0x80) & ~lone
    high = first_high | second_high
    if high.any():
        repairs.append(named(high.nonzero()[0], track, start, "event{s} with a data byte above 127, read as 127"))
        data = data.copy()
        data[at[first_high]] = 127
        data[at[second_high] + 1] = 127
        one, two = data.take(at), data.take(at + 1)
    events = Events(data=data, track=track, tick=tick, status=status, start=start, at=at, size=size, one=one, two=two)
    gone = unknown | undefined
    return (_take(events, ~gone) if gone.any() else events), ends


def _ticks(delta: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """The tick of each event from the delta times of tracks, and the tick at which each track ends."""
    total, after = np.zeros(delta.size + 1, np.int64), counts.cumsum()
    delta.cumsum(out=total[1:])
    base = total[after - counts]
    return total[1:] - base.repeat(counts), total[after] - base


def _statuses(byte: Bytes, counts: Ints) -> tuple[Bytes, Flags, Flags]:
    """The status of each event from the byte that stands in its place; whether it stood there; whether none is known."""
    explicit = byte >= 0x80
    if explicit.all():  # most writers say every status
        return byte, explicit, np.zeros_like(explicit)
    last = np.where(explicit & (byte < 0xF0), np.arange(byte.size), -1)
    np.maximum.accumulate(last, out=last)
    unknown = ~explicit & (last < (counts.cumsum() - counts).repeat(counts))
    return np.where(explicit, byte, byte[last]), explicit, unknown


def _take(events: Events, keep: Flags) -> Events:
    names = ("track", "tick", "status", "start", "at", "size", "one", "two")
    columns = {name: getattr(events, name)[keep] for name in names}
    return Events(data=events.data, **columns)
