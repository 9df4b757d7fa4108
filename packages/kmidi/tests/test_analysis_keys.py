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


# Tunes alone, from the tonic in semitones, each for a quarter unless said. Some never rest on it.
TUNES = {
    "Ode to Joy": ("ionian", "4 4 5 7 7 5 4 2 0 0 2 4 4:1.5 2:.5 2:2 4 4 5 7 7 5 4 2 0 0 2 4 2:1.5 0:.5 0:2"),
    "Frère Jacques": ("ionian", "0 2 4 0 0 2 4 0 4 5 7:2 4 5 7:2 7:.5 9:.5 7:.5 5:.5 4 0 7:.5 9:.5 7:.5 5:.5 4 0 0 -5 0:2 0 -5 "
        "0:2"),
    "Amazing Grace": ("ionian", "-5 0:2 4:.5 0:.5 4:2 2 0:2 -3 -5:2 -5 0:2 4:.5 0:.5 4:2 2 7:5 4 7:2 4:.5 7:.5 4:2 2 0:2 -3 -5:2 "
        "-5 0:2 4:.5 0:.5 4:2 2 0:5"),
    "Auld Lang Syne": ("ionian", "-5 0:1.5 0:.5 0 4 2:1.5 0:.5 2 4 0:1.5 0:.5 4 7 9:3 9 7:1.5 4:.5 4 0 2:1.5 0:.5 2 4 0:1.5 -3:.5 "
        "-3 -5 0:3"),
    "God Rest Ye": ("aeolian", "0 0 7 7 5 3 2 0 -2 0 2 3 5 7:3 0 0 7 7 5 3 2 0 -2 0 2 3 5 7:3 7 8 5 7 8 10 12 7 5 3 0 2 3 5:2 3 "
        "5 7:2 8 7 7 5 3 2 0:2 3:.5 2:.5 0 5:2 3 5 7 8 10 12 7 5 3 2 0:3"),
    "Blow the Candle Out": ("ionian", "7:.25 5:.25 4:.75 5:.25 4:.5 0:.5 -3:.75 -1:.25 0:.5 2:.5 4:.5 5:.5 2:.75 0:.25 0:1.5 0:.25 "
        "2:.25 4:.75 5:.25 4:.5 2:.5 4:.5 9:.5 9:.5 11:.5 12:.5 14:.5 11:.75 9:.25 9:1.5 0:.25 2:.25 "
        "4:.75 5:.25 4:.5 2:.5 4:.5 9:.5 9:.5 11:.5 12:.75 16:.25 14:.25 12:.25 11:.25 12:.25 9:.75 "
        "11:.25 12:.5 9:.5 7:.75 5:.25 4:.25 2:.25 0:.25 -1:.25 -3:.75 -1:.25 0:.5 2:.5 4:.75 5:.25 "
        "4:.25 2:.25 0:.25 -1:.25 0:1.5"),
    "Connaughtman's Rambles": ("ionian", "7:.25 5:.25 4:.5 7:.5 7:.5 12:.5 7:.5 7:.5 9:.5 7:.5 9:.5 12:.5 7:.5 5:.5 4:.5 7:.5 7:.5 12:.5 "
        "16:.5 14:.5 12:.5 9:.5 9:.5 9:.5 7:.5 5:.5 4:.5 7:.5 7:.5 12:.5 7:.5 7:.5 9:.5 7:.5 9:.5 12:.5 "
        "14:.5 16:.5 17:.5 16:.5 14:.5 12:.5 16:.5 14:.5 12:.5 9:.5 9:.5 9 17:.5 16:.5 21:.5 21:.5 16:.5 "
        "19:.5 19:.5 16:.5 14:.5 12:.5 12:.5 14:.5 17:.5 16:.5 21:.5 21:.5 16:.5 19:.5 19:.5 16:.5 14:.5 "
        "12:.5 14 17:.5 16:.5 21:.5 21:.5 16:.5 19:.5 19:.5 16:.5 14:.5 12:.5 12:.5 14:.5 16:.5 17:.5 "
        "16:.5 14:.5 12:.5 16:.5 14:.5 12:.5 9:.5 9:.5 9"),
    "Skin the Peeler": ("ionian", "2:.5 4 7:.5 9 11:.5 12:1.5 2 4:.5 7 11:.5 7:.5 4:.5 2:.5 4 7:.5 9 11:.5 12 14:.5 16 14:.5 12 "
        "9:.5 7:.5 4:.5 2:.5 4 2:.5 4 2:.5 0 2:.5 4 2:.5 4 9:.5 7:.5 4:.5 2:.5 4 2:.5 4 2:.5 0 2:.5 4 "
        "7:.5 9 11:.5 7:.5 4:.5 2:.5"),
    "Drunken Sailor": ("dorian", "7 7:.5 7:.5 7 7:.5 7:.5 7 0 3 7 5 5:.5 5:.5 5 5:.5 5:.5 5 -2 2 5 7 7:.5 7:.5 7 7:.5 7:.5 7 9 10 "
        "12 10 7 5 2 0:2 0:2"),
}  # fmt: skip


