"""The likeliest path through states that rather stay than change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .heard import Flags, Ints

TOGETHER = 5  # steps that take as long as one of many stretches at once


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
    steps = (doubtful[1:] | doubtful[:-1]).nonzero()[0] + 1
    if steps.size:
        _follow(fit, bonus, steps, path)
    return path


def _follow(fit: NDArray[Any], bonus: NDArray[Any], steps: Ints, path: Ints) -> None:
    """Find the path in doubtful stretches: `steps` are those that the step before them has a say in.

    Stretches do not touch: the first steps of all are gone together, then their second ones; few long ones step by step.
    """
    opens = np.ones(len(steps) + 1, np.bool_)  # of each stretch, and the end
    np.greater(steps[1:] - steps[:-1], 1, out=opens[1:-1])
    edges = opens.nonzero()[0]
    length = edges[1:] - edges[:-1]
    longest = (-length).argsort(kind="stable")
    first = steps.take(edges[:-1]).take(longest) - 1  # the step before: what a stretch begins from
    going = (len(length) - np.bincount(length).cumsum()[:-1]).tolist()  # stretches of more than 0, 1, 2 … steps
    if len(going) * TOGETHER > len(steps):
        _singly(fit, bonus, steps.tolist(), path)
        return
    best = [fit.take(first, axis=0)]  # log-odds of the best path to each state, of the stretches that go so far
    worth: list[NDArray[Any]] = []  # and what it is to change from the best: that costs, instead of what staying adds
    for step, count in enumerate(going, 1):
        at, before = first[:count] + step, best[-1][:count]
        changed = np.maximum.reduce(before, 1) - bonus.take(at)
        here = np.maximum(before, changed[:, None])
        here += fit.take(at, axis=0)
        best.append(here)
        worth.append(changed)
    state = best[-1].argmax(1)
    path[first[: len(state)] + len(going)] = state
    for step in range(len(going) - 1, -1, -1):
        before, count = best[step], going[step]
        stays = before[np.arange(count), state] >= worth[step]
        leap = before.argmax(1)
        leap[:count] = np.where(stays, state, leap[:count])
        state = leap
        path[first[: len(state)] + step] = state


def _singly(fit: NDArray[Any], bonus: NDArray[Any], steps: list[int], path: Ints) -> None:
    best, leaps = fit.copy(), list[tuple[int, Any]]()
    for step in steps:
        before = best[step - 1]
        leap = int(before.argmax())
        leaps.append((leap, changed := before[leap] - bonus[step]))
        best[step] += np.maximum(before, changed)
    path[-1] = best[-1].argmax()
    for step, (leap, changed) in zip(reversed(steps), reversed(leaps), strict=True):
        state = path[step]
        path[step - 1] = state if best[step - 1, state] >= changed else leap


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
