"""Cells: accompaniment patterns as (slot, what) pairs, laid over the bars of any meter. A slot is a 16th."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from ..streams import Stream
from ..tables import Pattern, counts, draw
from ..theory import Meter

SLOT = 120  # ticks of a 16th at 480 a quarter
Cell = tuple[tuple[int, str], ...]  # onsets within the cell and what they strike, as the table writes it
Bar = tuple[tuple[int, str], ...]


@lru_cache(maxsize=512)
def parse_cell(text: str) -> Cell:
    """The onsets of a cell: "0:b 4:u" is ((0, "b"), (4, "u"))."""
    return tuple((int(slot), what) for slot, _, what in (token.partition(":") for token in text.split()))


@lru_cache(maxsize=256)
def pattern_bars(pattern: Pattern, level: int, meter: Meter) -> tuple[Bar, ...]:
    """The bars (one or two) of a pattern's level in a meter, cut at the bar line."""
    compound = meter.is_compound
    levels = pattern.compound if compound or not pattern.levels else pattern.levels
    cells = tuple(parse_cell(text) for text in levels[min(level, len(levels) - 1)].split("|"))
    size, slots = 6 if compound else 8, slots_of(meter)
    per_bar = -(-slots // size)
    if len(cells) <= per_bar:
        return (lay(tuple(cells[i % len(cells)] for i in range(per_bar)), size, slots),)
    both = [tuple(cells[(bar * per_bar + i) % len(cells)] for i in range(per_bar)) for bar in (0, 1)]
    return tuple(lay(bar, size, slots) for bar in both)


def lay(cells: tuple[Cell, ...], size: int, slots: int) -> Bar:
    """Cells one after another in a bar of so many slots."""
    laid = list(cells[0])
    for at, cell in enumerate(cells[1:], 1):
        laid += [(at * size + slot, what) for slot, what in cell]
    return tuple(laid if size * len(cells) == slots else [stroke for stroke in laid if stroke[0] < slots])


def slots_of(meter: Meter) -> int:
    """Sixteenths in a bar of a meter."""
    return meter.numerator * 16 // meter.denominator


@lru_cache(maxsize=1)
def _measured() -> tuple[tuple[str, int, bool, float, float], ...]:
    """Counted half bars: text, onsets, whether all lie on eighths, notes an onset, count."""
    out: list[tuple[str, int, bool, float, float]] = []
    before = 0.0
    for item, until in zip(*counts().piano_cells, strict=True):
        cell = parse_cell(item)
        if cell[0][0] == 0:
            notes = sum(what.count(",") + 1 for _, what in cell)
            out.append((item, len(cell), all(slot % 2 == 0 for slot, _ in cell), notes / len(cell), until - before))
        before = until
    return tuple(out)


@lru_cache(maxsize=256)
def _counted(onsets: int, fine: bool, thick: int) -> tuple[tuple[str, ...], Sequence[float]]:
    """Counted half bars with about so many onsets, with sixteenths or without, and the running sums of their counts.

    thick 0..4: those with about 1 + thick / 2 notes an onset are likelier.
    """
    weights: dict[str, float] = {}
    for item, many, rough, notes, count in _measured():
        if abs(many - onsets) <= 1 and (fine or rough):
            near = 1.0 if abs(notes - (1.0 + 0.5 * thick)) < 0.4 else 0.06
            weights[item] = count * near * (1.0 if many == onsets else 0.4) * (4.0 if fine and not rough else 1.0)
    return tuple(weights), array("d", accumulate(weights.values()))  # a quarter of what a tuple of them takes


def counted_bar(onsets: float, fine: bool, slots: int, thick: float, stream: Stream) -> Bar:
    """A bar of half-bar cells as songs have them: so many onsets a half bar (1..8), the second after the first.

    thick: 0 single notes .. 1 chords of three and more.
    """
    whole = min(8 if fine else 4, max(1, int(onsets + stream.unit())))
    table = _counted(whole, fine, round(4 * thick))
    first = draw(stream.unit(), table)
    follows = counts().piano_follows.get(first)
    unit, other = stream.unit(), stream.unit()
    second = first if unit < 0.25 else draw(other, follows if follows and unit < 0.6 else table)
    if not fine and any(slot % 2 for slot, _ in parse_cell(second)):
        second = first
    cells = [parse_cell(first), parse_cell(second)]
    return lay(tuple(cells[i % 2] for i in range(-(-slots // 8))), 8, slots)
