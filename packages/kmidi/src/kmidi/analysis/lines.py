"""The melody line, and how each part is woven."""

from __future__ import annotations

from math import log

import numpy as np

from ..score import Notes, Part, Score
from .heard import Floats, Ints, mean_and_spread, middle, steps_up
from .result import MelodyLine, Texture

LEAST_NOTES = 4
SINGLE = 1.15  # pitches at once up to which a part is one line
LINES = 2.2  # up to which it is a few lines
LEAP_DOWN = 12  # a top note this far under its neighbours, while they rest, is accompaniment
AROUND, UNDER = 32, 8  # so is one of several voices this far under the mean of the top notes so many quarters around
# How a part is known to carry the melody, by scripts/train_melody.py: each weighs one of `melody_signs`.
THICK, HIGH, THERE, RUSHED = -14.7, 0.32, 4.9, -37.6
THICKEST = 2.0  # pitches at once from which it is no line, and the melody lies on top of all parts
SELDOM = 0.05  # of the quarters, added to the share in which a part strikes
BUSY = 3  # strokes a quarter above which it runs along rather than sings


def find_textures(score: Score) -> tuple[Texture, ...]:
    """How each pitched part with notes is woven, in part order."""
    return tuple(_texture(score, at, score.parts[at].notes) for at in score.sounding if score.parts[at].is_pitched)


def _texture(score: Score, index: int, notes: Notes) -> Texture:
    onset, pitch, velocity = notes["onset"].copy(), notes["pitch"], notes["velocity"].astype(np.float64)
    lasting = np.maximum(notes["duration"], 1)
    reach = np.maximum.accumulate(onset + lasting)
    begins = steps_up(onset).nonzero()[0]
    strokes, last = onset.take(begins), int(reach[-1])
    seconds = score.second(last) - score.second(int(onset[0]))
    polyphony = int(np.add.reduce(lasting)) / max(_covered(onset, reach), 1)
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
        part=index, kind=kind, density=round(len(notes) / max(seconds, 1e-3), 3),
        polyphony=round(polyphony, 3), lowest=int(pitch.min()), highest=int(pitch.max()),
        legato=round(middle(longest / np.maximum(gaps, 1)), 3),
        velocity_mean=round(loud, 2), velocity_sd=round(loud_sd, 2),
    )  # fmt: skip


def _covered(onset: Ints, reach: Ints) -> int:
    """Ticks in which at least one of some notes sounds; onsets ascend, as do the last ends of those so far."""
    over = np.maximum(onset[1:], reach[:-1])
    return int(reach[0] - onset[0]) + int(np.maximum(reach[1:] - over, 0).sum())


def find_melody(score: Score, textures: tuple[Texture, ...]) -> MelodyLine | None:
    """The notes that carry the melody; None under four notes.

    The part that says so (role or name), else the one most like a melody: one line, high, and there most of the time
    (Rizo et al., "A pattern recognition approach for melody track selection in MIDI files", ISMIR 2006). Of parts of
    several voices the top notes (Uitdenbogerd & Zobel, "Manipulation of music for melody matching", ACM Multimedia
    1998), but those that drop far below the others around them.
    """
    if not textures:
        return None
    named = [t for t in textures if _says_melody(score.parts[t.part])]
    if named:
        sings, confidence = named[:1], 0.95
    elif len(textures) == 1:
        sings, confidence = [*textures], 0.9 if textures[0].kind == "single line" else 0.5
    else:
        best = textures[int(melodiousness(score, textures).argmax())]
        sings, confidence = ([best], 0.7) if best.polyphony < THICKEST else ([*textures], 0.5)
    onset, duration, pitch = _skyline([score.parts[t.part].notes for t in sings], score.ppq)
    if len(pitch) < LEAST_NOTES:
        return None
    moves = np.abs(pitch[1:] - pitch[:-1])
    return MelodyLine(
        part=max(sings, key=lambda t: t.highest).part,
        notes=tuple(zip(onset.tolist(), duration.tolist(), pitch.tolist(), strict=True)),
        lowest=int(pitch.min()),
        highest=int(pitch.max()),
        steps=round(int((moves <= 2).sum()) / len(moves), 3),
        confidence=confidence,
    )


