"""Wishes that a table spells out: how the music grows and ends, what the drums play, and styles whose names mean more than music."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..tables.rows import phrases
from .tokens import folded
from .wish import Wish

_PART = re.compile(r"\{([a-z_]+)\}")


@lru_cache(maxsize=1)
def _said() -> tuple[tuple[tuple[tuple[str, ...], ...], str, str, re.Pattern[str]], ...]:
    rows = phrases()
    return tuple(
        (
            tuple(tuple(cue.split("|")) for cue in row.cues),
            row.field,
            row.value,
            re.compile(_PART.sub(lambda name: rows[name[1]].pattern, row.pattern), re.I),
        )
        for row in rows.values()
        if row.field
    )


def said_wishes(text: str) -> Iterator[Wish]:
    """What the table's patterns find; most texts lack the words that each can't do without."""
    low = folded(text)
    for cues, field, value, pattern in _said():
        if all(any(word in low for word in cue) for cue in cues):
            for match in pattern.finditer(text):
                yield Wish(*match.span(match.lastgroup or 0), field, value)
