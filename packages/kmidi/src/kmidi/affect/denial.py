"""What is denied: negators before a word in its clause, and the answer "no" behind a question."""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import takewhile

from . import modifiers as say
from .tokens import Token
from .vocabulary import graded


def denied(tokens: list[Token], told: Container[int] = (), also: Mapping[str, int] | None = None) -> list[bool]:
    """For each token, whether a negator in its clause or the answer to its question denies it.

    `also` are words that deny too, and how far. Negators at the places `told` belong to a phrase that has its own
    meaning ("never came home") and deny nothing behind it. A denial denied is none ("never not sad", "not nobody").
    """
    found: list[bool] = []
    reach, negator = 0, ""
    for at, token in enumerate(tokens):
        word = token.norm
        far = also.get(word, 0) if also else 0
        if (at not in told or word == "to") and (far or negates(tokens, at)):
            doubled = reach == say.NEGATION_REACH
            found.append(doubled and word in say.NO_ONE)
            cancelled = (doubled and word == "not" and negator != "no") or (
                reach and word == "less" and negator != "never" and not _could(tokens, at)
            )
            reach, negator = 0 if cancelled or idle(tokens, at) else far or say.NEGATION_REACH, word
            continue
        if ends(token):
            reach = 0
        found.append(reach > 0)
        if reach and word not in say.SKIPPED and word not in say.DEGREES:
            reach -= 1
    for start, end, _ in refused(tokens):
        found[start:end] = [not no for no in found[start:end]]
    return found


def _could(tokens: list[Token], at: int) -> bool:
    """True where what stands before says that it could not be so: "couldn't be less happy"."""
    return any(token.norm in say.COULD for token in tokens[max(0, at - 4) : at])


def soothed(tokens: list[Token]) -> frozenset[int]:
    """The places of what a song is to soothe: "calm my nerves"."""
    heads = [
        at for at, token in enumerate(tokens[:-1]) if token.norm in say.SOOTHING and tokens[at + 1].norm in say.OWN
    ]
    return _behind(tokens, [at + 1 for at in heads], say.SOOTHED_REACH)


def missed(tokens: list[Token]) -> frozenset[int]:
    """The places of what is missed: "I miss the chaos of our house"."""
    heads = [at for at, token in enumerate(tokens) if token.norm in say.MISSING]
    return _behind(tokens, heads, say.MISSED_REACH)


def _behind(tokens: list[Token], heads: list[int], reach: int) -> frozenset[int]:
    """The places behind heads, so many tokens far and to the end of the clause."""
    found: set[int] = set()
    for at in heads:
        near = range(at + 1, min(at + 1 + reach, len(tokens)))
        end = next((i for i in near if tokens[i].kind in ("stop", "marks")), near.stop)
        found.update(range(at + 1, end))
    return frozenset(found)


def ends(token: Token) -> bool:
    """True where a clause ends: nothing before it changes what is behind it."""
    return token.kind in ("stop", "marks") or token.norm in say.CONTRASTS or token.norm in say.JOINTS


def negates(tokens: list[Token], at: int) -> bool:
    """True where a token denies what is behind it, alone or with its neighbour ("far from", "anything but", "stopped
    being").
    """
    word = tokens[at].norm
    if word in say.NEGATORS:
        return True
    if word in say.SECOND_HALVES:
        half = at > 0 and tokens[at - 1].norm in say.SECOND_HALVES[word]
        return half and (word != "to" or _once(tokens, at)) and (word != "be" or _ought(tokens, at))
    if word == "doubt":
        return at + 1 < len(tokens) and tokens[at + 1].norm in say.DOUBTED
    if word not in say.STOPPERS or any(token.norm in say.NEGATORS for token in tokens[max(0, at - 2) : at]):
        return False  # "can't stop crying" stops nothing
    behind = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    return behind == "to" or (behind.endswith("ing") and behind not in say.NO_DOING)


def _once(tokens: list[Token], at: int) -> bool:
    """True where "used to" tells of what is no more, and not of what one is used to."""
    before = tokens[at - 2].norm if at > 1 else ""
    return at + 1 < len(tokens) and tokens[at + 1].norm in say.ONCE and before not in say.BEING


def _ought(tokens: list[Token], at: int) -> bool:
    """True where someone says what they ought to be, and so are not: "I should be happy"."""
    return at > 1 and tokens[at - 2].norm in say.OUGHT


