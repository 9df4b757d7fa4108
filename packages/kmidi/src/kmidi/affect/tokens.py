"""Words of a text with their places in it: what was written, what it is looked up as, and how it was stressed."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# A word may hold apostrophes and inner hyphens; numbers, single signs and emoji are tokens too, their joiners and skin
# tones are not.
_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<number>\d+(?:[.,/]\d+)*)|(?P<emoticon></?3|[:;=]'?-?[()\[\]DPp/|*])"
    r"|(?P<marks>[!?]+)|(?P<joint>(?<=[^\W\d_])-(?=[^\W\d_]))|(?P<stop>[.,;:…—–\n()\[\]\"“”&/-]+)|(?P<sign>[^\s\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff])",
    re.UNICODE,
)
_STRETCHED = re.compile(r"(.)\1{2,}", re.DOTALL)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})


class Token(NamedTuple):
    """A word, number or sign at text[start:end]. `norm` is what tables know it as; stress 1 = plain, more =
    emphasised; degree = what "very" before it adds.
    """

    start: int
    end: int
    norm: str
    kind: str
    stress: float = 1.0
    degree: float = 1.0


def tokenize(text: str) -> list[Token]:
    """The tokens of a text in order; one pass, so time and memory grow with its length."""
    shouting: bool | None = None  # not counted before there are capitals
    drawn = _STRETCHED.search(text.casefold()) is not None
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, written = str(match.lastgroup), match.group()
        if kind == "joint":  # "feel-good" is two words
            continue
        if kind != "word":
            tokens.append(Token(match.start(), match.end(), written, kind))
            continue
        norm = plain(written)
        stretched = drawn and _STRETCHED.search(norm) is not None
        capitals = len(written) > 2 and written.isupper()
        if capitals and shouting is None:
            shouting = sum(map(str.isupper, text)) > 0.6 * max(1, sum(map(str.isalpha, text)))
        stress = 1.0 + 0.3 * stretched + 0.3 * (capitals and not shouting)
        tokens.append(Token(match.start(), match.end(), norm, kind, stress))
    return tokens


def plain(word: str) -> str:
    """A word as tables spell it: one apostrophe, no case, no compatibility forms."""
    if word.isascii() and "`" not in word:
        return word.lower()
    return unicodedata.normalize("NFKC", word.translate(_APOSTROPHES)).casefold()


def unstretched(word: str) -> tuple[str, ...]:
    """A word whose letters were drawn out ("sooo"), with doubled and with single letters; no other word has forms."""
    if _STRETCHED.search(word) is None:
        return ()
    return _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)
