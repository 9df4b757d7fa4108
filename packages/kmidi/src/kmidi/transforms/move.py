"""Move some notes of one part by semitones: the smallest repair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import IntentError
from ..intent import check_range
from ..score import KEY_PRESSURE, MOST_BARS, Score, find_part, without_overlaps
from .parts import bars_asked, with_part
from .pitch import with_keys


def move_notes(
    score: Score, *, part: str, semitones: int, bar: int = 0, bars: int = MOST_BARS, lowest: int = 0, highest: int = 127
) -> Score:
    """The notes of one part that start in these bars (from 0) and lie in lowest..highest, so many semitones higher.

    Pressure on their keys goes along; all else stays. IntentError where no such part or no such note is, or a note
    would leave 0..127.
    """
    check_range("semitones", semitones, -127, 127)
    where = bars_asked(bar, bars)
    index = find_part(score, part)
    found = score.parts[index]
    starts = score.bar_starts()
    notes = found.notes.copy()
    number = np.searchsorted(starts, notes["onset"], side="right") - 1
    in_bars = (number >= bar) & (number < bar + bars)
    chosen = in_bars & (notes["pitch"] >= lowest) & (notes["pitch"] <= highest)
    if notes.size and not chosen.any():
        there = f"bars {number[0]} to {number[-1]}, in pitches {notes['pitch'].min()} to {notes['pitch'].max()}"
        raise IntentError(
            f"{part!r} has no note {where}, in pitches {lowest} to {highest}; its notes lie in {there}",
            field="lowest" if in_bars.any() else "bar",
        )
    moved = notes["pitch"][chosen].astype(np.int64) + semitones
    if ((moved < 0) | (moved > 127)).any():
        raise IntentError(f"{part!r} moved by {semitones} leaves the pitches 0 to 127", field="semitones")
    notes["pitch"][chosen] = moved
    number = np.searchsorted(starts, found.controls["tick"], side="right") - 1
    key = found.controls["number"]
    inside = (number >= bar) & (number < bar + bars) & (key >= lowest) & (key <= highest)
    pressed = np.flatnonzero(inside & (found.controls["kind"] == KEY_PRESSURE))
    controls = with_keys(found.controls, pressed, key[pressed].astype(np.int64) + semitones)
    notes = without_overlaps(notes, score.length, fresh=chosen)
    return with_part(score, index, replace(found, notes=notes, controls=controls))