def refused(tokens: list[Token]) -> list[tuple[int, int, int]]:
    """Start and end of each question that is answered with no and nothing else ("sad? not at all"), and the answer's end."""
    found: list[tuple[int, int, int]] = []
    start = 0
    for at, token in enumerate(tokens):
        if token.kind == "marks" and "?" in token.norm:
            end = at + 1
            while end < len(tokens) and tokens[end].kind == "word" and tokens[end].norm in say.ANSWERS:
                end += 1
            whole = end == len(tokens) or tokens[end].kind in ("stop", "marks")
            if whole and any(tokens[i].norm in say.NEGATORS for i in range(at + 1, end)):
                found.append((start, at, end))
        if token.kind in ("stop", "marks"):
            start = at + 1
    return found


def silent(tokens: list[Token], no: list[bool], named: frozenset[int], told: Container[int]) -> list[bool]:
    """Negators that do nothing but deny a feeling behind them, or nothing at all ("never felt so"), or are told of."""
    found = [False] * len(tokens)
    negator: int | None = None
    for at, token in enumerate(tokens):
        if negates(tokens, at):
            if negator is not None and (no[at] or _cancels(tokens, negator, at)):
                found[negator] = True
            negator = at
            behind = next_word(tokens, at)
            found[at] = at in told or idle(tokens, at) or (at > 0 and _cancels(tokens, at - 1, at))
            if behind is not None and tokens[behind].norm in say.RELENTLESS:
                found[behind] = True  # "can't stop crying" stops nothing
        elif ends(token):
            negator = None
        elif negator is not None and no[at] and at in named:
            found[negator] = True
            found[negator - 1] |= tokens[negator].norm in say.SECOND_HALVES  # "far from"
    for _, asked, end in refused(tokens):
        found[asked:end] = [True] * (end - asked)
    return found


def next_word(tokens: list[Token], at: int) -> int | None:
    """The place of the token behind `at`, words of degree passed over; None at the end."""
    return next((i for i in range(at + 1, min(at + 4, len(tokens))) if tokens[i].norm not in say.DEGREES), None)


def idle(tokens: list[Token], at: int) -> bool:
    """True where a negator denies nothing: "not only", "no doubt", "can't stop", "never felt so", "no, ..."."""
    behind = next_word(tokens, at)
    negator, word = tokens[at].norm, "" if behind is None else tokens[behind].norm
    if negator.startswith("forg") and word in say.FACTS:
        return True  # who forgets that she is dead has no less lost her
    if negator in say.IDLE and word in say.IDLE[negator]:
        return True
    if word in ("believe", "thank") and negator in say.COULD:  # "I can't believe we won", but not "... believe in love"
        return not any(token.norm == "in" for token in tokens[at + 2 : at + 3])
    if negator in say.TAGS and word in say.ASKED and (at == 0 or ends(tokens[at - 1])):
        return True
    if word in ("gonna", "going"):
        return any(token.norm == "lie" for token in tokens[at + 1 : at + 5])
    if word in say.UNDENIED or word in say.RELENTLESS or (negator.startswith("wish") and word in say.OTHERS):
        return True
    if negator == "no" and (behind is None or tokens[behind].kind in ("stop", "marks")):
        return True  # it answers something
    near = list(takewhile(lambda token: token.norm == "," or not ends(token), tokens[at + 1 : at + 5]))
    return (negator in say.MOST_OF_ALL and _most(near, never=negator in ("never", "nothing"))) or (
        negator in say.UNSURPASSED and any(_compared(token.norm) for token in near[:3])
    )


def _cancels(tokens: list[Token], first: int, second: int) -> bool:
    """True where a negator takes back the one right before it: "never not sad"."""
    return second - first == 1 and tokens[second].norm == "not" and tokens[first].norm in say.NEGATORS - {"no"}


def _most(words: list[Token], *, never: bool) -> bool:
    """True where words behind "never" or "haven't" say that it was never more so: "felt so free", "laughed this hard"."""
    norms = [token.norm for token in words]
    return any(
        second not in say.TIMES and (first == "this" or (never and first in say.SUPERLATIVE))
        for first, second in zip(norms[:3], [*norms[1:], ""], strict=False)
    )


def _compared(word: str) -> bool:
    """True for the comparative of a word that names a feeling ("happier")."""
    return word in say.COMPARED or (graded(word) is not None and word.endswith("er"))
