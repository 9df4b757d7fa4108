"""Voices of one texture: they keep their order, and the inner ones move where the others hold."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kmidi import Intent
from kmidi.score import Part
from kmidi.studio import LocalStudio


def _at(part: Part, ticks: np.ndarray) -> np.ndarray:
    """The pitch that a voice sings at each tick, -1 where it rests."""
    out = np.full(len(ticks), -1)
    for onset, duration, pitch in part.notes[["onset", "duration", "pitch"]].tolist():
        out[(ticks >= onset) & (ticks < onset + duration)] = pitch
    return out


@pytest.mark.parametrize("genre", ["string_quartet", "hymn"])
def test_voices_keep_their_order(genre: str) -> None:
    crossed = moments = inner = bars = 0
    for seed in range(12):
        text = ("longing for home", "joy", "grief", "calm")[seed % 4]
        take = LocalStudio().compose(Intent(text=text, genre=genre, bars=24, seed=seed, rule_breaks=()))
        parts = list(zip(take.plan.parts, take.score.parts, strict=True))
        roles = ("melody", "counter", "bass")
        voices = [part for role in roles for planned, part in parts if planned.role == role]
        ticks = np.unique(np.concatenate([voice.notes["onset"] for voice in voices]))
        lines = [_at(voice, ticks) for voice in voices]
        crossed += sum(int(((a < b) & (a >= 0)).sum()) for a, b in pairwise(lines))
        moments += len(ticks)
        inner += sum(len(voice.notes) for voice in voices[1:-1])
        bars += 2 * take.plan.bars
    assert crossed < 0.01 * moments  # chorales of Bach: 3 of 100
    assert inner > 1.4 * bars
