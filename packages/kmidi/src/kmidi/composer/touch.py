"""A pianist's touch in time: chords that are not struck quite at once, and a tempo that breathes inside the bar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..plan import PartPlan
from .stage import Stage

_SPREAD_MS = 34.0  # times u squared: median 8.5 ms, 90th percentile 28 ms; pianists of ASAP: 8 and 29
_LEAN = 0.085  # of a beat: how far the middle of a bar leans; neighbouring beats then differ by about 5.5 %, as in ASAP


def breathing(stage: Stage, part: PartPlan, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Ticks by which rubato moves each place; 0 on every bar line, so bars last what they last.

    Stiller and softer feelings lean more; the last bar of a phrase leans back most.
    """
    still = 1 - 0.7 * stage.plan.affect.arousal
    beat = stage.bar_ticks / len(stage.beats)
    out = np.zeros(len(ticks))
    bars = ticks // stage.bar_ticks
    count = int(bars.max()) + 2 if len(ticks) else 0
    lean = np.zeros(count)
    for passage in stage.played(part):
        unit = stage.stream(passage.section.name, f"{part.role}/rubato").unit
        at = 0.0
        for bar in range(passage.section.bars):
            at = 0.4 * at + 0.9 * (unit() + unit() - 1) * 1.5
            closing = bar % passage.section.phrase_bars == passage.section.phrase_bars - 1
            index = passage.start // stage.bar_ticks + bar
            if index < count:
                lean[index] = at + (0.8 if closing else 0.0)
    share = (ticks % stage.bar_ticks) / stage.bar_ticks
    out = lean[bars] * 4 * share * (1 - share) * beat * _LEAN * still * 1.6
    return out * stage.plan.humanize


def touched(
    stage: Stage, part: PartPlan, onset: NDArray[np.int64], duration: NDArray[np.int64], shift: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(shift, duration) of a keyboard part's notes by onset, then pitch: hands strike together within their spread, and
    breathe.

    The notes of an onset take the shift of the first of them, then follow each other from the lowest up.
    """
    if stage.plan.humanize == 0 or not len(onset):
        return shift, duration
    first = np.searchsorted(onset, onset, side="left")
    shift = shift[first]
    unit = stage.stream("piece", f"{part.role}/spread").unit
    ms = stage.plan.bpm / 60_000 * stage.ppq
    sizes = np.searchsorted(onset, onset, side="right") - first
    drawn = {at: unit() ** 2 * _SPREAD_MS for at in np.unique(first).tolist()}
    spread = np.array([drawn[at] for at in first.tolist()])
    place = (np.arange(len(onset)) - first) / np.maximum(1, sizes - 1)
    start = breathing(stage, part, onset)
    stop = breathing(stage, part, onset + duration)
    moved = shift + np.rint(start + spread * place * ms * stage.plan.humanize).astype(np.int64)
    moved = np.clip(moved, -(onset // 2), np.maximum(0, stage.length - 2 - onset))
    return moved, np.maximum(1, duration + np.rint(stop - start).astype(np.int64))
