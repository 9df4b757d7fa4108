"""Adam, for the small nets that are trained here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = list[NDArray[Any]]


def descend(
    weights: Weights,
    slopes: Callable[[Weights, NDArray[np.int64]], Weights],
    count: int,
    *,
    epochs: int,
    batch: int,
    rate: float,
    rng: np.random.Generator,
) -> Weights:
    """Weights after so many passes over `count` rows in batches; slopes(weights, rows) is the gradient of the loss.

    Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015; the rate falls linearly to nothing.
    """
    mean, square = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    steps, step = epochs * (count // batch), 0
    for _ in range(epochs):
        order = rng.permutation(count)
        for at in range(0, count - batch + 1, batch):
            step += 1
            now = rate * (1 - step / steps) + 1e-5
            for j, slope in enumerate(slopes(weights, order[at : at + batch])):
                mean[j] = 0.9 * mean[j] + 0.1 * slope
                square[j] = 0.999 * square[j] + 0.001 * slope * slope
                weights[j] -= now * (mean[j] / (1 - 0.9**step)) / (np.sqrt(square[j] / (1 - 0.999**step)) + 1e-8)
    return weights
