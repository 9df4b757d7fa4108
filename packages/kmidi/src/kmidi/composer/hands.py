"""Hands that play freely: bars of counted cells that follow the tune and the bass, and fingers that each hold as they do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ..plan import PartPlan
from ..streams import Stream
from ..tables import TOUCHES
from .cells import SLOT, Bar, counted_bar, slots_of
from .stage import Passage, Row, Stage
from .temper import mask_of, misfit, tempered
from .voicing import RUNGS

Slots = dict[int, int]  # the slots of a line's onsets as bits, by bar of the piece
_TRIES = 3  # bars that the hands try before they settle on one


def by_bar(rows: list[Row], bar_ticks: int) -> Slots:
    """The slots of the rows' onsets in each bar that has some."""
    out: Slots = {}
    get = out.get
    for row in rows:
        bar, within = divmod(row[0], bar_ticks)
        out[bar] = get(bar, 0) | 1 << within // SLOT
    return out


def free_hands(
    stage: Stage, part: PartPlan, fulls: Mapping[str, float], tune: Slots, bass: Slots
) -> dict[str, tuple[Bar, ...]]:
    """The bars of each section (by name) of the hands, which make the whole as dense, varied and uneven as its temper.

    fulls: how full each section (by name) is.
    """
    played = stage.played(part)
    temper, slots = stage.habits.temper, slots_of(stage.plan.meter)
    total = sum(p.section.bars for p in played) or 1
    mean = sum(fulls[p.section.name] * p.section.bars for p in played) / total
    bars: list[Bar] = []
    for passage in played:
        wanted = max(
            1.5, 1.12 * temper.onsets * slots / 4 * (1 + 7 * temper.contrast * (fulls[passage.section.name] - mean))
        )
        bars += free_bars(stage, passage, part, wanted, tune, bass)
    at = [p.start // p.bar_ticks + bar for p in played for bar in range(p.section.bars)]
    others = [tune.get(bar, 0) | bass.get(bar, 0) for bar in at]
    alone = [tune.get(bar, 0).bit_count() + bass.get(bar, 0).bit_count() for bar in at]
    energies = [p.section.energy for p in played for _ in range(p.section.bars)]
    if slots == 16:
        bars = tempered(bars, others, alone, energies, slots // 4, temper, stage.stream("piece", part.name))
    out: dict[str, tuple[Bar, ...]] = {}
    first = 0
    for passage in played:
        out[passage.section.name] = tuple(bars[first : first + passage.section.bars])
        first += passage.section.bars
    return out


def free_bars(stage: Stage, passage: Passage, part: PartPlan, wanted: float, tune: Slots, bass: Slots) -> list[Bar]:
    """A bar for each bar of the section: the kind's own cells, varied as often as the players like, calm at closes.

    With tune and bass they come to about so many onsets a bar. Where the tune sings, a share of the strokes between its
    onsets stays out of its way; the hands strike with the bass.
    """
    habits, slots = stage.habits, slots_of(stage.plan.meter)
    temper = habits.temper
    own = stage.stream(passage.section.kind, part.name)
    once = stage.stream(passage.section.name, part.name) if passage.section.variation else None
    thick = min(1.0, max(0.0, 0.7 * (temper.notes - 1.7)))
    first_bar = passage.start // passage.bar_ticks
    # the slots that the hands keep under a tune
    aside = sum(1 << slot for slot in range(slots) if slot % 8 == 0 or (slot * 5 + 3) % 16 >= habits.aside * 16)
    first = range(first_bar, first_bar + min(3, passage.section.bars))
    heard = [(tune.get(b, 0) | bass.get(b, 0), tune[b] | aside if b in tune else -1) for b in first]

    def fresh(stream: Stream, share: float = 1.0, like: Bar = ()) -> Bar:
        fine = stream.chance(2.2 * temper.fine)
        new = counted_bar(share * wanted * (0.28 + 0.36 * stream.unit()), fine, slots, thick, stream)
        return (*(s for s in like if s[0] < 8), *(s for s in new if s[0] >= 8)) if like and stream.chance(0.6) else new

    home = min([fresh(own) for _ in range(_TRIES)], key=lambda bar: misfit(bar, heard, wanted, temper))
    away = fresh(own, like=home)
    changes = 0.3 * (1 - temper.repeats)
    bars: list[Bar] = []
    for bar in range(passage.section.bars):
        # what varies within a section comes again when the section does; returns differ where the players are loose
        varied, closes = own.unit(), bar % 4 == 3
        if closes and varied < 0.3:
            chosen = fresh(own, 0.6)
        elif varied > 1 - changes:
            chosen = fresh(own, like=home)
        else:
            chosen = away if closes else home
        if once is not None and once.chance(0.5 * changes):
            chosen = fresh(once, like=home)
        sung, low = tune.get(first_bar + bar, 0), bass.get(first_bar + bar, 0)
        if sung:
            keeps = sung | aside
            chosen = tuple([s for s in chosen if keeps >> s[0] & 1])
        alone = low & ~sung
        if alone and (alone := alone & ~mask_of(chosen)):
            chosen = tuple(sorted((*chosen, *((slot, "2,3") for slot in range(slots) if alone >> slot & 1))))
        bars.append(chosen)
    return bars


@lru_cache(maxsize=256)
def strokes(cell: Bar) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each onset of a bar, (rung, 16ths until its hand strikes again) of each voice: rung 0 is the low hand's."""
    out: list[tuple[tuple[int, int], ...]] = []
    low = up = max(16, cell[-1][0] + 2) if cell else 16  # the slots at which each hand strikes next
    for slot, what in reversed(cell):
        out.append(_fingers(what, up - slot, low - slot))
        low, up = slot if what[0] == "0" else low, slot
    return tuple(reversed(out))


@lru_cache(maxsize=320)
def _fingers(what: str, up: int, low: int) -> tuple[tuple[int, int], ...]:
    return tuple([(min(r, RUNGS), min(16, up)) if r else (0, min(16, low)) for r in rungs(what)])


@lru_cache(maxsize=128)
def rungs(what: str) -> tuple[int, ...]:
    """The rungs of a ladder that a stroke names: "0,2,3" is (0, 2, 3)."""
    return tuple(map(int, what.split(",")))


def touch_of(stage: Stage, part: PartPlan) -> int:
    """Which of the counted kinds of players plays a part: those who bind more where the feeling does."""
    bound = stage.habits.temper.touch + 0.6 * (part.legato - 0.5)
    return min(TOUCHES - 1, max(0, int(TOUCHES * bound)))
