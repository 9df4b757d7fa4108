"""What was wrong with a file, as columns: a repair is worded when it is looked at, for a file may need half a million."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ..score import Repair
from .encode import NO_ROWS, Ints


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Repairs(Sequence[Repair]):
    """Repairs in the order of their bytes: where each is, which wording tells it, the two numbers in that; equals a tuple."""

    track: Ints
    byte: Ints
    wording: NDArray[np.uint8]
    first: Ints
    second: NDArray[np.integer]
    wordings: tuple[str, ...]

    def __len__(self) -> int:
        return self.byte.size

    @overload
    def __getitem__(self, at: int) -> Repair: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Repair, ...]: ...
    def __getitem__(self, at: int | slice) -> Repair | tuple[Repair, ...]:
        if isinstance(at, slice):
            return tuple(self._worded(at))
        where = range(len(self))[at]
        return next(self._worded(slice(where, where + 1)))

    def __iter__(self) -> Iterator[Repair]:
        return self._worded(slice(None))

    def _worded(self, some: slice) -> Iterator[Repair]:
        columns = (self.track, self.byte, self.wording, self.first, self.second)
        for track, byte, wording, first, second in zip(*(column[some].tolist() for column in columns), strict=True):
            ends = {"s": "", "es": "s"} if first == 1 else {"s": "s", "es": ""}  # of nouns and of verbs
            yield Repair(track, byte, self.wordings[wording].format(first, second, **ends))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Repairs | tuple):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


NONE = Repairs(NO_ROWS, NO_ROWS, NO_ROWS.astype(np.uint8), NO_ROWS, NO_ROWS, ())


class Found:
    """Repairs that are met one by one."""

    def __init__(self) -> None:
        self._rows = array("q")
        self._wordings: dict[str, int] = {}

    def say(self, track: int, byte: int, wording: str, first: int = 0, second: int = 0) -> None:
        """One more; the numbers stand in the wording's braces, and what ends nouns {s} and verbs {es} if it is one."""
        wordings = self._wordings
        self._rows.extend((track, byte, wordings.setdefault(wording, len(wordings)), first, second))

    def told(self) -> Repairs:
        """All, in the order of their bytes."""
        if not self._rows:
            return NONE
        rows = np.array(self._rows, np.int64).reshape(-1, 5)
        track, byte, wording, first, second = rows.take(rows[:, 1].argsort(kind="stable"), axis=0).T.copy()
        return Repairs(track, byte, wording.astype(np.uint8), first, second, (*self._wordings,))


def named(rows: Ints, track: Ints, byte: Ints, what: str) -> Repairs:
    """One repair a track for such rows, which ascend: how many, and the byte of the first."""
    tracks = track.take(rows)
    edges = np.concatenate([[0], (tracks[1:] != tracks[:-1]).nonzero()[0] + 1, [rows.size]])
    first, count = edges[:-1], edges[1:] - edges[:-1]
    none = np.zeros(first.size, np.uint8)
    return Repairs(tracks.take(first), byte.take(rows.take(first)), none, count, none, (f"{{}} {what}",))


def in_order(found: Iterable[Repairs]) -> Repairs:
    """All repairs in the order of their bytes; those of one byte as they were given."""
    met = [some for some in found if some.byte.size]
    if len(met) < 2:
        return met[0] if met else NONE
    order = np.concatenate([some.byte for some in met]).argsort(kind="stable")

    def column(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([*parts]).take(order)

    before = accumulate((len(some.wordings) for some in met), initial=0)
    return Repairs(
        column(some.track for some in met),
        column(some.byte for some in met),
        column(some.wording + np.uint8(n) for some, n in zip(met, before, strict=False)),
        column(some.first for some in met),
        column(some.second for some in met),
        tuple(wording for some in met for wording in some.wordings),
    )
