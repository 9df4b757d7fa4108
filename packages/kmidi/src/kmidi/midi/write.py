"""Score to bytes: a type 1 file that every DAW reads alike."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from ..errors import MidiError, nearest
from ..score import BEND, CONTROL, CONTROL_CHANGE, KEY_PRESSURE, NOTE, PRESSURE, PROGRAM_CHANGE, Marker, Part, Score
from .encode import Bytes, Ints, chunk, encode, header, meta

MarkerNames = Literal["sections", "chords", "both"]
EXPRESSION = 11
LONGEST = 1 << 40  # ticks; 72 years at 120 bpm
CLOSING = "end"  # the conductor's harmless event on the last tick
NO_CHORD = "N.C."

# What comes first at one tick: a note's end, then what changes the sound, then a note's start, then the closing event.
OFF, CHANGE, ON, CLOSE, END = range(5)
TEXT, TITLE, INSTRUMENT, MARKER, END_OF_TRACK, TEMPO, METER, KEY = 0x01, 0x03, 0x04, 0x06, 0x2F, 0x51, 0x58, 0x59
_STATUS = np.zeros(5, np.uint8)
_STATUS[[CONTROL_CHANGE, BEND, PRESSURE, KEY_PRESSURE, PROGRAM_CHANGE]] = [0xB0, 0xE0, 0xD0, 0xA0, 0xC0]


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


def write(score: Score, *, markers: MarkerNames = "sections") -> bytes:
    """A Standard MIDI File, type 1: track 0 conducts, then one track a part; all end at score.length.

    `markers` says what the marker events name: sections, chords, or both; chord names stand as text in the chord track
    in any case. A note sounds at onset + shift, not before tick 0; what rings past score.length is cut there; where two
    notes of one channel and pitch overlap, the first ends where the second starts. MidiError where a value is outside
    MIDI's range.
    """
    if markers not in ("sections", "chords", "both"):
        raise MidiError(f"unknown markers {markers!r}{nearest(markers, ('sections', 'chords', 'both'))}")
    if not 0 <= score.length <= LONGEST:
        raise MidiError(f"a score {score.length} ticks long; legal: 0 to {LONGEST}")
    events = [
        *conductor_events(score, markers),
        *(e for n, p in enumerate(score.parts, 1) for e in part_events(p, n, score.length)),
    ]
    tracks = lay_out(
        len(score.parts) + 1, events, [control_rows(score.parts, score.length), *note_rows(score.parts, score.length)]
    )
    return header(1, len(tracks), score.ppq) + b"".join(chunk(b"MTrk", track) for track in tracks)


def lay_out(tracks: int, events: list[Event], rows: list[Rows]) -> list[bytes]:
    """The bytes of so many tracks; events of one track, tick and place keep the order given, `events` before `rows`."""
    sizes = [np.array([len(e.data) for e in events], np.int64), *(r.size for r in rows)]
    pool = np.frombuffer(b"".join([*(e.data for e in events), *(r.data.tobytes() for r in rows)]), np.uint8)
    at = [np.cumsum(sizes[0]) - sizes[0]]
    begin = int(sizes[0].sum())
    for r in rows:
        at.append(begin + 3 * np.arange(r.size.size))
        begin += r.data.size
    track = np.concatenate([np.array([e.track for e in events], np.int64), *(r.track for r in rows)])
    tick = np.concatenate([np.array([e.tick for e in events], np.int64), *(r.tick for r in rows)])
    place = np.concatenate(
        [np.array([e.place for e in events], np.int64), *(np.full(r.size.size, r.place) for r in rows)]
    )
    order = np.argsort((track << 43) | (tick << 3) | place, kind="stable")
    counts = np.bincount(track, minlength=tracks).tolist()
    heads = np.zeros(order.size, np.uint8)
    return encode(tick[order], heads, pool, np.concatenate(at)[order], np.concatenate(sizes)[order], counts)


def note_rows(parts: tuple[Part, ...], length: int) -> list[Rows]:
    """Note-offs and note-ons of all parts, with no overlap in any channel and pitch, none past `length`."""
    notes = np.concatenate([np.zeros(0, NOTE), *(p.notes for p in parts)])
    counts = [p.notes.size for p in parts]
    track = np.repeat(np.arange(1, len(parts) + 1), counts)
    channel = np.repeat(np.array([p.channel for p in parts], np.int64), counts)
    pitch, velocity = notes["pitch"].astype(np.int64), notes["velocity"].astype(np.int64)
    for name, values, low in (("pitch", pitch, 0), ("velocity", velocity, 1)):
        if values.size and not (values.min() >= low and values.max() <= 127):
            wrong = int(values[(values < low) | (values > 127)][0])
            raise MidiError(f"a note of {name} {wrong}; legal: {low} to 127")
    start = notes["onset"] + notes["shift"]
    end = start + notes["duration"]
    start = np.maximum(start, 0)
    voice = channel << 7 | pitch
    order = np.lexsort((end, start, voice))
    voice, start, end = voice[order], start[order], end[order]
    same = voice[1:] == voice[:-1]
    end[:-1][same] = np.minimum(end[:-1], start[1:])[same]
    end = np.minimum(np.maximum(end, start + 1), length)
    # of notes that start together on one pitch the longest stays; what starts past the end is not heard
    keep = start < length
    keep[:-1] &= ~(same & (start[1:] == start[:-1]))
    order, start, end = order[keep], start[keep], end[keep]
    again = np.argsort(order)  # back to the order of the parts
    order, start, end = order[again], start[again], end[again]
    track, data = track[order], np.zeros((order.size, 3), np.uint8)
    data[:, 0], data[:, 1], data[:, 2] = 0x90 | channel[order], pitch[order], velocity[order]
    offs = data.copy()
    offs[:, 0] ^= 0x10
    offs[:, 2] = 64
    three = np.full(order.size, 3)
    return [Rows(track, end, OFF, offs, three), Rows(track, start, ON, data, three)]


def control_rows(parts: tuple[Part, ...], length: int) -> Rows:
    """Controllers, bends, pressure and later program changes of all parts."""
    controls = np.concatenate([np.zeros(0, CONTROL), *(p.controls for p in parts)])
    counts = [p.controls.size for p in parts]
    track = np.repeat(np.arange(1, len(parts) + 1), counts)
    kind, number, value = (controls[name].astype(np.int64) for name in ("kind", "number", "value"))
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
    data = np.zeros((controls.size, 3), np.uint8)
    data[:, 0] = _STATUS[kind] | np.repeat(np.array([p.channel for p in parts], np.uint8), counts)
    data[:, 1] = np.where(bend, wide & 127, np.where(one, value, number))
    data[:, 2] = np.where(bend, wide >> 7, value)
    return Rows(track, np.clip(controls["tick"], 0, length), CHANGE, data, np.where(one, 2, 3))


def part_events(part: Part, track: int, length: int) -> list[Event]:
    """What frames a part: name, instrument, role, program at tick 0, and the events that hold the last tick."""
    start = [meta(TITLE, encoded(part.name))]
    if part.instrument:
        start.append(meta(INSTRUMENT, encoded(part.instrument)))
    if part.role:
        start.append(meta(TEXT, encoded(f"role: {part.role}")))
    if part.program is not None:
        if not 0 <= part.program <= 127:
            raise MidiError(f"part {part.name!r} has program {part.program}; legal: 0 to 127 or None")
        start.append(bytes((0xC0 | part.channel, part.program)))
    return [
        *(Event(track, 0, CHANGE, data) for data in start),
        Event(track, length, CLOSE, bytes((0xB0 | part.channel, EXPRESSION, standing_expression(part)))),
        Event(track, length, END, meta(END_OF_TRACK, b"")),
    ]


def standing_expression(part: Part) -> int:
    """The value of CC11 at the part's end, 127 where it never spoke."""
    controls = part.controls
    values = controls["value"][(controls["kind"] == CONTROL_CHANGE) & (controls["number"] == EXPRESSION)]
    return int(values[-1]) if values.size else 127


