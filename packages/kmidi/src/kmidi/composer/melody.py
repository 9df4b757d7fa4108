"""The melody and the counter-melody."""

from __future__ import annotations

from ..plan import PartPlan
from .stage import Heard, Row, Stage


def write_melody(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Chord tones on the beats, steps between them, a breath at each phrase's end."""
    rows: list[Row] = []
    low, high = part.register
    scale = sorted(p for p in range(low, high + 1) if p % 12 in stage.plan.key.pitch_classes)
    at_pitch = scale[len(scale) // 2]
    for passage in stage.played(part):
        stream = stage.stream(passage.section.kind, part.role)
        velocity = round(55 + 50 * part.loudness)
        for index, span in enumerate(passage.chords):
            tones = [p for p in range(low, high + 1) if p % 12 in span.chord.pitch_classes]
            beats = [b for b in stage.beats if b < span.duration]
            hits = [b for b in beats if b == 0 or stream.chance(0.35 + 0.5 * part.density)]
            if index % passage.section.phrase_bars == passage.section.phrase_bars - 1:
                hits = hits[: max(1, len(hits) // 2)]
            for at, end in zip(hits, [*hits[1:], span.duration], strict=True):
                goal = at_pitch + round(stream.bell() * 3)
                pool = tones if at == 0 else scale
                at_pitch = min(pool, key=lambda p: (abs(p - goal), p)) if pool else at_pitch
                rows.append(
                    (span.onset + at, max(60, round((end - at) * (0.6 + 0.35 * part.legato))), at_pitch, velocity)
                )
    return rows


def write_counter(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """A long note under each chord, away from the melody."""
    rows: list[Row] = []
    low, high = part.register
    for passage in stage.played(part):
        for span in passage.chords:
            third = span.chord.pitch_classes[1]
            rows.append((span.onset, span.duration, low + (third - low) % 12, round(45 + 40 * part.loudness)))
    return [row for row in rows if row[2] <= high]
