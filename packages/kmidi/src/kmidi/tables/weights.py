"""Weights of trained layers in small files: large ones in bytes, each output with a step of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .load import table_path

STEP = "_step"  # behind a name: what one unit of that array's bytes is worth, by its last axis
LARGE = 4096  # values from which bytes are worth it

Singles = NDArray[np.float32]


def packed(weights: Mapping[str, NDArray[Any]], grain: int = 1) -> dict[str, NDArray[Any]]:
    """What to store for weights by name: large arrays as int8 steps of their outputs (the last axis), others as float16.

    grain: only every so many-th step is taken; the file is the smaller.
    """
    most = 127 // grain * grain
    stored: dict[str, NDArray[Any]] = {}
    for name, values in weights.items():
        if values.size < LARGE:
            stored[name] = values.astype(np.float16)
            continue
        step = (np.abs(values).max(axis=tuple(range(values.ndim - 1))) / most).astype(np.float32)
        stored[name] = (np.rint(values / np.where(step > 0, step, 1) / grain) * grain).astype(np.int8)
        stored[name + STEP] = step
    return stored


def read_weights(table: str) -> dict[str, Singles]:
    """The weights of a table of kmidi's by name. OSError, ValueError where the file is none."""
    with np.load(table_path(table), allow_pickle=False) as file:
        stored = {name: file[name].astype(np.float32, order="C") for name in file.files}
    return {
        name: values * stored[name + STEP] if name + STEP in stored else values
        for name, values in stored.items()
        if not name.endswith(STEP)
    }
