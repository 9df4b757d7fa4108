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


def test_what_a_teacher_would_say_once_is_said_once() -> None:
    """Four times the same fifths under the tune, and two parts of one loudness among three."""
    bass = [(48, 45)[beat % 8 == 1] if beat % 8 < 2 else (43, 41, 36)[beat % 3] for beat in range(32)]
    tune = [(67, 64)[beat % 8 == 1] if beat % 8 < 2 else (71, 72, 74)[beat * 2 % 3] for beat in range(32)]
    lines = [
        Part(name=name, channel=at, program=73, notes=notes_array([(i * PPQ, PPQ, pitch, loud(i), 0) for i, pitch in enumerate(pitches)]))
        for at, (name, pitches, loud) in enumerate(
            [("tune", tune, lambda i: 60 + i), ("viola", [62] * 32, lambda _: 80), ("bass", bass, lambda _: 70)]
        )
    ]  # fmt: skip
    score = replace(chart(*["C"] * 8), parts=tuple(lines))
    analysis = analyze(score)
    assert [f.bar for f in analysis.findings if f.id == "parallel_fifths"] == [0, 2, 4, 6]
    said = describe(analysis, score)
    (fifths,) = [line for line in said.splitlines() if "parallel fifths" in line]
    assert fifths.startswith("bars 1, 3, 5 and 1 more, trouble: tune and bass move in parallel fifths")
    assert said.count("plays every note about as loud") == 2
    assert said.count("players' strokes differ by 10 and more") == 1


def test_parts_that_stand_on_the_grid_share_a_line() -> None:
    score = chart(*["C", "Am", "F", "G"] * 4)
    late = [(at + 8, *rest) for at, *rest in score.parts[0].notes.tolist()]
    score = replace(score, parts=(*score.parts, *(Part(name=f"horn {n}", channel=n, notes=score.parts[0].notes) for n in (1, 2)), Part(name="lazy", channel=3, notes=notes_array(late))))  # fmt: skip
    grooves = [line for line in describe(analyze(score), score).splitlines() if line.startswith("groove")]
    assert grooves == [
        "groove, lazy: +8 ms against the grid, spread 0 ms",
        "groove: on the grid: piano, horn 1, horn 2",
    ]


def test_a_file_that_lags_as_a_whole_is_told_so_once() -> None:
    score = chart(*["C", "Am", "F", "G"] * 4)
    notes = [notes_array([(at + 8 + n, *rest) for at, *rest in score.parts[0].notes.tolist()]) for n in range(4)]
    parts = [Part(name=f"horn {n}", channel=n, notes=late) for n, late in enumerate(notes)]
    early = notes_array([(at - 40, *rest) for at, *rest in score.parts[0].notes.tolist() if at])
    score = replace(score, parts=(*parts, Part(name="eager", channel=5, notes=early)))
    grooves = [line for line in describe(analyze(score), score).splitlines() if line.startswith("groove")]
    assert grooves == [
        "groove, eager: -42 ms against the grid, spread 0 ms",
        "groove: as a whole +10 ms against the grid, spread up to 0 ms: horn 0, horn 1, horn 2, horn 3",
    ]
