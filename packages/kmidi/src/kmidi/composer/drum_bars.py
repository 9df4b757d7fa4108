"""Bars of a kit: which slots each piece strikes, how one bar varies another, and how loud each stroke is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..streams import Stream
from ..tables import KIT, DrumPattern, DrumStyle, drum_styles
from ..theory import Meter
from .drum_cells import beat_order, beat_slots, fit, measured_slot, velocity
from .drum_fills import Hit

_LEVEL = {"kick": 100, "snare": 106, "side_stick": 92, "clap": 102, "low_tom": 98, "ghost": 30, "closed_hat": 82, "open_hat": 84,
          "pedal_hat": 72, "ride": 84, "crash": 104, "comp": 58}  # fmt: skip
_DEPTH = {"kick": 0.25, "snare": 0.15, "cymbal": 0.6}  # how much of a drummer's accents a piece keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What stays the same while a part plays: its pattern, the counted style, the meter, how loud, how fine the grid.

    `sixteenths` is False where eighths swing or the tempo leaves no room: then nothing is added between eighths.
    """

    pattern: DrumPattern
    style: DrumStyle
    meter: Meter
    gain: float
    sixteenths: bool
    slots: int  # sixteenths in a bar
    on_beat: frozenset[int]  # the first slot of each beat
    pieces: frozenset[str]  # what the cymbal rows of the pattern strike
    kicks: tuple[float, ...]  # by slot: how often drummers of the style strike the kick there
    ghosts: tuple[tuple[int, float], ...]  # (slot, how often they play a ghost on it, or within each two)

    def loud(self, piece: str, energy: float) -> int:
        """Velocity of a plain stroke of a piece at an energy."""
        return velocity(_LEVEL[piece] * self.gain * (0.82 + 0.36 * energy))


def kit_of(pattern: DrumPattern, meter: Meter, gain: float, *, sixteenths: bool) -> Kit:
    """The kit that plays a pattern in a meter."""
    style, slots = drum_styles()[pattern.style], meter.numerator * 16 // meter.denominator
    cymbals = [row for rows in (pattern.cymbals, *pattern.cymbals_in.values()) for row in rows]
    silent = pattern.ghosts == 0 or meter.is_compound
    return Kit(
        pattern=pattern, style=style, meter=meter, gain=gain, sixteenths=sixteenths, slots=slots,
        on_beat=frozenset(start for start, _ in beat_slots(meter)), kicks=_kick_shares(style.id, meter),
        pieces=frozenset(row.split()[0] for row in cymbals) - {"none"},
        ghosts=() if silent else _ghost_shares(style.id, meter, 1 if sixteenths else 2),
    )  # fmt: skip


class Bar(NamedTuple):
    """The slots that kick, snare, ghosts, cymbal and opened hat strike; `cymbal` names the piece or is "none"."""

    kicks: tuple[int, ...]
    snares: tuple[int, ...]
    ghosts: tuple[int, ...]
    cymbals: tuple[int, ...]
    cymbal: str
    opens: tuple[int, ...] = ()


class Strokes(NamedTuple):
    """How a kit strikes at one level: velocities by slot of kick, snare (at its pitch) and each cymbal, a ghost's, on which
    slots ghosts fall how often, and the pedalled hat's strokes, which every bar has.
    """

    kick: tuple[int, ...]
    snare: tuple[int, ...]
    snare_pitch: int
    cymbals: dict[str, tuple[int, ...]]
    ghost: int
    ghosts: tuple[tuple[int, float], ...]
    pedal: tuple[Hit, ...]


def strokes(kit: Kit, level: float) -> Strokes:
    """The strokes of a kit at a level (0..1)."""

    def louds(piece: str, column: str) -> tuple[int, ...]:
        return _louds(kit.style.id, column, kit.meter, kit.loud(piece, level))

    voice = kit.pattern.snare if level >= 0.4 else kit.pattern.calm_snare
    beats = [start for start, _ in beat_slots(kit.meter)] if kit.pattern.pedal else []
    return Strokes(
        kick=louds("kick", "kick"),
        snare=louds(voice, "snare"),
        snare_pitch=KIT.get(voice, KIT["snare"]),
        cymbals={piece: louds(piece, "cymbal") for piece in kit.pieces},
        ghost=kit.loud("ghost", level),
        ghosts=tuple([(s, min(0.8, share * (kit.pattern.ghosts * (0.4 + level)))) for s, share in kit.ghosts]),
        pedal=tuple(
            (slot, KIT["pedal_hat"], kit.loud("pedal_hat", level))
            for slot in (beats[1:] if len(beats) == 3 else beats[1::2])
        ),
    )


