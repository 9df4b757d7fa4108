"""The likeliest path through states that rather stay than change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .heard import Flags, Ints


def smoothed(fit: NDArray[Any], bonus: NDArray[Any]) -> Ints:
    """The state of each step (steps,) on the path with the most log-odds, by Viterbi's algorithm.

    fit: (steps, states); bonus: (steps,) what staying in a state adds at that step. All changes cost alike, so that of
    the states to come from only the best and the same one count. A step is plain where its best state outdoes every
    other by more than both bonuses beside it: no path gains by another one there, and paths begin anew behind it.
    """
    rows, path = np.arange(len(fit)), fit.argmax(1)
    leads = fit[rows, path]
    beside = bonus.copy()
    beside[:-1] += bonus[1:]
    near: Flags = fit >= (leads - beside)[:, None]
    near[rows, path] = False
    doubtful: Flags = np.logical_or.reduce(near, axis=1)
    steps = ((doubtful[1:] | doubtful[:-1]).nonzero()[0] + 1).tolist()
    best = fit.copy()  # of each step: the log-odds of the best path to each state since the last plain step
    leaps: list[tuple[int, float]] = []  # the best state of the step before, and what it is worth to change from it
    gains = bonus.tolist()
    came = np.empty_like(best[0])
    for step in steps:
        before, here = best[step - 1], best[step]
        leap = int(before.argmax())
        changed = before[leap] - gains[step]  # what a change costs, instead of what staying adds
        leaps.append((leap, changed))
        np.maximum(before, changed, out=came)
        here += came
    path[-1] = best[-1].argmax()
    states = path.tolist()
    for step, (leap, changed) in zip(reversed(steps), reversed(leaps), strict=True):
        state = states[step]
        states[step - 1] = state if best[step - 1, state] >= changed else leap
    return np.array(states, np.int64)


def lasting(fit: NDArray[Any], least: float) -> int:
    """The state that is best all through, if no stretch of another gains as much as a change costs at least; else -1.

    A stretch of another beside it takes a change; without it, all but one of the stretches do.
    """
    whole = int(np.add.reduce(fit, 0).argmax())
    gains = np.zeros((len(fit) + 1, fit.shape[1]), fit.dtype)
    (fit - fit[:, whole, None]).cumsum(0, out=gains[1:])
    stretch = (gains - np.minimum.accumulate(gains, 0)).max()
    ends = gains.max() + (gains[-1] - gains).max()
    return whole if stretch < least and ends < least else -1
