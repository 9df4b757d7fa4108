"""The melody line, and how each part is woven."""

from __future__ import annotations

import numpy as np

from ..score import Notes, Score
from .result import MelodyLine, Texture

LEAST_NOTES = 4
SINGLE = 1.15  # pitches at once up to which a part is one line
LINES = 2.2  # up to which it is a few lines
LEAP_DOWN = 12  # a top note this far under its neighbours, while they rest, is accompaniment


def find_textures(score: Score) -> tuple[Texture, ...]:
    """How each pitched part with notes is woven, in part order."""
    return tuple(
        _texture(score, index, part.notes)
        for index, part in enumerate(score.parts)
        if not part.is_drums and len(part.notes)
    )


def _texture(score: Score, index: int, notes: Notes) -> Texture:
    onset, end, pitch = notes["onset"], notes["onset"] + np.maximum(notes["duration"], 1), notes["pitch"]
    strokes = onset[np.append(True, onset[1:] > onset[:-1])]
    seconds = score.to_seconds(np.array([onset.min(), end.max()]))
    polyphony = float((end - onset).sum() / max(_covered(onset, end), 1))
    per_stroke = len(notes) / len(strokes)
    if polyphony <= SINGLE:
        kind = "single line"
    elif per_stroke >= LINES:
        kind = "chords"
    else:
        kind = "arpeggio" if per_stroke < 1.3 and polyphony > LINES else "lines"
    gaps = np.diff(np.append(strokes, end.max()))
    longest = np.maximum.reduceat(end - onset, onset.searchsorted(strokes))
    return Texture(
        part=index, kind=kind, density=round(len(notes) / max(float(seconds[1] - seconds[0]), 1e-3), 3),
        polyphony=round(polyphony, 3), lowest=int(pitch.min()), highest=int(pitch.max()),
        legato=round(float(np.median(longest / np.maximum(gaps, 1))), 3),
        velocity_mean=round(float(notes["velocity"].mean()), 2), velocity_sd=round(float(notes["velocity"].std()), 2),
    )  # fmt: skip


def _covered(onset: np.ndarray, end: np.ndarray) -> int:
    """Ticks in which at least one note sounds; onsets ascend."""
    reach = np.maximum.accumulate(end)
    begins = np.append(onset[0], np.maximum(onset[1:], reach[:-1]))
    return int(np.maximum(reach - begins, 0).sum()) if len(onset) else 0


def find_melody(score: Score, textures: tuple[Texture, ...]) -> MelodyLine | None:
    """The notes that carry the melody; None under four notes.

    The part that says so (role or name), else the highest part that is one line and moves, else the top notes of all
    pitched parts but those that drop an octave below their neighbours. Skyline: Uitdenbogerd & Zobel, "Manipulation of
    music for melody matching", ACM Multimedia 1998.
    """
    named = [t for t in textures if score.parts[t.part].role == "melody" or _says_melody(score.parts[t.part].name)]
    single = [t for t in textures if t.kind == "single line" and t.highest >= 60 and t.highest - t.lowest >= 3]
    chosen = named or sorted(single, key=lambda t: -(t.lowest + t.highest))
    if chosen and len(textures) > 1:
        part = chosen[0].part
        line, confidence = _skyline(score.parts[part].notes), 0.95 if named else 0.7
    elif textures:
        every = np.concatenate([score.parts[t.part].notes for t in textures])
        line, confidence = _skyline(every), 0.9 if len(textures) == 1 and textures[0].kind == "single line" else 0.5
        part = max(textures, key=lambda t: t.highest).part
    else:
        return None
    if len(line) < LEAST_NOTES:
        return None
    moves = np.abs(np.diff(line["pitch"].astype(np.int64)))
    return MelodyLine(
        part=part,
        notes=tuple(line[["onset", "duration", "pitch"]].tolist()),
        lowest=int(line["pitch"].min()),
        highest=int(line["pitch"].max()),
        steps=round(float((moves <= 2).mean()), 3),
        confidence=confidence,
    )


def _says_melody(name: str) -> bool:
    return any(word in name.casefold() for word in ("melod", "vocal", "lead", "voice", "sopran"))


def _skyline(notes: Notes) -> Notes:
    """The top note of each stroke, unless a higher one still sounds; drops of an octave below both neighbours left out."""
    onset = notes["onset"]
    order = np.argsort(onset * 128 + (127 - notes["pitch"]), kind="stable")
    notes = notes[order[np.append(True, np.diff(onset[order]) > 0)]]
    end = notes["onset"] + notes["duration"]
    reach = np.maximum.accumulate(np.where(np.arange(len(notes)) >= 0, end * 128 + notes["pitch"], 0))
    covered = np.append(False, (reach[:-1] // 128 > notes["onset"][1:]) & (reach[:-1] % 128 > notes["pitch"][1:]))
    notes = notes[~covered]
    pitch = notes["pitch"].astype(np.int64)
    if len(pitch) < 3:
        return notes
    low = np.append(
        np.append(False, (pitch[1:-1] < pitch[:-2] - LEAP_DOWN) & (pitch[1:-1] < pitch[2:] - LEAP_DOWN)), False
    )
    return notes[~low]
