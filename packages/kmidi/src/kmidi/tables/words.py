"""Patterns of words by the name of their row, and the numbers that words mean."""

from __future__ import annotations

import re
from functools import cache

from ..theory import MODES
from .rows import Phrase, phrases, structures
from .sought import Sought

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20, "thirty": 30, "thirty-two": 32, "forty": 40, "forty-five": 45, "sixty": 60, "ninety": 90}  # fmt: skip
LENGTHS = {"half": 0.5, "a": 1.0, **NUMBERS}
SOLFA = {"do": "C", "re": "D", "ré": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
TEMPO_WORDS = {
    "very slow": 52, "very slower": 52, "slow": 64, "slower": 64, "largo": 48, "adagio": 66, "lento": 56,
    "andante": 84, "mid-tempo": 98, "midtempo": 98, "mid tempo": 98, "medium tempo": 98, "moderate tempo": 104, "moderato": 108,
    "allegro": 132, "vivace": 160, "presto": 180, "fast": 144, "faster": 144, "very fast": 168, "very faster": 168,
    "not too fast": 92, "not too slow": 104, "up-tempo": 136, "uptempo": 136, "up tempo": 136, "fast-paced": 148, "fast paced": 148, "slow tempo": 62, "fast tempo": 148,
}  # fmt: skip
# parts of patterns that are said elsewhere
_PARTS = {
    "count": "|".join(sorted(LENGTHS, reverse=True)),
    "mode": f"(?:harmonic minor|melodic minor|major|minor|maj|min|{'|'.join(MODES).replace('_', ' ')})",
    "solfa": "|".join(SOLFA),
    "tempo": "|".join(sorted(TEMPO_WORDS, key=len, reverse=True)),
}
_NAMED = re.compile(r"{([a-z_]+)}")
_DIGIT = re.compile(r"\d")


def numbered(text: str) -> bool:
    """True where a number stands in figures: a text without any is quickly told not to count."""
    return _DIGIT.search(text) is not None


@cache
def pattern_of(name: str, **parts: str) -> Sought:
    """A pattern of wishes.toml or structure.toml, with those that it names put in, or these `parts`; KeyError for one
    that is not there.
    """
    return Sought(_spelled(name, _PARTS | parts))


def _spelled(name: str, parts: dict[str, str]) -> str:
    return parts[name] if name in parts else _NAMED.sub(lambda part: _spelled(part[1], parts), _rows()[name].pattern)


@cache
def _rows() -> dict[str, Phrase]:
    return {**phrases(), **structures()}
