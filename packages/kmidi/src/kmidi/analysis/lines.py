"""The melody line, and how each part is woven."""

from __future__ import annotations

import numpy as np

from ..score import Notes, Score
from .heard import Ints, mean_and_spread, middle, steps_up
from .result import MelodyLine, Texture

LEAST_NOTES = 4
SINGLE = 1.15  # pitches at once up to which a part is one line
LINES = 2.2  # up to which it is a few lines
LEAP_DOWN = 12  # a top note this far under its neighbours, while they rest, is accompaniment


def find_textures(score: Score) -> tuple[Texture, ...]:
    """How each pitched part with notes is woven, in part order."""
    return tuple(_texture(score, at, score.parts[at].notes) for at in score.sounding if not score.parts[at].is_drums)


def _texture(score: Score, index: int, notes: Notes) -> Texture:
    onset, pitch, velocity = notes["onset"].copy(), notes["pitch"], notes["velocity"].astype(np.float64)
    lasting = np.maximum(notes["duration"], 1)
    end = onset + lasting
    begins = steps_up(onset).nonzero()[0]
    strokes, last = onset[begins], int(end.max())
    seconds = score.to_seconds(np.array([onset[0], last]))
    polyphony = float(lasting.sum() / max(_covered(onset, end), 1))
    per_stroke = len(notes) / len(strokes)
    if polyphony <= SINGLE:
        kind = "single line"
    elif per_stroke >= LINES:
        kind = "chords"
    else:
        kind = "arpeggio" if per_stroke < 1.3 and polyphony > LINES else "lines"
    gaps = np.empty_like(strokes)
    gaps[:-1], gaps[-1] = strokes[1:], last
    gaps -= strokes
    loud, loud_sd = mean_and_spread(velocity)
    longest = np.maximum.reduceat(lasting, begins)
    return Texture(
        part=index, kind=kind, density=round(len(notes) / max(float(seconds[1] - seconds[0]), 1e-3), 3),
        polyphony=round(polyphony, 3), lowest=int(pitch.min()), highest=int(pitch.max()),
        legato=round(middle(longest / np.maximum(gaps, 1)), 3),
        velocity_mean=round(loud, 2), velocity_sd=round(loud_sd, 2),
    )  # fmt: skip


def _covered(onset: Ints, end: Ints) -> int:
    """Ticks in which at least one of some notes sounds; onsets ascend."""
    reach = np.maximum.accumulate(end)
    over = np.maximum(onset[1:], reach[:-1])
    return int(reach[0] - onset[0]) + int(np.maximum(reach[1:] - over, 0).sum())


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
        line, confidence = _skyline([score.parts[part].notes]), 0.95 if named else 0.7
    elif textures:
        line = _skyline([score.parts[t.part].notes for t in textures])
        confidence = 0.9 if len(textures) == 1 and textures[0].kind == "single line" else 0.5
        part = max(textures, key=lambda t: t.highest).part
    else:
        return None
    onset, duration, pitch = line
    if len(pitch) < LEAST_NOTES:
        return None
    moves = np.abs(pitch[1:] - pitch[:-1])
    return MelodyLine(
        part=part,
        notes=tuple(zip(onset.tolist(), duration.tolist(), pitch.tolist(), strict=True)),
        lowest=int(pitch.min()),
        highest=int(pitch.max()),
        steps=round(int((moves <= 2).sum()) / len(moves), 3),
        confidence=confidence,
    )


def _says_melody(name: str) -> bool:
    return any(word in name.casefold() for word in ("melod", "vocal", "lead", "voice", "sopran"))


def _skyline(parts: list[Notes]) -> tuple[Ints, Ints, Ints]:
    """Onset, duration and pitch of the top note of each stroke, unless a higher one still sounds; drops of an octave
    below both neighbours left out.
    """
    onset, duration, pitch = (
        np.concatenate([notes[name] for notes in parts]).astype(np.int64) for name in ("onset", "duration", "pitch")
    )
    order, count = onset.argsort(kind="stable"), len(onset)
    places = pitch[order] * count - np.arange(count)  # the highest pitch, of equal ones the first
    top = order[-np.maximum.reduceat(places, steps_up(onset[order]).nonzero()[0]) % count]
    onset, duration, pitch = onset[top], duration[top], pitch[top]
    reach = np.maximum.accumulate((onset + duration) * 128 + pitch)[:-1]
    stays = np.ones(len(pitch), np.bool_)
    stays[1:] = (reach >> 7 <= onset[1:]) | (reach & 127 <= pitch[1:])
    onset, duration, pitch = onset[stays], duration[stays], pitch[stays]
    stays = np.ones(len(pitch), np.bool_)
    if len(pitch) > 2:
        here = pitch[1:-1] + LEAP_DOWN
        stays[1:-1] = (here >= pitch[:-2]) | (here >= pitch[2:])
    return onset[stays], duration[stays], pitch[stays]
