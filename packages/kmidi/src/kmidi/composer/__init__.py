"""From a Plan to a Score: one writer a role, then the performance."""

from __future__ import annotations

from ..plan import Plan
from ..score import DRUM_CHANNEL, KeyChange, Marker, MeterChange, Part, Score, Tempo
from .perform import perform
from .stage import Row, lay_out
from .writers import WRITERS

__all__ = ["compose"]

_CHANNELS = [channel for channel in range(16) if channel != DRUM_CHANNEL]


def compose(plan: Plan) -> Score:
    """The Score of a Plan: the same plan gives the same notes, in every process."""
    stage = lay_out(plan)
    heard: dict[str, list[Row]] = {}
    written: dict[str, list[Row]] = {}
    for role in WRITERS:
        for part in plan.parts:
            if part.role == role:
                written[part.name] = WRITERS[role](stage, part, heard)
                heard[role] = heard.get(role, []) + written[part.name]
    channels = iter(_CHANNELS * (len(plan.parts) // len(_CHANNELS) + 1))
    parts: list[Part] = []
    for part in plan.parts:
        channel = DRUM_CHANNEL if part.role == "drums" else next(channels)
        parts.append(perform(stage, part, written[part.name], channel))
    return Score(
        ppq=stage.ppq, title=plan.title, length=stage.length, tempos=(Tempo(0, plan.us_per_quarter),),
        meters=(MeterChange(0, plan.meter),), keys=(KeyChange(0, plan.key),),
        markers=tuple(Marker(p.start, p.section.name) for p in stage.passages if p.start < stage.length),
        chords=stage.chords(), parts=tuple(parts),
    )  # fmt: skip
