"""Taste as data: what a musician would want to change is a row here."""

from .counts import counts, draw
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
from .rows import (
    Emotion,
    Genre,
    HarmonyStyle,
    Instrument,
    PartRow,
    Progression,
    emotions,
    genres,
    harmony_styles,
    instruments,
    progressions,
)

__all__ = [
    "DrumPattern",
    "DrumStyle",
    "DrumTiming",
    "Emotion",
    "Genre",
    "Groove",
    "HarmonyStyle",
    "Instrument",
    "PartRow",
    "Progression",
    "counts",
    "draw",
    "drum_fill",
    "drum_patterns",
    "drum_styles",
    "drum_timing",
    "emotions",
    "genres",
    "grooves",
    "harmony_styles",
    "instruments",
    "load_folder",
    "load_rows",
    "progressions",
    "table_path",
]
