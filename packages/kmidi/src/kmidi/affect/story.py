"""Reading one text whole: its point, its stages, its two sides, its textures and wishes, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..bulk import in_bulk
from ..intent import Affect, Evidence, Feeling
from ..tables.rows import emotions, textures
from . import structure
from .gathered import Placed, gather
from .hits import Hit
from .pared import Pared
from .reading import Reading, read_hits
from .stronger import StrongReader
from .structure import Span
from .tokens import Token
from .tongues import foreign, known_share
from .wishes import legal

_OFF = 0.12  # ... and one that names no feeling lies at least so far from the middle
_APART = 0.35  # stages nearer to each other than this are one stage
_SIDES_APART = 0.3  # a surface and an undertow differ at least this much in valence
_MODEL = (0.7, 0.5)  # share of the model in the point where no feeling is named, and where one is
_EVIDENCE = 24  # the strongest pulls that are shown
# Logistic of |valence| and of being named: the chance that the side of valence is the one people labelled, fitted by
# scripts/fit_confidence.py.
_SURE = (0.28, 6.1, -0.29)
_LEAST = 0.05  # where something was read, among words that were not
_FAINT = 0.06  # nearer to the middle than this on both axes, hardly anything was read
HARDLY = "I could read hardly any feeling in this, so the music will be plain; say how it should feel, or set the point yourself."
UNREAD = "I could not read a feeling in this; say it in other words, or set the point yourself."


def read_text(text: str, strong: StrongReader | None = None) -> Affect:
    """The Affect of a text. Any Unicode; time and memory grow with its length."""
    found = gather(text)
    hits, wishes = found.hits, found.wishes
    whole = read_hits(hits)
    named = [hit for hit in hits if hit.emotion or hit.note]
    sure, warnings = _sureness(found.tokens, whole, frozenset(hit.start for hit in named))
    read = Affect(
        valence=whole.valence,
        arousal=whole.arousal,
        intensity=_intensity(hits, whole),
        emotion=_emotion(named, whole) if sure > 0 else None,
        blend=_blend(named),
        textures=_textures(found.tokens),
        wishes=tuple((wish.field, wish.value) for wish in wishes if legal(wish) is None),
        gist=found.gist,
        evidence=_evidence(text, found.pared, hits, whole),
        confidence=round(sure, 3),
        warnings=(*warnings, *(f"wish not met: {why}" for wish in wishes if (why := legal(wish)))),
    )
    placed = Placed(hits)
    if sure == 0:
        return read
    read = _with_stages(found.text, _with_sides(found.text, read, placed), placed)
    return read if strong is None else _stronger(text, read, strong, bool(named))


def _sureness(tokens: list[Token], whole: Reading, named: frozenset[int]) -> tuple[float, tuple[str, ...]]:
    """The chance that people agree with the side of the reading, 0 where nothing was read; and what to say about it."""
    words = [token for token in tokens if token.kind == "word"]
    felt = whole.valence != 0 or whole.arousal != 0
    share = known_share(tokens, named)
    tongue = foreign(tokens, share)
    if tongue:
        return _LEAST, (f"This looks like {tongue}; I could not read this well, since I read English: set the point or say it in English.",)  # fmt: skip
    shown = any(token.kind in ("sign", "emoticon") for token in tokens)
    if (share <= 0.5 and not named and (words or not shown)) or not (felt or named):
        return 0.0, (UNREAD,)
    base, slope, bonus = _SURE
    sure = 1 / (1 + math.exp(-(base + slope * abs(whole.valence) + bonus * bool(named))))
    faint = () if named or max(abs(whole.valence), abs(whole.arousal)) >= _FAINT else (HARDLY,)
    return (max(_LEAST, sure * share) if words else sure), faint


def _stronger(text: str, read: Affect, strong: StrongReader, named: bool) -> Affect:
    """The reading moved towards the model's, its path with it: each sees what the other misses, the table what is named."""
    point, share = strong.read([text])[0], _MODEL[named]
    valence, arousal = share * (point.valence - read.valence), share * (point.arousal - read.arousal)
    path = tuple(
        Feeling(valence=_clip(p.valence + valence), arousal=_clip(p.arousal + arousal)) for p in read.trajectory
    )
    return along(replace(read, reader="model"), path)


