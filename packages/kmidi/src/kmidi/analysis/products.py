"""Products of matrices in pieces that one thread does soonest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]

SMALL = (1 << 19) - 1  # multiplications in one product: from twice 2 ** 18 on OpenBLAS wakes its threads,
ROWS = 16  # of so many rows at least


def product(left: Singles, right: Singles, out: Singles | None = None) -> Singles:
    """left @ right in pieces too small to wake the threads of a linear algebra library, which cost more than they do."""
    inner, columns = right.shape
    if len(left) * inner * columns <= SMALL:
        return np.matmul(left, right, out=out)
    wide = max(1, min(columns, SMALL // (ROWS * inner)))
    tall = max(1, SMALL // (wide * inner))
    out = np.empty((len(left), columns), np.float32) if out is None else out
    for at in range(0, len(left), tall):
        for along in range(0, columns, wide):
            part = out[at : at + tall, along : along + wide]
            np.matmul(left[at : at + tall], right[:, along : along + wide], out=part)
    return out