def alone(tune: str, tonic: int) -> Score:
    """A voice that sings steps above a pitch, each for a quarter or for what stands after a colon."""
    rows: list[tuple[int, int, int, int, int]] = []
    at = 0
    for note in tune.split():
        step, _, quarters = note.partition(":")
        lasting = round(float(quarters or 1) * PPQ)
        rows.append((at, lasting, tonic + int(step), 80, 0))
        at += lasting
    return Score(
        length=at, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),),
        parts=(Part(name="voice", channel=0, notes=notes_array(rows)),),
    )  # fmt: skip


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize("name", TUNES)
def test_key_of_a_tune_alone(name: str, shift: int) -> None:
    mode, tune = TUNES[name]
    key = analyze(alone(tune, 65 + shift)).key
    assert key is not None
    assert (key.pitch_class, key.mode) == ((5 + shift) % 12, mode)


@pytest.mark.parametrize("pitches", [[33], [40, 47]], ids=["one tone", "a fifth"])
def test_one_tone_or_a_bare_fifth_has_no_key_and_no_chords(pitches: list[int]) -> None:
    rows = [(i * 240, 200, pitches[i % len(pitches)], 90, 0) for i in range(64)]
    part = Part(name="acid", channel=0, notes=notes_array(rows))
    score = Score(length=16 * 960, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))
    found = analyze(score)
    assert (found.key, found.key_confidence, found.chords) == (None, 0.0, ())


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize(
    ("line", "pitch"),
    [
        pytest.param("0 0 -5 -5 -3 -3 -8 -8 -7 -7 -12 -12 -7 -7 -5 -5 " * 2, 36, id="a bass in fourths"),
        pytest.param(
            " ".join(
                f"{a} {b} {c} {b} {a} {b} {c} {b}" for a, b, c in ((0, 4, 7), (-3, 0, 4), (-3, 0, 5), (-1, 2, 7)) * 2
            ),
            60,
            id="broken chords",
        ),
    ],
)
def test_a_bass_and_broken_chords_tell_their_key_by_chords(line: str, pitch: int, shift: int) -> None:
    key = analyze(alone(line, pitch + shift)).key
    assert key is not None
    assert (key.pitch_class, key.is_minor) == (shift, False)


FIFTHS = {
    "no third anywhere": (["C5", "F5", "G5", "C5"] * 4, ["C5", "F5", "G5", "C5"]),
    "thirds from elsewhere": (["B5", "D5", "E5", "G5"] * 4, ["Bm", "D", "Em", "G"]),
}


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize("name", FIFTHS)
def test_a_bare_fifth_has_no_third_that_never_sounds(name: str, shift: int) -> None:
    symbols, wanted = FIFTHS[name]
    found = analyze(block_chords(symbols, shift)).chords
    heard = [next(s.chord for s in reversed(found) if s.onset <= bar * 4 * PPQ) for bar in range(4, 8)]
    assert heard == [Chord.parse(symbol).transpose(shift) for symbol in wanted]


@pytest.mark.parametrize("shift", range(12))
@pytest.mark.parametrize(("loop", "away"), [(["C", "F", "G", "C"], 3), (["C", "Am", "F", "G"], 10)])
def test_home_has_the_mode_of_its_own_section(loop: list[str], away: int, shift: int) -> None:
    home = loop * 4
    moved = [Chord.parse(symbol).transpose(away).symbol() for symbol in home]
    found = analyze(block_chords(home + moved, shift))
    assert found.key is not None
    assert found.key.mode == "ionian"
    assert [(s.key.pitch_class, s.key.mode) for s in found.keys] == [
        (shift, "ionian"),
        ((shift + away) % 12, "ionian"),
    ]


