"""From hits to a point: the weighted mean of what the words pull towards, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..intent import Feeling
from .background import STILL
from .hits import Hit

# A mean over many words is small even where every reader agrees; this opens the middle and leaves the ends.
OPENING = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A point on the plane, and the pull of all words together on each axis."""

    valence: float
    arousal: float
    for_valence: float
    for_arousal: float

    @property
    def feeling(self) -> Feeling:
        """The point."""
        return Feeling(valence=self.valence, arousal=self.arousal)


def read_hits(hits: Iterable[Hit], most: float = math.inf) -> Reading:
    """sum(pull * point) / (STILL + sum(pull)) on each axis, opened; sums don't depend on the order of the words.

    `most` caps the degree of each hit: 1 reads the words as if nothing were stressed.
    """
    rows = [
        (hit.valence, hit.arousal, hit.for_valence, hit.for_arousal)
        if hit.degree == 1.0 and most >= 1.0
        else (*hit.felt(min(hit.degree, most)), hit.for_valence, hit.for_arousal)
        for hit in hits
    ]
    for_valence = STILL + math.fsum(row[2] for row in rows)
    for_arousal = STILL + math.fsum(row[3] for row in rows)
    valence = math.fsum(row[0] * row[2] for row in rows) / for_valence
    arousal = math.fsum(row[1] * row[3] for row in rows) / for_arousal
    return Reading(opened(valence), opened(arousal), for_valence, for_arousal)


def opened(value: float) -> float:
    """A mean on the scale that people use for one feeling: odd, rising, -1..1."""
    return round(max(-1.0, min(1.0, value * (1 + OPENING) / (OPENING + abs(value)))), 4)
