"""The studio: takes that grow from takes, through words and their wishes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kmidi import Affect, Intent
from kmidi.studio import LocalStudio


@pytest.mark.parametrize("seed", [2, 4, 5, 6])
def test_what_the_words_wished_for_is_not_taken_for_a_new_wish(seed: int):
    studio = LocalStudio()
    first = Intent(text="slow waltz in D minor about my father", seed=1)
    before = studio.plan(first)
    after = studio.plan(replace(first, seed=seed, parent=first, locks=("chords",)))
    assert [(s.name, s.bars, s.chords) for s in after.sections] == [(s.name, s.bars, s.chords) for s in before.sections]


def test_each_ancestor_is_read_once():
    class Counting(LocalStudio):
        def read(self, intent: Intent) -> Affect:
            counted[intent.seed] += 1
            return super().read(intent)

    counted: Counter[int] = Counter()
    intent = Intent(text="the long way home", bars=8, seed=0)
    for seed in range(1, 7):
        intent = replace(intent, seed=seed, parent=intent, locks=("bars:1-2",))
    Counting().compose(intent)
    assert counted == Counter(range(7))
