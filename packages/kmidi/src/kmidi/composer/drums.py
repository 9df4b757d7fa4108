"""The drum part: bars by style and energy, phrases of two and four bars, ghosts, arrivals, builds and drops."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import IntentError, nearest
from ..plan import PartPlan
from ..streams import Stream
from ..tables import DrumPattern, DrumStyle, drum_patterns, drum_styles
from ..theory import Meter
from .drum_cells import KIT, SLOT, beat_order, beat_slots, fit, measured_slot
from .drum_fills import Hit, build, fill, fill_start
from .stage import Heard, Passage, Row, Stage

_SHORT, _RINGING = 60, 240  # ticks that a stroke is written to last: drums do not sustain, but readers draw them
_LEVEL = {"kick": 100, "snare": 106, "side_stick": 92, "clap": 102, "low_tom": 98, "ghost": 30, "closed_hat": 82, "open_hat": 84,
          "pedal_hat": 72, "ride": 84, "crash": 104, "comp": 58}  # fmt: skip
_ARRIVAL_ENERGY = 0.4  # below it a new section needs no crash


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kit:
    """What stays the same while a part plays: its pattern, the counted style, the meter, and how loud."""

    pattern: DrumPattern
    style: DrumStyle
    meter: Meter
    gain: float

    def loud(self, piece: str, energy: float) -> float:
        return _LEVEL[piece] * self.gain * (0.82 + 0.36 * energy)


def write_drums(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Rows of a kit in General MIDI pitches: its pattern in the piece's meter, fuller where the section has energy.

    A section of two or more bars states its bar, answers it, and turns in the fourth; the last bar before another
    section leads into it. IntentError where the pattern is unknown.
    """
    patterns = drum_patterns()
    if part.pattern not in patterns:
        raise IntentError(f"unknown drum pattern {part.pattern!r}{nearest(part.pattern, patterns)}", field="parts")
    pattern = patterns[part.pattern]
    kit = _Kit(
        pattern=pattern, style=drum_styles()[pattern.style], meter=stage.plan.meter, gain=0.62 + 0.5 * part.loudness
    )
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
    kit: _Kit,
    passage: Passage,
    before: Passage | None,
    after: Passage | None,
    *,
    last: bool,
) -> list[Row]:
    section = passage.section
    level = min(1.0, max(0.0, section.energy + 0.6 * (part.density - 0.5)))
    shared, own = stage.stream(section.kind, part.role), stage.stream(section.name, part.role)
    bars = _phrase(kit, level, shared)
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
            hits = bars[bar % 4]
            if section.kind == "breakdown" and bar < section.bars // 2:
                hits = [hit for hit in hits if hit[1] in (KIT["closed_hat"], KIT["ride"], KIT["side_stick"])]
            if _arrives(kit, section.energy, before, passage) if bar == 0 else bar % 8 == 0 and _rings(kit, level):
                hits = _crash(hits, kit, section.energy)
            if is_last and lead is not None:
                hits = _led(hits, kit, fill_start(kit.meter, lead, kit.pattern.fills, own), level, own)
            elif bar % 8 == 7 and not is_last and level > 0.4 and own.chance(0.5):
                hits = _led(hits, kit, beat_slots(kit.meter)[-1][0], level, own)
        start = passage.bar_start(bar)
        rows += [
            (start + slot * SLOT, _RINGING if pitch in (49, 51, 46) else _SHORT, pitch, velocity)
            for slot, pitch, velocity in hits
        ]
    return rows


def _arrives(kit: _Kit, energy: float, before: Passage | None, passage: Passage) -> bool:
    if passage.index == 0 or kit.pattern.fills == "soft":
        return False
    risen = before is None or energy >= before.section.energy - 0.05
    return passage.section.kind == "drop" or (energy >= _ARRIVAL_ENERGY and risen)


def _rings(kit: _Kit, level: float) -> bool:
    """True where every eighth bar opens with a crash."""
    return level > 0.7 and kit.pattern.fills in ("toms", "roll")


def _crash(hits: list[Hit], kit: _Kit, energy: float) -> list[Hit]:
    """The same bar with a crash and a kick on its first beat instead of the cymbal."""
    kept = [hit for hit in hits if hit[0] or hit[1] in (KIT["snare"], KIT["clap"], KIT["low_tom"])]
    return [
        (0, KIT["crash"], _velocity(kit.loud("crash", energy))),
        (0, KIT["kick"], _velocity(kit.loud("kick", energy))),
        *kept,
    ]


def _led(hits: list[Hit], kit: _Kit, start: int | None, level: float, stream: Stream) -> list[Hit]:
    """The same bar with a fill from a slot on (None: as it is)."""
    if start is None:
        return hits
    loud = kit.loud("snare", level)
    return [hit for hit in hits if hit[0] < start] + fill(start, kit.meter, kit.pattern.fills, level, loud, stream)


def _ending(kit: _Kit, energy: float) -> list[Hit]:
    """One last stroke on the first beat."""
    if kit.pattern.fills == "soft" or energy < 0.2:
        return [(0, KIT["kick"], _velocity(kit.loud("kick", energy) * 0.7)), (0, KIT["ride"], _velocity(kit.loud("ride", energy) * 0.7))]  # fmt: skip
    return [
        (0, KIT["kick"], _velocity(kit.loud("kick", energy))),
        (0, KIT["crash"], _velocity(kit.loud("crash", energy))),
    ]


