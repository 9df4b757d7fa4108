"""Swing heard in a part: late halves of the beat, and not the sixteenths that come after them."""

from __future__ import annotations

import pytest

from kmidi.analysis import analyze
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter


@pytest.mark.parametrize(
    ("strokes", "swing"),
    [
        pytest.param([[0, 0.5], [0, 0.5]], 1.0, id="straight eighths"),
        pytest.param([[0, 2 / 3], [0, 2 / 3]], 2.0, id="swung eighths"),
        pytest.param([[0, 0.75], [0, 0.75]], 3.0, id="three to one"),
        pytest.param([[0, 0.26, 0.7], [0.24, 0.5, 0.71]], 1.0, id="sixteenths, the last played early"),
        pytest.param([[0, 0.5, 0.71], [0.7], [0.5, 0.71]], 1.0, id="straight halves and more ghosts before the beat"),
        pytest.param([[0, 2 / 3], [0, 1 / 3, 2 / 3], [0, 2 / 3], [0, 2 / 3]], 2.0, id="a shuffle with some triplets"),
        pytest.param([[0, 1 / 3, 2 / 3]], None, id="running triplets"),
        pytest.param([[0, 1 / 3, 2 / 3], [0, 2 / 3], [0, 1 / 3, 2 / 3], [0, 1 / 3]], None, id="beats in three"),
    ],
)
def test_swing_is_of_the_second_half_of_the_beat(strokes: list[list[float]], swing: float | None) -> None:
    at = [round((beat + place) * PPQ) for beat in range(64) for place in strokes[beat % len(strokes)]]
    part = Part(name="kit", channel=9, notes=notes_array([(tick, 20, 38, 80, 0) for tick in at]))
    score = Score(
        length=64 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,)
    )  # fmt: skip
    groove = analyze(score).grooves[0]
    assert groove.swing == (swing and pytest.approx(swing, abs=0.02))
    assert groove.sd_ms < 25, "triplets stand where they are expected"
