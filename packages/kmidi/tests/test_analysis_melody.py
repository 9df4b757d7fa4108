"""Which part sings: one line, high, and there most of the time, whatever the parts are called."""

from __future__ import annotations

from dataclasses import replace

from kmidi.analysis import analyze, describe
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter

Line = list[tuple[float, float, int]]  # beat, beats, pitch
SONG = (64, 67, 69, 67, 65, 64, 62, 64)


def part(line: Line, channel: int) -> Part:
    rows = [(round(at * PPQ), round(beats * PPQ), pitch, 70, 0) for at, beats, pitch in line]
    return Part(name=f"track {channel}", channel=channel, notes=notes_array(rows))


def piece(*lines: Line) -> Score:
    parts = tuple(part(line, channel) for channel, line in enumerate(lines))
    return Score(length=64 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=parts)


def sung(score: Score) -> int | None:
    melody = analyze(score).melody
    return None if melody is None else melody.part


def tune(octave: int = 0) -> Line:
    return [(float(i), 1.0, SONG[i % 8] + 12 * octave) for i in range(64)]


def chords() -> Line:
    return [(4.0 * bar, 4.0, pitch) for bar in range(16) for pitch in ((60, 64, 67), (65, 69, 72))[bar % 2]]


def test_a_counter_line_above_that_is_seldom_there_is_not_the_melody() -> None:
    calls = [(8.0 * i + 6, 1.0, 84 + i % 3) for i in range(8)]
    assert sung(piece(calls, tune(), chords())) == 1


def test_an_arpeggio_that_runs_along_above_is_not_the_melody() -> None:
    runs = [(i / 4, 0.25, 76 + (0, 3, 7, 12)[i % 4]) for i in range(256)]
    assert sung(piece(chords(), runs, tune())) == 2


def test_a_violin_stays_the_melody_though_it_stops_two_strings_at_times() -> None:
    stopped = sorted([*tune(1), *((8.0 * i, 2.0, 67) for i in range(8)), *((8.0 * i + 3, 1.0, 72) for i in range(8))])
    viola = [(float(i), 1.0, (60, 62)[i % 2]) for i in range(64)]
    assert sung(piece(stopped, viola, [(i * 2.0, 2.0, 48 - i % 3) for i in range(32)])) == 0


def test_of_several_voices_in_one_part_what_lies_far_below_the_tune_is_left_out() -> None:
    """The tune rests in every fourth bar, and the chords go on under it."""
    sings = [note for note in tune(1) if note[0] % 16 < 12]
    below = [(i / 2, 0.5, (36, 43, 48, 43)[i % 4]) for i in range(128)]
    melody = analyze(piece(sorted([*sings, *below]))).melody
    assert melody is not None
    assert [pitch for _, _, pitch in melody.notes] == [pitch for _, _, pitch in sings]


def test_the_part_that_sings_is_named() -> None:
    score = piece(chords(), tune())
    named = replace(score, parts=(replace(score.parts[0], name=" "), replace(score.parts[1], name="Oboe")))
    lines = describe(analyze(named), named).splitlines()
    assert any(line.startswith("melody: in part 2 (Oboe), 64 notes") for line in lines)
    assert any(line.startswith("part 1: chords") for line in lines)
    assert any(line.startswith("part 2 (Oboe): single line") for line in lines)
    assert "melody: in part 2, 64 notes" in describe(analyze(named))
