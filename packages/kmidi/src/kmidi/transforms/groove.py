"""Groove: how a player stands to the grid, taken from one part and given to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError, TooLittleMusic, counted
from ..intent import check_range
from ..score import Score, find_part
from .parts import notes_of, with_notes

Ints, Floats = NDArray[np.int64], NDArray[np.float64]
SLOTS = 4  # sixteenths in a quarter note
_OFF_BEAT = (0.42, 0.72)  # where an off-beat eighth stands in its quarter, straight (.5) to 2:1 (.667); sixteenths: .75
_LEAST_SWING = 0.05  # below, the off-beats are straight and what is left is the player's lateness
_FEWEST_NOTES = 8
_LONGEST_BAR, _MOST_SWING, _MOST_LATE_MS = 1020, 2, 10_000  # 255 whole notes; half a sixteenth at 3.6 bpm is 2,100 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class GrooveTemplate:
    """How a part stands to a straight grid of sixteenths over one bar.

    late_ms and velocity have one value a slot of the bar: late (+) or early (-) in ms after swing is taken off, and
    loudness as a factor of the part's mean; None where the part has no note. swing 0 is straight, 1 is 2:1 on eighths.
    IntentError where a field has no such value, or the slots are not the bar's.
    """

    bar_quarters: float
    swing: float
    late_ms: tuple[float | None, ...]
    velocity: tuple[float | None, ...]

    def __post_init__(self) -> None:
        check_range("bar_quarters", self.bar_quarters, 1 / 64, _LONGEST_BAR)
        check_range("swing", self.swing, 0, _MOST_SWING)
        slots = _slots_of(self.bar_quarters)
        for field, values, low, high, unit in (
            ("late_ms", self.late_ms, -_MOST_LATE_MS, _MOST_LATE_MS, " ms"),
            ("velocity", self.velocity, 0, 127, ""),
        ):
            if len(values) != slots:
                raise IntentError(
                    f"{field} has {len(values)} values; bars of {self.bar_quarters:g} quarters have {slots}",
                    field=field,
                )
            for value in values:
                check_range(field, value, low, high, unit)


def extract_groove(score: Score, *, part: str) -> GrooveTemplate:
    """The groove of a part: medians over all bars. TooLittleMusic below eight notes.

    The swing is where the off-beat eighths stand (Friberg & Sundstrom, Music Perception 19:3, 2002, call the ratio of
    long to short the swing ratio; 2:1 is swing 1 here).
    """
    at = find_part(score, part)
    played = score.parts[at]
    if len(played.notes) < _FEWEST_NOTES:
        raise TooLittleMusic(
            f"{score.labels[at]!r} has {counted(len(played.notes), 'note')}; a groove needs {_FEWEST_NOTES}"
        )
    starts = played.notes["onset"] + played.notes["shift"]
    bar_quarters = _bar_quarters(score)
    count = _slots_of(bar_quarters)
    quarters, ahead = _in_bars(score, starts, bar_quarters)
    swing = _swing_of(quarters % 1.0)
    straight = _unswung(quarters, swing)
    slot = np.rint(straight * SLOTS).astype(np.int64)
    seconds = score.quarter_seconds(starts)
    late = (straight - slot / SLOTS) * seconds * 1000
    within = (slot + ahead) % count
    loud = played.notes["velocity"] / played.notes["velocity"].mean()
    return GrooveTemplate(
        bar_quarters=bar_quarters,
        swing=swing,
        late_ms=tuple(_median(late[within == s]) for s in range(count)),
        velocity=tuple(_median(loud[within == s]) for s in range(count)),
    )


def apply_groove(score: Score, *, groove: GrooveTemplate, amount: float = 1.0, part: str | None = None) -> Score:
    """A part (or all) played with a groove: amount 0 is the same score, 1 the whole groove.

    Bar lines, the length of the file and the count of notes stay. Notes are taken to stand on a straight grid: what
    they deviate from it stays on top. IntentError where the bars of groove and score differ in length.
    """
    check_range("amount", amount, 0, 2)
    if amount == 0:
        return score
    if groove.bar_quarters != _bar_quarters(score):
        raise IntentError(
            f"the groove has bars of {groove.bar_quarters:g} quarters, the score of {_bar_quarters(score):g}",
            field="groove",
        )
    notes, part_of = notes_of(score, part)
    if not len(notes):
        return score
    start = notes["onset"] + notes["shift"]
    quarters, ahead = _in_bars(score, start, groove.bar_quarters)
    slot = (np.rint(quarters * SLOTS).astype(np.int64) + ahead) % len(groove.late_ms)
    late = np.array([0.0 if value is None else value for value in groove.late_ms])[slot]
    loud = np.array([1.0 if value is None else value for value in groove.velocity])[slot]
    seconds = score.quarter_seconds(notes["onset"])
    moved = (_swung(quarters, groove.swing) - quarters + late / 1000 / seconds) * score.ppq * amount
    notes["shift"] += np.clip(np.rint(moved).astype(np.int64), -start, np.maximum(0, score.length - 1 - start))
    notes["velocity"] = np.clip(np.rint(notes["velocity"] * (1 + amount * (loud - 1))), 1, 127)
    return with_notes(score, notes, part_of)


def _swing_of(fraction: np.ndarray) -> float:
    """Swing 0..1.3 from where the off-beats stand in their quarter (0..1)."""
    off = fraction[(fraction > _OFF_BEAT[0]) & (fraction < _OFF_BEAT[1])]
    swing = float(np.median(off) - 0.5) * 6 if len(off) else 0.0
    return swing if swing >= _LEAST_SWING else 0.0


def _swung(quarters: np.ndarray, swing: float) -> np.ndarray:
    """Straight time made swung: the middle of each quarter moves to 1/2 + swing/6, lines between."""
    whole, rest = np.divmod(quarters, 1.0)
    middle = 0.5 + swing / 6
    return whole + np.where(rest <= 0.5, rest * middle / 0.5, middle + (rest - 0.5) * (1 - middle) / 0.5)


def _unswung(quarters: np.ndarray, swing: float) -> np.ndarray:
    whole, rest = np.divmod(quarters, 1.0)
    middle = 0.5 + swing / 6
    return whole + np.where(rest <= middle, rest * 0.5 / middle, 0.5 + (rest - middle) * 0.5 / (1 - middle))


def _slots_of(bar_quarters: float) -> int:
    return max(1, round(bar_quarters * SLOTS))


def _bar_quarters(score: Score) -> float:
    """Quarters in a bar of the meter that lasts longest, the first of several that last as long."""
    lasting: dict[float, int] = {}
    changes = score.meters_from_start
    for change, end in zip(changes, [*(c.tick for c in changes[1:]), score.length], strict=True):
        length = change.meter.bar_quarters
        lasting[length] = lasting.get(length, 0) + end - change.tick
    return max(lasting, key=lambda length: lasting[length])


def _in_bars(score: Score, starts: Ints, bar_quarters: float) -> tuple[Floats, Ints]:
    """Quarters of each start from its bar line, and the slots that its bar lacks in front: a pickup lacks some."""
    bars = score.bar_starts()
    if not len(bars):
        return starts / score.ppq, np.zeros(len(starts), np.int64)
    early = score.ppq // (2 * SLOTS)  # what is so little ahead of a bar line belongs to it
    at = np.maximum(np.searchsorted(bars, starts + early, side="right") - 1, 0)
    first = (bars[1] if len(bars) > 1 else score.length) - bars[0]
    lacking = max(0, _slots_of(bar_quarters) - round(first / score.ppq * SLOTS))
    return (starts - bars[at]) / score.ppq, np.where(at == 0, lacking, 0)


def _median(values: np.ndarray) -> float | None:
    return round(float(np.median(values)), 4) if len(values) else None
