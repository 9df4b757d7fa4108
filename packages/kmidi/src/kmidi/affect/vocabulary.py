"""The words that name a feeling: phrases of emotions.toml, found in tokens, a slip of the finger forgiven."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..tables.rows import Emotion, emotions
from .modifiers import DEGREES
from .pared import pare
from .tokens import Token, tokenize, unstretched

LONGEST = 6  # tokens in a phrase
# the time of year at which something happened says nothing of how it felt: "she died last spring"
_DATES = frozenset(["last", "next", "since", "every", "until", "past"])
_SEASONS = frozenset(["spring", "summer", "autumn", "fall", "winter", "dawn", "sunrise"])
_NO_MORE = frozenset(
    ["number", "summer", "winter", "banger", "swagger", "rest", "best", "west", "test", "quest", "guest"]
)  # no degrees of a word
_TYPO_LETTERS = (5, 18)  # shorter words have too many neighbours, longer ones are not words


@lru_cache(maxsize=1)
def phrases() -> dict[tuple[str, ...], str]:
    """Every name and synonym as a tuple of words, with the id of its feeling."""
    found: dict[tuple[str, ...], str] = {}
    for row in emotions().values():
        for written in (row.name, *row.synonyms):
            words = tuple(token.norm for token in tokenize(pare(written).text) if token.kind != "stop")
            for spelling in (words, tuple(word.replace("'", "") for word in words)):
                found.setdefault(spelling, row.id)
    return found


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases())


@lru_cache(maxsize=1)
def _slips() -> dict[str, str]:
    """What single words of the vocabulary look like with one letter left out, for words long enough."""
    words = sorted(p[0] for p in phrases() if len(p) == 1 and _TYPO_LETTERS[0] <= len(p[0]) <= _TYPO_LETTERS[1])
    found: dict[str, str] = {}
    for word in words:
        for form in _shortened(word):
            found.setdefault(form, word)
    return found


def _shortened(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def emotion_of(words: str) -> Emotion | None:
    """The feeling with this id, name or synonym, None where there is none."""
    key = tuple(token.norm for token in tokenize(pare(words.replace("_", " ")).text) if token.kind != "stop")
    found = phrases().get(key)
    return emotions()[found] if found else None


def phrase_at(tokens: list[Token], at: int) -> tuple[Emotion, int] | None:
    """The longest phrase that names a feeling from token `at` on, and how many tokens it covers."""
    word = tokens[at].norm
    if word not in _openers():
        return _drawn_out(word)
    if word in _SEASONS and at and tokens[at - 1].norm in _DATES:
        return None
    near = range(at, min(at + LONGEST, len(tokens)))
    found = _longest(tokens, near)
    if found is None and any(tokens[i].norm in DEGREES for i in near):
        found = _longest(tokens, [i for i in near if i == at or tokens[i].norm not in DEGREES])
    return found


def _longest(tokens: list[Token], places: Sequence[int]) -> tuple[Emotion, int] | None:
    """The longest phrase that the tokens at these places begin with, and how many tokens it covers."""
    table, words = phrases(), tuple(tokens[i].norm for i in places)
    for length in range(len(words), 0, -1):
        found = table.get(words[:length])
        if found:
            return emotions()[found], places[length - 1] + 1 - places[0]
    return None


def graded(word: str) -> str | None:
    """The word that names a feeling and of which this is more or most: happy for happier, sad for saddest; or None."""
    if not word.endswith(("er", "est")):
        return None
    bare = word.removesuffix("er" if word.endswith("er") else "est")
    if len(bare) < 3 or word in _NO_MORE:
        return None
    forms = (
        (bare[:-1] + "y",) if bare.endswith("i") else (bare, bare + "e", *([bare[:-1]] if bare[-1] == bare[-2] else []))
    )
    return next((form for form in forms if (form,) in phrases()), None)


def _drawn_out(word: str) -> tuple[Emotion, int] | None:
    form = graded(word) or next((form for form in unstretched(word) if (form,) in phrases()), None)
    return None if form is None else (emotions()[phrases()[form,]], 1)


def slip_of(word: str) -> Emotion | None:
    """The feeling whose name this word misses by one letter (left out, doubled, swapped or wrong)."""
    if not _TYPO_LETTERS[0] - 1 <= len(word) <= _TYPO_LETTERS[1]:
        return None
    slips = _slips()
    if len(word) < _TYPO_LETTERS[0]:  # so short a word can only be a longer one with a letter left out
        return emotions()[phrases()[slips[word],]] if word in slips else None
    shortened = _shortened(word)
    whole = next((form for form in shortened if (form,) in phrases() and form[0] == word[0]), None)
    if whole is not None:  # a letter too many
        return emotions()[phrases()[whole,]]
    for form in (word, *shortened):
        known = slips.get(form)
        # the first letter is rarely the wrong one, and a word shorter by two is another word
        if known and known[0] == word[0] and abs(len(known) - len(word)) <= 1:
            return emotions()[phrases()[known,]]
    return None