@pytest.mark.parametrize("shift", [0, 9])
@pytest.mark.parametrize(
    ("symbols", "tonics", "mode"),
    [
        pytest.param(["Gm", "C"] * 8 + ["Am", "D"] * 8, (7, 9), "dorian", id="a vamp of dorian, a whole tone up"),
        pytest.param(["Dm7", "Em7"] * 8 + ["Ebm7", "Fm7"] * 4 + ["Dm7", "Em7"] * 4, (2, 3, 2), "dorian", id="there and back"),
    ],
)  # fmt: skip
def test_a_modal_piece_that_moves_keeps_its_mode(
    symbols: list[str], tonics: tuple[int, ...], mode: str, shift: int
) -> None:
    found = analyze(block_chords(symbols, shift))
    assert found.key is not None
    assert (found.key.pitch_class, found.key.mode) == ((tonics[0] + shift) % 12, mode)
    assert [(s.key.pitch_class, s.key.mode) for s in found.keys] == [((t + shift) % 12, mode) for t in tonics]


@pytest.mark.parametrize("shift", [0, 7])
@pytest.mark.parametrize(
    ("loop", "away"), [(["C", "F", "G", "C"], 8), (["C", "Em", "F", "G"], 11), (["C", "G7", "F", "G7"], 8)]
)
def test_home_is_a_key_of_one_of_its_sections(loop: list[str], away: int, shift: int) -> None:
    """Verses in C between choruses a sixth or a seventh higher; all together have the notes of a third key."""
    moved = [Chord.parse(symbol).transpose(away).symbol() for symbol in loop]
    found = analyze(block_chords((loop * 3 + moved * 3) * 2, shift))
    assert found.key is not None
    assert (found.key.pitch_class, found.key.mode) == (shift, "ionian")
    assert [(s.key.pitch_class, s.key.mode) for s in found.keys] == [
        ((shift + away * (at % 2)) % 12, "ionian") for at in range(4)
    ]


@pytest.mark.parametrize("shift", [0, 5])
def test_a_minor_with_a_major_sixth_is_not_phrygian_for_a_passing_second(shift: int) -> None:
    """A blues in C minor: A by far more than Ab, and a passing Db where no D sounds."""
    found = analyze(block_chords(["Cm7", "F7", "Cm7", "F7", "Cm7", "F7", "Db", "Cm7"] * 3, shift))
    assert found.key is not None
    assert (found.key.pitch_class, found.key.mode) == (shift, "dorian")


@pytest.mark.parametrize("shift", range(0, 12, 5))
@pytest.mark.parametrize("loop", ["C F G7 C Am Dm G7 C", "Am G F E7 Dm G7 E7 Am"])
def test_sixteen_bars_in_the_next_key_are_heard(loop: str, shift: int) -> None:
    home = [Chord.parse(symbol) for symbol in loop.split() * 2]
    next_door = [chord.transpose(5) for chord in home]
    keys = analyze(block_chords([str(chord) for chord in home + next_door + home], shift)).keys
    tonic = home[0].root + shift
    assert [span.key.pitch_class for span in keys] == [tonic % 12, (tonic + 5) % 12, tonic % 12]
    assert [span.onset // (4 * PPQ) for span in keys] == [0, 16, 32]


@pytest.mark.parametrize("shift", range(0, 12, 5))
def test_a_section_that_no_tone_tells_is_in_the_key_beside_it(shift: int) -> None:
    """Sixteen bars on G and D in C major, without a fourth degree; and four bars on flat chords before it all."""
    loop = ["C", "F", "G", "C", "Am", "Dm", "G", "C"] * 2
    assert len(analyze(block_chords([*loop, *["G", "D5", "Em", "G"] * 4, *loop], shift)).keys) == 1
    keys = analyze(block_chords([*["Db", "Gb", "Ab7", "Db"], *loop, *loop], shift)).keys
    assert [(span.onset, span.key.pitch_class) for span in keys] == [(0, shift % 12)]
