"""Bytes to Score: a part for each track and channel that speaks, one map of tempos, meters and keys."""

from __future__ import annotations

import re

import numpy as np

from ..errors import IntentError
from ..score import (
    BEND,
    CONTROL,
    CONTROL_CHANGE,
    KEY_PRESSURE,
    NOTE,
    PRESSURE,
    PROGRAM_CHANGE,
    ChordSpan,
    KeyChange,
    Marker,
    MeterChange,
    Part,
    Score,
    Tempo,
)
from ..theory import Chord, Key, Meter, chord_to_roman
from .encode import Ints
from .notes import pair
from .parse import Events, parse
from .write import CLOSING, EXPRESSION, INSTRUMENT, KEY, MARKER, METER, NO_CHORD, TEMPO, TEXT, TITLE

_KIND = np.full(256, -1, np.int16)
for _status, _kind in (
    (0xA0, KEY_PRESSURE),
    (0xB0, CONTROL_CHANGE),
    (0xC0, PROGRAM_CHANGE),
    (0xD0, PRESSURE),
    (0xE0, BEND),
):
    _KIND[_status : _status + 16] = _kind
_TONICS = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")


def read(data: bytes) -> Score:
    """The music in a MIDI file. MidiError, with the byte, where the bytes can't be understood."""
    file = parse(data)
    events = file.events
    metas = _metas(events)
    ends = _ends(events, file.tracks)
    names = {track: text for _, track, text in reversed(_texts(metas, TITLE))}
    parts = _parts(events, ends, metas, names)
    meters = tuple(
        MeterChange(tick, Meter(body[0], 1 << body[1]))
        for tick, _, kind, body in metas
        if kind == METER and len(body) >= 2 and body[0] and body[1] <= 6
    ) or (MeterChange(0, Meter(4, 4)),)
    length = _bar_line(max([0, *ends]), meters, file.division)
    texts = _texts(metas, TEXT)
    keys = _keys(metas, texts)
    chords, chord_track = _chords(texts, keys, length)
    named = {(tick, text) for tick, track, text in texts if track == chord_track}
    return Score(
        ppq=file.division,
        title=names.get(0, ""),
        length=length,
        tempos=tuple(
            Tempo(tick, int.from_bytes(body, "big"))
            for tick, _, kind, body in metas
            if kind == TEMPO and len(body) == 3
        )
        or (Tempo(0, 500_000),),
        meters=meters,
        keys=keys,
        markers=tuple(Marker(tick, text) for tick, _, text in _texts(metas, MARKER) if (tick, text) not in named),
        chords=chords,
        parts=parts,
        texts=tuple(
            Marker(tick, text)
            for tick, track, text in texts
            if track != chord_track
            and not re.fullmatch(r"(role|mode): \w+", text)
            and (tick, text) != (length, CLOSING)
        ),
    )


Meta = tuple[int, int, int, bytes]  # tick, track, type, content


def _metas(events: Events) -> list[Meta]:
    """The meta events, by tick; those of one tick in file order."""
    rows = np.flatnonzero(events.status == 0xFF)
    rows = rows[np.argsort(events.tick[rows], kind="stable")]
    data = events.data.tobytes()
    found: list[Meta] = []
    for tick, track, at, size in zip(
        *(x[rows].tolist() for x in (events.tick, events.track, events.at, events.size)), strict=True
    ):
        body = at + 1
        while data[body] >= 0x80:
            body += 1
        found.append((tick, track, data[at], data[body + 1 : at + size]))
    return found


def _texts(metas: list[Meta], kind: int) -> list[tuple[int, int, str]]:
    return [(tick, track, decoded(body)) for tick, track, k, body in metas if k == kind]


