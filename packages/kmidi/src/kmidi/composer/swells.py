"""Expression (CC11): bowed, blown and sung parts swell through each phrase and settle at its end."""

from __future__ import annotations

from ..plan import PartPlan
from ..score import CONTROL_CHANGE
from ..tables import instruments
from .stage import Stage

# Held sounds; a struck or plucked one cannot swell after its onset. Pizzicato and harp are strings, but plucked.
_FAMILIES = ("strings", "voice", "synth", "brass", "wind")
_PLUCKED = ("pizzicato_strings", "harp", "synth_bass")
_SHAPE = ((0.0, 0.0), (0.2, 0.45), (0.4, 0.85), (0.6, 1.0), (0.8, 0.6))  # share of the phrase, share of the swell


def swells(stage: Stage, part: PartPlan) -> list[tuple[int, int, int, int]]:
    """Controller rows of a part: five steps a phrase, higher and wider where the section has more energy.

    None for drums, for struck and plucked instruments, and where humanize is 0.
    """
    tool = instruments()[part.instrument]
    if stage.plan.humanize == 0 or tool.family not in _FAMILIES or tool.id in _PLUCKED:
        return []
    rows: list[tuple[int, int, int, int]] = []
    for passage in stage.played(part):
        floor = 84 + 14 * passage.section.energy
        reach = (14 + 15 * passage.section.energy) * stage.plan.humanize
        steps = [(share, min(127, round(floor + reach * (height - 0.3)))) for share, height in _SHAPE]
        length = passage.section.phrase_bars * passage.bar_ticks
        for start in range(passage.start, passage.end, length):
            span = min(length, passage.end - start)
            rows += [(start + round(span * share), CONTROL_CHANGE, 11, value) for share, value in steps]
    return [row for row in rows if row[0] < stage.length]