def phrase(kit: Kit, level: float, at: Strokes, stream: Stream) -> list[Bar]:
    """Four bars: statement, answer, statement, turn; fuller at a higher level (0..1)."""
    meter = str(kit.meter)
    written = meter in kit.pattern.bars_in
    choices = kit.pattern.bars_in.get(meter, kit.pattern.bars)
    rows = kit.pattern.cymbals_in.get(meter, kit.pattern.cymbals)
    chosen = _pick(level, len(choices), stream)
    row = rows[_pick(level, len(rows), None)]
    statement = choices[chosen]
    answer = choices[max(0, chosen - 1)] if stream.chance(0.4) else statement
    turn = _turn(kit, statement, choices[min(chosen + 1, len(choices) - 1)], stream)
    ghosts = [_ghosts(at, stream) for _ in range(3)]
    opens = _opens(kit, level, stream)
    bars = ((statement, ghosts[0], ()), (answer, ghosts[1], opens), (turn, ghosts[2], opens))
    first, second, fourth = (_laid(kit, bar, row, ghost, opened, written=written) for bar, ghost, opened in bars)
    return [first, second, first, fourth]


def varied(bar: Bar, kit: Kit, level: float, at: Strokes, stream: Stream) -> Bar:
    """A bar played once more by a person: other ghosts, a kick more or fewer, a cymbal stroke more or fewer.

    How often is the pattern's `loose`; where a kick comes is counted from drummers of the style. The downbeat, the snares
    and what stands on the beats stay; only a comping snare answers anew each time.
    """
    loose = kit.pattern.loose
    if not loose:
        return bar
    kicks, snares, ghosts, cymbals, cymbal, opens = bar
    on_beat = kit.on_beat
    if kit.pattern.snare == "comp":
        likely = 0.06 + 0.2 * level
        snares = tuple([s for s in range(0, kit.slots, 2) if s not in on_beat and stream.chance(likely)])
    if stream.chance(0.6 * loose):
        ghosts = _ghosts(at, stream)
    if stream.chance(0.4 * loose):
        spare = [s for s in kicks if s not in on_beat]
        step = 1 if kit.sixteenths and level > 0.5 else 2
        beside = {s + d for s in kicks for d in (-1, 0, 1)}
        free = [s for s in range(step, kit.slots, step) if s not in snares and s not in beside]
        if spare and (stream.chance(0.5) or not free):
            kicks = _without(kicks, stream.choice(spare))
        elif free:
            kicks = tuple(sorted((*kicks, stream.weighted(free, [0.01 + kit.kicks[s] for s in free]))))
    if cymbal != "none" and stream.chance(0.35 * loose):
        off = [s for s in cymbals if s not in on_beat]
        step = 1 if kit.sixteenths else 2
        gaps = sorted({s + d for d in (step, 2) for s in cymbals if s + 2 * d in cymbals} - {*cymbals})
        if gaps and stream.chance(0.3 + 0.4 * level):
            cymbals = tuple(sorted((*cymbals, stream.choice(gaps))))
        elif off:
            cymbals = _without(cymbals, stream.choice(off))
    return Bar(kicks, snares, ghosts, cymbals, cymbal, opens)


def _without(slots: tuple[int, ...], gone: int) -> tuple[int, ...]:
    return tuple([s for s in slots if s != gone])


def struck(bar: Bar, at: Strokes) -> list[Hit]:
    """The strokes of a bar by slot, with velocities."""
    kick, snare = KIT["kick"], KIT["snare"]
    hits = [(slot, kick, at.kick[slot]) for slot in bar.kicks]
    hits += [(slot, at.snare_pitch, at.snare[slot]) for slot in bar.snares]
    if bar.ghosts:
        taken = {*bar.snares, *(s + 1 for s in bar.snares)}
        hits += [(slot, snare, at.ghost) for slot in bar.ghosts if slot not in taken]
    if bar.cymbal != "none":
        pitch, louds = KIT[bar.cymbal], at.cymbals[bar.cymbal]
        opened, opens = KIT["open_hat"], bar.opens if bar.cymbal == "closed_hat" else ()
        hits += [(slot, opened if slot in opens else pitch, louds[slot]) for slot in bar.cymbals]
    hits += at.pedal
    return hits


