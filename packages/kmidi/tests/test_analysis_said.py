"""What `kmidi analyze` says: a chart that a musician plays from, each chord in its bar and spelled by its section."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmidi.analysis import analyze, describe
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Meter

BAR = 4 * PPQ


def chart(*bars: str) -> Score:
    """Block chords over their roots, those of a bar alike in length; "/" goes on."""
    rows: list[tuple[int, int, int, int, int]] = []
    for number, bar in enumerate(bars):
        symbols = bar.split()
        for place, symbol in enumerate(symbols):
            chord = Chord.parse(symbol if symbol != "/" else [s for b in bars[: number + 1] for s in b.split() if s != "/"][-1])  # fmt: skip
            at, lasting = number * BAR + place * BAR // len(symbols), BAR // len(symbols)
            rows += [(at, lasting, pitch, 70 + number % 5, 0) for pitch in (36 + chord.bass, *(60 + p for p in chord.pitch_classes))]  # fmt: skip
    return Score(
        length=len(bars) * BAR,
        tempos=(Tempo(0, 500_000),),
        meters=(MeterChange(0, Meter(4, 4)),),
        parts=(Part(name="piano", channel=0, notes=notes_array(sorted(rows))),),
    )


def test_chords_stand_in_their_bars_eight_a_line() -> None:
    score = chart("C", "F G", "C", "/", "Am", "F", "G", "/", "C", "F G", "C", "/")
    lines = describe(analyze(score), score).splitlines()
    at = lines.index("chords:")
    assert lines[at + 1 : at + 3] == [
        "   1 | C | F G | C | / | Am | F | G | / |",
        "   9 | C | F G | C | / |",
    ]
    assert lines[at + 3 : at + 5] == ["roman:", "   1 | I | IV V | I | / | vi | IV | V | / |"]


def test_chords_are_spelled_by_the_key_of_their_section_and_sections_have_their_bars() -> None:
    score = chart(*["C", "Am", "F", "G"] * 4, *["Db", "Bbm", "Gb", "Ab"] * 4)
    said = describe(analyze(score), score)
    assert "keys by section: C major from bar 1, Db major from bar 17" in said
    assert "| Db | Bbm | Gb | Ab |" in said


def test_without_the_score_or_bars_chords_stand_in_a_row() -> None:
    assert "chords: C F G C" in describe(analyze(chart("C", "F G", "C", "/", "Am")))


@pytest.mark.parametrize(
    "symbols", [["Dm9", "G13", "Cmaj9", "A7b9"], ["Cm6", "Fm7", "Dm7b5", "G7b9"], ["C6/9", "Am7", "Fmaj7", "G7sus4"]]
)
def test_chords_of_four_held_tones_and_more_keep_their_names_under_a_tune(symbols: list[str]) -> None:
    """A tune over them passes through tones that are none of theirs."""
    score = chart(*symbols * 3)
    key = (0, 2, 4, 5, 7, 9, 11) if symbols[0] != "Cm6" else (0, 2, 3, 5, 7, 8, 10)
    tune = [(at * PPQ // 2, PPQ // 2, 72 + key[at * 3 % 7], 80, 0) for at in range(8 * 12)]
    score = replace(score, parts=(*score.parts, Part(name="flute", channel=1, notes=notes_array(tune))))
    heard = analyze(score).chords
    named = [next(s.chord for s in reversed(heard) if s.onset <= bar * BAR) for bar in range(12)]
    assert [(c.root, c.quality) for c in named] == [(c.root, c.quality) for c in map(Chord.parse, symbols * 3)]
