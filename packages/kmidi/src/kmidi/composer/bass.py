"""The bass part."""

from __future__ import annotations

from ..plan import PartPlan
from .stage import Heard, Row, Stage


def write_bass(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The chord's bass on strong beats, its fifth between where the section is dense."""
    rows: list[Row] = []
    low, high = part.register
    for passage in stage.played(part):
        velocity = round(50 + 45 * part.loudness)
        for span in passage.chords:
            root = low + (span.chord.bass - low) % 12
            fifth = root + 7 if root + 7 <= high else root
            beats = [b for b in stage.beats if b < span.duration]
            hits = beats if part.density + passage.section.energy > 1.1 else beats[:1]
            for index, (at, end) in enumerate(zip(hits, [*hits[1:], span.duration], strict=True)):
                rows.append(
                    (span.onset + at, max(60, round((end - at) * 0.95)), fifth if index % 2 else root, velocity)
                )
    return rows
