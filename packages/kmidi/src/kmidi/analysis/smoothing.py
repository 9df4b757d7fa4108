"""The likeliest path through states that rather stay than change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .heard import Ints


def smoothed(fit: NDArray[Any], bonus: NDArray[Any]) -> Ints:
    """The state of each step (steps,) on the path with the most log-odds, by Viterbi's algorithm.

    fit: (steps, states); bonus: (steps,) what staying in a state adds at that step. All changes cost alike, so that of
    the states to come from only the best and the same one count.
    """
    best = fit.copy()  # of each step: the log-odds of the best path to each state
    leaps: list[int] = []
    for before, here, stay in zip(best[:-1], best[1:], bonus[1:], strict=True):
        leaps.append(int(before.argmax()))
        here += np.maximum(before + stay, before[leaps[-1]])
    stays = best[:-1] + bonus[1:, None] >= best[:-1].max(1, keepdims=True)
    path = [int(best[-1].argmax())]
    for step in range(len(leaps) - 1, -1, -1):
        path.append(path[-1] if stays[step, path[-1]] else leaps[step])
    return np.array(path[::-1])
