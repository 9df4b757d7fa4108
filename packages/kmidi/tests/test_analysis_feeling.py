"""The feeling heard in the notes is as sure as its model knows such music."""

from __future__ import annotations

from kmidi.analysis import analyze
from kmidi.analysis.result import HeardFeeling
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter


def felt(players: int) -> HeardFeeling:
    """Hammered minor chords, by so many players in unison."""
    rows = [
        (beat * PPQ // 2, PPQ // 2, pitch, 100 + beat % 9, 0)
        for beat in range(64)
        for pitch in (40, 52, 55, 59, 64, 67)
    ]
    parts = tuple(Part(name=f"piano {n}", channel=n, notes=notes_array(rows)) for n in range(players))
    found = analyze(
        Score(length=32 * PPQ, tempos=(Tempo(0, 400_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=parts)
    ).feeling
    assert found is not None
    return found


def test_the_farther_from_the_clips_that_taught_it_the_less_sure() -> None:
    duo, band, crowd = felt(2), felt(4), felt(8)  # denser than any pianist's clip, and denser still
    assert duo.quadrant == band.quadrant == crowd.quadrant == 2
    assert duo.confidence > band.confidence + 0.05
    assert band.confidence > crowd.confidence + 0.05
    assert crowd.confidence > 0.25
