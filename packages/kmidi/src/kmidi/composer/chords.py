"""The chord part and the pad."""

from __future__ import annotations

from ..plan import PartPlan
from .stage import Heard, Row, Stage
from .voicing import voice


def write_chords(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Chords on the beats, more often where the section is denser."""
    rows: list[Row] = []
    previous: tuple[int, ...] = ()
    for passage in stage.played(part):
        dense = part.density * 0.5 + passage.section.energy * 0.5
        velocity = round(40 + 50 * part.loudness * (0.6 + 0.4 * passage.section.energy))
        for span in passage.chords:
            previous = voice(span.chord, part.register[0], part.register[1], 4, previous)
            hits = [b for b in stage.beats if b < span.duration] if dense > 0.45 else [0]
            for at, end in zip(hits, [*hits[1:], span.duration], strict=True):
                length = max(60, round((end - at) * (0.5 + 0.5 * part.legato)))
                rows += [(span.onset + at, length, pitch, velocity) for pitch in previous]
    return rows


def write_pad(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Each chord held."""
    rows: list[Row] = []
    previous: tuple[int, ...] = ()
    for passage in stage.played(part):
        velocity = round(35 + 40 * part.loudness)
        for span in passage.chords:
            previous = voice(span.chord, part.register[0], part.register[1], 4, previous)
            rows += [(span.onset, span.duration, pitch, velocity) for pitch in previous]
    return rows
