"""Patterns that are looked for only where a text has the words that they can't do without: looking for a word is quick."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import import_module
from sys import maxsize
from typing import Any, TypeAlias

Need: TypeAlias = "str | Needs"
Needs: TypeAlias = "tuple[tuple[Need, ...], ...]"
FEW = 4  # texts that are gone through sooner than what a pattern needs is worked out


class Sought:
    """A pattern without regard to case. A whole text is gone through only where it may match; whatever it finds is what the
    pattern finds.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled = re.compile(pattern, re.I)
        self._times = 0
        self.match, self.fullmatch, self.sub = self._compiled.match, self._compiled.fullmatch, self._compiled.sub

    @cached_property
    def needs(self) -> Needs:
        """Of each row one at least stands in every text that matches: words, or what has needs of its own."""
        return _needs(_parsed(self.pattern))

    def may_match(self, text: str) -> bool:
        """False for a text that lacks what the pattern needs."""
        return _stand(self.needs, folded(text))

    def search(self, text: str, pos: int = 0, endpos: int = maxsize) -> re.Match[str] | None:
        """As of a compiled pattern."""
        if pos == 0 and endpos == maxsize and self._passes_over(text):
            return None
        return self._compiled.search(text, pos, endpos)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As of a compiled pattern."""
        return iter(()) if self._passes_over(text) else self._compiled.finditer(text)

    def _passes_over(self, text: str) -> bool:
        """True where nothing can be found and that is soon told."""
        self._times += 1
        return self._times > FEW and not self.may_match(text)


def folded(text: str) -> str:
    """A text in which each word stands plainly that a pattern finds in it without regard to case."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


def _parsed(pattern: str) -> Iterable[tuple[Any, Any]]:
    """What Python's own reader of patterns makes of one; nothing where it has none that we know."""
    try:
        parser: Any = import_module("re._parser")
    except ImportError:
        return ()
    return parser.parse(pattern, re.I)


def _needs(parts: Iterable[tuple[Any, Any]]) -> Needs:
    """What must stand in a text for parts of a pattern that follow one another: fewer alternatives first."""
    found: list[tuple[Need, ...]] = []
    word = ""
    end: tuple[Any, Any] = (None, None)
    for kind, value in (*parts, end):
        name = str(kind)
        if name == "LITERAL":
            word += chr(value)
        elif name == "ASSERT":
            found += _needs(value[1])
        if name in ("LITERAL", "AT", "ASSERT", "ASSERT_NOT"):  # the others take no room in the text
            continue
        if word.strip():
            found.append((folded(word),))
        word = ""
        if name == "SUBPATTERN":
            found += _needs(value[-1])
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
            found += _needs(value[2])
        elif name == "BRANCH" and all(ways := [_needs(way) for way in value[1]]):
            found.append(tuple(way[0][0] if len(way) == len(way[0]) == 1 else way for way in ways))
    return tuple(sorted(dict.fromkeys(found), key=len))


def _stand(needs: Needs, text: str) -> bool:
    for ways in needs:
        for need in ways:
            if need in text if isinstance(need, str) else _stand(need, text):
                break
        else:
            return False
    return True
