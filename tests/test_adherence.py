"""What was asked is in the file: a sample of what bench/adherence.py tries two thousand times."""

from __future__ import annotations

from random import Random

import pytest

from bench.adherence import check, check_lock, some_intent
from kmidi.studio import LocalStudio


@pytest.mark.parametrize("number", range(60))
def test_a_random_intent_is_in_its_file(number: int):
    dice = Random(f"sample {number}")
    intent = some_intent(dice)
    studio = LocalStudio()
    take = studio.compose(intent)
    assert check(take) + check_lock(studio, take, dice) == [], intent.set_fields()
