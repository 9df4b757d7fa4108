"""Keys and chords found in plain cadences, in all twelve keys."""

from __future__ import annotations

import pytest

from kmidi.analysis import analyze
from kmidi.errors import TooLittleMusic
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Meter


def block_chords(symbols: list[str], shift: int = 0, quarters: int = 4) -> Score:
    """Root-position chords with their bass an octave below, one a bar of 4/4."""
    rows: list[tuple[int, int, int, int, int]] = []
    for index, symbol in enumerate(symbols):
        chord = Chord.parse(symbol).transpose(shift)
        onset, duration = index * quarters * PPQ, quarters * PPQ
        rows.append((onset, duration, 36 + chord.bass, 80, 0))
        rows += [(onset, duration, 60 + (chord.root + step) % 12, 80, 0) for step in chord.intervals]
    return Score(
        length=len(symbols) * quarters * PPQ,
        tempos=(Tempo(0, 500_000),),
        meters=(MeterChange(0, Meter(4, 4)),),
        parts=(Part(name="piano", channel=0, notes=notes_array(rows)),),
    )


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize(
    ("symbols", "tonic", "minor"),
    [
        pytest.param(["C", "F", "G", "C"], 0, False, id="I IV V I"),
        pytest.param(["Am", "Dm", "E", "Am"], 9, True, id="i iv V i"),
        pytest.param(["C", "Am", "F", "G", "C"], 0, False, id="I vi IV V I"),
    ],
)
def test_key_of_a_cadence(symbols: list[str], tonic: int, minor: bool, shift: int) -> None:
    key = analyze(block_chords(symbols, shift)).key
    assert key is not None
    assert (key.pitch_class, key.is_minor) == ((tonic + shift) % 12, minor)


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize("quality", ["", "m", "dim", "7", "maj7", "m7"])
def test_chords_have_their_true_onsets_and_lengths(quality: str, shift: int) -> None:
    found = analyze(block_chords(["C" + quality, "F", "G" + quality, "C"], shift))
    wanted = [Chord.parse(s).transpose(shift) for s in ["C" + quality, "F", "G" + quality, "C"]]
    assert [(s.onset, s.duration, s.chord.root, s.chord.quality) for s in found.chords] == [
        (i * 4 * PPQ, 4 * PPQ, c.root, c.quality) for i, c in enumerate(wanted)
    ]


def test_tempo_and_meter_come_from_the_maps() -> None:
    found = analyze(block_chords(["C", "F"]))
    assert (found.bpm, found.meter, found.stated_key) == (120.0, Meter(4, 4), None)


def test_one_note_has_no_key() -> None:
    rows = notes_array([(0, 480, 60, 80, 0)])
    score = Score(length=1920, tempos=(), meters=(), parts=(Part(name="", channel=0, notes=rows),))
    assert analyze(score).key is None


def test_no_note_is_too_little() -> None:
    with pytest.raises(TooLittleMusic, match="no notes"):
        analyze(Score(length=0, tempos=(), meters=()))
