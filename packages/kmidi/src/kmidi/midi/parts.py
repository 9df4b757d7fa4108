"""Parts to events: what frames them, their notes with no overlap, their controllers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import MidiError
from ..score import (
    BEND,
    CONTROL,
    CONTROL_CHANGE,
    EXPRESSION,
    KEY_PRESSURE,
    NOTE,
    PRESSURE,
    PROGRAM_CHANGE,
    Controls,
    Notes,
    Part,
)
from .encode import END_OF_TRACK, INSTRUMENT, TEXT, TITLE, Ints, meta
from .facts import ROLE
from .layout import CHANGE, CLOSE, END, OFF, ON, Event, Rows
from .text import encoded

_STATUS = np.zeros(5, np.uint8)
_STATUS[[CONTROL_CHANGE, BEND, PRESSURE, KEY_PRESSURE, PROGRAM_CHANGE]] = [0xB0, 0xE0, 0xD0, 0xA0, 0xC0]


Columns = Mapping[str, NDArray[Any]]  # the fields of notes, each by its name


class Sounding(NamedTuple):
    """Notes as they are to sound: from where in the concatenated notes each comes, where it starts and ends."""

    origin: Ints
    start: Ints
    end: Ints


def sounding(notes: Columns, channel: Ints, length: int) -> Sounding:
    """Notes with no overlap in any channel and pitch, none before tick 0 or past `length`, in the order given.

    `channel`: of each note what says on which it is, or of which track and channel where tracks do not meet.
    """
    pitch, velocity = notes["pitch"].astype(np.int64), notes["velocity"].astype(np.int64)
    for name, values, low in (("pitch", pitch, 0), ("velocity", velocity, 1)):
        if values.size and not (values.min() >= low and values.max() <= 127):
            wrong = int(values[(values < low) | (values > 127)][0])
            raise MidiError(f"a note of {name} {wrong}; legal: {low} to 127")
    start = notes["onset"] + notes["shift"]
    end = start + notes["duration"]
    start = np.maximum(start, 0)
    voice = channel << 7 | pitch
    order = _by_voice(voice, start, end)
    voice, start, end = voice[order], start[order], end[order]
    same = voice[1:] == voice[:-1]
    end[:-1][same] = np.minimum(end[:-1], start[1:])[same]
    end = np.minimum(np.maximum(end, start + 1), length)
    # of notes that start together on one pitch the longest stays; what starts past the end is not heard
    keep = start < length
    keep[:-1] &= ~(same & (start[1:] == start[:-1]))
    heard = order[keep]
    begins, ends = np.full(order.size, -1), np.empty_like(end)
    begins[heard], ends[heard] = start[keep], end[keep]  # back to the order of the parts
    origin = np.flatnonzero(begins >= 0)
    return Sounding(origin, begins[origin], ends[origin])


def _by_voice(voice: Ints, start: Ints, end: Ints) -> Ints:
    """The order of notes by voice, then start, then end.

    Notes mostly come in the order of time: sorting by voice (16 bits, a radix sort) then leaves little to do.
    """
    if int(voice.max(initial=0)) < 1 << 16:
        order = voice.astype(np.uint16).argsort(kind="stable")
        place = ((voice << 41) + start)[order]
        if (place[1:] > place[:-1]).all():
            return order
    return np.lexsort((end, start, voice))


def note_rows(parts: Sequence[Part], tracks: Sequence[int], length: int) -> list[Rows]:
    """Note-offs and note-ons of parts, each in its track."""
    notes = columns_of([p.notes for p in parts], NOTE)
    track, channel = spread(parts, tracks, [p.notes.size for p in parts])
    heard = sounding(notes, channel, length)
    return on_and_off(track[heard.origin], channel[heard.origin], notes, heard)


def columns_of(rows: Sequence[Notes] | Sequence[Controls], kind: np.dtype[np.void]) -> Columns:
    """Notes or controllers of parts one behind the other, field by field: whole rows are moved ten times as slowly."""
    none = np.zeros(0, kind)
    return {name: np.concatenate([none[name], *(each[name] for each in rows)]) for name in kind.names or ()}


def on_and_off(track: Ints, channel: Ints, notes: Columns, heard: Sounding) -> list[Rows]:
    """The two events of each note that is heard; track and channel are theirs."""
    mine = heard.origin
    data = np.zeros((mine.size, 3), np.uint8)
    data[:, 0], data[:, 1], data[:, 2] = 0x90 | channel, notes["pitch"][mine], notes["velocity"][mine]
    offs = data.copy()
    offs[:, 0] ^= 0x10
    offs[:, 2] = 64
    three = np.full(mine.size, 3)
    return [Rows(track, heard.end, OFF, offs, three), Rows(track, heard.start, ON, data, three)]


def spread(parts: Sequence[Part], tracks: Sequence[int], counts: list[int]) -> tuple[Ints, Ints]:
    """Track and channel of each of a part's rows."""
    track, channel = np.array(tracks, np.int64), np.array([p.channel for p in parts], np.int64)
    return np.repeat(track, counts), np.repeat(channel, counts)


