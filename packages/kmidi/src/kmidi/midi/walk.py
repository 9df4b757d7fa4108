"""From event to event through the bytes of tracks.

An event's length depends on bytes before it only through the running status. So a table over all bytes says how long
an event would be if it started there, in a run of two-byte and in a run of one-byte messages, and one short loop hops
from event to event: over eight at once where none of them needs a closer look. Time and memory are linear in the bytes
at hand, whatever lengths the file claims.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import cached_property

import numpy as np

from .encode import END_OF_TRACK, Bytes, Ints

PAD = 8  # zero bytes behind the data, so that a look ahead needs no bound

SYSTEM = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # data bytes of system messages; the others have none
_SYSTEM = bytes(0 if status in (0xF0, 0xF7, 0xFF) else 1 + SYSTEM.get(status, 0) for status in range(0xF0, 0x100))
# Bytes from an event's status on, by the byte that stands in the status's place; 0: the loop must look closer.
_IN_TWO = b"\2" * 0x80 + b"\3" * 0x40 + b"\0" * 0x20 + b"\3" * 0x10 + _SYSTEM
_IN_ONE = b"\1" * 0x80 + b"\0" * 0x40 + b"\2" * 0x20 + b"\0" * 0x10 + _SYSTEM
EIGHT = 8  # events in a leap: lengths are doubled three times
FARTHEST = 256  # bytes that no event is longer than whose length is known beforehand: it fits in a byte
CLOSING = bytes((0, 0xFF, END_OF_TRACK, 0))  # an end of track with no time before it
NEAR = 64  # bytes within which a tag is looked for before all are


class Walk:
    """The hop through the tracks: the tables, and what was found so far."""

    def __init__(self, data: bytes) -> None:
        self.data = data + bytes(PAD)
        lengths = _lengths(self.data, _IN_TWO)
        self.two = lengths.tobytes()
        self.eights = memoryview(_eights(lengths).data)
        self.singly = bytes(len(lengths))  # in place of `eights` where there is no leaping
        self.starts = array("q")  # of events; of eight events ~start

    @cached_property
    def tags(self) -> list[int]:
        """Where b"MTrk" stands: few files are so broken that it is asked for."""
        return [found.start() for found in re.finditer(b"MTrk", self.data)]

    @cached_property
    def one(self) -> bytes:
        """The lengths in a run of one-byte messages: hardly a file has one."""
        return _lengths(self.data, _IN_ONE).tobytes()

    def next_track(self, at: int, end: int) -> int:
        """Where the next track's tag stands at or after a byte, else `end`."""
        near = self.data.find(b"MTrk", at, at + NEAR)
        if near >= 0:
            return min(near, end)
        place = bisect_left(self.tags, at)
        return min(self.tags[place], end) if place < len(self.tags) else end

    def hop(self, at: int, end: int) -> tuple[int, str]:
        """Note where events start from a byte on; returns where it stopped, and at "end", "limit" or a fault.

        "end" is behind an end-of-track event, "limit" at or past `end`; what else it says is what stands there.
        """
        data, append = self.data, self.starts.append
        lengths: bytes = self.two
        eights: bytes | memoryview = self.eights
        while at < end:
            while at < (stop := eights[at]) <= end:
                append(~at)
                at = stop
            if at == end:
                break
            append(at)
            if length := lengths[at]:
                at += length
                continue
            if data[at : at + 4] == CLOSING and at + 4 <= end:  # as most tracks do
                return at + 4, "end"
            place = at
            while data[place] >= 0x80 and place < at + 4:
                place += 1
            if place == at + 4:
                self.starts.pop()
                return at, "a delta time of more than four bytes"
            status = data[place + 1]
            if status == 0xFF or status == 0xF0 or status == 0xF7:
                of_meta = status == 0xFF
                size, body = _varint(data, place + 2 + of_meta)
                if body < 0:
                    self.starts.pop()
                    return at, "a length of more than four bytes"
                at = body + size
                if of_meta and data[place + 2] == END_OF_TRACK and at <= end:
                    return at, "end"
            elif 0xC0 <= status < 0xE0:
                at = place = place + 3
                while data[place] >= 0x80 and place < at + 3:
                    place += 1
                if 0x80 <= data[place + 1] < 0xF0:  # the next event says itself what it is
                    lengths, eights = self.two, self.eights
                else:
                    lengths, eights = self.one, self.singly
            else:
                lengths, eights, at = self.two, self.eights, place + 4
        return at, "limit"

    def each(self, marks: list[int]) -> tuple[Ints, Ints]:
        """Where each event starts, those within leaps with them, and how many each track has.

        marks: how many starts were noted before each track, and after the last.
        """
        found = np.array(self.starts, np.int64)
        leapt = found < 0
        count = np.where(leapt, EIGHT, 1)
        within = leapt.repeat(count)
        starts = np.empty(within.size, np.int64)
        starts[~within] = found[~leapt]
        lengths: Bytes = np.frombuffer(self.two, np.uint8)
        eight = np.empty((EIGHT, np.count_nonzero(leapt)), np.int64)
        eight[0] = ~found[leapt]
        for k in range(1, EIGHT):
            np.add(eight[k - 1], lengths.take(eight[k - 1]), out=eight[k])
        starts[within] = eight.T.ravel()
        total = np.zeros(count.size + 1, np.int64)
        count.cumsum(out=total[1:])
        at = total[marks]
        return starts, at[1:] - at[:-1]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length quantity and where it ends, -1 where it has more than four bytes."""
    value = 0
    for place in range(at, at + 4):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return 0, -1


def _lengths(data: bytes, of: bytes) -> Bytes:
    """For an event that would start at each byte: its length with its delta time, 0 where the loop must look closer.

    data: with PAD behind it; of: the bytes from a status on, by the byte in its place. Behind the lengths stand
    FARTHEST of 0.
    """
    padded: Bytes = np.frombuffer(data, np.uint8)
    n = len(data) - PAD
    more = padded >> 7
    delta = 1 + more[:n] * (1 + more[1 : n + 1] * (1 + more[2 : n + 2] * (1 + more[3 : n + 3])))
    where = np.arange(n)
    where += delta
    status = padded.take(where)
    body: Bytes = np.frombuffer(status.tobytes().translate(of), np.uint8)
    lengths = np.zeros(n + FARTHEST, np.uint8)
    np.multiply(body + delta, ((body > 0) & (delta < 5)).view(np.uint8), out=lengths[:n])
    meta = (status == 0xFF).nonzero()[0]
    kind, content, ahead = padded[where[meta] + 1], padded[where[meta] + 2].astype(np.int64), delta[meta]
    short = (kind != END_OF_TRACK) & (content < 0x80) & (ahead < 5)
    size = ahead + 3 + content
    fits = short & (size < FARTHEST)
    lengths[meta[fits]] = size[fits]
    return lengths


def _eights(lengths: Bytes) -> Ints:
    """Where eight events from each byte on end, 0 where one of them needs a closer look: none starts at the first byte."""
    leaps = np.arange(len(lengths))
    leaps += lengths
    leaps *= lengths > 0
    leaps[0] = 0
    for _ in range(EIGHT.bit_length() - 1):
        leaps = leaps.take(leaps)
    return leaps
