"""Expression (CC11): bowed, blown and sung parts swell through each phrase and settle at its end."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from ..plan import PartPlan
from ..score import CONTROL, CONTROL_CHANGE, EXPRESSION, Controls
from ..tables import instruments
from .stage import Column, Stage

# Held sounds; a struck or plucked one cannot swell after its onset. Pizzicato and harp are strings, but plucked.
_FAMILIES = ("strings", "voice", "synth", "brass", "wind")
_PLUCKED = ("pizzicato_strings", "harp", "synth_bass")
# Fifths of the phrase: from 0, the least, to 1, the fullest, and back to where the next phrase begins.
_SHAPE = (0.0, 0.45, 0.85, 1.0, 0.6, 0.0)
_NONE = np.zeros(0, CONTROL)
_STEP = 3  # at once; about half a decibel, less than is heard as a step


def swells(stage: Stage, part: PartPlan) -> Controls:
    """Controller rows of a part: a rise and a fall each phrase, higher and wider where the section has more energy.

    None for drums, for struck and plucked instruments, and where humanize is 0.
    """
    tool = instruments()[part.instrument]
    if stage.plan.humanize == 0 or tool.family not in _FAMILIES or tool.id in _PLUCKED:
        return _NONE
    phrases: list[tuple[Column, Column]] = []
    for passage in stage.played(part):
        floor = 84 + 14 * passage.section.energy
        reach = (14 + 15 * passage.section.energy) * stage.plan.humanize
        line = tuple(min(127, round(floor + reach * (height - 0.3))) for height in _SHAPE)
        length = passage.section.phrase_bars * passage.bar_ticks
        for start in range(passage.start, passage.end, length):
            after, values = _steps(line, min(length, passage.end - start))
            phrases.append((start + after, values))
    if not phrases:
        return _NONE
    tick, value = map(np.concatenate, zip(*phrases, strict=True))
    kept = int(tick.searchsorted(stage.length))
    rows = np.empty(kept, CONTROL)
    rows["tick"], rows["kind"], rows["number"], rows["value"] = tick[:kept], CONTROL_CHANGE, EXPRESSION, value[:kept]
    return rows


@lru_cache(maxsize=64)
def _steps(line: tuple[int, ...], length: int) -> tuple[Column, Column]:
    """Ticks and values by which a line of values, evenly spread over a length, is followed in small steps."""
    steps, parts = [(0, line[0])], len(line) - 1
    for at, (low, high) in enumerate(pairwise(line)):
        begin, end = at * length // parts, (at + 1) * length // parts
        count = -(-abs(high - low) // _STEP)
        steps += [
            (begin + i * (end - begin) // count, low + (high - low) * i // count)
            for i in range(1, count + (at + 1 < parts))
        ]
    return np.array([after for after, _ in steps]), np.array([value for _, value in steps])
