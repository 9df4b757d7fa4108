"""feel: what a person said becomes a point, a path and its evidence."""

from __future__ import annotations

from dataclasses import replace

from ..errors import IntentError, nearest
from ..intent import Affect, Evidence, Feeling, Intent
from ..tables.rows import emotions
from .hits import Hit, find_hits
from .tokens import tokenize
from .vocabulary import emotion_of

__all__ = ["feel"]

_STILL = 0.15  # weight of the neutral point that every text starts from


def feel(intent: Intent) -> Affect:
    """The feeling of an Intent. What the person set (valence, arousal, emotion, trajectory) wins over what words say.

    IntentError where `emotion` is in no table. Pure: equal intents give equal Affects.
    """
    read = _read(" . ".join(part for part in _said(intent) if part))
    return _obey(intent, read)


def _said(intent: Intent) -> tuple[str | None, ...]:
    return (intent.text, intent.core_event, intent.core_wound, intent.core_desire, intent.outcome)


def _read(text: str) -> Affect:
    hits = find_hits(tokenize(text))
    if not hits:
        return Affect(
            valence=0.0,
            arousal=0.0,
            intensity=0.0,
            confidence=0.0,
            warnings=("I could not read a feeling in this; say it in other words, or set the point yourself.",),
        )
    total = _STILL + sum(hit.weight for hit in hits)
    valence = sum(hit.weight * _clip(hit.valence * hit.degree) for hit in hits) / total
    arousal = sum(hit.weight * _clip(hit.arousal * hit.degree) for hit in hits) / total
    intensity = max(min(1.0, hit.intensity * hit.degree) for hit in hits)
    return Affect(
        valence=round(valence, 4),
        arousal=round(arousal, 4),
        intensity=round(intensity, 4),
        emotion=_strongest(hits),
        evidence=tuple(_evidence(text, hit, total) for hit in hits),
        confidence=round(min(0.95, 0.45 + 0.5 * max(abs(valence), abs(arousal))), 4),
    )


def _strongest(hits: list[Hit]) -> str | None:
    named = [hit for hit in hits if hit.emotion]
    return max(named, key=lambda hit: hit.weight * hit.degree).emotion if named else None


def _evidence(text: str, hit: Hit, total: float) -> Evidence:
    return Evidence(
        words=text[hit.start : hit.end],
        start=hit.start,
        end=hit.end,
        valence=round(hit.weight * _clip(hit.valence * hit.degree) / total, 4),
        arousal=round(hit.weight * _clip(hit.arousal * hit.degree) / total, 4),
        note=hit.note or hit.emotion,
    )


def _obey(intent: Intent, read: Affect) -> Affect:
    """The reading with what the person set put in its place."""
    valence, arousal, emotion, intensity = read.valence, read.arousal, read.emotion, read.intensity
    path = read.trajectory
    if intent.emotion is not None:
        row = emotion_of(intent.emotion)
        if row is None:
            raise IntentError(
                f"unknown emotion {intent.emotion!r}{nearest(intent.emotion, emotions())}", field="emotion"
            )
        valence, arousal, emotion, intensity = row.valence, row.arousal, row.id, row.intensity
    if intent.trajectory:
        path = intent.trajectory
        valence = sum(point.valence for point in path) / len(path)
        arousal = sum(point.arousal for point in path) / len(path)
    valence = intent.valence if intent.valence is not None else valence
    arousal = intent.arousal if intent.arousal is not None else arousal
    if all(value is None for value in (intent.emotion, intent.valence, intent.arousal, intent.trajectory)):
        return read
    if not intent.trajectory:
        path = (Feeling(valence=valence, arousal=arousal),)
    return replace(
        read,
        valence=valence,
        arousal=arousal,
        emotion=emotion,
        intensity=max(intensity, min(1.0, max(abs(valence), abs(arousal)))),
        trajectory=path,
        confidence=1.0,
        reader="set",
        warnings=(),
    )


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))
