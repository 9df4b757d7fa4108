"""Velocity accents: the meter heard in the loudness of notes, and a player's small unevenness."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..streams import units
from ..theory import Meter
from .drum_cells import SLOT, beat_slots
from .timing import Band, groove_of

# Shares of velocity by place in the bar. Hats and rides of measured drummers: 83 on the beat, 68 between, 53 and 59 on the
# sixteenths beside; pitched parts are heard to do about a third of that.
_DOWNBEAT, _MIDDLE, _BEAT, _EIGHTH, _SIXTEENTH = 0.08, 0.04, 0.01, -0.04, -0.09
_UNEVEN = 0.045  # standard deviation of a player's velocities around what was meant, as a share


def accented(band: Band, meant: NDArray[np.int64]) -> NDArray[np.int64]:
    """Velocities 1..127 of a band's notes from those that the writers meant.

    Drums carry their accents already and only lose their evenness, which scales with humanize; the meter's accents stay,
    for they are what makes a meter audible.
    """
    stage = band.stage
    depth = groove_of(stage).accents
    slots = (band.onset % stage.bar_ticks) // SLOT
    accents = np.array(_profile(stage.plan.meter))[slots] * band.each(lambda p: 0.0 if p.role == "drums" else depth)
    velocity = np.clip(meant, 1, 127) * (1 + accents)
    if stage.plan.humanize:
        draws = [(stage.seed("piece", f"{part.role}/touch"), 2 * count) for part, count in band.counts()]
        drawn = units(*draws)
        velocity *= 1 + (drawn[::2] + drawn[1::2] - 1.0) * (2.449489742783178 * _UNEVEN * stage.plan.humanize)
    return np.clip(np.rint(velocity), 1, 127).astype(np.int64)


@lru_cache(maxsize=64)
def _profile(meter: Meter) -> tuple[float, ...]:
    """The accent of each sixteenth of a bar."""
    beats = beat_slots(meter)
    middle = (len(beats) + 1) // 2
    shares: list[float] = []
    for index, (_, length) in enumerate(beats):
        top = _DOWNBEAT if index == 0 else _MIDDLE if index == middle and len(beats) > 3 else _BEAT
        shares += [top if at == 0 else _EIGHTH if at % 2 == 0 else _SIXTEENTH for at in range(length)]
    return tuple(shares)
