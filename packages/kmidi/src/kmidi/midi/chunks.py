"""Bytes to chunks: where the tracks of a MIDI file stand and where each of their events starts.

An event's length depends on bytes before it only through the running status. So a table over all bytes says how long
an event would be if it started there, in a run of two-byte and in a run of one-byte messages, and one short loop hops
from event to event: over eight at once where none of them needs a closer look. Time and memory are linear in the bytes
at hand, whatever lengths the file claims.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from sys import intern

import numpy as np

from ..errors import MidiError
from ..score import Repair, in_bulk
from .encode import END_OF_TRACK, MOST_TRACKS, Bytes, Ints

# what people bring that is no MIDI, by its first bytes
_OTHERS = {b"RIFF": "a RIFF file, such as a WAV sound", b"ID3": "an MP3 sound", b"OggS": "an Ogg sound", b"fLaC": "a FLAC sound", b"PK": "a ZIP archive"}  # fmt: skip
PAD = 8  # zero bytes behind the data, so that a look ahead needs no bound

# Bytes from an event's status on, by the byte that stands in the status's place; 0: the loop must look closer.
_IN_TWO = b"\2" * 0x80 + b"\3" * 0x40 + b"\0" * 0x20 + b"\3" * 0x10 + b"\0" * 0x10
_IN_ONE = b"\1" * 0x80 + b"\0" * 0x40 + b"\2" * 0x20 + b"\0" * 0x20
EIGHT = 8  # events in a leap: lengths are doubled three times
FARTHEST = 256  # bytes past which no leap reaches: its length fits in a byte
CLOSING = bytes((0, 0xFF, END_OF_TRACK, 0))  # an end of track with no time before it
SYSTEM = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # data bytes of system messages; the others have none

NEAR = 64  # bytes within which a tag is looked for before all are
HEAD = Struct(">4sI").unpack_from  # a chunk's tag and length
Wrong = tuple[int, int, str]  # what a Repair holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """A file taken apart: the header's words, each track's bytes, the start of each event, other chunks, repairs.

    `bounds` are the bytes of each track's content, from and to; `counts` its events; `starts` their delta times' bytes,
    track after track. `others` are chunks of other kinds: how many tracks stand before each, and its bytes.
    """

    format: int
    division: int
    bounds: list[tuple[int, int]]
    counts: Ints
    starts: Ints
    others: list[tuple[int, bytes]]
    repairs: list[Repair]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length quantity and where it ends, -1 where it has more than four bytes."""
    value = 0
    for place in range(at, at + 4):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return 0, -1


class _Walk:
    """The hop through the tracks: the tables, and what was found so far."""

    def __init__(self, data: bytes) -> None:
        self.data = data + bytes(PAD)
        lengths = _lengths(self.data, _IN_TWO)
        self.two = lengths.tobytes()
        self.eights = _eights(lengths).tobytes()
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
        lengths, eights = self.two, self.eights
        while at < end:
            if (leap := eights[at]) and at + leap <= end:
                append(~at)
                at += leap
                continue
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
            elif 0x80 <= status < 0xF0:
                lengths, eights, at = self.two, self.eights, place + 4
            else:
                at = place + 2 + SYSTEM.get(status, 0)
        return at, "limit"


