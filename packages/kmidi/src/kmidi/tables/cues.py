"""The rows of the cue model: what a feeling asks of each musical cue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .load import Rows, load_rows, table_path


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRow:
    """A cue: base + valence * V + arousal * A in its unit, within low..high. `taste` names the seed's own leaning."""

    id: str
    unit: str
    base: float
    valence: float
    arousal: float
    spread: float
    low: float
    high: float
    decimals: int
    taste: str
    source: str


@lru_cache(maxsize=1)
def cue_rows() -> Rows[CueRow]:
    """All cues by id."""
    return load_rows(table_path("cues.toml.gz"), CueRow)
