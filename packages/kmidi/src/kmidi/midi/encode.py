"""Events to bytes: the one place that lays out an SMF, all tracks in one pass of array operations."""

from __future__ import annotations

import struct
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import MidiError

MAX_DELTA = 0x0FFFFFFF
MOST_TRACKS = 0xFFFF
TEXT, TITLE, INSTRUMENT, LYRIC, MARKER, CUE = 1, 3, 4, 5, 6, 7
CHANNEL_PREFIX, END_OF_TRACK, TEMPO, METER, KEY = 0x20, 0x2F, 0x51, 0x58, 0x59
_SHORT = 3  # bytes of a note event
_WIDER = (0x80, 0x4000, 0x200000)  # the first delta time of two, three, four bytes

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
NO_ROWS: Ints = np.zeros(0, np.int64)


def varint(value: int) -> bytes:
    """A variable-length quantity: seven bits a byte, highest first."""
    out = bytearray([value & 0x7F])
    while value := value >> 7:
        out.insert(0, value & 0x7F | 0x80)
    return bytes(out)


def meta(kind: int, content: bytes) -> bytes:
    """A meta event as it stands in the file, without its delta time."""
    return bytes((0xFF, kind)) + varint(len(content)) + content


def chunk(tag: bytes, content: bytes) -> bytes:
    """A chunk: four letters, the length in bytes, the content."""
    return tag + struct.pack(">I", len(content)) + content


def header(kind: int, tracks: int, division: int) -> bytes:
    """The header chunk; division is ticks a quarter note, or the two SMPTE bytes as one number.

    MidiError where there are more tracks than it can say.
    """
    if tracks > MOST_TRACKS:
        raise MidiError(f"{tracks} tracks; legal: up to {MOST_TRACKS}")
    return chunk(b"MThd", struct.pack(">HHH", kind, tracks, division))


def encode(ticks: Ints, heads: Bytes, pool: Bytes, at: Ints, size: Ints, counts: list[int]) -> list[bytes]:
    """The event bytes of tracks that lie one behind the other, `counts` events each, ticks rising within a track.

    An event is its delta time, then heads[i] where that is not 0 (its status), then size[i] bytes of the pool from at[i].
    MidiError where two events of a track lie more than 2^28 - 1 ticks apart.
    """
    of_track: Ints = np.array(counts, np.int64)
    ends: Ints = np.cumsum(of_track)
    delta: Ints = ticks.copy()
    delta[1:] -= ticks[:-1]
    firsts = (ends - of_track)[of_track > 0]
    delta[firsts] = ticks[firsts]
    if delta.size and int(delta.max()) > MAX_DELTA:
        raise MidiError(f"{int(delta.max())} ticks between two events; a MIDI file holds at most {MAX_DELTA}")
    width = np.ones_like(delta)
    for least in _WIDER:
        width += delta >= least
    head = (heads != 0).astype(np.int64)
    total = width + head + size
    stop: Ints = np.cumsum(total)
    last: Ints = stop - total + width - 1  # the last byte of each delta time
    out = np.zeros(int(stop[-1]) if stop.size else 0, np.uint8)
    out[last] = delta & 0x7F
    for k in (1, 2, 3):
        wide = np.flatnonzero(width > k)
        out[last[wide] - k] = delta[wide] >> 7 * k & 0x7F | 0x80
    headed = np.flatnonzero(head)
    out[last[headed] + 1] = heads[headed]
    body = last + 1 + head
    for k in range(_SHORT):  # nearly all events are no longer
        some = np.flatnonzero(size > k)
        out[body[some] + k] = pool[at[some] + k]
    long = np.flatnonzero(size > _SHORT)
    rest = size[long] - _SHORT
    ahead = np.cumsum(rest) - rest - _SHORT
    byte = np.arange(int(rest.sum()))
    out[byte + (body[long] - ahead).repeat(rest)] = pool[byte + (at[long] - ahead).repeat(rest)]
    cuts = np.concatenate([[0], stop])[np.concatenate([[0], ends])].tolist()
    laid = out.tobytes()
    return [laid[a:b] for a, b in pairwise(cuts)]
