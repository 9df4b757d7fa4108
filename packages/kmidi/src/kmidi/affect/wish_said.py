"""Wishes that a table spells out: how the music grows and ends, what the drums play, styles whose names mean more
than music.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..tables.rows import Phrase, phrases
from ..tables.sought import Sought
from ..tables.words import pattern_of
from .sieve import Sieve
from .wish import Wish


@lru_cache(maxsize=1)
def _said() -> Sieve[tuple[Phrase, Sought]]:
    return Sieve((row.cues, (row, pattern_of(row.id))) for row in phrases().values() if row.field)


def said_wishes(text: str) -> Iterator[Wish]:
    """What the table's patterns find."""
    for row, pattern in _said().among(text):
        for match in pattern.finditer(text):
            yield Wish(*match.span(match.lastgroup or 0), row.field, row.value)
