"""Variations that a person asks for in a word: calmer, braver, sparser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from ..errors import IntentError, nearest
from ..intent import Affect, Feeling
from ..plan import PartPlan
from ..tables import Rows, instruments, load_rows, table_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """What a word adds to the feeling and to every part; register in semitones, the others -1..1."""

    id: str
    source: str
    valence: float = 0.0
    arousal: float = 0.0
    density: float = 0.0
    loudness: float = 0.0
    register: int = 0
    rule_break: bool = False


@lru_cache(maxsize=1)
def directions() -> Rows[Direction]:
    """All directions by id."""
    return load_rows(table_path("directions.toml.gz"), Direction)


def find_directions(words: tuple[str, ...]) -> tuple[Direction, ...]:
    """The rows of these words; IntentError names the nearest."""
    return tuple(map(find_direction, words))


def find_direction(word: str) -> Direction:
    """The row of that id; IntentError names the nearest."""
    if word not in directions():
        raise IntentError(f"unknown direction {word!r}{nearest(word, directions())}", field="directions")
    return directions()[word]


def direct_affect(affect: Affect, words: tuple[str, ...]) -> Affect:
    """The feeling moved as the words ask, on the whole path; held inside -1..1."""
    rows = find_directions(words)
    valence, arousal = sum(r.valence for r in rows), sum(r.arousal for r in rows)
    if not valence and not arousal:
        return affect

    def moved(point: Feeling) -> Feeling:
        return Feeling(valence=_held(point.valence + valence), arousal=_held(point.arousal + arousal))

    return replace(
        affect,
        valence=_held(affect.valence + valence),
        arousal=_held(affect.arousal + arousal),
        trajectory=tuple(moved(point) for point in affect.trajectory),
        surface=moved(affect.surface) if affect.surface else None,
        undertow=moved(affect.undertow) if affect.undertow else None,
    )


def direct_parts(parts: tuple[PartPlan, ...], words: tuple[str, ...]) -> tuple[PartPlan, ...]:
    """The parts denser, louder, higher as the words ask, inside what each instrument can play."""
    rows = find_directions(words)
    if not rows:
        return parts
    density, loudness, move = sum(r.density for r in rows), sum(r.loudness for r in rows), sum(r.register for r in rows)
    return tuple(
        replace(
            part,
            density=min(1.0, max(0.0, part.density + density)),
            loudness=min(1.0, max(0.0, part.loudness + loudness)),
            register=_moved(part, move),
        )
        for part in parts
    )


def _held(value: float) -> float:
    return min(1.0, max(-1.0, value))


def _moved(part: PartPlan, semitones: int) -> tuple[int, int]:
    tool = instruments()[part.instrument]
    low, high = part.register[0] + semitones, part.register[1] + semitones
    fits = tool.low <= low and high <= tool.high and part.role != "drums"
    return (low, high) if fits else part.register
