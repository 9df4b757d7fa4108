"""Bytes to Score: a part for each track and channel that speaks, one map of tempos, meters and keys."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bulk import in_bulk, without_cycles
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
    ChordSpan,
    Controls,
    MeterChange,
    Notes,
    Part,
    Score,
    Tempo,
    bar_line,
)
from ..theory import Meter, chord_to_roman
from .encode import Ints
from .events import Events, File, Flags, parse
from .facts import Facts, Voice, chord_of, facts
from .kits import kits, zoned_tracks
from .notes import Pairs, opens, pair
from .repairs import Repairs, in_order, named

MOST_PARTS = 1 << 16  # a part for every track that a file can have
KIND = np.full(256, -1, np.int16)  # status byte -> kind of control, -1 where it is none
KIND[0xA0:0xF0] = np.repeat((KEY_PRESSURE, CONTROL_CHANGE, PROGRAM_CHANGE, PRESSURE, BEND), 16)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """The file behind a Score: its events, and the score as it was read."""

    file: File
    score: Score


@without_cycles
def read(data: bytes) -> Score:
    """The music in a MIDI file: SMF 0, 1 or 2, whatever a RIFF wrapper or stray bytes stand around it.

    A part is one channel of one track, in file order; a note's onset is where it sounds, its shift 0. Of notes that
    overlap on one pitch the first to start is the first to end; a note that nothing ends lasts until its pitch is struck
    again, else as long as its track.
    In SMPTE time ppq is the ticks of a second and the tempo one second a quarter. The patterns of a type 2 file all
    start at tick 0. `length` is the bar line at or after the last event. `source` holds every event for midi.write,
    `repairs` what was wrong. MidiError, with the byte, where the bytes can't be understood.
    """
    file = parse(data)
    said = facts(file)
    pairs = pair(file.events)
    ppq, us_per_quarter = timing(file.division)
    meters = tuple(said.meters.values) or (MeterChange(0, Meter(4, 4)),)
    length = bar_line(int(file.ends.max(initial=0)), meters, ppq)
    music: dict[str, Any] = {
        "title": said.names.get((0, None), (0, ""))[1],
        "tempos": tuple(said.tempos.values) or (Tempo(0, us_per_quarter),),
        "keys": tuple(said.keys.values),
        "markers": tuple(said.markers.values),
        "chords": _chords(said, length),
        "parts": _parts(file, pairs, said),
        "texts": tuple(said.texts.values),
    }
    repairs = [file.repairs, *said.repairs]
    del said  # a file with many names has many faults too: not all is held at once
    repairs += _note_repairs(file.events, pairs)
    music |= {"ppq": ppq, "length": length, "meters": meters, "repairs": in_order(repairs)}
    return Score(**music, source=Source(file=file, score=Score(**music)))


def timing(division: int) -> tuple[int, int]:
    """Ticks a quarter and the tempo that a division means: its own with 120 bpm, or SMPTE's ticks a second with 60."""
    if division < 0x8000:
        return division, 500_000
    frames, ticks = 256 - (division >> 8), max(1, division & 0xFF)
    return (30 * ticks, 1_001_000) if frames == 29 else (frames * ticks, 1_000_000)


def _note_repairs(events: Events, pairs: Pairs) -> list[Repairs]:
    wrong = (
        (pairs.hanging[pairs.until < 0], "note{s} never end{es}, ended with the track"),
        (pairs.hanging[pairs.until >= 0], "note{s} never end{es}, ended where the pitch is struck again"),
        (pairs.on[pairs.on > pairs.off], "note{s} end{es} before the start, at one tick: empty"),
        (pairs.orphan, "note-off{s} with no note to end"),
        (pairs.overlapping, "note{s} start{es} while the pitch sounds"),
    )
    return [named(np.sort(rows), events.track, events.start, what) for rows, what in wrong if rows.size]


def _chords(said: Facts, length: int) -> tuple[ChordSpan, ...]:
    """The chord names as spans, each up to the next name; the numeral is counted in the key that stands."""
    names, keys = said.chords.values, said.keys.values
    if not names:
        return ()
    key_ticks = np.array([change.tick for change in keys], np.int64)
    at = (np.searchsorted(key_ticks, np.array([name.tick for name in names], np.int64), side="right") - 1).tolist()
    spans: list[ChordSpan] = []
    for name, end, place in zip(names, [*(n.tick for n in names[1:]), length], at, strict=True):
        chord = chord_of(name.text)
        if chord and end > name.tick:
            roman = chord_to_roman(chord, keys[place].key) if place >= 0 else ""
            spans.append(ChordSpan(name.tick, end - name.tick, chord, roman))
    return tuple(spans)


def voices(events: Events) -> Ints:
    """Track * 16 + channel of each row; of no meaning for meta and system events."""
    return events.track << 4 | events.status & 15


