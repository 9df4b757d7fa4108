"""The reason that speaks of harmonic rhythm says what the file's chords do."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from kmidi import Affect, Intent
from kmidi.composer import compose
from kmidi.planner import plan
from kmidi.tables import genres


@pytest.mark.parametrize("genre", sorted(genres()))
def test_the_stated_chord_rhythm_is_the_one_that_sounds(genre: str):
    decided = plan(Intent(genre=genre, bars=24, seed=4, rule_breaks=()), Affect(valence=0.1, arousal=0.6))
    said = next(reason for reason in decided.reasons if reason.what == "chord rhythm")
    chords = [span.roman for span in compose(decided).chords]
    changes = 1 + sum(a != b for a, b in pairwise(chords))
    assert re.fullmatch(r"[\d.]+ a bar", said.value)
    assert abs(float(said.value.split()[0]) - changes / decided.bars) < 0.06
