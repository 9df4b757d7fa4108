"""How much each clause of a text counts: what stands behind "but" carries the sentence, a concession does not."""

from __future__ import annotations

from itertools import takewhile

from . import modifiers as say
from .denial import ends
from .tokens import Token


def weights(tokens: list[Token], named: frozenset[int]) -> list[float]:
    """How much the clause of each token counts, 1 where nothing is set against it; `named`: the places of words that
    name a feeling.
    """
    counts = [1.0] * len(tokens)
    start, behind = 0, False
    conceding = others = False
    for at, token in enumerate(tokens):
        others = others or token.norm in say.THE_OTHERS
        if token.norm in say.CONCESSIONS and (
            at == start or tokens[at - 1].kind == "stop" or (tokens[at - 1].norm == "and" and at - 1 == start)
        ):
            conceding, start = True, at
        elif (token.norm in say.CONTRASTS and token.norm not in say.CONCESSIONS and not _manner(tokens, at, named)) or (
            at > start and _turns(tokens, at, others=others)
        ):
            _scale(counts, start, at, say.BEFORE_CONTRAST)
            start, conceding, behind = at, False, True
        elif token.kind in ("stop", "marks"):
            others = others and token.norm == "," and not _another(tokens, at)
            full = any(mark in token.norm for mark in ".;\n!?") or token.kind == "marks" or _another(tokens, at)
            if conceding or (behind and full):
                _scale(counts, start, at, say.BEFORE_CONTRAST if conceding else say.AFTER_CONTRAST)
                conceding = behind = False
                start = at + 1
            elif full:
                start = at + 1
    for at in range(len(tokens) - 1):
        share = _beside(tokens, at, named)
        if share is not None and _tone(tokens, at, named):
            _scale(counts, at, _clause_end(tokens, at), share)
    if conceding or behind:
        _scale(counts, start, len(tokens), say.BEFORE_CONTRAST if conceding else say.AFTER_CONTRAST)
    return counts


def _tone(tokens: list[Token], at: int, named: frozenset[int]) -> bool:
    """True where a feeling is named before `at` in its clause: it is how the music is meant to sound, whoever it is for."""
    for i in range(at - 1, max(-1, at - 12), -1):
        if ends(tokens[i]) and tokens[i].norm != "and" and not _wished(tokens[i]):
            return False
        if i in named:
            return True
    return False


def _beside(tokens: list[Token], at: int, named: frozenset[int]) -> float | None:
    """How much what begins here counts beside how the music is meant to sound: whom it is for ("for an anxious mind"),
    how the place looks where that is felt ("in a beautiful city"). None where it is neither.
    """
    word, behind = tokens[at].norm, tokens[at + 1].norm
    if word == "for" and behind in say.LISTENERS:
        return say.FOR_WHOM
    looks = word in say.WHERE and behind in say.SOME and at not in named and at + 2 in named
    return say.IN_PLACE if looks and at + 3 < len(tokens) and tokens[at + 3].norm not in say.MANNERS else None


def _wished(token: Token) -> bool:
    """True for the stop in place of a wish: "a sad piano song for ..."."""
    return token.norm == "," and token.end - token.start > 1


def _clause_end(tokens: list[Token], at: int) -> int:
    """Where the words about whom something is for end: at a stop, at the next "for", or after eight; "he was kind"
    is one of them.
    """
    near = range(at + 1, min(at + 9, len(tokens)))
    end = next((i for i in near if tokens[i].kind in ("stop", "marks") or tokens[i].norm == "for"), near.stop)
    told = end + 1 < len(tokens) and tokens[end].norm == "," and tokens[end + 1].norm in say.THAT_ONE
    return _clause_end(tokens, end) if told else end


def _turns(tokens: list[Token], at: int, *, others: bool) -> bool:
    """True where a clause begins that counts before those it follows: what is asked for, what I feel among others or
    instead.
    """
    word, before = tokens[at].norm, tokens[at - 1].norm
    if word in say.ASKED_FOR:
        return before == "," and at + 1 < len(tokens) and tokens[at + 1].norm not in say.HAPPENS
    if word == "still":
        return before == ","  # "broke, tired, still dancing"
    if word in say.ONLY:
        near = takewhile(
            lambda token: token.kind not in ("stop", "marks") or token.norm == ",",
            reversed(tokens[max(0, at - 12) : at]),
        )
        first = before == "," or (at > 1 and before in say.BEING and tokens[at - 2].norm == ",")
        return first and any(token.norm in say.NEGATORS for token in near)
    return others and word in say.SELF and before in ("and", ",", "while")


def _another(tokens: list[Token], at: int) -> bool:
    """True for a comma behind which another clause is joined on: ", and ..."."""
    return tokens[at].norm == "," and at + 1 < len(tokens) and tokens[at + 1].norm in ("and", "so")


def _manner(tokens: list[Token], at: int, named: frozenset[int]) -> bool:
    """True where "but" only says how, or how not: "sad, but in a comforting way", "heroic but not cheesy"."""
    behind = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    return behind == "in" or (behind == "not" and at + 2 in named and at - 1 in named)


def _scale(counts: list[float], start: int, end: int, factor: float) -> None:
    for i in range(start, end):
        counts[i] *= factor