def conductor_events(score: Score, markers: MarkerNames) -> list[Event]:
    """Title, tempos, meters, keys, markers and texts in track 0; chord names in the track of the chords."""
    end = score.length
    found = [(0, meta(TITLE, encoded(score.title)))]
    for tempo in score.tempos:
        if not 0 < tempo.us_per_quarter < 1 << 24:
            raise MidiError(f"a tempo of {tempo.us_per_quarter} µs a quarter; legal: 1 to {(1 << 24) - 1}")
        found.append((tempo.tick, meta(TEMPO, tempo.us_per_quarter.to_bytes(3, "big"))))
    for change in score.meters:
        meter = change.meter
        clocks = min(255, meter.groups[0] * 96 // meter.denominator)
        found.append(
            (change.tick, meta(METER, bytes((meter.numerator, meter.denominator.bit_length() - 1, clocks, 8))))
        )
    for change in score.keys:
        key = change.key
        found.append((change.tick, meta(KEY, bytes((key.sharps & 0xFF, key.is_minor)))))
        if key.mode not in ("ionian", "aeolian"):
            found.append((change.tick, meta(TEXT, encoded(f"mode: {key.mode}"))))
    found += [(text.tick, meta(TEXT, encoded(text.text))) for text in score.texts]
    if markers != "chords":
        found += [(marker.tick, meta(MARKER, encoded(marker.text))) for marker in score.markers]
    chords = chord_names(score)
    if markers != "sections":
        found += [(chord.tick, meta(MARKER, encoded(chord.text))) for chord in chords]
    track = chord_track(score.parts)
    return [
        *(Event(0, min(max(tick, 0), end), CHANGE, data) for tick, data in found),
        *(Event(track, chord.tick, CHANGE, meta(TEXT, encoded(chord.text))) for chord in chords),
        Event(0, end, CLOSE, meta(TEXT, encoded(CLOSING))),
        Event(0, end, END, meta(END_OF_TRACK, b"")),
    ]


def chord_track(parts: tuple[Part, ...]) -> int:
    """The track that names the chords: that of the chords, else of the first pitched part, else the first there is."""
    wanted = ([p.role == "chords" for p in parts], [not p.is_drums for p in parts], [True] * len(parts))
    return next((flags.index(True) + 1 for flags in wanted if True in flags), 0)


def chord_names(score: Score) -> list[Marker]:
    """Chord symbols, spelled by the key that stands, where they start; "N.C." where silence follows one."""
    names: list[Marker] = []
    keys = sorted(score.keys, key=lambda change: change.tick)
    for span in score.chords:
        if not 0 <= span.onset < score.length:
            continue
        if names and names[-1].tick == span.onset:
            names.pop()  # the gap that the chord before left
        key = next((change.key for change in reversed(keys) if change.tick <= span.onset), None)
        symbol = span.chord.symbol(tuple(map(key.name_of, range(12)))) if key else span.chord.symbol()
        names.append(Marker(span.onset, symbol))
        if span.onset + span.duration < score.length:
            names.append(Marker(span.onset + span.duration, NO_CHORD))
    return names


def encoded(text: str) -> bytes:
    """Text as it stands in the file: UTF-8, and what would break a line made a space."""
    return "".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text).encode()
