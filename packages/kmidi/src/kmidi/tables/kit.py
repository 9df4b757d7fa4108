"""The rows about time and drums: grooves, drum patterns, and how drummers were measured to play."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from .load import Rows, load_rows, table_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Groove:
    """How a band sits on the beat: which notes swing, pockets in ms behind the grid by kit piece or role.

    tightness scales the players' spread (1: as measured drummers); accents 0..1 is how deep the beat is stressed.
    """

    id: str
    about: str
    swing_unit: Literal["8th", "16th"]
    tightness: float
    accents: float
    late_ms: dict[str, float]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumPattern:
    """What a kit plays: bars "kick snare" and cymbals "piece cell" in sixteenths, from calm to full; see the file's head.

    loose 0..1: how much a bar differs from the last time it was played; 0 is a machine's loop.
    """

    id: str
    about: str
    style: str
    bars: tuple[str, ...]
    cymbals: tuple[str, ...]
    ghosts: float
    opens: float
    fills: Literal["toms", "snare", "soft", "roll", "timpani"]
    snare: str
    calm_snare: str
    loose: float
    source: str
    pedal: bool = False
    bars_in: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    cymbals_in: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumTiming:
    """How late drummers play a piece, in ms: robust sd and lag-1 autocorrelation with their quartiles over takes."""

    id: str
    takes: int
    sd_ms: float
    sd_low_ms: float
    sd_high_ms: float
    lag1: float
    lag1_low: float
    lag1_high: float
    late_ms: float
    drift: float
    decay: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumStyle:
    """How drummers of a style fill a bar of sixteen: median velocities, shares of ghosts, kicks, open hats; shared bars."""

    id: str
    takes: int
    kick: tuple[int, ...]
    snare: tuple[int, ...]
    cymbal: tuple[int, ...]
    ghost_share: tuple[float, ...]
    kick_share: tuple[float, ...]
    open_share: tuple[float, ...]
    bars: tuple[str, ...]
    weights: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumFill:
    """How drummers fill a bar of sixteen: share of fills with a stroke, share of those on toms, median velocities.

    beat_1 to beat_4: shares of snare, high, mid and low tom in each beat.
    """

    id: str
    strokes: tuple[float, ...]
    toms: tuple[float, ...]
    velocity: tuple[int, ...]
    beat_1: tuple[float, ...]
    beat_2: tuple[float, ...]
    beat_3: tuple[float, ...]
    beat_4: tuple[float, ...]
    source: str


@lru_cache(maxsize=1)
def grooves() -> Rows[Groove]:
    """All grooves by id."""
    return load_rows(table_path("grooves.toml"), Groove)


@lru_cache(maxsize=1)
def drum_patterns() -> Rows[DrumPattern]:
    """All drum patterns by id."""
    return load_rows(table_path("drum_patterns.toml"), DrumPattern)


@lru_cache(maxsize=1)
def drum_timing() -> Rows[DrumTiming]:
    """How drummers play each piece of the kit."""
    return load_rows(table_path("drum_timing.toml"), DrumTiming)


@lru_cache(maxsize=1)
def drum_styles() -> Rows[DrumStyle]:
    """How drummers of each style fill a bar."""
    return load_rows(table_path("drum_styles.toml"), DrumStyle)


@lru_cache(maxsize=1)
def drum_fill() -> DrumFill:
    """How drummers fill a bar before something new."""
    return load_rows(table_path("drum_fills.toml"), DrumFill)["fill"]