def _phrase(kit: _Kit, level: float, stream: Stream) -> list[list[Hit]]:
    """Four bars: statement, answer, statement, turn."""
    pattern, meter = kit.pattern, kit.meter
    own = pattern.bars_in.get(str(meter))
    choices = own or pattern.bars
    at = _pick(level, len(choices), stream)
    statement = choices[at]
    cymbal = _pick(level, len(pattern.cymbals_in.get(str(meter), pattern.cymbals)), None)
    answer = choices[max(0, at - 1)] if stream.chance(0.4) else statement
    turn = _turn(kit, statement, choices[min(at + 1, len(choices) - 1)], stream)
    row = pattern.cymbals_in.get(str(meter), pattern.cymbals)[cymbal]
    ghosts = [_ghosts(kit, level, stream) for _ in range(3)]
    bars = [(statement, ghosts[0]), (answer, ghosts[1]), (statement, ghosts[0]), (turn, ghosts[2])]
    opens = _opens(kit, level, stream)
    return [
        _bar(kit, level, bar, row, ghost, opens if index % 2 else (), written=own is not None)
        for index, (bar, ghost) in enumerate(bars)
    ]


def _pick(level: float, count: int, stream: Stream | None) -> int:
    """An index from calm to full, one to either side at times."""
    drawn = 0.0 if stream is None else stream.between(-0.5, 0.5)
    return min(count - 1, max(0, round(level * (count - 1) + drawn)))


def _turn(kit: _Kit, statement: str, fuller: str, stream: Stream) -> str:
    """The fourth bar: the kick of a bar that drummers of the style share, under the statement's own backbeat."""
    if len(statement) != 33:
        return fuller
    snare = statement[17:]
    drummed = [
        (b, w) for b, w in zip(kit.style.bars, kit.style.weights, strict=True) if b[17:] == snare and b[0] == "x"
    ]
    if not drummed or not stream.chance(0.6):
        return fuller if fuller[17:] == snare or stream.chance(0.5) else statement
    return stream.weighted([b for b, _ in drummed], [w for _, w in drummed])


def _ghosts(kit: _Kit, level: float, stream: Stream) -> tuple[int, ...]:
    """Slots with a ghost note, as often as drummers of the style play one there."""
    if kit.pattern.ghosts == 0 or kit.meter.is_compound:
        return ()
    slots = kit.meter.numerator * 16 // kit.meter.denominator
    scale = kit.pattern.ghosts * (0.4 + level)
    return tuple(
        s for s in range(slots) if stream.chance(min(0.8, kit.style.ghost_share[measured_slot(s, kit.meter)] * scale))
    )


def _opens(kit: _Kit, level: float, stream: Stream) -> tuple[int, ...]:
    """Slots at which the hat opens: off the beat, at most one in a bar."""
    slots = kit.meter.numerator * 16 // kit.meter.denominator
    open_at = slots - 2
    share = kit.style.open_share[measured_slot(open_at, kit.meter)]
    return (open_at,) if stream.chance(min(0.9, kit.pattern.opens * (share * 2 + 0.4 * level))) else ()


def _bar(
    kit: _Kit, level: float, bar: str, row: str, ghosts: tuple[int, ...], opens: tuple[int, ...], *, written: bool
) -> list[Hit]:
    """The strokes of a bar, by slot. `written` says that the cells are in this meter already."""
    kick, snare = bar.split()
    piece, cell = row.split()
    if written:
        kicks, snares, cymbals = (tuple(i for i, c in enumerate(x) if c == "x") for x in (kick, snare, cell))
    else:
        order = beat_order(snare, len(kit.meter.groups))
        kicks, snares = (fit(x, order, kit.meter, cymbal=False) for x in (kick, snare))
        cymbals = fit(cell, order, kit.meter, cymbal=True)
    voice = kit.pattern.snare if level >= 0.4 else kit.pattern.calm_snare
    sounds = KIT["snare"] if voice == "comp" else KIT[voice]
    hits: list[Hit] = [(s, KIT["kick"], _accented(kit, "kick", "kick", s, level)) for s in kicks]
    hits += [(s, sounds, _accented(kit, voice, "snare", s, level)) for s in snares]
    taken = {*snares, *(s + 1 for s in snares)}
    quiet = _velocity(kit.loud("ghost", level))
    hits += [(s, KIT["snare"], quiet) for s in ghosts if s not in taken]
    if piece != "none":
        for s in cymbals:
            now = "open_hat" if s in opens and piece == "closed_hat" else piece
            hits.append((s, KIT[now], _accented(kit, now, "cymbal", s, level)))
    if kit.pattern.pedal:
        beats = [start for start, _ in beat_slots(kit.meter)]
        hits += [(s, KIT["pedal_hat"], _velocity(kit.loud("pedal_hat", level))) for s in (beats[1::2] if len(beats) != 3 else beats[1:])]  # fmt: skip
    return sorted(hits)


def _accented(kit: _Kit, piece: str, column: str, slot: int, level: float) -> int:
    """Velocity of a stroke: its piece's level, shaped by what drummers of the style do on that slot."""
    profile: tuple[int, ...] = getattr(kit.style, column)
    measured = profile[measured_slot(slot, kit.meter)]
    share = measured / max(profile) if measured else 0.7
    depth = {"kick": 0.25, "snare": 0.15, "cymbal": 0.6}[column]
    return _velocity(kit.loud(piece, level) * (1 - depth + depth * share))


def _velocity(value: float) -> int:
    return min(127, max(8, round(value)))
