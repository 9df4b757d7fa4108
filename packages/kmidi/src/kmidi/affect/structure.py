"""How a text is built: a path from one feeling to another, one feeling hidden under another, irony."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ..tables.rows import Phrase, structures
from ..tables.words import pattern_of
from .sieve import Sieve

SARCASM_MARK = re.compile(r"(?:^|\s)/s\b|🙃")


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end]."""

    start: int
    end: int


def stages(text: str) -> tuple[list[Span], bool]:
    """The parts of a text that follow one another in time, one where nothing speaks of change; and whether it says itself
    that it goes from one to another: from A to B, begins so and ends so.
    """
    match = pattern_of("from").search(text)
    if match:
        ends = [
            match.start("b"),
            *(match.start("b") + m.start() for m in pattern_of("to_again").finditer(match["b"])),
            match.end("b"),
        ]
        return [Span(match.start("a"), match.end("a")), *(Span(a, b) for a, b in pairwise(ends))], True
    if pattern_of("placed").search(text):  # "fear at the start, triumph at the end"
        edges = [0, *(m.end() for m in pattern_of("placed").finditer(text))]
        return [Span(a, b) for a, b in pairwise(edges)], True
    joint = pattern_of("ending") if _begins(text) else pattern_of("gone") if _left(text) else pattern_of("joint")
    cuts = [m for m in joint.finditer(text) if m.start() > 0]
    starts = [0, *(m.end() if pattern_of("when").fullmatch(m.group()) else m.start() for m in cuts)]
    spans = [Span(a, b) for a, b in zip(starts, [*(m.start() for m in cuts), len(text)], strict=True)]
    if cuts and pattern_of("now").fullmatch(cuts[-1].group()):
        spans.append(spans[-1])  # what is now lasts longer
    return spans, joint is not pattern_of("joint")


def _left(text: str) -> bool:
    """True where the text says how someone came, and then how they left."""
    first = pattern_of("came").search(text)
    return first is not None and pattern_of("gone").search(text, first.end()) is not None


def _begins(text: str) -> bool:
    """True where the text says how something begins, and then how it goes on or ends."""
    first = pattern_of("begins").search(text)
    return first is not None and pattern_of("ending").search(text, first.end()) is not None


def reversed_stages(text: str) -> list[Span]:
    """The two sides of "calm after the storm", in the order in which they happen; what is now lasts longer."""
    match = pattern_of("after").search(text)
    if match is None:
        return []
    if match.start() < 3:  # "after the storm, calm"
        comma = text.find(", ", match.end())
        now = Span(comma + 1, len(text))
        return [Span(match.end(), comma), now, now] if comma > 0 else []
    now = Span(0, match.start())
    return [Span(match.end(), len(text)), now, now]


def hidden(text: str) -> list[tuple[Span, Span, bool]]:
    """Pairs (shown, meant) that the text may speak of, and whether its pattern alone says that they differ."""
    found: list[tuple[Span, Span, bool]] = []
    for row in _sides().among(text):
        for match in pattern_of(row.id).finditer(text):
            groups = [name for name in match.groupdict() if match[name]]
            surface = next((name for name in groups if name.startswith("surface")), None)
            undertow = next((name for name in groups if name.startswith("undertow")), None)
            if surface:
                meant = Span(*match.span(undertow)) if undertow else Span(match.end(), match.end())
                found.append((Span(*match.span(surface)), meant, row.value == "told"))
    return found


@cache
def _sides() -> Sieve[Phrase]:
    return Sieve((row.cues, row) for row in structures().values() if row.field)


def ironic(text: str) -> list[Span]:
    """Stretches whose praise is meant the other way round."""
    if SARCASM_MARK.search(text):
        return [Span(0, len(text))]
    return [Span(*match.span()) for match in pattern_of("irony").finditer(text)]


def complains(text: str, reason: Span) -> bool:
    """True where the reason of praise names what people complain of: late, again, behind my back."""
    return pattern_of("complaint").search(text, reason.start, reason.end) is not None


def thanked(text: str) -> list[tuple[Span, Span]]:
    """Praise with its reason and the reason alone: where that is bad, the praise is none."""
    return [
        (Span(*match.span()), Span(*match.span("reason")))
        for pattern in (
            (pattern_of("thanks"), pattern_of("behind"))
            if ", " in text and pattern_of("praise").search(text)
            else (pattern_of("thanks"),)
        )
        for match in pattern.finditer(text)
    ]
