"""What a teacher would remark: colours named in every key, troubles with fixes that mend them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmidi.analysis import Analysis, analyze
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Meter
from kmidi.transforms import Step, apply_steps, move_notes

Rows = list[tuple[int, int, int, int, int]]


def song(symbols: list[str], shift: int = 0, octave: int = 60) -> Score:
    """Block chords, one a bar, over their roots."""
    rows: Rows = []
    for index, symbol in enumerate(symbols):
        chord = Chord.parse(symbol).transpose(shift)
        rows.append((index * 4 * PPQ, 4 * PPQ, 36 + chord.bass, 70 + index % 7 * 4, 0))
        for number, step in enumerate(chord.intervals):
            rows.append((index * 4 * PPQ, 4 * PPQ, octave + (chord.root + step) % 12, 60 + number * 9, 0))
    return of_parts(Part(name="piano", channel=0, notes=notes_array(rows)))


def of_parts(*parts: Part) -> Score:
    length = max(int((p.notes["onset"] + p.notes["duration"]).max()) for p in parts)
    return Score(length=length, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=parts)


def ids(analysis: Analysis) -> set[str]:
    return {finding.id for finding in analysis.findings}


@pytest.mark.parametrize("shift", range(12))
def test_the_borrowed_minor_iv_is_named_and_is_no_trouble(shift: int) -> None:
    found = analyze(song(["F", "C", "Bbm", "F"], shift))
    assert found.key is not None
    assert (found.key.pitch_class, found.key.is_minor) == ((5 + shift) % 12, False)
    assert [c.roman for c in found.chords] == ["I", "V", "iv", "I"]
    (finding,) = [f for f in found.findings if f.id == "borrowed_chord"]
    assert (finding.kind, finding.bar, finding.fix) == ("colour", 2, None)
    assert "minor iv" in finding.what
    assert "longing" in finding.why


@pytest.mark.parametrize("shift", range(12))
def test_the_dominant_of_harmonic_minor_is_at_home(shift: int) -> None:
    found = analyze(song(["Am", "Dm", "E", "Am"], shift))
    assert found.key is not None
    assert (found.key.pitch_class, found.key.is_minor) == ((9 + shift) % 12, True)
    assert [c.roman for c in found.chords] == ["i", "iv", "V", "i"]
    assert not {"borrowed_chord", "applied_dominant"} & ids(found)


@pytest.mark.parametrize("shift", range(12))
def test_an_applied_dominant_is_named(shift: int) -> None:
    found = analyze(song(["C", "Am", "D7", "G", "F", "G7", "C"], shift))
    assert [f.bar for f in found.findings if f.id == "applied_dominant"] == [2]


def test_an_end_on_the_dominant_is_a_question() -> None:
    assert "open_ending" in ids(analyze(song(["C", "F", "C", "F", "Dm", "G"])))
    assert "open_ending" not in ids(analyze(song(["C", "F", "G", "C"])))


def _mended(score: Score, id_: str) -> Analysis:
    finding = next(f for f in analyze(score).findings if f.id == id_)
    assert finding.fix is not None
    return analyze(apply_steps(score, (Step(transform=finding.fix.transform, arguments=finding.fix.arguments),)))


def test_low_thirds_are_mud_and_the_fix_clears_them() -> None:
    score = song(["C", "F", "G", "C"] * 2, octave=36)
    assert "low_mud" not in ids(_mended(score, "low_mud"))


def test_flat_velocities_are_named_and_the_fix_moves_them() -> None:
    rows = [(i * PPQ, PPQ, 60 + (0, 4, 7, 5)[i % 4], 80, 0) for i in range(64)]
    score = of_parts(Part(name="flute", channel=0, notes=notes_array(rows)))
    after = _mended(score, "flat_velocities")
    assert after.textures[0].velocity_sd > analyze(score).textures[0].velocity_sd


def test_a_note_no_player_reaches_is_brought_back() -> None:
    rows = [(i * PPQ, PPQ, 60 + i % 5, 60 + i, 0) for i in range(16)]
    score = of_parts(Part(name="flute", channel=0, program=73, notes=notes_array([*rows, (16 * PPQ, PPQ, 50, 70, 0)])))
    assert "out_of_range" not in ids(_mended(score, "out_of_range"))


def test_a_held_semitone_between_parts_rubs_and_its_fix_is_a_chord_tone() -> None:
    score = song(["C", "F", "G", "C"] * 2)
    tune: Rows = [(i * 4 * PPQ, 4 * PPQ, p, 70 + i * 3, 0) for i, p in enumerate((76, 77, 79, 73, 76, 77, 79, 76))]
    with_tune = replace(
        score, parts=(*score.parts, Part(name="melody", channel=1, role="melody", notes=notes_array(tune)))
    )
    finding = next(f for f in analyze(with_tune).findings if f.id == "clash")
    assert finding.bar == 3
    assert "clash" not in ids(_mended(with_tune, "clash"))


def test_findings_come_with_the_most_audible_first() -> None:
    ranks = [f.audible for f in analyze(song(["F", "C", "Bbm", "F"] * 2, octave=36)).findings]
    assert ranks == sorted(ranks, reverse=True)


def test_moving_notes_touches_only_those_asked_for() -> None:
    score = song(["C", "F", "G", "C"])
    moved = move_notes(score, part="piano", semitones=12, bar=1, bars=1, highest=47)
    before, after = score.parts[0].notes, moved.parts[0].notes
    changed = before["pitch"] != after["pitch"]
    assert set(before["onset"][changed].tolist()) == {4 * PPQ}
    assert (after["pitch"][changed] - before["pitch"][changed] == 12).all()
    assert (before["pitch"][changed] <= 47).all()


def test_a_chord_that_is_at_home_in_its_own_section_is_no_borrowed_one() -> None:
    """Sixteen bars of G minor, then as many of G major: neither borrows from the other."""
    found = analyze(
        song(["Gm", "Cm", "D", "Gm", "Eb", "Cm", "D", "Gm"] * 2 + ["G", "C", "D", "G", "Em", "C", "D", "G"] * 2)
    )
    assert [(span.key.tonic, span.key.is_minor) for span in found.keys] == [("G", True), ("G", False)]
    assert {f.bar for f in found.findings if f.id == "borrowed_chord"} <= {16}  # where light breaks in


def test_a_rub_is_spelt_as_its_key_spells_it() -> None:
    piece = song(["Gm", "Cm", "D", "Gm"] * 4)
    rub = Part(name="flute", channel=1, notes=notes_array([(0, 4 * PPQ, 71, 80, 0)]))
    (clash,) = [f for f in analyze(of_parts(*piece.parts, rub)).findings if f.id == "clash"]
    assert "Bb4 in piano" in clash.what