def _intensity(hits: list[Hit], whole: Reading) -> float:
    """The strongest feeling named, as strongly as it was said; where none is named, how far from the middle it lies.

    The point is that of the words said plainly, times the strongest degree: a word of degree never makes it less.
    """
    named = max((hit.intensity for hit in hits), default=0.0)
    said = max((hit.degree for hit in hits), default=1.0)
    plain = read_hits(hits, 1.0) if said > 1.0 else whole
    return round(min(1.0, max(named, math.hypot(plain.valence, plain.arousal) / math.sqrt(2) * max(1.0, said))), 4)


def _emotion(named: list[Hit], whole: Reading) -> str | None:
    """The feeling that the words name most, else the nearest of the table."""
    totals: dict[str, float] = {}
    for hit in named:
        if hit.emotion:
            totals[hit.emotion] = totals.get(hit.emotion, 0.0) + hit.for_valence * hit.degree
    if _mixed(totals):
        return "bittersweet"
    best = max(sorted(totals), key=lambda name: totals[name], default=None)
    if best is not None and emotions()[best].valence * whole.valence >= 0:
        return best
    if max(abs(whole.valence), abs(whole.arousal)) < 0.1:
        return None
    valence, arousal, names = _places()
    return names[int(((valence - whole.valence) ** 2 + (arousal - whole.arousal) ** 2).argmin())]


@lru_cache(maxsize=1)
def _places() -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
    rows = sorted(emotions().values(), key=lambda row: row.id)
    return (
        np.array([row.valence for row in rows]),
        np.array([row.arousal for row in rows]),
        tuple(row.id for row in rows),
    )


def _mixed(totals: dict[str, float]) -> bool:
    """True where pleasant and unpleasant feelings are named about equally, the pleasant one no call to arms."""
    total = math.fsum(totals.values())
    pleasant = math.fsum(amount for name, amount in totals.items() if emotions()[name].valence > 0.25)
    unpleasant = math.fsum(amount for name, amount in totals.items() if emotions()[name].valence < -0.25)
    return min(pleasant, unpleasant) > 0.4 * total > 0


def _blend(named: list[Hit]) -> tuple[tuple[str, float], ...]:
    """The feelings named and their shares, the largest first, at most five."""
    totals: dict[str, float] = {}
    for hit in named:
        if hit.emotion:
            totals[hit.emotion] = totals.get(hit.emotion, 0.0) + hit.for_valence * hit.degree
    top = sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:5]
    total = math.fsum(amount for _, amount in top)
    return tuple((name, round(amount / total, 3)) for name, amount in top) if len(top) > 1 else ()


def _textures(tokens: list[Token]) -> tuple[str, ...]:
    """Ids of the textures that the words call up, in the order of the words."""
    norms, images = [token.norm for token in tokens], _images()
    found: list[str] = []
    for at, norm in enumerate(norms):
        if norm in images:
            found += [name for words, name in images[norm] if tuple(norms[at : at + len(words)]) == words]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _images() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The words of textures by the first of each, with the texture's id."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in textures().values():
        for image in row.synonyms:
            words = tuple(image.split())
            found.setdefault(words[0], []).append((words, row.id))
    return found


