"""Bytes to events: where each event of a MIDI file stands, found with a table over byte offsets and one short loop."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from ..errors import MidiError
from .encode import Bytes, Ints

# Bytes from an event's status on, by the byte that stands in the status's place; 0: the loop must look closer. In a run
# of two-byte messages (notes, controllers) and in a run of one-byte messages (programs, pressure).
_TWO = np.zeros(256, np.uint8)
_TWO[:0x80], _TWO[0x80:0xC0], _TWO[0xE0:0xF0] = 2, 3, 3
_ONE = np.zeros(256, np.uint8)
_ONE[:0x80], _ONE[0xC0:0xE0] = 1, 2
_PAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A parsed file: format 0, 1 or 2, the division as the header says it, the number of tracks, the events."""

    format: int
    division: int
    tracks: int
    events: Events


def parse(data: bytes) -> File:
    """The events of a Standard MIDI File. MidiError, with the byte, where it can't be understood."""
    if data[:4] != b"MThd" or len(data) < 14:
        raise MidiError(f"no MIDI file: byte 0 should start 'MThd', it starts {data[:4]!r}")
    size, kind, _, division = struct.unpack(">IHHH", data[4:14])
    padded = np.frombuffer(data + bytes(_PAD), np.uint8)
    tables = _tables(padded)
    starts: list[int] = []
    counts: list[int] = []
    at = 8 + size
    while at + 8 <= len(data):
        tag, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        if tag == b"MTrk":
            before = len(starts)
            _hop(data, at + 8, min(at + 8 + size, len(data)), tables, starts)
            counts.append(len(starts) - before)
        at += 8 + size
    return File(
        format=kind, division=division, tracks=len(counts), events=_events(padded, np.array(starts, np.int64), counts)
    )


def _tables(data: Bytes) -> tuple[bytes, bytes]:
    """For an event that would start at each byte: its length with its delta time, 0 where the loop must look closer."""
    n = data.size - _PAD
    more = (data >= 0x80).astype(np.uint8)
    delta = 1 + more[:n] * (1 + more[1 : n + 1] * (1 + more[2 : n + 2] * (1 + more[3 : n + 3])))
    where = np.arange(n) + delta
    status = data[where]
    meta = np.flatnonzero(status == 0xFF)
    content = data[where[meta] + 2].astype(np.int64)
    length = delta[meta] + 3 + content
    short = (content < 0x80) & (length < 256) & (data[where[meta] + 1] != 0x2F) & (delta[meta] < 5)
    found: list[bytes] = []
    for table in (_TWO, _ONE):
        body = table[status]
        lengths = np.where((body > 0) & (delta < 5), body + delta, 0).astype(np.uint8)
        lengths[meta[short]] = length[short]
        found.append(lengths.tobytes())
    return found[0], found[1]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(at, min(at + 4, len(data))):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    raise MidiError(f"byte {at}: a variable-length quantity of more than four bytes")


def _hop(data: bytes, at: int, end: int, tables: tuple[bytes, bytes], starts: list[int]) -> int:
    """Append where the events start, up to the end of track; returns where that ends."""
    two, one = tables
    lengths = two
    append = starts.append
    while at < end:
        append(at)
        if length := lengths[at]:
            at += length
            continue
        _, place = _varint(data, at)
        status = data[place]
        if status == 0xFF or status == 0xF0 or status == 0xF7:
            kind = data[place + 1]
            size, body = _varint(data, place + 1 + (status == 0xFF))
            at = body + size
            if status == 0xFF and kind == 0x2F:
                return at
        elif 0xC0 <= status < 0xE0:
            lengths, at = one, place + 2
        elif status < 0xF0:
            lengths, at = two, place + 3
        else:
            at = place + 1
    return at


def _varints(data: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """The variable-length quantities that start at so many bytes, and the bytes each takes."""
    value, width, open_ = np.zeros(at.size, np.int64), np.zeros(at.size, np.int64), np.ones(at.size, bool)
    for k in range(4):
        byte = data[at + k]
        value = np.where(open_, value << 7 | byte & 0x7F, value)
        width += open_
        open_ &= byte >= 0x80
        if not open_.any():
            break
    return value, width


def _events(data: Bytes, start: Ints, counts: list[int]) -> Events:
    """The rows of all tracks from where they start."""
    delta, width = _varints(data, start)
    track = np.repeat(np.arange(len(counts)), counts)
    total, ends = np.cumsum(delta), np.cumsum(np.array(counts, np.int64))
    before = np.concatenate([[0], total])[ends - counts]
    where = start + width
    byte = data[where]
    explicit = byte >= 0x80
    last = np.maximum.accumulate(np.where(explicit & (byte < 0xF0), np.arange(start.size), 0))
    status = np.where(explicit, byte, byte[last]) if start.size else byte
    at = where + explicit
    size = np.where((status & 0xE0) == 0xC0, 1, 2)
    special = np.flatnonzero(status >= 0xF0)
    of_meta = (status[special] == 0xFF).astype(np.int64)
    content, wide = _varints(data, at[special] + of_meta)
    with_content = np.isin(status[special], (0xF0, 0xF7, 0xFF))
    size[special] = np.where(with_content, of_meta + wide + content, 0)
    return Events(
        data=data, track=track, tick=total - np.repeat(before, counts), status=status, start=start, at=at, size=size
    )
