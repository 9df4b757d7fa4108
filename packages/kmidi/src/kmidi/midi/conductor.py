"""What is said of the whole piece, as events: title, tempos, meters, keys, markers, chord names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from ..bulk import in_bulk
from ..errors import MidiError
from ..score import KeyChange, Marker, MeterChange, Part, Score, Tempo
from ..theory.pitch import FLAT_NAMES
from .encode import END_OF_TRACK, KEY, MARKER, METER, TEMPO, TEXT, TITLE, meta
from .facts import CLOSING, MODE, NO_CHORD
from .layout import CHANGE, CLOSE, END, Event
from .text import encoded

MarkerNames = Literal["sections", "chords", "both"]
Timed = list[tuple[int, bytes]]  # tick and event


def tempo_metas(tempos: Iterable[Tempo]) -> Timed:
    """Tempos; MidiError outside 24 bits."""
    found: Timed = []
    for tempo in tempos:
        if not 0 < tempo.us_per_quarter < 1 << 24:
            raise MidiError(f"a tempo of {tempo.us_per_quarter} µs a quarter; legal: 1 to {(1 << 24) - 1}")
        found.append((tempo.tick, meta(TEMPO, tempo.us_per_quarter.to_bytes(3, "big"))))
    return found


def meter_metas(meters: Iterable[MeterChange]) -> Timed:
    """Meters; a metronome clicks on the first beat's length, a quarter has eight 32nds."""
    found: Timed = []
    for change in meters:
        meter = change.meter
        clocks = min(255, meter.groups[0] * 96 // meter.denominator)
        found.append(
            (change.tick, meta(METER, bytes((meter.numerator, meter.denominator.bit_length() - 1, clocks, 8))))
        )
    return found


def key_metas(keys: Iterable[KeyChange]) -> Timed:
    """Key signatures, each with a text that names the mode where it is neither major nor minor."""
    found: Timed = []
    for change in keys:
        key = change.key
        found.append((change.tick, meta(KEY, bytes((key.sharps & 0xFF, key.is_minor)))))
        if key.mode not in ("ionian", "aeolian"):
            found.append((change.tick, meta(TEXT, encoded(MODE + key.mode))))
    return found


def text_metas(kind: int, texts: Iterable[Marker]) -> Timed:
    """Texts of a type."""
    events: dict[str, bytes] = {}  # the names of chords come again and again
    found: Timed = []
    for text in texts:
        if text.text not in events:
            events[text.text] = meta(kind, encoded(text.text))
        found.append((text.tick, events[text.text]))
    return found


def conductor_events(score: Score, markers: MarkerNames) -> list[Event]:
    """Title, tempos, meters, keys, texts and markers in track 0; chord names in the track of the chords."""
    end = score.length
    chords = chord_names(score)
    found = [(0, meta(TITLE, encoded(score.title))), *tempo_metas(score.tempos), *meter_metas(score.meters)]
    found += [*key_metas(score.keys), *text_metas(TEXT, score.texts)]
    if markers != "chords":
        found += text_metas(MARKER, score.markers)
    if markers != "sections":
        found += text_metas(MARKER, chords)
    track = chord_track(score.parts)
    return [
        *(Event(0, min(max(tick, 0), end), CHANGE, data) for tick, data in found),
        *(Event(track, tick, CHANGE, data) for tick, data in text_metas(TEXT, chords)),
        Event(0, end, CLOSE, meta(TEXT, encoded(CLOSING))),
        Event(0, end, END, meta(END_OF_TRACK, b"")),
    ]


def chord_track(parts: tuple[Part, ...]) -> int:
    """The track that names the chords: that of the chords, else of the first pitched part, else the first there is."""
    wanted = ([p.role == "chords" for p in parts], [not p.is_drums for p in parts], [True] * len(parts))
    return next((flags.index(True) + 1 for flags in wanted if True in flags), 0)


def chord_names(score: Score) -> list[Marker]:
    """Chord symbols, spelled by the key that stands, where they start; "N.C." where silence follows one."""
    names: list[tuple[int, str]] = []
    key_ticks = np.array([change.tick for change in score.keys], np.int64)
    standing = np.searchsorted(key_ticks, np.array([c.onset for c in score.chords], np.int64), side="right")
    spellings = [FLAT_NAMES, *(change.key.names for change in score.keys)]
    silent = score.length  # from where on no chord sounds
    for span, at in zip(score.chords, standing.tolist(), strict=True):
        onset = span.onset
        if not 0 <= onset < score.length:
            continue
        if silent < score.length and silent != onset:
            names.append((silent, NO_CHORD))
        elif silent != onset and names and names[-1][0] == onset:
            names.pop()  # of two at once the later
        names.append((onset, span.chord.symbol(spellings[at])))
        silent = onset + span.duration
    if silent < score.length:
        names.append((silent, NO_CHORD))
    return in_bulk(Marker, len(names), tick=[tick for tick, _ in names], text=[text for _, text in names])