def _evidence(text: str, pared: Pared, hits: list[Hit], whole: Reading) -> tuple[Evidence, ...]:
    """The words that moved the reading most, in the order of the text; each with its share of the weighted means."""
    shares: dict[tuple[int, int], tuple[float, float, str]] = {}
    for hit in hits:
        if not (
            pared.text[hit.start].isalpha()
            or any(c.isalpha() or ord(c) > 0x2190 for c in pared.text[hit.start : hit.end])
        ):
            continue
        valence, arousal, note = shares.get((hit.start, hit.end), (0.0, 0.0, ""))
        v, a = hit.felt(hit.degree)
        shares[hit.start, hit.end] = (
            valence + hit.for_valence * v / whole.for_valence,
            arousal + hit.for_arousal * a / whole.for_arousal,
            hit.note or note,
        )
    strongest = sorted(shares.items(), key=lambda item: (-abs(item[1][0]) - abs(item[1][1]), item[0]))[:_EVIDENCE]
    strongest.sort()
    told = [one for one in strongest if abs(one[1][0]) + abs(one[1][1]) >= 0.002]
    places = pared.spans([place for place, _ in told])
    return tuple(in_bulk(
        Evidence, len(told), words=[text[a:b] for a, b in places], start=[a for a, _ in places], end=[b for _, b in places],
        valence=[round(v, 4) for _, (v, _, _) in told], arousal=[round(a, 4) for _, (_, a, _) in told],
        note=[note for _, (_, _, note) in told],
    ))  # fmt: skip


def along(read: Affect, path: tuple[Feeling, ...]) -> Affect:
    """The reading on a path: its point is the mean of the path's points, here and nowhere else."""
    return replace(
        read,
        valence=round(math.fsum(p.valence for p in path) / len(path), 4),
        arousal=round(math.fsum(p.arousal for p in path) / len(path), 4),
        trajectory=path,
    )


def _with_stages(text: str, read: Affect, hits: Placed) -> Affect:
    """The reading with its path, where the text tells of one feeling after another."""
    spans, told = structure.stages(text)
    points = _stage_points(hits, spans, told=told) if len(spans) > 1 else []
    if len(points) < 2:
        points = _stage_points(hits, structure.reversed_stages(text))
    return along(read, tuple(points)) if len(points) > 1 else read


def _stage_points(hits: Placed, spans: list[Span], *, told: bool = False) -> list[Feeling]:
    """The points of stages that name a feeling, or (`told`: that there are stages is certain) lie off the middle."""
    points: list[Feeling] = []
    for span in spans:
        inside = hits.begun(span)
        point = read_hits(inside).feeling
        if not any(hit.emotion or hit.note for hit in inside) and not (told and abs(point.valence) > _OFF):
            continue
        if not points or point == points[-1] or _distance(points[-1], point) > _APART:
            points.append(point)
    return points if len(set(points)) > 1 else points[:1]


def _with_sides(text: str, read: Affect, hits: Placed) -> Affect:
    """The reading with what is shown and what is meant, where the text hides one feeling under another."""
    for shown, meant, spoken in structure.hidden(text):
        surface = _side(hits.within(shown), 0.55 if spoken else None)
        undertow = _side(hits.within(meant), -0.55 if spoken else None)
        if surface and undertow and surface.valence - undertow.valence > _SIDES_APART:
            point = Feeling(
                valence=round(0.4 * surface.valence + 0.6 * undertow.valence, 4),
                arousal=round((surface.arousal + undertow.arousal) / 2, 4),
            )
            return along(replace(read, surface=surface, undertow=undertow), (point,))
    return read


def _side(hits: list[Hit], otherwise: float | None) -> Feeling | None:
    """What one side reads as; a side that names no feeling ("it", "it all") is what the pattern itself says."""
    point = read_hits(hits).feeling if hits else None
    if point is not None and (any(hit.emotion or hit.note for hit in hits) or (otherwise is None and abs(point.valence) > 0.15)):  # fmt: skip
        return point
    if otherwise is None:
        return None
    return Feeling(valence=otherwise, arousal=0.3 if otherwise > 0 else -0.2)


def _distance(a: Feeling, b: Feeling) -> float:
    return math.hypot(a.valence - b.valence, a.arousal - b.arousal)


def _clip(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 4)
