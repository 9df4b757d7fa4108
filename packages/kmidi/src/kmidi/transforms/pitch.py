"""Transforms of pitch: chromatic, along a scale, into another mode. Drums are left as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError
from ..score import KEY_PRESSURE, ChordSpan, Controls, KeyChange, Part, Score, notes_array
from ..theory import QUALITIES, Chord, Key, chord_to_roman
from ..theory.key import mode_id

_MAPPED = NDArray[np.int64]


def transpose(score: Score, *, semitones: int) -> Score:
    """Every pitched note, chord and key so many semitones higher (+) or lower (-).

    A key is spelled with the fewest accidentals, by whole octaves as it was. IntentError where a note would leave 0..127.
    Transposing back gives the same score, but for that spelling.
    """
    if not -127 <= semitones <= 127:
        raise IntentError(f"semitones is {semitones}; legal: -127 to 127", field="semitones")
    keys = score.keys
    if semitones % 12:
        keys = tuple(KeyChange(k.tick, Key.of(k.key.pitch_class + semitones, k.key.mode)) for k in keys)
    chords = tuple(replace(c, chord=c.chord.transpose(semitones)) for c in score.chords)
    return replace(score, parts=_mapped(score, "semitones", np.arange(128) + semitones), keys=keys, chords=chords)


def transpose_diatonic(score: Score, *, degrees: int, key: Key) -> Score:
    """Every pitched note so many degrees along the key's scale; a note between two degrees stays as far above the lower.

    The key stays. Notes of the scale come back by the opposite step; IntentError where a note would leave 0..127.
    """
    if not -127 <= degrees <= 127:
        raise IntentError(f"degrees is {degrees}; legal: -127 to 127", field="degrees")
    table = _by_degree(key, key, degrees)
    return replace(
        score,
        parts=_mapped(score, "degrees", table),
        chords=tuple(_chord_by(span, table, key) for span in score.chords),
    )


def to_mode(score: Score, *, key: Key, mode: str) -> Score:
    """The same degrees on the same tonic in another mode: the third, sixth and so on move, the tune stays itself.

    `key` is the key the score is in. A note between two degrees stays where it is if the mode has it, as a leading tone that
    minor has raised; else as far above the lower one. Where the score names
    its keys and `key` is one of them, what stands in another key of its mode takes the other mode on that key's tonic.
    """
    to = mode_id(mode)
    ticks, which, homes = _homes(score, key)
    tables = np.array([_by_degree(home, Key(home.tonic, to)) for home in homes])

    def at(onsets: _MAPPED) -> _MAPPED:
        return which[np.searchsorted(ticks, onsets + score.ppq // 8, side="right") - 1]  # strokes come early

    rows = at(np.array([span.onset for span in score.chords], np.int64)).tolist()
    chords = [_chord_by(span, tables[r], Key(homes[r].tonic, to)) for span, r in zip(score.chords, rows, strict=True)]
    parts = _mapped(score, "mode", tables, at)
    own = {(home.pitch_class, home.mode) for home in homes}
    keys = tuple(
        KeyChange(k.tick, Key(k.key.tonic, to))
        if k.key.pitch_class == key.pitch_class or (k.key.pitch_class, k.key.mode) in own
        else k
        for k in score.keys
    )
    return replace(score, parts=parts, keys=keys or (KeyChange(0, Key(key.tonic, to)),), chords=tuple(chords))


def _homes(score: Score, key: Key) -> tuple[_MAPPED, _MAPPED, list[Key]]:
    """Ticks, which home stands from each on, and the homes: `key`, and the keys of its mode where the score names it."""
    said = score.keys
    if (key.pitch_class, key.mode) not in {(change.key.pitch_class, change.key.mode) for change in said}:
        return np.zeros(1, np.int64), np.zeros(1, np.int64), [key]
    stand = [change.key if change.key.mode == key.mode else key for change in said]
    homes = [*dict.fromkeys(stand)]
    ticks = np.array([0, *(change.tick for change in said[1:])], np.int64)
    return ticks, np.array([homes.index(home) for home in stand], np.int64), homes


def _by_degree(home: Key, target: Key, degrees: int = 0) -> _MAPPED:
    """Where each of the 128 pitches goes when its degree in one key, so many degrees on, is taken in another of its tonic. With
    no degree on, a pitch between the degrees of the one that is a degree of the other stays.
    """
    table = np.empty(128, np.int64)
    for pitch in range(128):
        octave, degree, above = _place(pitch, home)
        if above and not degrees and pitch % 12 in target.pitch_classes:
            table[pitch] = pitch
            continue
        up, degree = divmod(degree + degrees, 7)
        table[pitch] = home.pitch_class + 12 * (octave + up) + target.scale[degree] + above
    return table


def _place(pitch: int, key: Key) -> tuple[int, int, int]:
    """(octave above the lowest tonic, degree 0..6, semitones above that degree) of a pitch in a key."""
    octave, step = divmod(pitch - key.pitch_class, 12)
    degree = max(d for d in range(7) if key.scale[d] <= step)
    return octave, degree, step - key.scale[degree]


def _mapped(
    score: Score, field: str, table: _MAPPED, row: Callable[[_MAPPED], _MAPPED] | None = None
) -> tuple[Part, ...]:
    """The parts with each pitch at its place in the table, or in the row of it that `row` says for an onset.

    IntentError of the field where a note would leave 0..127.
    """
    parts: list[Part] = []
    for at, part in enumerate(score.parts):
        if not part.is_pitched:
            parts.append(part)
            continue
        notes = part.notes.copy()
        moved = table[notes["pitch"]] if row is None else table[row(notes["onset"]), notes["pitch"]]
        wrong = (moved < 0) | (moved > 127)
        if wrong.any():
            raise IntentError(
                f"a note of {score.labels[at]!r} at pitch {int(notes['pitch'][wrong][0])} would become {int(moved[wrong][0])}; legal: 0 to 127",
                field=field,
            )
        notes["pitch"] = moved
        controls = part.controls
        if (pressed := np.flatnonzero(controls["kind"] == KEY_PRESSURE)).size:
            keys = controls[pressed]
            moved = table[keys["number"]] if row is None else table[row(keys["tick"]), keys["number"]]
            controls = with_keys(controls, pressed, moved)
        parts.append(replace(part, notes=notes_array(notes), controls=controls))
    return tuple(parts)


def with_keys(controls: Controls, pressed: _MAPPED, moved: _MAPPED) -> Controls:
    """The controls with the pressure on keys of such rows moved along; what would leave 0..127 is on no note and stays."""
    legal = (moved >= 0) & (moved <= 127)
    if not legal.any():
        return controls
    controls = controls.copy()
    controls["number"][pressed[legal]] = moved[legal]
    controls.flags.writeable = False
    return controls


def _chord_by(span: ChordSpan, table: _MAPPED, target: Key) -> ChordSpan:
    """A chord with each tone moved as the notes are: named where the moved tones have a name, else by its root."""
    root = int(table[60 + span.chord.root]) % 12
    tones = frozenset((int(table[60 + pc]) - root) % 12 for pc in span.chord.pitch_classes)
    chord = Chord(root, quality_of(tones, span.chord.quality), int(table[60 + span.chord.bass]) % 12)
    return replace(span, chord=chord, roman=chord_to_roman(chord, target))


def quality_of(tones: frozenset[int], otherwise: str) -> str:
    """The quality whose tones (0..11 above the root) are exactly these, else `otherwise`."""
    return _BY_TONES.get(tones, otherwise)


_BY_TONES = {frozenset(i % 12 for i in Chord(0, quality).intervals): quality for quality in reversed(QUALITIES)}