def melodiousness(score: Score, textures: tuple[Texture, ...]) -> Floats:
    """How much each of several parts is like a melody, as the logarithm of its odds up to a constant: (parts,)."""
    return melody_signs(score, textures) @ np.array([THICK, HIGH, THERE, RUSHED])


def melody_signs(score: Score, textures: tuple[Texture, ...]) -> Floats:
    """What tells a melody from other parts: (parts, 4).

    The logarithm of pitches at once, up to THICKEST; mean pitch in semitones above the mean of the parts; the
    logarithm of the share of quarters in which it begins a note; that of strokes a quarter, where it plays, over BUSY.
    """
    parts = [score.parts[t.part].notes for t in textures]
    begin = min(int(notes["onset"][0]) for notes in parts)
    quarters = (max(int(notes["onset"][-1]) for notes in parts) - begin) // score.ppq + 1
    rows: list[tuple[float, ...]] = []
    for texture, notes in zip(textures, parts, strict=True):
        onset, height = notes["onset"] - begin, float(np.add.reduce(notes["pitch"])) / len(notes)
        strokes, struck = (np.count_nonzero(at[1:] != at[:-1]) + 1 for at in (onset, onset // score.ppq))
        thick, rushed = min(texture.polyphony, THICKEST), max(strokes / struck / BUSY, 1.0)
        rows.append((log(thick), height, log(struck / quarters + SELDOM), log(rushed)))
    signs = np.array(rows)
    signs[:, 1] -= np.add.reduce(signs[:, 1]) / len(signs)
    return signs


def _says_melody(part: Part) -> bool:
    name = part.name.casefold()
    return part.role == "melody" or any(word in name for word in ("melod", "vocal", "lead", "voice", "sopran"))


def _skyline(parts: list[Notes], ppq: int) -> tuple[Ints, Ints, Ints]:
    """Onset, duration and pitch of the top note of each stroke, unless a higher one still sounds; drops of an octave
    below both neighbours, and of several voices those UNDER the notes AROUND, left out.
    """
    onset, duration, pitch = (
        np.concatenate([notes[name] for notes in parts]).astype(np.int64) for name in ("onset", "duration", "pitch")
    )
    order, count = onset.argsort(kind="stable"), len(onset)
    places = pitch.take(order) * count - np.arange(count)  # the highest pitch, of equal ones the first
    top = order.take(-np.maximum.reduceat(places, steps_up(onset.take(order)).nonzero()[0]) % count)
    onset, duration, pitch = onset.take(top), duration.take(top), pitch.take(top)
    reach = np.maximum.accumulate((onset + duration) * 128 + pitch)[:-1]
    stays = np.ones(len(pitch), np.bool_)
    stays[1:] = (reach >> 7 <= onset[1:]) | (reach & 127 <= pitch[1:])
    onset, duration, pitch = (column.compress(stays) for column in (onset, duration, pitch))
    if len(order) > SINGLE * len(pitch):
        begin, end = onset.searchsorted(onset - AROUND * ppq), onset.searchsorted(onset + AROUND * ppq + 1)
        total = np.zeros(len(pitch) + 1, np.int64)
        pitch.cumsum(out=total[1:])
        near = (pitch + UNDER) * (end - begin) >= total[end] - total[begin]
        onset, duration, pitch = (column.compress(near) for column in (onset, duration, pitch))
    stays = np.ones(len(pitch), np.bool_)
    if len(pitch) > 2:
        here = pitch[1:-1] + LEAP_DOWN
        stays[1:-1] = (here >= pitch[:-2]) | (here >= pitch[2:])
    return onset.compress(stays), duration.compress(stays), pitch.compress(stays)
