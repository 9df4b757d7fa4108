"""Turns of phrase that change how the words around them are meant: "in a good way", "so much it hurts", tears of joy."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from ..tables import emotions
from ..tables.words import pattern_of
from .hits import Hit
from .modifiers import LASTING

_SENTENCE = re.compile(r"[.;!?\n]")
_CLAUSE = re.compile(r"[.;!?\n]|, (?:and|so)\b", re.I)
_BACK = 200  # how far a turn reaches back in its sentence, in signs
_TURNED = -0.6  # a bad thing in a good way is good, and less so
_OF_JOY = (0.5, 0.4)  # where tears of joy lie
_FOR = re.compile(r"\bfor ", re.I)  # a funeral that music is for is no loss told of
_WEIGHT = 3.0
_DISBELIEF = "disbelief"
_FOND = 0.6  # share of nostalgia in joy at what was


def turn(text: str, hits: list[Hit]) -> list[Hit]:
    """The hits as such turns mean them; as they are where the text has none. Time grows with the text."""
    turned = [(_start(_CLAUSE, text, m.start()), m.start()) for m in pattern_of("turn_good_way").finditer(text)]
    if turned:
        hits = [
            hit._replace(valence=hit.valence * _TURNED, emotion="")
            if hit.valence < 0 and _within(hit.start, turned)
            else hit
            for hit in hits
        ]
    much = [m.span() for m in pattern_of("turn_too_much").finditer(text)]
    if much:
        joys = sorted(hit.start for hit in hits if hit.emotion and hit.valence > 0)
        of_joy = [(a + 1, b) for a, b in much if _any(joys, _start(_SENTENCE, text, a), b)]
        hits = [hit for hit in hits if hit.valence >= 0 or not _within(hit.start, of_joy)]
    told = [(m.start(), _end(_CLAUSE, text, m.end())) for m in pattern_of("turn_told").finditer(text)]
    if told and not all(_within(hit.start, told) for hit in hits if hit.emotion):
        hits = [
            hit._replace(for_valence=_WEIGHT * hit.for_valence, for_arousal=_WEIGHT * hit.for_arousal)
            if _within(hit.start, told)
            else hit
            for hit in hits
        ]
    named = {hit.emotion for hit in hits}
    if not named.isdisjoint(LASTING):
        hits = _over_loss(text, hits)
    if _DISBELIEF in named and named - {"", _DISBELIEF}:  # that one can't believe it is no feeling beside another
        hits = [hit._replace(for_valence=0.0) if hit.emotion == _DISBELIEF else hit for hit in hits]
    return _among_joys(text, hits)


def _over_loss(text: str, hits: list[Hit]) -> list[Hit]:
    """Joy set against a loss that lasts is joy at what was ("I miss her, but I smile"): most of it is nostalgia."""
    lost = [
        hit for hit in hits if hit.emotion in LASTING and not _FOR.search(text, max(0, hit.start - 8), hit.start + 4)
    ]
    turns = [match.start() for match in pattern_of("turn_set_against").finditer(text)]
    fond: list[tuple[int, int]] = []
    for hit in lost:
        start, end = _start(_CLAUSE, text, hit.start), _end(_CLAUSE, text, hit.end)
        at = bisect_left(turns, hit.start)
        if at < len(turns) and turns[at] < end:
            fond.append((turns[at], end))
        elif at and turns[at - 1] >= start:
            fond.append((start, turns[at - 1]))
    spans = _apart(fond)
    scenes = _apart(
        [
            m.span()
            for hit in lost
            if hit.emotion == "grief"
            for m in [pattern_of("turn_scene").match(text, hit.end)]
            if m
        ]
    )
    hits = [hit for hit in hits if hit.valence <= 0 or not _within(hit.start, scenes)]
    fondness = emotions()["nostalgia"]
    return [
        hit._replace(
            valence=(1 - _FOND) * hit.valence + _FOND * fondness.valence,
            arousal=(1 - _FOND) * hit.arousal + _FOND * fondness.arousal,
            emotion=hit.emotion and fondness.id,
            note=hit.note and fondness.id,
        )
        if hit.valence > 0 and _within(hit.start, spans)
        else hit
        for hit in hits
    ]


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans sorted, those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _among_joys(text: str, hits: list[Hit]) -> list[Hit]:
    """Tears and screams among joys alone are of joy, and who is alone in calm is not lonely; the other hits as they are."""
    doubtful = {
        (h.start, h.end) for h in hits if h.emotion and pattern_of("turn_doubtful").match(text[h.start : h.end])
    }
    if not doubtful or pattern_of("turn_asunder").search(text):
        return hits
    sure = [hit for hit in hits if hit.emotion and (hit.start, hit.end) not in doubtful]
    if not sure or min(hit.valence for hit in sure) <= 0:
        return hits
    calm = max(hit.arousal for hit in sure) < 0
    spans = [(span, pattern_of("turn_alone").search(text[span[0] : span[1]]) is not None) for span in sorted(doubtful)]
    alone, tears = [span for span, lonely in spans if lonely], [span for span, lonely in spans if not lonely]
    return [
        hit._replace(valence=_OF_JOY[0], arousal=_OF_JOY[1], emotion="") if _within(hit.start, tears) else hit
        for hit in hits
        if not (calm and _within(hit.start, alone))
    ]


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    """True where a place lies in one of the spans, which are sorted and do not overlap but at their ends."""
    at = bisect_right(spans, (place, 1 << 60)) - 1
    return at >= 0 and spans[at][0] <= place < spans[at][1]


def _any(places: list[int], start: int, end: int) -> bool:
    """True where one of the sorted places lies from start to end."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def _start(edge: re.Pattern[str], text: str, at: int) -> int:
    """Where the sentence or clause that a place lies in begins, behind the last edge of one."""
    back = max(0, at - _BACK)
    return max((match.end() for match in edge.finditer(text, back, at)), default=back)


def _end(edge: re.Pattern[str], text: str, at: int) -> int:
    """Where the sentence or clause that a place lies in ends, before the next edge of one."""
    found = edge.search(text, at, at + _BACK)
    return found.start() if found else min(len(text), at + _BACK)
