"""From a Plan to a Score: one writer a role, then the performance."""

from __future__ import annotations

from ..plan import Plan
from ..planner.hits import beat_quarters
from ..score import DRUM_CHANNEL, Marker, MeterChange, Score, Tempo
from ..tables import patterns
from .perform import perform
from .raising import keys_of, raise_rows, raised_chords
from .rule_breaks import break_rules
from .splice import splice
from .stage import Row, Stage, lay_out
from .telling import tell
from .writers import WRITERS

__all__ = ["compose", "splice"]

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
    _tell(stage, written)
    free = iter(_CHANNELS * (len(plan.parts) // len(_CHANNELS) + 1))
    channels = [DRUM_CHANNEL if part.role == "drums" else next(free) for part in plan.parts]
    parts = perform(stage, [raise_rows(written[part.name], part, stage) for part in plan.parts], channels)
    score = Score(
        ppq=stage.ppq, title=plan.title, length=stage.length, tempos=(Tempo(0, plan.us_per_quarter),),
        meters=(MeterChange(0, plan.meter),), keys=keys_of(stage),
        markers=_markers(stage),
        chords=raised_chords(stage), parts=parts,
    )  # fmt: skip
    return break_rules(score, stage)


def _tell(stage: Stage, written: dict[str, list[Row]]) -> None:
    """Lets the parts that accompany sound what tells each chord; inner voices do by themselves, bare fifths stay bare."""
    pitched = [part for part in stage.plan.parts if part.role != "drums"]
    bare = {
        part.pattern for part in pitched if part.pattern in patterns() and patterns()[part.pattern].voicing == "power"
    }
    moved = [p for p in pitched if p.role in ("chords", "pad", "counter") and p.pattern not in {"inner", *bare}]
    others = [written[part.name] for part in pitched if part not in moved]
    tell([written[part.name] for part in moved], others, stage.chords(), [part.register for part in moved])


def _markers(stage: Stage) -> tuple[Marker, ...]:
    """Where sections start, and the hit points on the beats that meet them."""
    sections = [Marker(p.start, p.section.name) for p in stage.passages]
    plan = stage.plan
    hits = [
        Marker(beat_quarters(plan.meter, seconds, plan.bpm)[0] * stage.ppq // 48, label) for seconds, label in plan.hits
    ]
    return tuple(sorted((m for m in sections + hits if m.tick < stage.length), key=lambda marker: marker.tick))
