"""Taste as data: what a musician would want to change is a row here."""

from .kit import (
    DrumPattern,
    DrumStyle,
    DrumTiming,
    Groove,
    drum_fill,
    drum_patterns,
    drum_styles,
    drum_timing,
    grooves,
)
from .load import load_folder, load_rows, table_path
from .rows import Genre, Instrument, PartRow, genres, instruments

__all__ = [
    "DrumPattern",
    "DrumStyle",
    "DrumTiming",
    "Genre",
    "Groove",
    "Instrument",
    "PartRow",
    "drum_fill",
    "drum_patterns",
    "drum_styles",
    "drum_timing",
    "genres",
    "grooves",
    "instruments",
    "load_folder",
    "load_rows",
    "table_path",
]
