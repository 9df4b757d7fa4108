"""Tempo and meter as the file's maps state them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from ..score import Score
from ..theory import Meter


def lasting_bpm(score: Score) -> tuple[float | None, float]:
    """(Quarter notes per minute of the tempo that holds longest, its share of the piece's time); (None, 0) without one.

    Tempos are compared as whole beats per minute, so that a slow drift counts as one tempo.
    """
    if not score.tempos or score.length <= 0:
        return None, 0.0
    if len(score.tempos) == 1:
        return score.tempos[0].bpm, 1.0
    starts = np.array([t.tick for t in score.tempos], np.int64)
    ends = np.append(starts[1:], max(score.length, int(starts[-1]) + 1))
    lasting = score.to_seconds(ends) - score.to_seconds(starts)
    seconds: dict[int, float] = defaultdict(float)
    exact: dict[int, tuple[float, float]] = {}
    for tempo, duration in zip(score.tempos, lasting.tolist(), strict=True):
        near = round(tempo.bpm)
        seconds[near] += duration
        exact[near] = max(exact.get(near, (-1.0, 0.0)), (duration, tempo.bpm))
    longest = max(seconds, key=lambda near: (seconds[near], -near))
    total = sum(seconds.values())
    return exact[longest][1], seconds[longest] / total if total else 1.0


def lasting_meter(score: Score) -> tuple[Meter | None, float]:
    """(The meter that holds longest, its share of the ticks); (None, 0) where the file states none."""
    if not score.meters:
        return None, 0.0
    if len(score.meters) == 1:
        return score.meters[0].meter, 1.0
    ends = [change.tick for change in score.meters[1:]] + [max(score.length, score.meters[-1].tick + 1)]
    ticks: dict[Meter, int] = defaultdict(int)
    for change, end in zip(score.meters, ends, strict=True):
        ticks[change.meter] += end - change.tick
    longest = max(ticks, key=lambda meter: (ticks[meter], str(meter)))
    return longest, ticks[longest] / max(sum(ticks.values()), 1)
