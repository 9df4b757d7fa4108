"""What was asked is in the file: a sample of what bench/adherence.py tries two thousand times."""

from __future__ import annotations

from random import Random

import pytest

from bench.adherence import check, check_lock, some_intent, wide_intent
from kmidi import Intent
from kmidi.studio import LocalStudio


@pytest.mark.parametrize("number", range(60))
def test_a_random_intent_is_in_its_file(number: int):
    dice = Random(f"sample {number}")
    intent = some_intent(dice)
    studio = LocalStudio()
    take = studio.compose(intent)
    assert check(take) + check_lock(studio, take, dice) == [], intent.set_fields()


@pytest.mark.parametrize("number", range(40))
def test_an_intent_at_the_edges_is_in_its_file(number: int):
    dice = Random(f"edge {number}")
    intent = wide_intent(dice)
    studio = LocalStudio()
    take = studio.compose(intent)
    assert check(take) + check_lock(studio, take, dice) == [], intent.set_fields()


@pytest.mark.parametrize("seed", range(40))
def test_a_part_whose_only_gap_lies_behind_the_end_is_heard(seed: int):
    """The piece ends within its last bar: an answer to the tune's last rest would come after it."""
    asked = Intent(text="we won", genre="hip_hop", bpm=60.7, meter="12/8", seconds=20.3, instruments=("marimba", "synth_brass"), seed=seed)  # fmt: skip
    assert all(len(part.notes) for part in LocalStudio().compose(asked).score.parts)