def take_apart(data: bytes) -> Chunks:
    """The chunks of a Standard MIDI File, wrapped in RIFF or not. MidiError where there is no header or no time in it."""
    repairs: list[Wrong] = []
    begin, end = _locate(data, repairs)
    size = int.from_bytes(data[begin + 4 : begin + 8], "big")
    kind, claimed, division = (int.from_bytes(data[begin + i : begin + i + 2], "big") for i in (8, 10, 12))
    if division == 0:
        raise MidiError(f"byte {begin + 12}: the header says 0 ticks a quarter note, so nothing in the file has a time")
    if size != 6:
        repairs.append((-1, begin + 4, f"the header says it is {size} bytes long; legal: 6"))
    at = begin + 8 + (size if size > 6 and data[begin + 8 + size : begin + 12 + size] == b"MTrk" else 6)
    walk = _Walk(data)
    bounds: list[tuple[int, int]] = []
    marks = [0]  # how many starts the walk has noted before each track and after the last
    others: list[tuple[int, bytes]] = []
    while at < end:
        tag, size = HEAD(walk.data, at)
        if tag == b"MTrk" and at + 8 <= end and len(bounds) < MOST_TRACKS:
            at += 8
            stop, why = walk.hop(at, min(at + size, end))
            if why == "end" and stop == at + size:  # as nearly all do
                bounds.append((at, stop))
                at = stop
            else:
                bound, at = _mended(walk, len(bounds), marks[-1], (at, stop), why, size, end, repairs)
                bounds.append(bound)
            marks.append(len(walk.starts))
        elif tag != b"MTrk" and _is_chunk(data, at, end):
            others.append((len(bounds), data[at : at + 8 + size]))
            at += 8 + size
        else:
            found = walk.next_track(at + 1, end)
            where = "after the last track" if found == end else f"before track {len(bounds)}"
            repairs.append((-1, at, f"{found - at} stray bytes {where} left out"))
            at = found
    if claimed != len(bounds):
        repairs.append((-1, begin + 10, f"the header says {claimed} tracks; there are {len(bounds)}"))
    if kind > 2 or (kind == 0 and len(bounds) > 1):
        repairs.append((-1, begin + 8, f"format {kind} with {len(bounds)} tracks, read as format 1"))
        kind = 1
    starts, counts = _each(walk, marks)
    return Chunks(
        format=kind, division=division, bounds=bounds, counts=counts, starts=starts, others=others,
        repairs=_repairs(repairs) if repairs else [],
    )  # fmt: skip


def _repairs(found: list[Wrong]) -> list[Repair]:
    track, byte, what = zip(*found, strict=True)
    return in_bulk(Repair, len(found), track=track, byte=byte, what=map(intern, what))  # equal words are held once


def _other(data: bytes) -> str:
    """What a file is that is no MIDI, by its first bytes."""
    if not data:
        return "the file is empty"
    for start, name in _OTHERS.items():
        if data.startswith(start):
            return f"it is {name}"
    return f"they start {data[:8]!r}"


def _locate(data: bytes, repairs: list[Wrong]) -> tuple[int, int]:
    """The bytes of the file proper, from and to."""
    begin, end = 0, len(data)
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        body = data.find(b"data", 12)
        if body >= 0:
            begin, size = body + 8, int.from_bytes(data[body + 4 : body + 8], "little")
            repairs.append((-1, 0, "a RIFF file; the MIDI file in it is read"))
            if _goes_on(data, begin, begin + size):
                wrong = f"the RIFF file says its data is {size} bytes long; the MIDI file in it goes on"
                repairs.append((-1, 0, wrong))
            else:
                end = min(end, begin + size)
    found = data.find(b"MThd", begin, end)
    if found < 0:
        raise MidiError(f"byte 0: no MIDI header 'MThd' here or in any of {len(data)} bytes; {_other(data)}")
    if found > begin:
        repairs.append((-1, begin, f"{found - begin} stray bytes before the header left out"))
    if found + 14 > end:
        raise MidiError(f"byte {found}: the header breaks off after {end - found} bytes; it has 14")
    return found, end


def _goes_on(data: bytes, begin: int, end: int) -> bool:
    """True where the header or a track of the MIDI file from `begin` on reaches over an end that is claimed for it."""
    at = data.find(b"MThd", begin)
    if end - at < 14:
        return at >= 0
    while data[at : at + 4] in (b"MThd", b"MTrk") and at < end:
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
    return end < at <= len(data)


def _is_chunk(data: bytes, at: int, end: int) -> bool:
    """True where a chunk starts that ends within the file; a track's length may be wrong."""
    tag = data[at : at + 4]
    if at + 8 > end:
        return False
    return tag == b"MTrk" or (tag.isalnum() and at + 8 + int.from_bytes(data[at + 4 : at + 8], "big") <= end)


