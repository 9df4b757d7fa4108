"""Hands that play freely: bars of counted cells that follow the tune and the bass, and fingers that each hold as they do."""

from __future__ import annotations

from functools import lru_cache

from ..plan import PartPlan
from ..streams import Stream
from ..tables import TOUCHES
from .cells import SLOT, Bar, counted_bar, slots_of
from .stage import Passage, Row, Stage

Slots = dict[int, set[int]]  # the slots of a line's onsets, by bar of the piece
_NONE: set[int] = set()


def by_bar(rows: list[Row], bar_ticks: int) -> Slots:
    """The slots of the rows' onsets in each bar that has some."""
    out: Slots = {}
    for row in rows:
        bar, rest = divmod(row[0], bar_ticks)
        if bar in out:
            out[bar].add(rest // SLOT)
        else:
            out[bar] = {rest // SLOT}
    return out


def free_bars(stage: Stage, passage: Passage, part: PartPlan, full: float, tune: Slots, bass: Slots) -> tuple[Bar, ...]:
    """A bar for each bar of the section: the kind's own cells, varied as often as the players are loose, calm at closes.

    Where the tune sings, a share of the strokes between its onsets stays out of its way; the hands strike with the bass.
    """
    habits, slots = stage.habits, slots_of(stage.plan.meter)
    own = stage.stream(passage.section.kind, part.name)
    once = stage.stream(passage.section.name, part.name)
    full = min(0.999, max(0.0, 2.8 * full - 0.9))
    thick = min(1.0, max(0.0, 1.05 * habits.thick - 0.7 + 0.6 * (full - 0.5)))

    fine, many = own.chance(habits.fine), max(0.55, 1.2 + 0.2 * habits.busy)

    def fresh(stream: Stream, share: float = 1.0, like: Bar = ()) -> Bar:
        onsets = share * many * ((1.5 + 6.5 * full) if fine else (1.2 + 3.3 * full))
        new = counted_bar(onsets, fine, slots, thick, stream)
        return (*(s for s in like if s[0] < 8), *(s for s in new if s[0] >= 8)) if like and stream.chance(0.6) else new

    first_bar = passage.start // passage.bar_ticks
    home = fresh(own)
    away = fresh(own, like=home)
    changes = habits.loose * (0.3 + 0.7 * habits.loose)
    bars: list[Bar] = []
    for bar in range(passage.section.bars):
        # what varies within a section comes again when the section does; returns differ where the players are loose
        varied, again, closes = own.unit(), once.unit(), bar % 4 == 3
        if closes and varied < 0.4:
            chosen = fresh(own, 0.4)
        elif varied > 1 - changes:
            chosen = fresh(own, like=home)
        else:
            chosen = away if closes or (bar % 2 and habits.busy > 0.3) else home
        if passage.section.variation and again < 0.2 * habits.loose * habits.loose:
            chosen = fresh(once, like=home)
        with_tune, with_bass = tune.get(first_bar + bar, _NONE), bass.get(first_bar + bar, _NONE)
        if with_tune:
            chosen = tuple(
                s for s in chosen if s[0] in with_tune or s[0] % 8 == 0 or (s[0] * 5 + 3) % 16 >= habits.aside * 16
            )
        alone = with_bass - {slot for slot, _ in chosen} - with_tune
        if alone:
            chosen = tuple(sorted((*chosen, *((slot, "2,3") for slot in alone))))
        bars.append(chosen)
    return tuple(bars)


@lru_cache(maxsize=256)
def strokes(cell: Bar) -> tuple[tuple[tuple[int, str, int], ...], ...]:
    """For each onset of a bar, (rung, hand, 16ths until that hand strikes again) of each voice: rung 0 is the low hand's."""
    out: list[tuple[tuple[int, str, int], ...]] = []
    low = up = max(16, cell[-1][0] + 2) if cell else 16  # the slots at which each hand strikes next
    for slot, what in reversed(cell):
        struck = rungs(what)
        lasts = min(16, up - slot)
        out.append(tuple([(r, "up", lasts) if r else (0, "low", min(16, low - slot)) for r in struck]))
        low, up = slot if 0 in struck else low, slot
    return tuple(reversed(out))


@lru_cache(maxsize=512)
def rungs(what: str) -> tuple[int, ...]:
    """The rungs of a ladder that a stroke names: "0,2,3" is (0, 2, 3)."""
    return tuple(map(int, what.split(",")))


def touch_of(stage: Stage, part: PartPlan) -> int:
    """Which of the counted kinds of players plays a part: those who bind more where the feeling does."""
    bound = stage.habits.touch + 0.6 * (part.legato - 0.5)
    return min(TOUCHES - 1, max(0, int(TOUCHES * bound)))
