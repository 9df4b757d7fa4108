"""Accents follow the meter, told once for all parts of a score."""

from __future__ import annotations

import numpy as np
import pytest

from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter
from kmidi.transforms import humanize


def of_parts(count: int, meters: list[Meter]) -> Score:
    """Parts of quarters through bars of these meters, a bar each."""
    ticks = np.cumsum([0, *(meter.bar_ticks(PPQ) for meter in meters)]).tolist()
    rows = [(at, PPQ // 2, 60, 80, 0) for at in range(0, ticks[-1], PPQ // 2)]
    parts = tuple(Part(name=f"p{n}", channel=n % 9, notes=notes_array(rows)) for n in range(count))
    changes = tuple(MeterChange(tick, meter) for tick, meter in zip(ticks[:-1], meters, strict=True))
    return Score(length=ticks[-1], tempos=(Tempo(0, 500_000),), meters=changes, parts=parts)


def test_bars_are_counted_once_however_many_parts_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    score = of_parts(12, [Meter(3, 4), Meter(4, 4)] * 20)
    asked: list[int] = []
    counted = Score.bar_starts

    def asking(self: Score) -> np.ndarray:
        asked.append(1)
        return counted(self)

    monkeypatch.setattr(Score, "bar_starts", asking)
    humanize(score)
    assert len(asked) == 1


def test_downbeats_stand_out_in_every_meter() -> None:
    meters = [Meter(3, 4), Meter(4, 4), Meter(6, 8)] * 30
    score = of_parts(1, meters)
    played = humanize(score).parts[0].notes
    first = np.isin(played["onset"], score.bar_starts())
    between = played["onset"] % PPQ != 0
    assert played["velocity"][first].mean() - played["velocity"][between & ~first].mean() > 4
