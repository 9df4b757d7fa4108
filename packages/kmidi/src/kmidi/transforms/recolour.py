"""Recolour: a piece moved toward another feeling, its melody still itself, with what changed and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..errors import IntentError
from ..intent import BPM_RANGE, Feeling, check_range
from ..score import Score, Tempo, without_overlaps
from ..tables import cue_rows
from ..theory import Key
from .pitch import to_mode

# Modes from dark to bright by their raised degrees; the minors that raise their upper degrees stand at their third.
_BRIGHTNESS = ("locrian", "phrygian", "aeolian", "dorian", "mixolydian", "ionian", "lydian")
_STEPS_PER_VALENCE = 2.0  # from -1 to 1 is phrygian to lydian, four to five modes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that recolouring changed: what, from, to, why."""

    what: str
    before: str
    after: str
    why: str


def recolour(score: Score, *, key: Key, before: Feeling, after: Feeling) -> Score:
    """The score moved from one feeling toward another: tempo, loudness and articulation with arousal, mode with valence.

    The melody keeps its rhythm and the degrees of its scale. `key` is the key the score is in, `before` the feeling it
    has. The slopes are those of cues.toml, which composing uses too. Equal feelings give the same score.
    """
    moved = score
    mode = _mode(key, before, after)
    if mode != key.mode:
        moved = to_mode(moved, key=key, mode=mode)
    factor, louder, shorter = _factor(score, before, after), _louder(before, after), _shorter(before, after)
    if factor != 1:
        tempos = score.tempos or (Tempo(0, 500_000),)
        moved = replace(
            moved,
            tempos=tuple(Tempo(t.tick, max(1, min((1 << 24) - 1, round(t.us_per_quarter / factor)))) for t in tempos),
        )
    if not louder and shorter == 1:
        return moved
    parts = []
    for part in moved.parts:
        notes = part.notes.copy()
        notes["velocity"] = np.clip(np.rint(notes["velocity"] + louder), 1, 127)
        if not part.is_drums:
            notes["duration"] = np.maximum(1, np.rint(notes["duration"] * shorter))
        parts.append(replace(part, notes=without_overlaps(notes, moved.length)))
    return replace(moved, parts=tuple(parts))


def recolour_changes(score: Score, *, key: Key, before: Feeling, after: Feeling) -> tuple[Change, ...]:
    """What recolour changes with the same arguments, and why; empty where nothing does."""
    changes: list[Change] = []
    mode, factor = _mode(key, before, after), _factor(score, before, after)
    louder, shorter = _louder(before, after), _shorter(before, after)
    brighter = "brighter" if after.valence > before.valence else "darker"
    if mode != key.mode:
        changes.append(
            Change(
                what="mode",
                before=key.mode,
                after=mode,
                why=f"a {brighter} feeling takes a {brighter} mode; each note keeps its degree",
            )
        )
    if factor != 1:
        bpm = score.tempos[0].bpm if score.tempos else 120.0
        why = "more stirred feelings move faster" if factor > 1 else "stiller feelings move slower"
        changes.append(Change(what="tempo", before=f"{bpm:.4g} bpm", after=f"{bpm * factor:.4g} bpm", why=why))
    if louder:
        changes.append(
            Change(
                what="loudness",
                before="velocity as it was",
                after=f"velocity {louder:+d}",
                why="stirred feelings are played harder, still ones softer",
            )
        )
    if shorter != 1:
        changes.append(
            Change(
                what="articulation",
                before="lengths as they were",
                after=f"lengths × {shorter:.2f}",
                why="stirred feelings separate their notes, still ones bind them",
            )
        )
    return tuple(changes)


def _mode(key: Key, before: Feeling, after: Feeling) -> str:
    check_range("valence", after.valence, -1, 1)
    steps = round((after.valence - before.valence) * _STEPS_PER_VALENCE)
    home = key.mode if key.mode in _BRIGHTNESS else "aeolian"
    at = _BRIGHTNESS.index(home)
    if steps == 0:
        return key.mode
    return _BRIGHTNESS[min(len(_BRIGHTNESS) - 1, max(1, at + steps))]


def _factor(score: Score, before: Feeling, after: Feeling) -> float:
    row = cue_rows()["bpm"]
    slope = (row.arousal * (after.arousal - before.arousal) + row.valence * (after.valence - before.valence)) / row.base
    factor = round(1 + slope, 4) if slope >= 0 else round(1 / (1 - slope), 4)
    if not score.tempos:
        return factor
    low = BPM_RANGE[0] / min(t.bpm for t in score.tempos)
    high = BPM_RANGE[1] / max(t.bpm for t in score.tempos)
    if low > high:
        raise IntentError("the score's tempos lie too far apart to be moved together", field="after")
    return min(max(factor, min(1.0, low)), max(1.0, high))


def _louder(before: Feeling, after: Feeling) -> int:
    row = cue_rows()["loudness"]
    return round(row.arousal * (after.arousal - before.arousal) + row.valence * (after.valence - before.valence))


def _shorter(before: Feeling, after: Feeling) -> float:
    row = cue_rows()["legato"]
    slope = (row.arousal * (after.arousal - before.arousal) + row.valence * (after.valence - before.valence)) / row.base
    return round(min(1.6, max(0.5, 1 + slope)), 2)
