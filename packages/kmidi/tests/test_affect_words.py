"""What single sentences read as: the plain cases."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.affect import feel

QUADRANTS = {"joyful": (1, 1), "tense": (-1, 1), "sad": (-1, -1), "calm": (1, -1)}


@pytest.mark.parametrize(
    ("text", "quadrant"),
    [("pure joy", "joyful"), ("deep sadness", "sad"), ("rage", "tense"), ("I feel peaceful", "calm")],
)
def test_a_plain_sentence_lies_in_its_quadrant(text: str, quadrant: str) -> None:
    read = feel(Intent(text=text))
    valence, arousal = QUADRANTS[quadrant]
    assert read.valence * valence > 0.3
    assert read.arousal * arousal > 0.2


def test_a_denied_feeling_is_not_that_feeling() -> None:
    read = feel(Intent(text="I am not angry"))
    assert read.valence > 0
    assert read.arousal < 0


def test_what_stands_behind_but_carries_the_sentence() -> None:
    assert feel(Intent(text="scared but hopeful")).valence > 0
    assert feel(Intent(text="hopeful but scared")).valence < 0


def test_what_was_set_wins_over_the_words_and_keeps_them() -> None:
    read = feel(Intent(text="pure joy", valence=-0.5))
    assert read.valence == -0.5
    assert read.arousal > 0.3
    assert read.reader == "set"
    assert [e.words for e in read.evidence] == ["joy"]
