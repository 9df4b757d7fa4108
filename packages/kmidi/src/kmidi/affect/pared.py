"""A text without its adverbs of degree: "very" says how strongly the next word is meant, and changes nothing else."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from .modifiers import ADVERBS, DEGREES, MOST
from .tokens import Token, plain

# What stands before another word of degree and adds nothing to it ("way too", "ever so"), and "pretty much"
_AS_PLAIN = frozenset(["way", "just", "far", "ever", "much", "pretty much", "more and"])
_PLAIN = r"(?:way|just|far|ever|much)(?= (?:too|so|more) \w)|pretty much(?= \w)|more and(?= more \w)"
# Drawn-out letters count too ("veryyy"). "very slow" is a tempo and stays whole for the wishes; but for "very" these words may
# also stand for themselves ("I'm fine, really") or have another meaning ("freaking out").
_ADVERB = re.compile(
    r"(?<![\w'’])(?:v+e+r+y+|so(?= so \w)|" + _PLAIN + "|(?:" + "|".join("+".join(word) + "+" for word in sorted(ADVERBS)) + r")(?= [\w\"'“‘]))(?![\w'’])"
    r"(?! (?:slow|fast|out\b))",
    re.I,
)  # fmt: skip
_DRAWN = re.compile(r"(.)\1+")
_LOUDER = 1.3  # "VERY", "veryyy"


@dataclass(frozen=True, slots=True)
class Pared:
    """`text` is what is left; `cuts` are the places in it where something was taken out, with its length and degree."""

    text: str
    cuts: tuple[tuple[int, int, float], ...]

    def spans(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Where stretches of what is left stood in the whole text; what was taken out inside one is part of it."""
        if not self.cuts:
            return places
        starts = [at for at, _, _ in self.cuts]
        shifts = [0, *accumulate(length for _, length, _ in self.cuts)]
        return [(a + shifts[bisect_right(starts, a)], b + shifts[bisect_left(starts, b)]) for a, b in places]

    def stressed(self, tokens: list[Token]) -> list[Token]:
        """The tokens of what is left, each with the degree of what was taken out before it."""
        found = list(tokens)
        starts = [token.start for token in tokens]
        for at, _, degree in self.cuts:
            behind = bisect_left(starts, at)
            if behind < len(found):
                found[behind] = found[behind]._replace(degree=min(MOST, found[behind].degree * degree))
        return found


def pare(text: str) -> Pared:
    """The text without its adverbs of degree and one blank beside each. Time and memory grow with its length."""
    kept: list[str] = []
    cuts: list[tuple[int, int, float]] = []
    end = left = 0
    for match in _ADVERB.finditer(text):
        start, stop = match.span()
        if text[stop : stop + 1] == " ":
            stop += 1
        elif start > end and text[start - 1] == " ":
            start -= 1
        kept.append(text[end:start])
        left += start - end
        end = stop
        cuts.append((left, stop - start, _degree(match.group())))
    return Pared("".join((*kept, text[end:])), tuple(cuts))


def _degree(written: str) -> float:
    word = plain(written)
    if word in _AS_PLAIN:
        return 1.0
    if word in DEGREES:
        return DEGREES[word] * (_LOUDER if written.isupper() else 1.0)
    bare = _DRAWN.sub(r"\1", word)
    return _LOUDER * next(degree for adverb, degree in ADVERBS.items() if _DRAWN.sub(r"\1", adverb) == bare)