def decoded(content: bytes) -> str:
    """Text of a meta event: UTF-8, else Shift-JIS where it reads as Japanese, else Latin-1."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _ends(events: Events, tracks: int) -> list[int]:
    """The tick at which each track ends."""
    counts = np.bincount(events.track, minlength=tracks)
    last = np.cumsum(counts) - 1
    return np.where(counts > 0, events.tick[last], 0).tolist() if events.tick.size else [0] * tracks


def _bar_line(tick: int, meters: tuple[MeterChange, ...], ppq: int) -> int:
    """The first bar line at or after a tick."""
    start, meter = 0, Meter(4, 4)
    for change in meters:
        if change.tick > tick:
            break
        start, meter = change.tick, change.meter
    bar = max(1, meter.bar_ticks(ppq))
    return start + -(-(tick - start) // bar) * bar


def _keys(metas: list[Meta], texts: list[tuple[int, int, str]]) -> tuple[KeyChange, ...]:
    modes = {tick: text[6:] for tick, _, text in texts if text.startswith("mode: ")}
    keys: list[KeyChange] = []
    for tick, _, kind, body in metas:
        if kind != KEY or len(body) < 2 or body[1] > 1:
            continue
        sharps = body[0] - 256 if body[0] > 127 else body[0]
        if abs(sharps) > 7:
            continue
        tonic = _TONICS[sharps + 7 + 3 * body[1]]
        try:
            keys.append(KeyChange(tick, Key(tonic, modes.get(tick, "aeolian" if body[1] else "ionian"))))
        except IntentError:
            keys.append(KeyChange(tick, Key(tonic, "aeolian" if body[1] else "ionian")))
    return tuple(keys)


def _chord(text: str) -> Chord | None:
    try:
        return Chord.parse(text)
    except IntentError:
        return None


def _chords(
    texts: list[tuple[int, int, str]], keys: tuple[KeyChange, ...], length: int
) -> tuple[tuple[ChordSpan, ...], int]:
    """The chord names of the first track whose texts are all chord names ("key: value" apart), and that track."""
    for track in sorted({track for _, track, _ in texts}):
        names = [
            (tick, text)
            for tick, t, text in texts
            if t == track and ": " not in text and (tick, text) != (length, CLOSING)
        ]
        if not names:
            continue
        chords = [(tick, None if text == NO_CHORD else _chord(text), text) for tick, text in names]
        if all(chord or text == NO_CHORD for _, chord, text in chords):
            spans: list[ChordSpan] = []
            for (tick, chord, _), end in zip(chords, [*(c[0] for c in chords[1:]), length], strict=True):
                if chord and end > tick:
                    key = next((change.key for change in reversed(keys) if change.tick <= tick), None)
                    spans.append(ChordSpan(tick, end - tick, chord, chord_to_roman(chord, key) if key else ""))
            return tuple(spans), track
    return (), -1


def _parts(events: Events, ends: list[int], metas: list[Meta], names: dict[int, str]) -> tuple[Part, ...]:
    """A part for each channel that speaks in each track, in that order."""
    pairs = pair(events)
    voice = events.track << 4 | events.status & 15
    spoken = events.status < 0xF0
    ends_of = np.array(ends, np.int64)
    on = np.concatenate([pairs.on, pairs.hanging])
    stop = np.concatenate([events.tick[pairs.off], ends_of[events.track[pairs.hanging]]])
    notes = np.zeros(on.size, NOTE)
    notes["onset"], notes["duration"] = events.tick[on], stop - events.tick[on]
    notes["pitch"], notes["velocity"] = events.one[on], events.two[on]
    order = np.lexsort((notes["velocity"], notes["duration"], notes["pitch"], notes["onset"], voice[on]))
    notes, note_voice = notes[order], voice[on][order]
    rows = np.flatnonzero(_KIND[events.status] >= 0)
    rows = rows[np.argsort(voice[rows], kind="stable")]
    controls, control_voice = _controls(events, rows), voice[rows]
    notes.flags.writeable = controls.flags.writeable = False
    instruments = {t: x for _, t, x in reversed(_texts(metas, INSTRUMENT)) if re.fullmatch(r"[a-z0-9_]+", x)}
    roles = {t: x[6:] for _, t, x in _texts(metas, TEXT) if x.startswith("role: ")}
    voices = np.unique(voice[spoken])
    channels = np.bincount(voices >> 4, minlength=len(ends))
    parts: list[Part] = []
    for v in voices.tolist():
        track, channel = v >> 4, v & 15
        mine = controls[slice(*np.searchsorted(control_voice, (v, v + 1)))]
        program = np.flatnonzero(mine["kind"] == PROGRAM_CHANGE)[:1]
        first = int(mine["value"][program[0]]) if program.size else None
        mine = np.delete(mine, program)
        if mine.size and _closes(mine, ends[track]):
            mine = mine[:-1]
        name = names.get(track, "")
        parts.append(
            Part(
                name=name if channels[track] == 1 else f"{name} ch{channel + 1}".strip(),
                channel=channel,
                notes=notes[slice(*np.searchsorted(note_voice, (v, v + 1)))],
                program=first,
                instrument=instruments.get(track, ""),
                role=roles.get(track, ""),
                controls=mine,
            )
        )
    return tuple(parts)


def _controls(events: Events, rows: Ints) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    kind, one, two = _KIND[events.status[rows]], events.one[rows].astype(np.int16), events.two[rows].astype(np.int16)
    controls = np.zeros(rows.size, CONTROL)
    controls["tick"], controls["kind"] = events.tick[rows], kind
    controls["number"] = np.where((kind == CONTROL_CHANGE) | (kind == KEY_PRESSURE), one, 0)
    controls["value"] = np.select(
        [kind == BEND, (kind == PRESSURE) | (kind == PROGRAM_CHANGE)], [(two << 7 | one) - 8192, one], two
    )
    return controls


def _closes(controls: np.ndarray[tuple[int], np.dtype[np.void]], end: int) -> bool:
    """True where the last control is the expression repeated on the track's last tick, which write puts there."""
    last = controls[-1]
    if (last["tick"], last["kind"], last["number"]) != (end, CONTROL_CHANGE, EXPRESSION):
        return False
    before = controls[:-1]
    values = before["value"][(before["kind"] == CONTROL_CHANGE) & (before["number"] == EXPRESSION)]
    return bool(last["value"] == (values[-1] if values.size else 127))
