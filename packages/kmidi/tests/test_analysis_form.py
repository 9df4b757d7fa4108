"""Form: phrases are found where material changes and returns, and the same material wears the same letter."""

from __future__ import annotations

import numpy as np
import pytest

from kmidi.analysis import analyze, describe
from kmidi.analysis.form import phrase_names
from kmidi.codec import to_json
from kmidi.midi import read, write
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Meter

VERSE = (["C", "Am", "F", "G"], (0, 1, 2, 3), (72, 74, 76, 74))
CHORUS = (["F", "G", "Em", "Am"], (0, 0.5, 1, 1.5, 2, 2.5, 3), (79, 81, 79, 77, 76, 77, 79))
BRIDGE = (["Dm", "E", "Am", "A7"], (0, 1.5, 3), (69, 65, 68))


def of_phrases(phrases: str, shift: int = 0) -> Score:
    """Eight bars a letter: two rounds of its four chords, with its own rhythm and tune."""
    rows: list[tuple[int, int, int, int, int]] = []
    for number, letter in enumerate(phrases):
        symbols, places, tune = {"V": VERSE, "C": CHORUS, "B": BRIDGE}[letter]
        for bar in range(8):
            at = (number * 8 + bar) * 4 * PPQ
            chord = Chord.parse(symbols[bar % 4]).transpose(shift)
            rows += [(at, 4 * PPQ, 48 + p, 70, 0) for p in chord.pitch_classes]
            resting = bar == 7
            for place, pitch in list(zip(places, tune, strict=True))[: 1 if resting else None]:
                rows.append((at + int(place * PPQ), PPQ // 2, pitch + shift + (bar % 4 == 3), 90, 0))
    part = Part(name="piano", channel=0, notes=notes_array(rows))
    length = len(phrases) * 8 * 4 * PPQ
    return Score(length=length, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))


@pytest.mark.parametrize("shift", range(12))
def test_new_material_begins_a_phrase_and_the_same_material_wears_the_same_letter(shift: int) -> None:
    form = analyze(read(write(of_phrases("VCVCBC", shift)))).form
    assert form is not None
    letter = {part.bar: part.letter for part in form.parts}
    assert {0, 8, 16, 24, 32, 40} <= set(letter)
    assert letter[0] == letter[16] != letter[8] == letter[24] == letter[40] != letter[32] != letter[0]


def test_phrases_fill_the_piece_without_gap_and_are_shown() -> None:
    analysis = analyze(of_phrases("VVCB"))
    assert analysis.form is not None
    ends = [part.bar + part.bars for part in analysis.form.parts]
    assert [part.bar for part in analysis.form.parts] == [0, *ends[:-1]]
    assert ends[-1] == 32
    assert f"form: {analysis.form.text}" in describe(analysis)
    assert '"letter"' in to_json(analysis)


def test_under_four_bars_there_is_no_form() -> None:
    rows = [(i * PPQ, PPQ, 60 + i % 5, 80, 0) for i in range(12)]
    part = Part(name="flute", channel=0, notes=notes_array(rows))
    score = Score(length=12 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))
    assert analyze(score).form is None


def test_the_letter_after_z_can_not_be_read_as_a_length() -> None:
    letters, _ = phrase_names([*range(0, 4 * 60 + 1, 4)], np.eye(240, dtype=np.float32))
    assert letters[24:28] == ["Y", "Z", "AA", "AB"]
    assert letters[51:53] == ["AZ", "BA"]
    assert len({*letters}) == 60
