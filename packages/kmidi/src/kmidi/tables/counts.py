"""What was counted in pop songs (scripts/count_pop.py), ready for drawing: each table as items and running sums."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, TypeVar

from .load import table_path, table_text

Touch = tuple[tuple[tuple[int, ...], ...], ...]  # kind of player, 16ths to the next note, QUANTILES lengths in 16ths
QUANTILES, TOUCHES = 64, 5
Item = TypeVar("Item")
Table = tuple[tuple[str, ...], tuple[float, ...]]  # items and the running sums of their counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempers:
    """How songs differ in what their players do: each habit's values at so many standard deviations (`at`), by name, and
    the lower triangle that makes independent numbers go together as the habits do.
    """

    at: tuple[float, ...]
    values: Mapping[str, tuple[float, ...]]
    lower: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counted habits of pop songs; `minor` tables under "minor", major under "major"."""

    progressions: Mapping[str, Table]
    moves: Mapping[str, Mapping[str, Table]]
    melody_cells: Table
    beat_cells: Table
    beat_follows: Mapping[str, Table]
    phrase_schemes: Table
    steps: Mapping[str, Table]
    piano_cells: Table
    piano_follows: Mapping[str, Table]
    touch: Mapping[str, Touch]
    temper: Tempers


def table(counts: Mapping[str, float]) -> Table:
    """Items and running sums of a count."""
    return tuple(counts), tuple(accumulate(counts.values()))


def draw(unit: float, drawn: tuple[Sequence[Item], Sequence[float]]) -> Item:
    """The item at a share (0 <= unit < 1) of a table's whole."""
    items, sums = drawn
    return items[bisect_right(sums, unit * sums[-1])]


def _touch(kinds: list[dict[str, str]]) -> Touch:
    """Lengths by kind of player and time to the next note; times that were not counted are held as the next shorter.

    kinds: by that time, how many of the QUANTILES lengths are one sixteenth, two, and so on, as signs from "0" on.
    """
    out: list[tuple[tuple[int, ...], ...]] = []
    for kind in kinds:
        spread = {
            int(gap): tuple(n for n, many in enumerate(row, 1) for _ in range(ord(many) - 48))
            for gap, row in kind.items()
        }
        least = min(spread)
        out.append(tuple(spread[max((g for g in spread if g <= gap), default=least)] for gap in range(17)))
    return tuple(out)


@lru_cache(maxsize=1)
def counts() -> Counts:
    """The counted table."""
    raw: dict[str, Any] = json.loads(table_text(table_path("counted.json.gz")))

    # what stands in each slot of a cell: "0  24" is "0:0 2:2,4"
    slots = [enumerate(text.split(" ")) for text in raw["piano_cells"]]
    cells = [" ".join(f"{slot}:{','.join(rungs)}" for slot, rungs in each if rungs) for each in slots]

    def each(value: Mapping[str, Any]) -> dict[str, Table]:
        return {key: table(row) for key, row in value.items() if row}

    return Counts(
        progressions=each(raw["progressions"]),
        moves={mode: each(rows) for mode, rows in raw["moves"].items()},
        melody_cells=table({cell.ljust(16, "."): n for cell, n in raw["melody_cells"].items()}),
        beat_cells=table(raw["beat_cells"]),
        beat_follows=each(raw["beat_follows"]),
        phrase_schemes=table(raw["phrase_schemes"]),
        steps=each(raw["steps"]),
        piano_cells=table(dict(zip(cells, raw["piano_cells"].values(), strict=True))),
        piano_follows={
            cells[int(cell)]: table({cells[int(at)]: n for at, n in row.items()})
            for cell, row in raw["piano_follows"].items()
        },
        touch={hand: _touch(kinds) for hand, kinds in raw["touch"].items()},
        temper=Tempers(
            at=tuple(raw["temper"]["at"]),
            values={name: tuple(row) for name, row in raw["temper"]["values"].items()},
            lower=tuple(tuple(row) for row in raw["temper"]["lower"]),
        ),
    )