@lru_cache(maxsize=256)
def _louds(style: str, column: str, meter: Meter, plain: int) -> tuple[int, ...]:
    """The velocity on each slot of a bar of a piece whose plain stroke is so loud, as drummers of the style shape it."""
    return tuple([velocity(plain * share) for share in _shares(style, column, meter)])


@lru_cache(maxsize=512)
def _shares(style: str, column: str, meter: Meter) -> tuple[float, ...]:
    profile: tuple[int, ...] = getattr(drum_styles()[style], column)
    slots = meter.numerator * 16 // meter.denominator
    measured = [profile[measured_slot(slot, meter)] / max(profile) or 0.7 for slot in range(slots)]
    return tuple(1 - _DEPTH[column] * (1 - share) for share in measured)


def _pick(level: float, count: int, stream: Stream | None) -> int:
    """An index from calm to full, one to either side at times."""
    drawn = 0.0 if stream is None else stream.between(-0.5, 0.5)
    return min(count - 1, max(0, round(level * (count - 1) + drawn)))


def _turn(kit: Kit, statement: str, fuller: str, stream: Stream) -> str:
    """The fourth bar: the kick of a bar that drummers of the style share, under the statement's own backbeat."""
    if len(statement) != 33:
        return fuller
    snare = statement[17:]
    drummed, weights = _drummed(kit.style.id, snare, kit.sixteenths)
    if not drummed or not stream.chance(0.6):
        return fuller if fuller[17:] == snare or stream.chance(0.5) else statement
    return stream.weighted(drummed, weights)


@lru_cache(maxsize=256)
def _drummed(style: str, snare: str, sixteenths: bool) -> tuple[list[str], list[int]]:
    """Bars that drummers of a style share, with a snare and a kick on the downbeat, and how often they are."""
    row = drum_styles()[style]
    kept = [
        (bar, weight)
        for bar, weight in zip(row.bars, row.weights, strict=True)
        if bar[17:] == snare and bar[0] == "x" and (sixteenths or "x" not in bar[1:16:2])
    ]
    return [bar for bar, _ in kept], [weight for _, weight in kept]


def _ghosts(at: Strokes, stream: Stream) -> tuple[int, ...]:
    """Slots with a ghost note, as often as drummers of the style play one there."""
    unit = stream.unit
    return tuple([slot for slot, share in at.ghosts if unit() < share])


@lru_cache(maxsize=256)
def _kick_shares(style: str, meter: Meter) -> tuple[float, ...]:
    """How often drummers of a style strike the kick on each slot."""
    shares = drum_styles()[style].kick_share
    return tuple(shares[measured_slot(slot, meter)] for slot in range(meter.numerator * 16 // meter.denominator))


@lru_cache(maxsize=256)
def _ghost_shares(style: str, meter: Meter, step: int) -> tuple[tuple[int, float], ...]:
    """How often drummers of a style play a ghost on each slot, or within each two."""
    shares = drum_styles()[style].ghost_share
    places = ((slot, measured_slot(slot, meter)) for slot in range(0, meter.numerator * 16 // meter.denominator, step))
    return tuple((slot, max(shares[m : m + step])) for slot, m in places)


def _opens(kit: Kit, level: float, stream: Stream) -> tuple[int, ...]:
    """The slot at which the hat opens, if any: the last eighth of the bar."""
    at = kit.slots - 2
    share = kit.style.open_share[measured_slot(at, kit.meter)]
    return (at,) if stream.chance(min(0.9, kit.pattern.opens * (share * 2 + 0.4 * level))) else ()


def _laid(kit: Kit, bar: str, row: str, ghosts: tuple[int, ...], opens: tuple[int, ...], *, written: bool) -> Bar:
    """A bar from its cells. `written` says that they are in this meter already."""
    kick, snare = bar.split()
    piece, cell = row.split()
    if written:
        kicks, snares, cymbals = (tuple(i for i, c in enumerate(x) if c == "x") for x in (kick, snare, cell))
    else:
        order = beat_order(snare, len(kit.on_beat))
        kicks, snares = (fit(x, order, kit.meter, cymbal=False) for x in (kick, snare))
        cymbals = fit(cell, order, kit.meter, cymbal=True)
    return Bar(kicks=kicks, snares=snares, ghosts=ghosts, cymbals=cymbals, cymbal=piece, opens=opens)
