"""From a Plan to a Score: one writer a role, then the performance."""

from __future__ import annotations

import numpy as np

from ..bulk import without_cycles
from ..plan import INNER, Plan
from ..planner.hits import beat_quarters
from ..score import DRUM_CHANNEL, Marker, MeterChange, Score, Tempo
from ..tables import patterns
from .perform import perform
from .raising import keys_of, raised_chords, raised_rows
from .ritardando import slowed
from .rule_breaks import break_rules
from .splice import splice
from .stage import Row, Stage, Table, lay_out, table_of
from .telling import tell
from .writers import WRITERS

__all__ = ["compose", "splice"]

_CHANNELS = [channel for channel in range(16) if channel != DRUM_CHANNEL]


@without_cycles
def compose(plan: Plan) -> Score:
    """The Score of a Plan: the same plan gives the same notes, in every process."""
    stage = lay_out(plan)
    heard: dict[str, list[Row]] = {}
    written: dict[int, list[Row]] = {}
    for role in WRITERS:
        for number, part in enumerate(plan.parts):
            if part.role == role:
                written[number] = WRITERS[role](stage, part, heard)
                heard[role] = heard.get(role, []) + written[number]
    table = _told(stage, written)
    free = iter(_CHANNELS * (len(plan.parts) // len(_CHANNELS) + 1))
    channels = [DRUM_CHANNEL if part.role == "drums" else next(free) for part in plan.parts]
    parts = perform(stage, raised_rows(table, stage), channels)
    score = Score(
        ppq=stage.ppq, title=plan.title, length=stage.length, tempos=(Tempo(0, plan.us_per_quarter),),
        meters=(MeterChange(0, plan.meter),), keys=keys_of(stage),
        markers=_markers(stage),
        chords=raised_chords(stage), parts=parts,
    )  # fmt: skip
    return slowed(break_rules(score, stage), plan)


def _told(stage: Stage, written: dict[int, list[Row]]) -> Table:
    """The parts that accompany sound what tells each chord; inner voices do by themselves, bare fifths stay bare."""
    parts = stage.plan.parts
    bare = {
        part.pattern for part in parts if part.pattern in patterns() and patterns()[part.pattern].voicing == "power"
    }
    moved = [p.role in ("chords", "pad", "counter") and p.pattern not in {*INNER, *bare} for p in parts]
    drums = table_of([written[at] if part.role == "drums" else [] for at, part in enumerate(parts)])
    pitched = table_of([written[at] if part.role != "drums" else [] for at, part in enumerate(parts)])
    registers = [part.register if may else None for part, may in zip(parts, moved, strict=True)]
    told, _ = tell(pitched, stage.chords(), registers)
    return np.concatenate([told, drums], 1)


def _markers(stage: Stage) -> tuple[Marker, ...]:
    """Where sections start, and the hit points on the beats that meet them."""
    sections = [Marker(p.start, p.section.name) for p in stage.passages]
    plan = stage.plan
    hits = [
        Marker(beat_quarters(plan.meter, seconds, plan.bpm)[0] * stage.ppq // 48, label) for seconds, label in plan.hits
    ]
    return tuple(sorted((m for m in sections + hits if m.tick < stage.length), key=lambda marker: marker.tick))
