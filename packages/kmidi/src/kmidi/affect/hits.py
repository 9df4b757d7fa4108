"""Where the words of a text pull: each word that names a feeling, as changed by the words around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..tables.rows import Emotion
from . import modifiers as say
from .tokens import Token
from .vocabulary import phrase_at, slip_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A stretch of text (start, end) that pulls towards a point of the plane with a weight; degree is how strongly said."""

    start: int
    end: int
    valence: float
    arousal: float
    weight: float = 1.0
    degree: float = 1.0
    intensity: float = 0.5
    emotion: str = ""
    note: str = ""


def find_hits(tokens: list[Token]) -> list[Hit]:
    """The hits of a text from left to right, negation, degree and contrast applied."""
    hits: list[Hit] = []
    degree, denied, negator = 1.0, 0, ""
    clause_start = 0  # index into hits
    concession = False
    at = 0
    while at < len(tokens):
        token = tokens[at]
        found = phrase_at(tokens, at) if token.kind == "word" else None
        if found:
            row, length = found
            hit = _hit(row, token, tokens[at + length - 1], degree * max(t.stress for t in tokens[at : at + length]))
            hits.append(_deny(hit) if denied else hit)
            degree, denied, at = 1.0, max(0, denied - 1), at + length
            continue
        word = token.norm
        if token.kind == "stop":
            degree, denied, concession = 1.0, 0, _close(hits, clause_start, concession)
            clause_start = len(hits) if any(c in ".;\n" for c in word) else clause_start
        elif token.kind == "marks" and "!" in word and hits:
            hits[-1] = _exclaimed(hits[-1], word.count("!"))
        elif word in say.CONTRASTS:
            if word in say.CONCESSIONS and _opens_clause(tokens, at):
                concession = True
            else:
                _reweigh(hits, clause_start, say.BEFORE_CONTRAST)
                concession = False
            degree, denied = 1.0, 0
        elif word in say.NEGATORS:
            denied, negator = (0 if _idle(tokens, at) else say.NEGATION_REACH), word
        elif denied and negator == "never" and word in say.SUPERLATIVE:
            denied, degree = 0, degree * 1.3
        elif word in say.DEGREES:
            degree *= say.DEGREES[word] * token.stress
        elif word not in say.SKIPPED:
            slip = slip_of(word) if token.kind == "word" else None
            if slip:
                hit = replace(_hit(slip, token, token, degree * token.stress), weight=0.8, note="read as " + slip.name)
                hits.append(_deny(hit) if denied else hit)
            degree = 1.0 if denied == 0 else degree
            denied = max(0, denied - 1)
        at += 1
    _close(hits, clause_start, concession)
    return hits


def _hit(row: Emotion, first: Token, last: Token, degree: float) -> Hit:
    return Hit(
        start=first.start,
        end=last.end,
        valence=row.valence,
        arousal=row.arousal,
        degree=degree,
        intensity=row.intensity,
        emotion=row.id,
    )


def _deny(hit: Hit) -> Hit:
    return replace(
        hit,
        valence=hit.valence * say.DENIED_VALENCE,
        arousal=hit.arousal * say.DENIED_AROUSAL,
        emotion="",
        note=f"denied: {hit.emotion}",
    )


def _exclaimed(hit: Hit, marks: int) -> Hit:
    return replace(hit, arousal=min(1.0, hit.arousal + 0.08 * min(marks, 3)), degree=hit.degree * 1.1)


def _idle(tokens: list[Token], at: int) -> bool:
    """True where a negator denies nothing: "not only", "no doubt", "can't stop"."""
    behind = [t.norm for t in tokens[at + 1 : at + 2]]
    return any(word in say.UNDENIED or word in say.RELENTLESS for word in behind)


def _opens_clause(tokens: list[Token], at: int) -> bool:
    return at == 0 or tokens[at - 1].kind in ("stop", "marks")


def _reweigh(hits: list[Hit], start: int, factor: float) -> None:
    for i in range(start, len(hits)):
        hits[i] = replace(hits[i], weight=hits[i].weight * factor)


def _close(hits: list[Hit], start: int, concession: bool) -> bool:
    if concession:
        _reweigh(hits, start, say.BEFORE_CONTRAST)
    return False
