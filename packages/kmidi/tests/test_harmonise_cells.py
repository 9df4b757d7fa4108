"""What a melody sounds in each bar is counted for all bars at once."""

from __future__ import annotations

import sys
from random import Random

import numpy as np
import pytest

from bench.hostile import file_of
from kmidi import TooLittleMusic, midi
from kmidi.score import notes_array
from kmidi.theory import Key
from kmidi.transforms import harmonise
from kmidi.transforms.harmonise import _sounding


def test_each_bar_counts_what_sounds_in_it_and_twice_what_begins_with_it() -> None:
    dice = Random(1)
    rows = [(dice.randrange(90), dice.randrange(60), dice.randrange(48, 72), 64, 0) for _ in range(80)]
    edges = np.array([0, 10, 11, 40, 64, 100])
    wanted = np.zeros((5, 12), np.int64)
    for onset, duration, pitch, _, _ in rows:
        for cell in range(5):
            inside = max(0, min(onset + duration, int(edges[cell + 1])) - max(onset, int(edges[cell])))
            wanted[cell, pitch % 12] += inside * (1 + (onset == edges[cell]))
    assert _sounding(notes_array(rows), edges).tolist() == wanted.tolist()


def test_a_bar_line_a_tick_costs_no_look_at_the_notes_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(notes: np.ndarray, edges: np.ndarray) -> np.ndarray:
        asked.append(len(edges))
        return _sounding(notes, edges)

    module = sys.modules["kmidi.transforms.harmonise"]  # the name in the package is the function
    monkeypatch.setattr(module, "_sounding", counted)
    meter = b"\x01\xff\x58\x04\x03\x02\x18\x08\x00\x90\x3c\x40\x01\x3c\x00"
    score = midi.read(file_of(meter * 300))
    harmonise(score, melody=score.labels[0], key=Key("C"))
    assert len(asked) == 1
    assert asked[0] > 300


def test_a_piece_of_no_length_has_no_time_for_chords() -> None:
    score = midi.read(file_of(b"\x00\x90\x3c\x40\x00\x3c\x00"))
    with pytest.raises(TooLittleMusic, match="0 ticks long"):
        harmonise(score, melody=score.labels[0], key=Key("C"))
