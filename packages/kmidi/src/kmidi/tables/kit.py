"""The rows about time and drums: the kit's pieces, grooves, drum patterns, and how drummers were measured to play."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from .load import Rows, load_rows, table_path


@dataclass(frozen=True, slots=True)
class KitPiece:
    """A piece of the kit: its pitches in General MIDI (the first is the one we write), its name, who it is timed as.

    timed_as is an id of drum_timing.toml: pieces that were not measured play as the toms do.
    """

    id: str
    pitches: tuple[int, ...]
    label: str
    timed_as: str = "tom"


# General MIDI System Level 1, percussion key map (MIDI Manufacturers Association, 1991).
KIT_PIECES = (
    KitPiece("kick", (36, 35), "Kick", "kick"),
    KitPiece("side_stick", (37,), "Rim", "side_stick"),
    KitPiece("snare", (38, 40), "Snare", "snare"),
    KitPiece("clap", (39,), "Clap", "snare"),
    KitPiece("low_tom", (43, 41), "Low tom"),
    KitPiece("closed_hat", (42,), "Hat", "closed_hat"),
    KitPiece("pedal_hat", (44,), "Foot hat", "pedal_hat"),
    KitPiece("mid_tom", (47, 45), "Mid tom"),
    KitPiece("open_hat", (46,), "Open hat", "open_hat"),
    KitPiece("high_tom", (50, 48), "High tom"),
    KitPiece("crash", (49, 57), "Crash", "crash"),
    KitPiece("ride", (51, 59), "Ride", "ride"),
    KitPiece("china", (52,), "China", "crash"),
    KitPiece("ride_bell", (53,), "Bell", "ride"),
    KitPiece("tambourine", (54,), "Tamb"),
    KitPiece("splash", (55,), "Splash", "crash"),
    KitPiece("cowbell", (56,), "Cowbell"),
    KitPiece("bongo", (60, 61), "Bongo"),
    KitPiece("conga", (62, 63, 64), "Conga"),
    KitPiece("cabasa", (69,), "Cabasa"),
    KitPiece("maracas", (70,), "Maracas"),
    KitPiece("claves", (75,), "Claves"),
    KitPiece("wood_block", (76, 77), "Block"),
    KitPiece("triangle", (80, 81), "Triangle"),
    KitPiece("shaker", (82,), "Shaker"),
)
KIT = {piece.id: piece.pitches[0] for piece in KIT_PIECES}
PIECE_OF = {pitch: piece for piece in KIT_PIECES for pitch in piece.pitches}


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
    return load_rows(table_path("grooves.toml.gz"), Groove)


@lru_cache(maxsize=1)
def drum_patterns() -> Rows[DrumPattern]:
    """All drum patterns by id."""
    return load_rows(table_path("drum_patterns.toml.gz"), DrumPattern)


@lru_cache(maxsize=1)
def drum_timing() -> Rows[DrumTiming]:
    """How drummers play each piece of the kit."""
    return load_rows(table_path("drum_timing.toml.gz"), DrumTiming)


@lru_cache(maxsize=1)
def timing_by_pitch() -> tuple[DrumTiming, ...]:
    """How drummers play what stands at each pitch 0..127; pitches without a piece play as the toms do."""
    rows = drum_timing()
    return tuple(rows[PIECE_OF[pitch].timed_as if pitch in PIECE_OF else "tom"] for pitch in range(128))


@lru_cache(maxsize=1)
def drum_styles() -> Rows[DrumStyle]:
    """How drummers of each style fill a bar."""
    return load_rows(table_path("drum_styles.toml.gz"), DrumStyle)


@lru_cache(maxsize=1)
def drum_fill() -> DrumFill:
    """How drummers fill a bar before something new."""
    return load_rows(table_path("drum_fills.toml.gz"), DrumFill)["fill"]
