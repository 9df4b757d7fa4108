"""Patterns that are looked for only where a text may hold them find what they would find anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kmidi.tables.rows import phrases, structures
from kmidi.tables.sought import Sought
from kmidi.tables.words import pattern_of

SENTENCES = [
    line for line in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines() if line
]
ROWS = (*phrases().values(), *structures().values())
OWN = [row.id for row in ROWS if "{adverb}" not in row.pattern]  # said elsewhere


@pytest.mark.parametrize(
    ("pattern", "holds", "lacks"),
    [
        (r"\bslow(?:er|ly)?\b", ["SLOWER", "ſlow"], ["fast"]),
        (r"(?:sad|gl(?:ad|oomy)) (?:song|tune)", ["a Gloomy tune"], ["a sad piece", "a happy song"]),
        (r"(?<=in )(?:a minor|b major)", ["in A minor"], ["on a minor", "in b minor"]),
        (r"(?:a|the)+ kink?", ["THE Kin", "a KİN", "a kın"], ["of kin", "a kid"]),
        (r"(?:not )?joy|\d+", ["12", "joy"], []),
        (r"x?y*", [""], []),
    ],
)
def test_a_text_is_passed_over_where_it_lacks_what_a_pattern_needs(
    pattern: str, holds: list[str], lacks: list[str]
) -> None:
    sought = Sought(pattern)
    for text in (*holds, *lacks) * 3:  # a few are gone through before
        assert (sought.search(text) is not None) == (text in holds)
    for text in holds:
        assert sought.may_match(text)
        assert sought.search(text) is not None
        assert next(sought.finditer(text), None) is not None
    for text in lacks:
        assert not sought.may_match(text)
        assert sought.search(text) is None
        assert not list(sought.finditer(text))


@pytest.mark.parametrize("name", OWN)
def test_the_tables_patterns_find_what_they_find_anywhere(name: str) -> None:
    sought = pattern_of(name)
    plain = re.compile(sought.pattern, re.I)
    for text in (*SENTENCES, *(text.upper() for text in SENTENCES[::7])):
        if (found := plain.search(text)) is not None:
            assert sought.may_match(text), (found, text)
