"""Solo piano: two hands."""

from __future__ import annotations

from dataclasses import replace

from ..plan import PartPlan
from .chords import write_chords
from .melody import write_melody
from .stage import Heard, Row, Stage


def write_piano(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The left hand plays chords, the right the melody."""
    low, high = part.register
    middle = min(max(60, low + 12), high - 12)
    left = write_chords(
        stage, replace(part, register=(max(low, middle - 24), middle - 1), loudness=part.loudness * 0.8), heard
    )
    return left + write_melody(stage, replace(part, register=(middle, min(high, middle + 24))), heard)
