"""How much every word and short phrase pulls, named feeling or not: the trained table words.npz."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import TableError
from ..tables.load import table_path
from . import modifiers as say
from .tokens import Token, unstretched

LONGEST = 3  # words in a phrase of the table
POINT_STEPS = 48  # of the table within a point's 1: finer ones read the same and took 10 kB more
STRENGTH_STEPS = 12  # ... within a factor of e
STILL = 2.0  # pull of the neutral point that every text starts from; the table was trained with it


class Pull(NamedTuple):
    """Where a phrase pulls (valence, arousal -1..1) and how hard (for each of the two, above 0)."""

    valence: float
    arousal: float
    for_valence: float
    for_arousal: float


def grams(tokens: list[Token]) -> Iterator[tuple[int, int, str]]:
    """First token, number of tokens and key of each phrase that the table may know; none crosses a joint or a stop.

    Words of degree are passed over, as if they were not there: they change their neighbours and pull nowhere themselves.
    """
    run: list[tuple[int, str]] = []  # the phrases that end at the word before, the shortest first: where each begins
    for at, token in enumerate(tokens):
        word = token.norm
        if token.kind != "word":
            run = []
            yield at, 1, "0" if token.kind == "number" else word[:3]
        elif word in say.JOINTS or word in say.CONTRASTS:
            run = []
        elif word not in say.DEGREES:
            run = [(at, word), *((first, f"{phrase} {word}") for first, phrase in run[: LONGEST - 1])]
            for first, phrase in run:
                yield first, at - first + 1, phrase


class Pulls:
    """The trained table: what `get` finds for a phrase, None for one that it does not know."""

    def __init__(self, phrases: list[str], rows: NDArray[np.float64]) -> None:
        self._at, self._rows = dict(zip(phrases, range(len(phrases)), strict=True)), rows
        self._made: dict[int, Pull] = {}

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._at

    def __len__(self) -> int:
        return len(self._at)

    def get(self, phrase: str) -> Pull | None:
        """The pull of a phrase: a text asks for few of all, so none is made before it is asked for."""
        at = self._at.get(phrase)
        if at is None:
            return None
        pull = self._made.get(at)
        if pull is None:
            pull = self._made[at] = Pull(*self._rows[at].tolist())
        return pull


def spelled(tokens: list[Token], table: Pulls) -> list[Token]:
    """The tokens with drawn-out words ("sooo", "misss") as the table, the words of degree or the denials know them."""
    return [token if token.stress == 1.0 else token._replace(norm=_spelled(token.norm, table)) for token in tokens]


def _spelled(word: str, table: Pulls) -> str:
    forms = (form for form in unstretched(word) if form in say.DEGREES or form in say.NEGATORS or form in table)
    return next(forms, word)


@lru_cache(maxsize=1)
def pulls() -> Pulls:
    """The trained table. TableError where the file is missing or of another shape."""
    path = table_path("words.npz")
    try:
        with np.load(path, allow_pickle=False) as file:
            phrases = _lengthened(bytes(file["shares"]).decode(), bytes(file["others"]).decode())
            points = file["points"].T.astype(np.float64) / POINT_STEPS
            strengths = np.exp(file["strengths"].T.astype(np.float64) / STRENGTH_STEPS)
    except (OSError, KeyError, ValueError) as error:
        raise TableError(f"words.npz: {error}") from None
    if not len(phrases) == len(points) == len(strengths):
        raise TableError(f"words.npz: {len(phrases)} phrases, {len(points)} points, {len(strengths)} strengths")
    return Pulls(phrases, np.hstack([points, strengths]))


def shortened(phrases: list[str]) -> tuple[str, str]:
    """Sorted phrases in two texts: how many signs each shares with the one before (a letter, A for none); its other
    signs, a line each.
    """
    shares: list[str] = []
    others: list[str] = []
    for before, phrase in zip(["", *phrases], phrases, strict=False):
        shared = 0
        while shared < min(len(before), len(phrase), 25) and before[shared] == phrase[shared]:
            shared += 1
        shares.append(chr(ord("A") + shared))
        others.append(phrase[shared:])
    return "".join(shares), "\n".join(others)


def _lengthened(shares: str, others: str) -> list[str]:
    """The phrases of `shortened`."""
    phrases: list[str] = []
    before = ""
    for shared, other in zip(shares, others.split("\n"), strict=True):
        before = before[: ord(shared) - ord("A")] + other
        phrases.append(before)
    return phrases