def control_rows(parts: Sequence[Part], tracks: Sequence[int], length: int) -> Rows:
    """Controllers, bends, pressure and later program changes of all parts."""
    controls = columns_of([p.controls for p in parts], CONTROL)
    track, channel = spread(parts, tracks, [p.controls.size for p in parts])
    tick, kind, number, value = (controls[name].astype(np.int64) for name in ("tick", "kind", "number", "value"))
    bend = kind == BEND
    wide = np.where(bend, value + 8192, value)
    one = (kind == PRESSURE) | (kind == PROGRAM_CHANGE)
    legal = (
        (kind >= 0) & (kind < 5) & (number >= 0) & (number < 128) & (wide >= 0) & (wide < np.where(bend, 16384, 128))
    )
    if not legal.all():
        k, n, v = (int(x[~legal][0]) for x in (kind, number, value))
        raise MidiError(
            f"a control of kind {k}, number {n}, value {v}; legal: kinds 0 to 4, 0 to 127, bends -8192 to 8191"
        )
    data = np.zeros((tick.size, 3), np.uint8)
    data[:, 0] = _STATUS[kind] | channel
    data[:, 1] = np.where(bend, wide & 127, np.where(one, value, number))
    data[:, 2] = np.where(bend, wide >> 7, value)
    return Rows(track, np.clip(tick, 0, length), CHANGE, data, np.where(one, 2, 3))


def part_events(part: Part, track: int, length: int) -> list[Event]:
    """What frames a part: name, instrument, role, program at tick 0, and the events that hold the last tick."""
    start = [meta(TITLE, encoded(part.name))]
    if part.instrument:
        start.append(meta(INSTRUMENT, encoded(part.instrument)))
    if part.role:
        start.append(meta(TEXT, encoded(ROLE + part.role)))
    if part.program is not None:
        start.append(program_event(part, part.program))
    return [
        *(Event(track, 0, CHANGE, data) for data in start),
        Event(track, length, CLOSE, closing_event(part)),
        Event(track, length, END, meta(END_OF_TRACK, b"")),
    ]


def program_event(part: Part, program: int) -> bytes:
    """A program change on the part's channel."""
    if not 0 <= program <= 127:
        raise MidiError(f"part {part.name!r} has program {program}; legal: 0 to 127 or None")
    return bytes((0xC0 | part.channel, program))


def closing_event(part: Part) -> bytes:
    """What holds the last tick and changes nothing: the expression that stands there once more, 127 if none does."""
    controls = part.controls
    values = controls["value"][(controls["kind"] == CONTROL_CHANGE) & (controls["number"] == EXPRESSION)]
    return bytes((0xB0 | part.channel, EXPRESSION, int(values[-1]) if values.size else 127))
