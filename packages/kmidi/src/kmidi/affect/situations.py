"""Situations: what happens, where and to whom, found in tokens by the phrases of situations.toml, whatever form the
words take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..errors import TableError
from ..tables.rows import Emotion, emotions, situations, word_kinds
from .modifiers import DEGREES, word_set
from .pared import pare
from .tokens import Token, plain

REACH = 12  # tokens that a phrase may stretch over, the words between its own among them


_EMPTY = frozenset(["a", "an", "the"])
# what may stand between the words of a phrase
_BETWEEN = _EMPTY.union(
    DEGREES,
    word_set(
        "my our his her their your its is are was were be been being am i'm im has have had having ive i've so very really just "
        "still already finally now ever always only even too all own old little big dear sweet poor suddenly quickly slowly "
        "quietly yesterday today tonight later actually probably almost completely totally absolutely literally such that this "
        "these those some any then basically fucking damn freaking lovely beautiful first last whole entire kinda kind of get got able even"
    ),
)
_ENDING = re.compile(r"(?:'(?:s|m|re|ve|d|ll)|s')$")
_KIND = re.compile(r"\{(\w+)\}")
# words that only look as if they had an ending
_WHOLE = word_set(
    "evening morning nothing something anything everything wedding building ceiling spring string king ring thing during feeling wing "
    "sibling sterling bed red shed naked wicked sacred hundred kindred beloved indeed need seed feed speed weed news always"
)


# what alone calls up something else, or nothing, where many of it tell: voices, bills, heights
_ONE_OF_MANY = word_set(
    "bill present field star height guard nerve voice sport pine highlight slide meeting expectation need tap stalk control tank ground draft bench hunting tanks sentence sentences separate score beast"
)


class _Node(NamedTuple):
    """What may follow, by word stem or "{kind}", and the feelings' ids of the phrases that end here (one at most)."""

    after: dict[str, _Node]
    ends: list[str]


def stems(word: str) -> tuple[str, ...]:
    """What a word may be without its ending: walk for walks, walked and walking, hop or hope for hoping; no apostrophes."""
    word = _bare(word)
    if word in _WHOLE or word.endswith(("ss", "us", "is")):
        return (word,)
    for ending in ("ing", "ed", "es", "s"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3:
            return _bases(base, ending)
    return (word,)


def _bare(word: str) -> str:
    return _ENDING.sub("", word).replace("'", "") if "'" in word else word


def _bases(base: str, ending: str) -> tuple[str, ...]:
    if ending == "s":
        return (base,)
    if base.endswith("i") and ending != "ing":
        return (base[:-1] + "y",)
    if ending == "es":
        return (base, base + "e") if base.endswith(("s", "x", "z", "ch", "sh", "o")) else (base + "e",)
    if base[-1] == base[-2]:
        return (base, base[:-1])
    return (base, base + "e")


def symbols_of(token: Token) -> tuple[str, ...]:
    """What a token can be in a phrase: its stems and its kinds; nothing where it ends a clause."""
    if token.kind == "number":
        return token.norm, "{number}"
    return _symbols(token.norm) if token.kind == "word" else ()


@lru_cache(maxsize=1024)
def _symbols(word: str) -> tuple[str, ...]:
    bare = _bare(word)
    return (*stems(word), *(_kinds().get(bare) or _kinds().get(bare.removesuffix("s"), ())))


def situation_at(tokens: list[Token], symbols: list[tuple[str, ...]], at: int) -> tuple[Emotion, int] | None:
    """The longest situation told from token `at` on, and how many tokens it covers. Looks at no more than REACH tokens.

    `symbols` are those of each token.
    """
    nodes = [_phrases()]
    found: tuple[str, int] | None = None
    for end in range(at, min(len(tokens), at + REACH)):
        if not symbols[end]:
            if end > at and tokens[end].kind in ("sign", "emoticon"):
                continue  # "my cat 🐱 died"
            break
        reached = [node.after[symbol] for node in nodes for symbol in symbols[end] if symbol in node.after]
        ends = [name for node in reached for name in node.ends]
        if ends and not (end == at and tokens[at].norm in _ONE_OF_MANY):
            found = ends[0], end + 1 - at  # the word itself before its kinds
        nodes = reached + (nodes if end > at and tokens[end].norm in _BETWEEN else [])
        if not nodes:
            break
    return (emotions()[found[0]], found[1]) if found else None


@lru_cache(maxsize=1)
def _phrases() -> _Node:
    """All phrases as one tree. TableError where a row names a feeling or kind that is not there."""
    root = _Node({}, [])
    known = {kind for kinds in _kinds().values() for kind in kinds}
    for row in situations().values():
        if row.emotion not in emotions():
            raise TableError(f"situations.toml[{row.id}]: unknown emotion {row.emotion!r}")
        for phrase in row.told:
            nodes = [root]
            for slot in _slots(phrase):
                unknown = [s for s in slot if s.startswith("{") and s not in known]
                if unknown:
                    raise TableError(f"situations.toml[{row.id}]: {phrase!r} has the unknown kind {unknown[0]}")
                nodes = [node.after.setdefault(symbol, _Node({}, [])) for node in nodes for symbol in slot]
            for node in nodes:
                node.ends[:] = node.ends or [row.emotion]
    return root


def _slots(phrase: str) -> Iterator[list[str]]:
    """What may stand at each place of a phrase, empty words left out."""
    for place in pare(phrase).text.split():
        words = [word for word in place.split("/") if word not in _EMPTY]
        if words:
            yield list(dict.fromkeys(s for word in words for s in ((word,) if _KIND.fullmatch(word) else stems(plain(word)))))  # fmt: skip


@lru_cache(maxsize=1)
def _kinds() -> dict[str, tuple[str, ...]]:
    """The kinds ("{kin}") that each word belongs to."""
    found: dict[str, list[str]] = {}
    for name in word_kinds():
        for word in _spelled(name):
            found.setdefault(plain(word).replace("'", ""), []).append(f"{{{name}}}")
    return {word: tuple(dict.fromkeys(names)) for word, names in found.items()}


@lru_cache(maxsize=8)
def words_of(kind: str) -> frozenset[str]:
    """The words of a kind."""
    return frozenset(_spelled(kind))


def _spelled(name: str) -> Iterator[str]:
    """The words of a kind and of the kinds that it takes in."""
    for word in word_kinds()[name].words.split():
        taken_in = _KIND.fullmatch(word)
        if taken_in is None:
            yield word
        elif taken_in[1] in word_kinds():
            yield from _spelled(taken_in[1])
        else:
            raise TableError(f"kinds.toml[{name}]: unknown kind {word!r}")
