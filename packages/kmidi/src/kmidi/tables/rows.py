"""The rows that several stages read: instruments and genres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..plan import Role
from .load import load_folder, load_rows, table_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument: its General MIDI program 0..127, playable pitches and family; `drums` programs are kits."""

    id: str
    name: str
    program: int
    low: int
    high: int
    family: str
    source: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A part of a genre's arrangement, most needed first. register: low and high pitch; from_energy 0..1: sections with
    less energy leave it out. density, loudness, legato are 0..1 around .5 = as the feeling says.
    """

    role: Role
    instrument: str
    register: tuple[int, int]
    pattern: str
    name: str = ""
    density: float = 0.5
    loudness: float = 0.5
    legato: float = 0.5
    from_energy: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Genre:
    """A genre: who plays, how fast (bpm low, high), in which meter, groove and form."""

    id: str
    name: str
    bpm: tuple[float, float]
    meter: str
    groove: str
    swing: float
    form: tuple[str, ...]
    parts: tuple[PartRow, ...]
    source: str
    about: str = ""
    synonyms: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def instruments() -> dict[str, Instrument]:
    """All instruments by id."""
    return load_rows(table_path("instruments.toml"), Instrument)


@lru_cache(maxsize=1)
def genres() -> dict[str, Genre]:
    """All genres by id."""
    return load_folder(table_path("genres"), Genre)
