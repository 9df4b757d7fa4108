"""Voices as a musician names them, found in the parts of a Score: melody, accompaniment, bass, drums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..plan import VOICES
from ..score import Part, Score

_MIDDLE = 60  # a pianist's hands part around middle C


def first_voice(score: Score, voices: Sequence[str]) -> list[NDArray[np.bool_]]:
    """For each part, which of its notes belong to the first of these voices that the score has.

    Of a piano that plays alone the melody is what lies from middle C up, the accompaniment and bass what lies below.
    """
    for voice in voices:
        for role in VOICES.get(voice, (voice,)):
            if any(part.role == role and len(part.notes) for part in score.parts):
                return [_mask(part, voice, role) for part in score.parts]
    return [np.zeros(len(part.notes), bool) for part in score.parts]


def in_range(pitch: NDArray[np.int64], low: int, high: int) -> NDArray[np.int64]:
    """Pitches moved by octaves into low..high, a range of an octave at least."""
    raised = np.where(pitch < low, pitch + -(-(low - pitch) // 12) * 12, pitch)
    return np.where(raised > high, raised - -(-(raised - high) // 12) * 12, raised)


def _mask(part: Part, voice: str, role: str) -> NDArray[np.bool_]:
    if part.role != role:
        return np.zeros(len(part.notes), bool)
    if role == "piano" and voice != "piano":
        return part.notes["pitch"] >= _MIDDLE if voice == "melody" else part.notes["pitch"] < _MIDDLE
    return np.ones(len(part.notes), bool)
