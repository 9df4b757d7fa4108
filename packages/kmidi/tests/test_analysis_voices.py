"""What two voices may do: suspensions and doublings are craft, a foreign semitone and a lost voice are troubles."""

from __future__ import annotations

import pytest

from kmidi.analysis import analyze
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Meter

CHORDS = ["C", "F", "G", "C", "Am", "Dm", "G", "C"]
Line = list[tuple[float, float, int]]  # beat, beats, pitch


def part(name: str, channel: int, line: Line) -> Part:
    rows = [
        (round(at * PPQ), round(beats * PPQ), pitch, 60 + i * 7 % 40, 0) for i, (at, beats, pitch) in enumerate(line)
    ]
    return Part(name=name, channel=channel, notes=notes_array(rows))


def piece(*parts: Part) -> Score:
    return Score(length=32 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=parts)


def chords() -> Part:
    """Block chords, one a bar, over their roots."""
    said = [Chord.parse(symbol) for symbol in CHORDS]
    upper = [(4.0 * bar, 4.0, 60 + (c.root + step) % 12) for bar, c in enumerate(said) for step in c.intervals]
    return part("piano", 0, [*upper, *((4.0 * bar, 4.0, 36 + c.bass) for bar, c in enumerate(said))])


def found(score: Score, what: str) -> list[int]:
    """The bars in which a trouble is remarked."""
    return [finding.bar for finding in analyze(score).findings if finding.id == what]


@pytest.mark.parametrize(
    ("line", "rubs"),
    [
        ([(8, 2, 72), (10, 2, 71)], False),  # C is held over G and steps down to B
        ([(8, 2, 72), (10.5, 1.5, 71)], False),  # a breath later
        ([(8, 2, 72), (10, 2, 67)], True),  # it leaps away
        ([(8, 2, 72), (10, 2, 70)], True),  # it steps to a tone that is no more at home
        ([(8, 2, 72)], True),  # it is left hanging
        ([(10, 4, 72)], False),  # it anticipates C
        ([(10, 2, 72), (12, 4, 72)], False),  # so it does, struck again
        ([(8, 2, 72), (10, 2, 72)], True),  # struck again over the chord that it is foreign to
        ([(8, 2, 68), (10, 2, 67)], True),  # Ab is not of the key: a slip, wherever it goes
    ],
)
def test_a_dissonance_that_its_line_explains_is_no_clash(line: Line, rubs: bool) -> None:
    oboe = part("oboe", 1, [(0, 4, 67), (4, 4, 69), *line, (16, 4, 72), (20, 4, 74), (28, 4, 72)])
    assert found(piece(chords(), oboe), "clash") == ([2] if rubs else [])


@pytest.mark.parametrize(
    ("upper", "rubs"),
    [
        ([56, 59, 65], False),  # Ab over G, B and F: the flat ninth of G7
        ([56, 59, 62], True),  # without its seventh nothing pulls, and Ab is a slip
    ],
)
def test_the_flat_ninth_of_a_dominant_over_its_root_is_a_colour(upper: list[int], rubs: bool) -> None:
    rows = [(4.0 * bar, 4.0, p) for bar, name in enumerate(CHORDS) for p in ([48 + c for c in Chord.parse(name).pitch_classes] if bar != 2 else upper)]  # fmt: skip
    bass = part("bass", 1, [(4.0 * bar, 4.0, 36 + Chord.parse(name).bass) for bar, name in enumerate(CHORDS)])
    assert found(piece(part("piano", 0, rows), bass), "clash") == ([2] if rubs else [])


def tune_over_bass(tune: list[int], bass: list[int], *others: Part) -> Score:
    """Two lines in quarters over thirty-two beats, the given tones from beat 8 on; else they part ways."""
    high, low = [76, 74, 72, 74] * 8, [48, 52, 53, 55] * 8
    high[8 : 8 + len(tune)], low[8 : 8 + len(bass)] = tune, bass
    lines = [[(float(i), 1.0, pitch) for i, pitch in enumerate(line)] for line in (high, low)]
    return piece(part("flute", 1, lines[0]), part("cello", 2, lines[1]), *others)


def test_steps_in_octaves_here_and_there_are_parallels() -> None:
    assert found(tune_over_bass([72, 74, 71, 72, 76, 77], [48, 50, 43, 45, 52, 53]), "parallel_octaves") == [2, 3]


@pytest.mark.parametrize("again", [False, True])
def test_a_tune_doubled_in_octaves_is_one_voice_on_purpose_though_tones_are_struck_again(again: bool) -> None:
    tune = [72, 74, 74, 76, 76, 77, 79] if again else [72, 74, 76, 77, 79]
    assert found(tune_over_bass(tune, [pitch - 24 for pitch in tune]), "parallel_octaves") == []


def test_a_bass_that_falls_home_under_a_tune_that_does_too_is_a_cadence() -> None:
    score = tune_over_bass([79, 72, 71, 72, 79, 72], [55, 48, 50, 45, 55, 48])
    assert found(score, "parallel_octaves") == []


def test_all_in_unison_for_two_steps_lose_no_voice() -> None:
    tune, bass = [72, 74, 71, 72, 76, 77], [48, 50, 43, 45, 52, 53]
    middle = part("viola", 3, [(float(8 + i), 1.0, pitch - 12) for i, pitch in enumerate(tune) if i not in (2, 3)])
    assert found(tune_over_bass(tune, bass, middle), "parallel_octaves") == []


@pytest.mark.parametrize(("pairs", "bars"), [([(45, 50), (43, 48)], []), ([(57, 50), (55, 48)], [2, 3])], ids=["A under D", "A over D"])  # fmt: skip
def test_lines_that_cross_in_fourths_are_no_parallel_fifths(pairs: list[tuple[int, int]], bars: list[int]) -> None:
    lines = [*zip([76, 74, 72, 71] * 8, [48, 52, 53, 55] * 8, strict=True)]
    lines[9:11] = lines[13:15] = pairs
    upper, lower = ([(float(i), 1.0, pitch) for i, pitch in enumerate(line)] for line in zip(*lines, strict=True))
    assert found(piece(part("flute", 1, upper), part("cello", 2, lower)), "parallel_fifths") == bars


def test_one_note_that_rubs_with_a_tone_in_three_parts_is_one_clash() -> None:
    foreign = part("brass", 4, [(8.0, 4.0, 68)])  # Ab against the G of G major
    three = [
        part(name, at, [(8.0, 4.0, pitch)])
        for at, (name, pitch) in enumerate([("horn", 67), ("viola", 67), ("oboe", 79)], 1)
    ]
    assert found(piece(chords(), *three, foreign), "clash") == [2]
