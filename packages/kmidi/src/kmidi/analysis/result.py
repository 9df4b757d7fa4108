"""The Analysis: what was heard in a score, each reading with a confidence. Types only."""

from __future__ import annotations

from dataclasses import dataclass

from ..score import ChordSpan
from ..theory import Key, Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was heard. A reading that the music is too short or too plain for is None, never a guess; confidences 0..1.

    key is found in the notes alone; stated_key is what the file says of itself. bpm: quarter notes per minute, the
    tempo that holds longest. chords carry onset and duration in ticks and a Roman numeral in `key`;
    chord_confidences has one value a chord.
    """

    key: Key | None
    key_confidence: float
    stated_key: Key | None
    meter: Meter | None
    meter_confidence: float
    bpm: float | None
    bpm_confidence: float
    chords: tuple[ChordSpan, ...]
    chord_confidences: tuple[float, ...]
