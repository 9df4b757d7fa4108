"""Seeded randomness: one named stream for each decision, equal in every process and on every platform."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class Stream:
    """Random choices from a text seed such as "7/verse/melody".

    Only Random.random is used: Python guarantees its sequence for a seed across versions, not that of the other methods.
    """

    __slots__ = ("unit",)

    def __init__(self, seed: str) -> None:
        # a number in 0 <= x < 1
        self.unit = Random(seed).random

    def chance(self, probability: float) -> bool:
        """True with this probability (0..1)."""
        return self.unit() < probability

    def below(self, count: int) -> int:
        """A whole number 0 .. count - 1."""
        return int(self.unit() * count)

    def between(self, low: float, high: float) -> float:
        """A number in low..high."""
        return low + (high - low) * self.unit()

    def choice(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[int(self.unit() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, by weight (not negative, not all zero)."""
        left = self.unit() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def bell(self) -> float:
        """A number near a normal distribution of mean 0 and standard deviation 1, within -3.5..3.5."""
        u = self.unit
        return (u() + u() + u() + u() - 2.0) * 1.7320508075688772


def units(*draws: tuple[str, int]) -> NDArray[np.float64]:
    """For each text seed so many numbers in 0 <= x < 1, one behind the other: the bytes of SHAKE-128, four to a number."""
    drawn = b"".join([hashlib.shake_128(seed.encode()).digest(4 * count) for seed, count in draws])
    return np.frombuffer(drawn, "<u4") / 4294967296.0


def bells(*draws: tuple[str, int]) -> NDArray[np.float64]:
    """For each text seed so many numbers, one behind the other: near a normal distribution of mean 0 and standard
    deviation 1, as Stream.bell, at once.
    """
    drawn = units(*[(seed, 4 * count) for seed, count in draws])
    # sums of such numbers are exact in any order; by strides they are quicker than along an axis of four
    return (drawn[::4] + drawn[1::4] + drawn[2::4] + drawn[3::4] - 2.0) * 1.7320508075688772
