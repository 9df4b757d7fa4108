"""Hands that play freely: bars of counted cells that follow the tune and the bass, and fingers that each hold as they do."""

from __future__ import annotations

from functools import lru_cache

from ..plan import PartPlan
from ..streams import Stream
from .cells import SLOT, Bar, counted_bar, slots_of
from .stage import Passage, Row, Stage

Slots = dict[int, set[int]]  # the slots of a line's onsets, by bar of the piece
_NONE: set[int] = set()
# how long a finger stays against what is written: most as written, some leave early, some lie over the next strokes
_TOUCH = (1.0, 1.5, 1.0, 0.5, 2.0, 1.0, 3.0, 0.5, 1.0, 1.25, 0.75, 1.0, 2.5, 0.5, 1.5, 4.0)


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
    full = min(0.999, max(0.0, 2.2 * full - 0.6))
    thick = min(1.0, max(0.0, 1.05 * habits.thick - 0.33 + 0.6 * (full - 0.5)))

    fine, many = own.chance(habits.fine), max(0.55, 1.0 + 0.2 * habits.busy)

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


@lru_cache(maxsize=512)
def strokes(cell: Bar, pedal: int) -> tuple[tuple[tuple[int, int, float], ...], ...]:
    """For each onset of a bar, (rung, ticks it rings or 0, its length against what is written) of each voice.

    pedal of sixteen fingers stay down until they are needed again; the others leave early or late, each in its way.
    """
    out: list[tuple[tuple[int, int, float], ...]] = []
    again: dict[str, int] = {}  # the slot at which each rung is struck next
    for slot, what in reversed(cell):
        voices: list[tuple[int, int, float]] = []
        rungs = what.split(",")
        for rung in rungs:
            finger = (slot * 7 + int(rung) * 5) % 16
            ring = (again.get(rung, 16) - slot) * SLOT * (16 - finger) // 16 if finger < pedal else 0
            voices.append((int(rung), ring, _TOUCH[finger]))
        again.update(dict.fromkeys(rungs, slot))
        out.append(tuple(voices))
    return tuple(reversed(out))
