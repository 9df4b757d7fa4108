"""Quantize: notes drawn toward a grid, straight or swung."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError
from ..intent import check_range
from ..score import Score
from .parts import notes_of, with_notes

Ints = NDArray[np.int64]
GRIDS = (4.0, 2.0, 1.0, 0.5, 0.25, 0.125, 2 / 3, 1 / 3, 1 / 6)


def quantize(
    score: Score, *, grid_quarters: float = 0.25, strength: float = 1.0, swing: float = 0.0, part: str | None = None
) -> Score:
    """Each note's start drawn toward the nearest point of a grid; its length stays, and no bar line moves.

    grid_quarters: distance of the points in quarter notes, one of GRIDS, counted from each bar line anew, so that
    pickups and bars of odd length keep their beats. strength 0 leaves all as it is, 1 puts each
    note on its point; between, the rest of the deviation stands in `shift`. swing 0..1 sets every second point later,
    at 1 by a third of the distance of two points (2:1). Quantizing again at strength 1 changes nothing.
    """
    check_range("strength", strength, 0, 1)
    check_range("swing", swing, 0, 1)
    if not any(abs(grid_quarters - legal) < 1e-6 for legal in GRIDS):
        raise IntentError(
            f"grid_quarters is {grid_quarters!r}; legal: {', '.join(f'{g:g}' for g in GRIDS)}", field="grid_quarters"
        )
    if strength == 0:
        return score
    grid = score.ppq * grid_quarters
    notes, part_of = notes_of(score, part)
    start = notes["onset"] + notes["shift"]
    point = _nearest(start, grid, swing, _lines(score, grid), score.length)
    notes["shift"] = np.rint((1 - strength) * (start - point)).astype(np.int64)
    notes["onset"] = point
    return with_notes(score, notes, part_of)


def _lines(score: Score, grid: float) -> tuple[Ints, Ints, Ints]:
    """Of each bar: its first tick, the tick its grid is counted from, and the first tick past what that grid rules.

    Counted from the bar line; in bars that hold less than two points, from where their meter begins.
    """
    bars = score.bar_starts()
    ends = np.append(bars[1:], score.length)
    changes = np.array([change.tick for change in score.meters_from_start])
    meter = np.searchsorted(changes, bars, side="right")
    coarse = ends - bars < 2 * grid
    begin = np.where(coarse, changes[meter - 1], bars)
    return bars, begin, np.where(coarse, np.append(changes[1:], score.length)[meter - 1], ends)


def _nearest(start: Ints, grid: float, swing: float, lines: tuple[Ints, Ints, Ints], length: int) -> Ints:
    """The nearest point of the grid to each start, in ticks, before `length`; where a grid is counted from is a point."""
    bars, begins, ends = lines
    if not len(bars):
        return np.zeros_like(start)
    at = np.maximum(np.searchsorted(bars, start, side="right") - 1, 0)
    begin, end = begins[at], ends[at]
    index = np.rint((start - begin) / grid).astype(np.int64)
    candidates = np.stack([index - 1, index, index + 1])
    points = begin + np.rint((candidates + (candidates % 2) * swing / 3) * grid).astype(np.int64)
    points = np.concatenate([np.minimum(points, end), begin[None]])
    legal = (points >= begin) & (points < max(1, length))
    far = np.where(legal, np.abs(points - start), np.iinfo(np.int64).max)
    return np.take_along_axis(points, far.argmin(axis=0)[None], axis=0)[0]
