"""A score as text: spelled pitches, beats, drum tablature."""

from __future__ import annotations

from kmidi.score import ChordSpan, KeyChange, Marker, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Key, Meter
from tests.golden.notation import to_text


def test_a_bar_reads_as_a_musician_would_write_it():
    keys = Part(
        name="Keys", channel=0, notes=notes_array([(0, 960, 71, 80, 12), (0, 960, 66, 80, 9), (720, 240, 70, 60, 0)])
    )
    kit = Part(
        name="Kit", channel=9, notes=notes_array([(0, 60, 36, 100, 0), (480, 60, 38, 100, -8), (840, 60, 38, 30, 0)])
    )
    score = Score(
        title="Test", length=1920, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),),
        keys=(KeyChange(0, Key("Gb")),), markers=(Marker(0, "verse"),), chords=(ChordSpan(0, 1920, Chord(11), "IV"),),
        parts=(keys, kit),
    )  # fmt: skip
    assert to_text(score).splitlines() == [
        "Test", "Gb major · 4/4 · 120 bpm · 1 bars", "", "[verse] from bar 1: Cb/4",
        "  Keys   1  1:Gb4+Cb5/2 2.5:Bb4/0.5  (73)",
        "       snare  ....x..o........", "        kick  x...............",
    ]  # fmt: skip
