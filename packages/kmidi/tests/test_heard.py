"""What lies on top is what nothing higher sounds over, however many strokes are looked at together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmidi.analysis import heard
from kmidi.analysis.heard import Heard
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter

NOTES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12), st.integers(50, 62)), max_size=30, unique_by=lambda n: (n[0], n[2]))  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 3, 4_096])
@given(notes=NOTES)
def test_on_top(at_once: int, notes: list[tuple[int, int, int]]) -> None:
    part = Part(name="keys", channel=0, notes=notes_array([(on, long, pitch, 80, 0) for on, long, pitch in notes]))
    score = Score(length=4 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heard, "CELLS_AT_ONCE", at_once)
        found = Heard.of(score)
        told = [
            not any(found.onset[k] <= on < found.end[k] and found.pitch[k] > pitch for k in range(len(found)))
            for on, pitch in zip(found.onset.tolist(), found.pitch.tolist(), strict=True)
        ]
        assert found.on_top.tolist() == told
