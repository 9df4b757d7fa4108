"""The drum part: bars by style and energy, phrases of two and four bars, ghosts, arrivals, builds and drops."""

from __future__ import annotations

from ..errors import IntentError, nearest
from ..plan import PartPlan
from ..streams import Stream
from ..tables import KIT, drum_patterns
from .drum_bars import Kit, kit_of, phrase, strokes, struck, varied
from .drum_cells import SLOT, beat_slots, velocity
from .drum_fills import Hit, build, fill, fill_start
from .stage import Heard, Passage, Row, Stage
from .timing import groove_of

# ticks that a stroke is written to last: drums do not sustain, but readers draw them
_LASTS = tuple(240 if pitch in (KIT["crash"], KIT["ride"], KIT["open_hat"]) else 60 for pitch in range(128))
_SIXTEENTHS_UP_TO = 132.0  # bpm above which a drummer adds nothing between eighths
_ARRIVAL_ENERGY = 0.4  # below it a new section needs no crash


def write_drums(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Rows of a kit in General MIDI pitches: its pattern in the piece's meter, fuller where the section has energy.

    A section of two or more bars states its bar, answers it, and turns in the fourth; the last bar before another
    section leads into it. IntentError where the pattern is unknown.
    """
    patterns = drum_patterns()
    if part.pattern not in patterns:
        raise IntentError(f"unknown drum pattern {part.pattern!r}{nearest(part.pattern, patterns)}", field="parts")
    pattern = patterns[part.pattern]
    swings = stage.plan.swing > 0 and groove_of(stage).swing_unit == "8th"
    fine = not swings and stage.plan.bpm <= _SIXTEENTHS_UP_TO
    kit = kit_of(pattern, stage.plan.meter, 0.62 + 0.5 * part.loudness, sixteenths=fine)
    played = stage.played(part)
    at = {p.index: p for p in played}
    rows: list[Row] = []
    for passage in played:
        last = passage.index == len(stage.passages) - 1
        following = at.get(0 if stage.plan.loop and last else passage.index + 1)
        rows += _passage(stage, part, kit, passage, at.get(passage.index - 1), following, last=last)
    return rows


def _passage(
    stage: Stage,
    part: PartPlan,
    kit: Kit,
    passage: Passage,
    before: Passage | None,
    after: Passage | None,
    *,
    last: bool,
) -> list[Row]:
    section = passage.section
    # a section that returns is played a little fuller
    level = section.energy + 0.6 * (part.density - 0.5) + 0.05 * min(2, section.variation)
    level = min(1.0, max(0.0, level))
    shared, own = stage.stream(section.kind, part.role), stage.stream(section.name, part.role)
    at_level = strokes(kit, level)
    bars = phrase(kit, level, at_level, shared)
    rows: list[Row] = []
    ends = last and not stage.plan.loop and stage.plan.bars >= 8
    lead = None if after is None else after.section.energy - section.energy
    building = section.kind in ("build", "buildup", "riser") and after is not None
    for bar in range(section.bars):
        is_last = bar == section.bars - 1
        if ends and is_last:
            hits = _ending(kit, section.energy)
        elif building:
            hits = build(bar, section.bars, kit.meter, kit.loud("snare", section.energy))
        else:
            hits = struck(bars[bar % 4] if bar == 0 else varied(bars[bar % 4], kit, level, at_level, own), at_level)
            if section.kind == "breakdown" and bar < section.bars // 2:
                hits = [hit for hit in hits if hit[1] in (KIT["closed_hat"], KIT["ride"], KIT["side_stick"])]
            if _arrives(kit, section.energy, before, passage) if bar == 0 else bar % 8 == 0 and _rings(kit, level):
                hits = _crash(hits, kit, section.energy)
            if is_last and lead is not None:
                hits = _led(hits, kit, fill_start(kit.meter, lead, kit.pattern.fills, own), level, own)
            elif bar % 8 == 7 and not is_last and level > 0.4 and own.chance(0.5):
                hits = _led(hits, kit, beat_slots(kit.meter)[-1][0], level, own)
        start = passage.bar_start(bar)
        rows += [(start + slot * SLOT, _LASTS[pitch], pitch, loud) for slot, pitch, loud in hits]
    return rows


def _arrives(kit: Kit, energy: float, before: Passage | None, passage: Passage) -> bool:
    if passage.index == 0 or kit.pattern.fills == "soft":
        return False
    risen = before is None or energy >= before.section.energy - 0.05
    return passage.section.kind == "drop" or (energy >= _ARRIVAL_ENERGY and risen)


def _rings(kit: Kit, level: float) -> bool:
    """True where every eighth bar opens with a crash."""
    return level > 0.7 and kit.pattern.fills in ("toms", "roll")


def _crash(hits: list[Hit], kit: Kit, energy: float) -> list[Hit]:
    """The same bar with a crash and a kick on its first beat instead of the cymbal."""
    kept = [hit for hit in hits if hit[0] or hit[1] in (KIT["snare"], KIT["clap"], KIT["low_tom"])]
    return [
        (0, KIT["crash"], kit.loud("crash", energy)),
        (0, KIT["kick"], kit.loud("kick", energy)),
        *kept,
    ]


def _led(hits: list[Hit], kit: Kit, start: int | None, level: float, stream: Stream) -> list[Hit]:
    """The same bar with a fill from a slot on (None: as it is)."""
    if start is None:
        return hits
    loud = kit.loud("snare", level)
    return [hit for hit in hits if hit[0] < start] + fill(
        start, kit.meter, kit.pattern.fills, level, loud, stream, sixteenths=kit.sixteenths
    )


def _ending(kit: Kit, energy: float) -> list[Hit]:
    """One last stroke on the first beat."""
    if kit.pattern.fills == "soft" or energy < 0.2:
        return [(0, KIT["kick"], velocity(kit.loud("kick", energy) * 0.7)), (0, KIT["ride"], velocity(kit.loud("ride", energy) * 0.7))]  # fmt: skip
    return [
        (0, KIT["kick"], kit.loud("kick", energy)),
        (0, KIT["crash"], kit.loud("crash", energy)),
    ]
