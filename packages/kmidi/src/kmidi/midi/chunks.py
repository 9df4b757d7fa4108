"""Bytes to chunks: where the tracks of a MIDI file stand, and where each of their events starts (walk.py finds them)."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from ..errors import MidiError
from .encode import MOST_TRACKS, Ints
from .repairs import Found, Repairs
from .walk import Walk

# what people bring that is no MIDI, by its first bytes
_OTHERS = {b"RIFF": "a RIFF file, such as a WAV sound", b"ID3": "an MP3 sound", b"OggS": "an Ogg sound", b"fLaC": "a FLAC sound", b"PK": "a ZIP archive"}  # fmt: skip

CLAIM = "the track says it is {} bytes long; its end of track comes after {}"
STRAY = "{} stray byte{s} before track {} left out"
STRAY_LAST = "{} stray byte{s} after the last track left out"
HEAD = Struct(">4sI").unpack_from  # a chunk's tag and length


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
    repairs: Repairs


def take_apart(data: bytes) -> Chunks:
    """The chunks of a Standard MIDI File, wrapped in RIFF or not. MidiError where there is no header or no time in it."""
    repairs = Found()
    begin, end = _locate(data, repairs)
    size = int.from_bytes(data[begin + 4 : begin + 8], "big")
    kind, claimed, division = (int.from_bytes(data[begin + i : begin + i + 2], "big") for i in (8, 10, 12))
    if division == 0:
        raise MidiError(f"byte {begin + 12}: the header says 0 ticks a quarter note, so nothing in the file has a time")
    if size != 6:
        repairs.say(-1, begin + 4, "the header says it is {} bytes long; legal: 6", size)
    at = begin + 8 + (size if size > 6 and data[begin + 8 + size : begin + 12 + size] == b"MTrk" else 6)
    walk = Walk(data)
    bounds: list[tuple[int, int]] = []
    marks = [0]  # how many starts the walk has noted before each track and after the last
    others: list[tuple[int, bytes]] = []
    while at < end:
        tag, size = HEAD(walk.data, at)
        if tag == b"MTrk" and at + 8 <= end and len(bounds) < MOST_TRACKS:
            at += 8
            past = at + size
            after = data[past : past + 4]
            wrong = past < end and after != b"MTrk" and not (after.isalnum() and _is_chunk(data, past, end))
            stop, why = walk.hop(at, walk.next_track(past, end) if wrong else min(past, end))
            if wrong and why != "end":  # only an end of track before the next track proves too short a length
                del walk.starts[marks[-1] :]
                stop, why = walk.hop(at, past)
            if why == "end" and stop >= past:  # as nearly all do
                if stop > past:
                    repairs.say(len(bounds), at - 4, CLAIM, size, stop - at)
                bounds.append((at, stop))
                at = stop
            else:
                bound, at = _mended(walk, len(bounds), (at, stop), why, size, end, repairs)
                bounds.append(bound)
            marks.append(len(walk.starts))
        elif tag != b"MTrk" and tag.isalnum() and _is_chunk(data, at, end):
            others.append((len(bounds), data[at : at + 8 + size]))
            at += 8 + size
        else:
            found = walk.next_track(at + 1, end)
            repairs.say(-1, at, STRAY_LAST if found == end else STRAY, found - at, len(bounds))
            at = found
    if claimed != len(bounds):
        repairs.say(-1, begin + 10, "the header says {} track{s}; there are {}", claimed, len(bounds))
    if kind > 2 or (kind == 0 and len(bounds) > 1):
        repairs.say(-1, begin + 8, "format {} with {} tracks, read as format 1", kind, len(bounds))
        kind = 1
    starts, counts = walk.each(marks)
    return Chunks(
        format=kind, division=division, bounds=bounds, counts=counts, starts=starts, others=others,
        repairs=repairs.told(),
    )  # fmt: skip


def _other(data: bytes) -> str:
    """What a file is that is no MIDI, by its first bytes."""
    if not data:
        return "the file is empty"
    for start, name in _OTHERS.items():
        if data.startswith(start):
            return f"it is {name}"
    return f"they start {data[:8]!r}"


def _locate(data: bytes, repairs: Found) -> tuple[int, int]:
    """The bytes of the file proper, from and to."""
    begin, end = 0, len(data)
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        body = data.find(b"data", 12)
        if body >= 0:
            begin, size = body + 8, int.from_bytes(data[body + 4 : body + 8], "little")
            repairs.say(-1, 0, "a RIFF file; the MIDI file in it is read")
            if _goes_on(data, begin, begin + size):
                wrong = "the RIFF file says its data is {} bytes long; the MIDI file in it goes on"
                repairs.say(-1, 0, wrong, size)
            else:
                end = min(end, begin + size)
    found = data.find(b"MThd", begin, end)
    if found < 0:
        raise MidiError(f"byte 0: no MIDI header 'MThd' here or in any of {len(data)} bytes; {_other(data)}")
    if found > begin:
        repairs.say(-1, begin, "{} stray byte{s} before the header left out", found - begin)
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
    walk: Walk, track: int, hopped: tuple[int, int], why: str, size: int, end: int, repairs: Found
) -> tuple[tuple[int, int], int]:
    """Say what is wrong with a track that does not end where it says; it was `hopped` from and to, and `why` no further.

    Returns the bytes that are its events, and where to read on.
    """
    at, stop = hopped
    claimed = min(at + size, end)
    data, starts = walk.data, walk.starts
    plausible = at + size == end or _is_chunk(data, at + size, end)
    if why == "end":
        if stop == claimed or data[stop : stop + 4] == b"MTrk" or not plausible:
            repairs.say(track, at - 4, CLAIM, size, stop - at)
            return (at, stop), stop
        repairs.say(track, stop, "{} stray byte{s} after the end of track left out", claimed - stop)
        return (at, stop), claimed
    if size > claimed - at:
        repairs.say(track, at - 4, "the track says it is {} bytes long; the file has {}", size, claimed - at)
    if why == "limit" and stop > claimed:
        stop = starts.pop()
        repairs.say(track, stop, "the track breaks off within an event; {} byte{s} left out", claimed - stop)
    elif why != "limit":
        repairs.say(track, stop, f"{why}; {{}} stray byte{{s}} left out", claimed - stop)
    repairs.say(track, stop, "no end of track; it ends with its last event")
    if size > claimed - at or not plausible:
        return (at, stop), walk.next_track(stop, end)
    return (at, stop), claimed
