"""Wishes of form in plain words: the order of sections, spelled out ("verse, chorus, verse") or in letters ("AABA form")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tables.sought import folded
from ..theory.form import LETTERS, order_of
from .wish import Wish, said

_NAME = r"(?:intro|verse|pre-?chorus|chorus|refrain|bridge|breakdown|drop|build|hook|solo|interlude|theme|outro|coda)"
_SECTION = rf"(?:{_NAME}(?: ?[x×] ?[2-4]\b)?)"
_TIMES = re.compile(rf"({_NAME})(?: ?[x×] ?([2-4]))?", re.I)
_JOINED = r"(?: ?(?:,|-|–|—|->|→|>|/|\+|&) ?(?:(?:and|then) )?(?:an? )?| (?:(?:and|then|and then) )?(?:an? )?)"
_ORDER = re.compile(rf"\b{_SECTION}(?:{_JOINED}{_SECTION}){{2,}}s?\b", re.I)
_HINTS = ("verse", "chorus", "theme", "drop")  # an order names one of them
_LETTERS = re.compile(rf"\b({LETTERS}(?=[ -](?:song )?(?:form|structure)\b)|A(?:ABA|BAB|BABCB|ABB|BAC)(?=[,.;]))")
_REFUSED = re.compile(r"\b(?:no|not|never|without|instead of)(?: an?| the)? $", re.I)


def form_wishes(text: str) -> Iterator[Wish]:
    """In which order sections are to come."""
    low = folded(text)
    for match in _ORDER.finditer(text) if any(word in low for word in _HINTS) else ():
        if not _refused(match):
            names = [n[1].casefold() for n in _TIMES.finditer(match.group()) for _ in range(int(n[2] or 1))]
            yield said(match, "form", " ".join(name.replace("-", "") for name in names))
    for match in _LETTERS.finditer(text):
        if not _refused(match):
            yield said(match, "form", " ".join(order_of(match[1])))


def _refused(match: re.Match[str]) -> bool:
    return _REFUSED.search(match.string[max(0, match.start() - 16) : match.start()]) is not None
