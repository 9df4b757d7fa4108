"""The drum part."""

from __future__ import annotations

from ..plan import PartPlan
from .stage import Heard, Row, Stage

KICK, SNARE, HAT, CRASH = 36, 38, 42, 49


def write_drums(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Kick on the first beat, snare on the others in turn, hats on the beats or between them."""
    rows: list[Row] = []
    for passage in stage.played(part):
        loud = 50 + 50 * part.loudness
        for bar in range(passage.section.bars):
            start = passage.bar_start(bar)
            if bar == 0:
                rows.append((start, 60, CRASH, round(loud)))
            for index, beat in enumerate(stage.beats):
                rows.append((start + beat, 60, SNARE if index % 2 else KICK, round(loud)))
                rows.append((start + beat, 60, HAT, round(loud * 0.7)))
                if passage.section.energy > 0.5:
                    rows.append((start + beat + 240, 60, HAT, round(loud * 0.5)))
    return rows
