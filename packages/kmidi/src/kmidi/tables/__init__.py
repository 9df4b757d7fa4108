"""Taste as data: what a musician would want to change is a row here."""

from .counts import counts, draw
from .cues import CueRow, cue_rows
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
    Pattern,
    Progression,
    emotions,
    genres,
    harmony_styles,
    instruments,
    patterns,
    progressions,
)
from .rule_rows import RuleBreak, find_rule_break, rule_breaks

__all__ = [
    "CueRow",
    "DrumPattern",
    "DrumStyle",
    "DrumTiming",
    "Emotion",
    "Genre",
    "Groove",
    "HarmonyStyle",
    "Instrument",
    "PartRow",
    "Pattern",
    "Progression",
    "RuleBreak",
    "counts",
    "cue_rows",
    "draw",
    "drum_fill",
    "drum_patterns",
    "drum_styles",
    "drum_timing",
    "emotions",
    "find_rule_break",
    "genres",
    "grooves",
    "harmony_styles",
    "instruments",
    "load_folder",
    "load_rows",
    "patterns",
    "progressions",
    "rule_breaks",
    "table_path",
]
