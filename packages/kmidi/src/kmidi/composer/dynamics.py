"""Phrase-shaped dynamics: how loud each note of a keyboard part is meant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..streams import Stream

MELODY, INNER, LEFT, BASS = range(4)
# what a hand gives each voice, in units of the contrast: the melody sings out, what fills stays behind it
_VOICING = np.array([0.75, -0.85, -0.6, 0.1])
_ARC = 0.8  # from a phrase's edge to its height
_LOUDEST = 1.3  # standard deviations above the mean from which a player holds back; loud playing has less room
_ROOM = 0.02  # of a deviation a velocity below the middle
_TOUCH = 0.45  # unevenness of a hand, drifting


def velocities(onset: NDArray[np.int64], pitch: NDArray[np.int64], voice: NDArray[np.int64], phrase: NDArray[np.float64],
               level: NDArray[np.float64], mean: float, contrast: float, stream: Stream) -> NDArray[np.int64]:  # fmt: skip
    """Velocities 1..127 with this mean and, around the sections' levels, this standard deviation (contrast).

    `phrase` is where each note stands in its phrase (0..1), highest near 0.6; `level` what its section adds, in
    velocity. Notes that rise are louder: a pianist leans into height.
    """
    if not len(onset):
        return np.zeros(0, np.int64)
    arc = np.where(phrase < 0.6, phrase / 0.6, (1 - phrase) / 0.4)
    height = (pitch - pitch.mean()) / max(1.0, float(pitch.std()))
    drift, at, touch = np.zeros(len(onset)), 0.0, {}
    for index, tick in enumerate(onset.tolist()):
        if tick not in touch:
            at = 0.6 * at + 0.8 * stream.bell()
            touch[tick] = at
        drift[index] = touch[tick] * 0.7 + 0.7 * (stream.unit() * 2 - 1)
    shape = _VOICING[voice] + _ARC * arc * (2 - arc) + 0.15 * height + _TOUCH * drift
    shape -= shape.mean()
    shape = shape / max(0.2, float(shape.std()))
    knee = _LOUDEST + _ROOM * (64 - mean)
    shape = np.where(shape > knee, knee + (shape - knee) * 0.4, shape)
    wanted = mean + level - np.average(level) + contrast * shape
    return np.clip(np.rint(wanted), 1, 127).astype(np.int64)
