"""The key, from the notes."""

from __future__ import annotations

import numpy as np

from ..theory import Key
from ..theory.profiles import MAJOR, MINOR
from .heard import Floats, Heard

LEAST_NOTES = 4


def _profiles() -> Floats:
    rows = np.array([np.roll(profile, tonic) for profile in (MAJOR, MINOR) for tonic in range(12)])
    rows = rows - rows.mean(1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


PROFILES = _profiles()


def correlations(histogram: Floats) -> Floats:
    """Pearson correlation of twelve pitch-class weights with the 24 profiles: 12 major tonics, then 12 minor."""
    centred = histogram - histogram.mean()
    size = float(np.linalg.norm(centred))
    return PROFILES @ centred / size if size > 0 else np.zeros(24)


def find_key(heard: Heard) -> tuple[Key | None, float]:
    """(The key of the whole piece, confidence 0..1); (None, 0) on fewer than four notes or pitch classes all alike."""
    if len(heard) < LEAST_NOTES:
        return None, 0.0
    histogram = np.bincount(heard.pitch % 12, (heard.end - heard.onset).astype(np.float64), 12)
    scores = correlations(histogram)
    best = int(np.argmax(scores))
    if scores[best] <= 0.0:
        return None, 0.0
    odds = np.exp((scores - scores[best]) * 12)
    return Key.of(best % 12, "ionian" if best < 12 else "aeolian"), float(1 / odds.sum())