def _mended(
    walk: _Walk, track: int, before: int, hopped: tuple[int, int], why: str, size: int, end: int, repairs: list[Wrong]
) -> tuple[tuple[int, int], int]:
    """Walk on where a track is not as it says, `before` starts before it, and it was `hopped` from and to, and `why`.

    Returns the bytes that are its events, and where to read on.
    """
    at, stop = hopped
    claimed = min(at + size, end)
    data, starts = walk.data, walk.starts
    wrong = f"the track says it is {size} bytes long"
    plausible = at + size == end or _is_chunk(data, at + size, end)
    if why != "end" and not plausible and claimed < end:
        # too short a length? only an end of track before the next track proves it
        del starts[before:]
        longer = walk.hop(at, walk.next_track(claimed, end))
        if longer[1] == "end":
            repairs.append((track, at - 4, f"{wrong}; its end of track comes after {longer[0] - at}"))
            return (at, longer[0]), longer[0]
        del starts[before:]
        stop, why = walk.hop(at, claimed)
    if why == "end":
        if stop == claimed or data[stop : stop + 4] == b"MTrk" or not plausible:
            repairs.append((track, at - 4, f"{wrong}; its end of track comes after {stop - at}"))
            return (at, stop), stop
        repairs.append((track, stop, f"{claimed - stop} stray bytes after the end of track left out"))
        return (at, stop), claimed
    if size > claimed - at:
        repairs.append((track, at - 4, f"{wrong}; the file has {claimed - at}"))
    if why == "limit" and stop > claimed:
        stop = starts.pop()
        repairs.append((track, stop, f"the track breaks off within an event; {claimed - stop} bytes left out"))
    elif why != "limit":
        repairs.append((track, stop, f"{why}; {claimed - stop} stray bytes left out"))
    repairs.append((track, stop, "no end of track; it ends with its last event"))
    if size > claimed - at or not plausible:
        return (at, stop), walk.next_track(stop, end)
    return (at, stop), claimed


def _lengths(data: bytes, of: bytes) -> Bytes:
    """For an event that would start at each byte: its length with its delta time, 0 where the loop must look closer.

    data: with PAD behind it; of: the bytes from a status on, by the byte in its place. Behind the lengths stand
    FARTHEST of 0.
    """
    padded: Bytes = np.frombuffer(data, np.uint8)
    n = len(data) - PAD
    more = padded >> 7
    delta = 1 + more[:n] * (1 + more[1 : n + 1] * (1 + more[2 : n + 2] * (1 + more[3 : n + 3])))
    where = np.arange(n) + delta
    status = padded.take(where)
    body: Bytes = np.frombuffer(status.tobytes().translate(of), np.uint8)
    lengths = np.zeros(n + FARTHEST, np.uint8)
    np.multiply(body + delta, (body > 0) & (delta < 5), out=lengths[:n])
    meta = (status == 0xFF).nonzero()[0]
    kind, content, ahead = padded[where[meta] + 1], padded[where[meta] + 2].astype(np.int64), delta[meta]
    short = (kind != END_OF_TRACK) & (content < 0x80) & (ahead < 5)
    size = ahead + 3 + content
    fits = short & (size < FARTHEST)
    lengths[meta[fits]] = size[fits]
    return lengths


def _eights(lengths: Bytes) -> Bytes:
    """The length of eight events from each byte on, 0 where one of them needs a closer look or the sum no byte holds."""
    leaps, at = lengths.copy(), np.arange(len(lengths) - FARTHEST)
    for _ in range(EIGHT.bit_length() - 1):
        first = leaps[: len(at)]
        both = first + leaps.take(at + first)
        np.multiply(both, both > first, out=first)  # no more than the first: nothing came after it, or too much
    return leaps


def _each(walk: _Walk, marks: list[int]) -> tuple[Ints, Ints]:
    """Where each event starts, those within leaps with them, and how many events each track has."""
    found = np.array(walk.starts, np.int64)
    leapt = found < 0
    count = np.where(leapt, EIGHT, 1)
    within = leapt.repeat(count)
    starts = np.empty(within.size, np.int64)
    starts[~within] = found[~leapt]
    lengths: Bytes = np.frombuffer(walk.two, np.uint8)
    eight = np.empty((EIGHT, np.count_nonzero(leapt)), np.int64)
    eight[0] = ~found[leapt]
    for k in range(1, EIGHT):
        eight[k] = eight[k - 1] + lengths[eight[k - 1]]
    starts[within] = eight.T.ravel()
    total = np.zeros(count.size + 1, np.int64)
    count.cumsum(out=total[1:])
    at = total[marks]
    return starts, at[1:] - at[:-1]
