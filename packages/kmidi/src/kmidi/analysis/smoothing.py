"""The likeliest path through states that rather stay than change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .heard import Ints


def smoothed(fit: NDArray[Any], bonus: NDArray[Any]) -> Ints:
    """The state of each step (steps,) on the path with the most log-odds, by Viterbi's algorithm.

    fit: (steps, states); bonus: (steps,) what staying in a state adds at that step. All changes cost alike, so that of
    the states to come from only the best and the same one count. A step is plain where its best state outdoes every
    other by more than both bonuses beside it: no path gains by another one there, and paths begin anew behind it.
    """
    path = fit.argmax(1)
    leads = fit[np.arange(len(fit)), path]
    beside = bonus.copy()
    beside[:-1] += bonus[1:]
    doubtful = np.count_nonzero(fit >= (leads - beside)[:, None], axis=1) > 1
    steps = (np.flatnonzero(doubtful[1:] | doubtful[:-1]) + 1).tolist()
    if 2 * len(steps) > len(fit) and (state := _lasting(fit, bonus[1:].min())) >= 0:
        return np.full(len(fit), state)
    best = fit.copy()  # of each step: the log-odds of the best path to each state since the last plain step
    leaps: list[int] = []
    for step in steps:
        before, here = best[step - 1], best[step]
        leaps.append(int(before.argmax()))
        here += np.maximum(before + bonus[step], before[leaps[-1]])
    stays = best[:-1] + bonus[1:, None] >= best[:-1].max(1, keepdims=True)
    path[-1] = best[-1].argmax()
    for step, leap in zip(reversed(steps), reversed(leaps), strict=True):
        path[step - 1] = path[step] if stays[step - 1, path[step]] else leap
    return path


def _lasting(fit: NDArray[Any], least: float) -> int:
    """The state that is best all through, if no stretch of another gains as much as a change costs at least; else -1.

    A stretch of another beside it takes a change; without it, all but one of the stretches do.
    """
    whole = int(fit.sum(0).argmax())
    gains = np.zeros((len(fit) + 1, fit.shape[1]), fit.dtype)
    np.cumsum(fit - fit[:, [whole]], 0, out=gains[1:])
    stretch = (gains - np.minimum.accumulate(gains, 0)).max()
    ends = gains.max() + (gains[-1] - gains).max()
    return whole if stretch < least and ends < least else -1
