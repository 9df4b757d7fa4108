"""What the players of one piece do alike, as songs differ from each other."""

from __future__ import annotations

from dataclasses import dataclass

from ..plan import Plan
from ..streams import Stream
from .temper import Temper, draw_temper

MOVED = 0.2  # energy by which a section differs from an earlier one of its kind only where an arc is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The habits of a piece; those of the tune and hands together are its temper.

    fine: share (0..1) of bars that may move in sixteenths. busy: sparse (below 0) or dense around what the energy asks.
    loose: 0 every bar as the first .. 1 often varied. strays: share of weak notes that differ where a section comes again.
    aside: share of strokes that keep out of the tune's way. roams: how far the hands' place differs between kinds of
    sections, in semitones. lift: the tune's register against the usual, in thirds of an octave. depth: 0 the bass as low
    as it goes .. 1 in its upper half. span: how far the tune strays from its middle. insists: share of steps that become a
    repeated note, onward: that go on the way they went. chromatic: share of weak whole steps that lean in by a half step.
    walks: share of chords that the bass steps into. calm: the energy up to which the bass only holds the chords.
    lies: share of the hands' low notes that lie almost as long as the long chord that they came in with.
    """

    temper: Temper
    fine: float
    busy: float
    loose: float
    roams: float
    onward: float
    aside: float
    lift: float
    depth: float
    span: float
    insists: float
    chromatic: float
    strays: float
    walks: float
    calm: float
    lies: float


def habits_of(plan: Plan) -> Habits:
    """The habits that a seed gives a piece; slow pieces move in sixteenths more than fast ones.

    Where hands play as songs have it, the tune is of one temper with them.
    """
    stream = Stream(f"{plan.root}/piece/habits")
    unit, bell = stream.unit, stream.bell
    dense = sum(part.density for part in plan.parts) / len(plan.parts)
    temper = draw_temper(Stream(f"{plan.root}/piece/temper"), 8 * (dense - 0.5))
    free = any(part.pattern == "songs" for part in plan.parts)
    slow = min(1.0, max(0.0, (170.0 - plan.bpm) / 90.0))
    fine, busy, loose = min(1.0, 0.02 + 2.2 * slow * unit()), 1.4 * bell(), min(1.0, 1.15 * unit())
    if free:
        fine, busy = min(1.0, 2.4 * temper.fine), busy + 0.2 * temper.lean
        loose = min(1.0, 2.2 * (1 - temper.repeats) ** 1.5)
    return Habits(
        temper=temper,
        fine=fine,
        busy=busy,
        loose=loose,
        roams=(18 if free else 13) * unit() ** 2,
        onward=(0.7 if free else 0.0) * unit(),
        aside=0.75 * unit(),
        lift=(1.6 if free else 1.2) * bell(),
        depth=unit(),
        span=unit(),
        insists=unit() * unit(),
        chromatic=max(0.0, 1.7 * unit() - 1.3) if free else 0.0,
        walks=unit() ** (1.2 * temper.repeats**3) if free else 0.0,
        calm=min(_below_top(plan), 1.1 * Stream(f"{plan.root}/piece/calm").unit() ** 2) if free else 0.0,
        lies=0.9 * Stream(f"{plan.root}/piece/lies").unit() ** 2 if free else 0.0,
        strays=1.3 * (1 - temper.repeats) ** 2 if free else 0.015,
    )


def _below_top(plan: Plan) -> float:
    """The energy up to which a bass may hold still: where an arc is told, it moves at the height of it."""
    energies = [section.energy for section in plan.sections]
    kinds = {section.kind: section.energy for section in reversed(plan.sections)}
    told = any(abs(section.energy - kinds[section.kind]) > MOVED for section in plan.sections)
    return max(energies) - 0.01 if told else 1.1
