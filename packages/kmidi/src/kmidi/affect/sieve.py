"""Patterns that most texts can't match: they lack the words that each can't do without, and looking for a word is quick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from ..tables.sought import folded

T = TypeVar("T")


class Sieve(Generic[T]):
    """Rows with the words that each can't do without, "a|b" for one of several."""

    def __init__(self, rows: Iterable[tuple[Iterable[str], T]]) -> None:
        self._rows = [([frozenset(cue.split("|")) for cue in cues], row) for cues, row in rows]
        self._words = sorted({word for cues, _ in self._rows for cue in cues for word in cue})

    def among(self, text: str) -> list[T]:
        """The rows that a text may match, in their order."""
        low = folded(text)
        there = {word for word in self._words if word in low}
        return [row for cues, row in self._rows if not any(map(there.isdisjoint, cues))]
