"""The likeliest path through states, against every path there is."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from kmidi.analysis.smoothing import lasting, smoothed


@pytest.mark.parametrize("spread", [0.3, 1.0, 6.0], ids=["all steps doubtful", "some", "hardly any"])
def test_no_path_is_worth_more(spread: float) -> None:
    dice = Random(f"paths/{spread}")
    for _ in range(40):
        steps, states = dice.randrange(1, 7), dice.randrange(1, 4)
        fit = np.array([[dice.gauss(0, spread) for _ in range(states)] for _ in range(steps)])
        bonus = np.array([dice.choice((0.7, 5.0)) for _ in range(steps)])

        def worth(path: tuple[int, ...], fit: np.ndarray = fit, bonus: np.ndarray = bonus) -> float:
            stays = [at for at in range(1, len(path)) if path[at] == path[at - 1]]
            return float(fit[np.arange(len(path)), list(path)].sum() + bonus[stays].sum())

        found = worth(tuple(smoothed(fit, bonus).tolist()))
        assert found == pytest.approx(max(worth(path) for path in product(range(states), repeat=steps)))


@pytest.mark.parametrize("plain", [0.0, 0.3, 0.7], ids=["one long stretch", "few", "many short ones"])
def test_long_paths_are_worth_as_much_as_the_recursion_says(plain: float) -> None:
    """Over 80 steps, some of which no other state comes near: stretches end at them."""
    dice = np.random.default_rng(round(10 * plain))
    for _ in range(20):
        fit = dice.normal(0, 1, (80, 4)) * np.where(dice.random((80, 1)) < plain, 40, 1)
        bonus = dice.choice((0.7, 2.0), 80)
        most = fit[0]
        for step in range(1, len(fit)):
            most = fit[step] + (most[:, None] + bonus[step] * np.eye(4)).max(0)
        path = smoothed(fit, bonus)
        worth = fit[np.arange(len(fit)), path].sum() + bonus[1:][path[1:] == path[:-1]].sum()
        assert worth == pytest.approx(most.max())


def test_a_state_said_to_last_is_the_whole_path() -> None:
    dice = Random("paths/lasting")
    told = 0
    for _ in range(200):
        fit = np.array([[dice.gauss(0.3 * (state == 1), 1) for state in range(3)] for _ in range(8)])
        state = lasting(fit, 2.0)
        told += state >= 0
        assert state < 0 or set(smoothed(fit, np.full(8, 2.0)).tolist()) == {state}
    assert 20 < told < 180