def _parts(file: File, pairs: Pairs, said: Facts) -> tuple[Part, ...]:
    """A part for each channel that speaks in each track, in that order."""
    events, ends = file.events, file.ends
    voice = voices(events)
    spoken = np.bincount(voice[events.status < 0xF0]).nonzero()[0]
    if spoken.size > MOST_PARTS:
        raise MidiError(f"{spoken.size} parts (channels that speak in a track); legal: up to {MOST_PARTS}")
    rows = (KIND.take(events.status) >= 0).nonzero()[0]
    rows = rows[voice[rows].argsort(kind="stable")]
    control_voice = voice[rows]
    on = np.concatenate([pairs.on, pairs.hanging])
    stop = np.concatenate([events.tick.take(pairs.off), hanging_ends(pairs, events, ends)])
    notes = np.zeros(on.size, NOTE)
    notes["onset"] = onset = events.tick.take(on)
    notes["duration"] = stop - onset
    notes["pitch"], notes["velocity"] = events.one.take(on), events.two.take(on)
    note_voice = voice.take(on)
    del on, stop, onset, voice  # of a million notes each is 8 MB
    order = _in_order(note_voice, notes)
    note_voice = note_voice.take(order)
    notes = notes.take(order)  # whole notes are taken ten times as fast as indexed
    del order
    controls = controls_of(events, rows)
    del rows
    own, first_programs = own_rows(controls, control_voice, ends[control_voice >> 4])
    programs = dict(
        zip(control_voice[first_programs].tolist(), controls["value"][first_programs].tolist(), strict=True)
    )
    controls, control_voice = controls.compress(own), control_voice[own]
    notes.flags.writeable = controls.flags.writeable = False
    zoned = zoned_tracks(controls, control_voice)
    tracks, channels = spoken >> 4, (spoken & 15).tolist()
    origins = [*zip(tracks.tolist(), channels, strict=True)]
    names = _told(said.names, origins)
    for at in (np.bincount(tracks)[tracks] > 1).nonzero()[0].tolist():
        if origins[at] not in said.names:
            names[at] = f"{names[at]} ch{channels[at] + 1}".strip()
    by_part = _cut(notes, note_voice, spoken)
    return tuple(
        in_bulk(
            Part,
            len(origins),
            name=names,
            channel=channels,
            notes=by_part,
            program=map(programs.get, spoken.tolist()),
            instrument=_told(said.instruments, origins),
            role=_told(said.roles, origins),
            controls=_cut(controls, control_voice, spoken),
            origin=origins,
            kit=kits(names, origins, by_part, zoned),
        )
    )


def hanging_ends(pairs: Pairs, events: Events, ends: Ints) -> Ints:
    """The ticks at which notes end that no off ends; `ends` are those of the tracks."""
    return np.where(pairs.until >= 0, events.tick[pairs.until], ends[events.track[pairs.hanging]])


def _told(said: dict[Voice, tuple[int, str]], origins: list[tuple[int, int]]) -> list[str]:
    """What is said of each track and channel, else of its track."""
    if not said:
        return [""] * len(origins)
    nothing = (0, "")
    return [(said.get(origin) or said.get((origin[0], None), nothing))[1] for origin in origins]


def _cut(rows: NDArray[np.void], voice: Ints, spoken: Ints) -> list[NDArray[np.void]]:
    """The rows of each voice that speaks; those of one voice lie together, voices ascend."""
    if not rows.size:
        return [rows] * len(spoken)
    return [rows[begin:end] for begin, end in pairwise([0, *voice.searchsorted(spoken, side="right").tolist()])]


def _in_order(voice: Ints, notes: Notes) -> Ints:
    """The order of notes by voice, then as Part.notes wants them; the first three are one number where they fit in it."""
    if notes.size and int(notes["onset"].max()) >= 1 << 36:
        return np.lexsort((notes["velocity"], notes["duration"], notes["pitch"], notes["onset"], voice))
    place = (voice << 36 | notes["onset"]) << 7 | notes["pitch"]
    order = place.argsort(kind="stable")  # they come in rising runs, one a pitch
    rising = place.take(order)
    same = rising[1:] == rising[:-1]
    if same.any():
        tied = np.zeros(order.size, np.bool_)
        tied[1:] = same
        tied[:-1] |= same
        alike = order[tied]
        order[tied] = alike[np.lexsort((alike, notes["velocity"][alike], notes["duration"][alike], place[alike]))]
    return order


def controls_of(events: Events, rows: Ints) -> Controls:
    """Controllers, bends, pressure and programs of such rows."""
    kind, one, two = KIND[events.status[rows]], events.one[rows].astype(np.int16), events.two[rows].astype(np.int16)
    controls = np.zeros(rows.size, CONTROL)
    controls["tick"], controls["kind"] = events.tick[rows], kind
    controls["number"] = np.where((kind == CONTROL_CHANGE) | (kind == KEY_PRESSURE), one, 0)
    lone = (kind == PRESSURE) | (kind == PROGRAM_CHANGE)
    controls["value"] = np.where(kind == BEND, (two << 7 | one) - 8192, np.where(lone, one, two))
    return controls


def own_rows(controls: Controls, voice: Ints, end: Ints) -> tuple[Flags, Ints]:
    """Which of the controls of voices, one voice behind the other, are a part's own; and the first programs' rows.

    No part's own are the first program of each voice, and an expression that closes it: its last control, on the tick
    at which its track ends, that repeats what stands.
    """
    keep = np.ones(controls.size, bool)
    programs = (controls["kind"] == PROGRAM_CHANGE).nonzero()[0]
    programs = programs[opens(voice[programs])]
    keep[programs] = False
    expression = ((controls["kind"] == CONTROL_CHANGE) & (controls["number"] == EXPRESSION)).nonzero()[0]
    if not expression.size:
        return keep, programs
    value, before = controls["value"][expression], np.full(expression.size, 127)
    before[1:] = np.where(opens(voice[expression])[1:], 127, value[:-1])
    last = np.append(opens(voice)[1:], True)
    closing = last[expression] & (controls["tick"][expression] == end[expression]) & (value == before)
    keep[expression[closing]] = False
    return keep, programs
