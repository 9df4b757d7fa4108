"""Transforms of pitch: chromatic, along a scale, into another mode. Drums are left as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError
from ..score import ChordSpan, KeyChange, Part, Score, notes_array
from ..theory import QUALITIES, Chord, Key, chord_to_roman
from ..theory.key import mode_id

_MAPPED = NDArray[np.int64]


def transpose(score: Score, *, semitones: int) -> Score:
    """Every pitched note, chord and key so many semitones higher (+) or lower (-).

    IntentError where a note would leave 0..127. Transposing back gives the same score.
    """
    if not -127 <= semitones <= 127:
        raise IntentError(f"semitones is {semitones}; legal: -127 to 127", field="semitones")
    keys = tuple(KeyChange(k.tick, Key.of(k.key.pitch_class + semitones, k.key.mode)) for k in score.keys)
    chords = tuple(replace(c, chord=c.chord.transpose(semitones)) for c in score.chords)
    return replace(score, parts=_mapped(score, np.arange(128) + semitones), keys=keys, chords=chords)


def transpose_diatonic(score: Score, *, degrees: int, key: Key) -> Score:
    """Every pitched note so many degrees along the key's scale; a note between two degrees stays as far above the lower.

    The key stays. Notes of the scale come back by the opposite step; IntentError where a note would leave 0..127.
    """
    if not -127 <= degrees <= 127:
        raise IntentError(f"degrees is {degrees}; legal: -127 to 127", field="degrees")
    scale = key.scale
    table = np.empty(128, np.int64)
    for pitch in range(128):
        octave, degree, above = _place(pitch, key)
        octave_up, degree_up = divmod(degree + degrees, 7)
        table[pitch] = key.pitch_class + 12 * (octave + octave_up) + scale[degree_up] + above
    return replace(score, parts=_mapped(score, table), chords=_chords_by(score, table, key))


def to_mode(score: Score, *, key: Key, mode: str) -> Score:
    """The same degrees on the same tonic in another mode: the third, sixth and so on move, the tune stays itself.

    `key` is the key the score is in. Notes between two degrees stay as far above the lower one.
    """
    target = Key(key.tonic, mode_id(mode))
    table = np.empty(128, np.int64)
    for pitch in range(128):
        octave, degree, above = _place(pitch, key)
        moved = key.pitch_class + 12 * octave + target.scale[degree] + above
        table[pitch] = moved
    keys = tuple(
        KeyChange(k.tick, Key(k.key.tonic, target.mode) if k.key.pitch_class == key.pitch_class else k.key)
        for k in score.keys
    )
    keys = keys or (KeyChange(0, target),)
    return replace(score, parts=_mapped(score, table), keys=keys, chords=_chords_by(score, table, target))


def _place(pitch: int, key: Key) -> tuple[int, int, int]:
    """(octave above the lowest tonic, degree 0..6, semitones above that degree) of a pitch in a key."""
    octave, step = divmod(pitch - key.pitch_class, 12)
    degree = max(d for d in range(7) if key.scale[d] <= step)
    return octave, degree, step - key.scale[degree]


def _mapped(score: Score, table: _MAPPED) -> tuple[Part, ...]:
    parts: list[Part] = []
    for part in score.parts:
        if part.is_drums:
            parts.append(part)
            continue
        notes = part.notes.copy()
        moved = table[notes["pitch"]]
        wrong = (moved < 0) | (moved > 127)
        if wrong.any():
            raise IntentError(
                f"a note of {part.name!r} at pitch {int(notes['pitch'][wrong][0])} would become {int(moved[wrong][0])}; legal: 0 to 127",
                field="semitones",
            )
        notes["pitch"] = moved
        parts.append(replace(part, notes=notes_array(notes)))
    return tuple(parts)


def _chords_by(score: Score, table: _MAPPED, target: Key) -> tuple[ChordSpan, ...]:
    """The chords with each tone moved as the notes are: named where the moved tones have a name, else by their root."""
    spans: list[ChordSpan] = []
    for span in score.chords:
        root = int(table[60 + span.chord.root]) % 12
        tones = frozenset((int(table[60 + pc]) - root) % 12 for pc in span.chord.pitch_classes)
        chord = Chord(root, quality_of(tones, span.chord.quality), int(table[60 + span.chord.bass]) % 12)
        spans.append(replace(span, chord=chord, roman=chord_to_roman(chord, target)))
    return tuple(spans)


def quality_of(tones: frozenset[int], otherwise: str) -> str:
    """The quality whose tones (0..11 above the root) are exactly these, else `otherwise`."""
    return _BY_TONES.get(tones, otherwise)


_BY_TONES = {frozenset(i % 12 for i in Chord(0, quality).intervals): quality for quality in reversed(QUALITIES)}
