"""What a teacher would remark: colours named in every key, troubles with fixes that mend them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kmidi import Intent, midi
from kmidi.analysis import Analysis, Finding, analyze
from kmidi.analysis.diagnosis import diagnose
from kmidi.analysis.heard import Heard
from kmidi.analysis.piece import Piece
from kmidi.score import (
    CONTROL_CHANGE,
    PPQ,
    MeterChange,
    Part,
    Score,
    Tempo,
    controls_array,
    find_part,
    notes_array,
)
from kmidi.studio import LocalStudio
from kmidi.studio.change import change
from kmidi.theory import Chord, Key, Meter
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


@pytest.mark.parametrize("flat", [1, 2, 3])
def test_what_all_parts_lack_is_said_once_and_mended_at_once(flat: int) -> None:
    parts = [
        Part(name=f"horn {n}", channel=n, notes=notes_array([(i * PPQ, PPQ, 60 + i % 5, 80 if n < flat else 60 + i, 0) for i in range(32)]))
        for n in range(3)
    ]  # fmt: skip
    found = [f for f in analyze(of_parts(*parts)).findings if f.id == "flat_velocities"]
    assert [f.part for f in found] == ([-1] if flat == 3 else [*range(flat)])
    assert ("each of the 3 parts" in found[0].what) == (flat == 3)
    assert [f.audible for f in found] == [0.65, 0.3][: len(found)]
    assert found[0].fix is not None
    if flat == 3:
        assert "flat_velocities" not in ids(_mended(of_parts(*parts), "flat_velocities"))


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


def composed(genre: str, seed: int, **wishes: Any) -> Score:
    """A piece of ours, read from its bytes."""
    return midi.read(LocalStudio().compose(Intent(genre=genre, seed=seed, bars=16, **wishes)).midi)


def replayed(score: Score, part: str, notes: Rows) -> Score:
    """The piece with other notes in a part, through its bytes."""
    at = find_part(score, part)
    parts = [*score.parts]
    parts[at] = replace(parts[at], notes=notes_array(notes))
    return midi.read(midi.write(replace(score, parts=tuple(parts))))


def troubles(score: Score) -> list[Finding]:
    return [finding for finding in analyze(score).findings if finding.kind == "trouble"]


def mended(score: Score, finding: Finding) -> Score:
    assert finding.fix is not None
    step = Step(transform=finding.fix.transform, arguments=finding.fix.arguments)
    return midi.read(change(score, (step,)).midi)


@pytest.mark.parametrize(("interval", "name"), [(7, "fifths"), (12, "octaves")])
@pytest.mark.parametrize(("genre", "seed"), [("string_quartet", 2), ("chamber_pop", 4)])
def test_planted_parallels_are_found_and_each_fix_takes_one_away(
    genre: str, seed: int, interval: int, name: str
) -> None:
    """Three pairs of tune and bass that step up together, planted bars apart in a composed piece."""
    score = composed(genre, seed, valence=0.2, arousal=0.0)
    tune, bass = (next(p for p in score.parts if p.role == role) for role in ("melody", "bass"))
    bar = int(np.diff(score.bar_starts())[0])
    planted = [2 * bar, 6 * bar, 10 * bar]
    below = 43  # G2, then A2
    upper = [(on + k * PPQ, PPQ, below + 24 + interval + 2 * k, 80 + k, 0) for on in planted for k in (0, 1)]
    lower = [(on + k * PPQ, PPQ, below + 2 * k, 80 + k, 0) for on in planted for k in (0, 1)]
    clear = [(on, on + bar) for on in planted]

    def but(part: Part, rows: Rows) -> Rows:
        """A part with those bars emptied for the planted notes."""
        return [n for n in part.notes.tolist() if all(n[0] + n[1] <= a or n[0] >= b for a, b in clear)] + rows

    score = replayed(replayed(score, tune.name, but(tune, upper)), bass.name, but(bass, lower))
    rest = {(f.id, f.bar) for f in troubles(score) if not f.id.startswith("parallel")}
    found = [f for f in troubles(score) if f.id == f"parallel_{name}"]
    assert {2, 6, 10} <= {f.bar for f in found}
    assert all(f"one of {len(found)} such steps" in f.what for f in found)
    after = mended(score, next(f for f in found if f.bar == 6))
    left = [f for f in troubles(after) if f.id == f"parallel_{name}"]
    assert 6 not in {f.bar for f in left}
    assert len(left) < len(found)
    assert {(f.id, f.bar) for f in troubles(after) if not f.id.startswith("parallel")} <= rest


@pytest.mark.parametrize("shift", range(0, 12, 5))
def test_a_planted_standstill_is_found_and_its_fix_moves_the_harmony(shift: int) -> None:
    """Nine bars of the tonic in a piece that else moves, and a tune over them."""
    chords = song([*["C"] * 9, "F", "G", "Am", "F", "G", "C"], shift)
    notes: Rows = [(i * 2 * PPQ, 2 * PPQ, 72 + shift + (0, 4, 7, 4)[i % 4], 60 + i * 3 % 40, 0) for i in range(18)]
    tune = Part(name="flute", channel=1, role="melody", notes=notes_array(notes))
    score = midi.read(midi.write(of_parts(*chords.parts, tune)))
    (still,) = [f for f in troubles(score) if f.id == "still_harmony"]
    assert (still.bar, still.what) == (0, "I for 9 bars")
    after = mended(score, still)
    assert {f.id for f in troubles(after)} <= {f.id for f in troubles(score)} - {"still_harmony"}
    assert after.parts[1].notes.tolist() == score.parts[1].notes.tolist()


def test_one_loop_all_through_is_named_and_its_fix_changes_the_last_round_alone() -> None:
    chords = song(["C", "Am", "F", "G"] * 8)
    tune = Part(name="flute", channel=1, role="melody", notes=notes_array([(i * 4 * PPQ, 2 * PPQ, (79, 76, 72, 74)[i % 4], 60 + i, 0) for i in range(32)]))  # fmt: skip
    score = midi.read(midi.write(of_parts(*chords.parts, tune)))
    (loop,) = [f for f in analyze(score).findings if f.id == "one_loop"]
    assert loop.what == "one loop of 4 chords all through, 8 times"
    after = mended(score, loop)
    assert "one_loop" not in ids(analyze(after))
    before, now = score.parts[0].notes, after.parts[0].notes
    assert before[before["onset"] < 28 * 4 * PPQ].tolist() == now[now["onset"] < 28 * 4 * PPQ].tolist()


@pytest.mark.parametrize(("bars", "offered"), [(40, True), (2000, False)])
def test_a_chord_that_lasts_without_end_has_no_fix(bars: int, offered: bool) -> None:
    notes: Rows = [(i * 2 * PPQ, 2 * PPQ, 72 + (0, 4, 7, 4)[i % 4], 60 + i * 3 % 40, 0) for i in range(2 * bars)]
    tune = Part(name="flute", channel=1, role="melody", notes=notes_array(notes))
    score = midi.read(midi.write(of_parts(*song(["C"] * bars).parts, tune)))
    (still,) = [f for f in troubles(score) if f.id == "still_harmony"]
    assert still.what == f"I for {bars} bars"
    assert (still.fix is not None) == offered


def test_beats_called_bars_are_no_standstill() -> None:
    score = replace(song(["C"] * 3 + ["F", "G", "C"] * 3), meters=(MeterChange(0, Meter(1, 4)),))
    assert "still_harmony" not in ids(analyze(score))


def test_low_notes_one_after_another_are_no_mud() -> None:
    walk = [(i * PPQ // 2, PPQ // 2 + 20, 40 + (0, 4, 3, 4)[i % 4], 60 + i % 30, 0) for i in range(64)]
    assert "low_mud" not in ids(analyze(of_parts(Part(name="bass", channel=0, notes=notes_array(walk)))))
    beats = [(i * PPQ, PPQ, p, 60 + i, 0) for i in range(16) for p in ((40, 43) if i in (3, 4, 9) else (40,))]
    (mud,) = [f for f in troubles(of_parts(Part(name="keys", channel=0, notes=notes_array(beats)))) if f.id == "low_mud"]  # fmt: skip
    assert (mud.bar, mud.what) == (0, "3 beats of 16 hold seconds or thirds under C3, first E2 with G2")


def test_a_pad_whose_expression_swells_is_not_called_flat() -> None:
    rows = [(i * PPQ, PPQ, 60 + i % 5, 64, 0) for i in range(32)]
    still = [(i * PPQ, CONTROL_CHANGE, 11, 100) for i in range(32)]
    swelling = [(i * PPQ, CONTROL_CHANGE, 11, 60 + i % 16 * 4) for i in range(32)]
    pads = [Part(name="pad", channel=0, notes=notes_array(rows), controls=controls_array(c)) for c in (still, swelling)]
    assert ["flat_velocities" in ids(analyze(of_parts(pad))) for pad in pads] == [True, False]
    assert "flat_velocities" not in ids(analyze(of_parts(replace(pads[0], program=19))))  # a church organ


@pytest.mark.parametrize(("chord", "tune", "rubs"), [("C", 71, False), ("Am", 71, False), ("C", 77, True), ("C7", 71, True)])  # fmt: skip
def test_a_major_seventh_or_a_ninth_beside_its_neighbour_is_a_colour_but_a_fourth_on_the_third_rubs(
    chord: str, tune: int, rubs: bool
) -> None:
    """B under C in C major and beside C in A minor; F on E; B beside the minor seventh's root."""
    score = song([chord, chord, "F", chord], octave=60)
    near = {77: 76}.get(tune, 72)
    top = Part(name="oboe", channel=2, notes=notes_array([(0, 4 * PPQ, near, 75, 0)]))
    other = Part(name="flute", channel=1, notes=notes_array([(0, 4 * PPQ, tune, 80, 0)]))
    found = [f for f in troubles(of_parts(*score.parts, top, other)) if f.id == "clash" and "oboe" in f.what]
    assert bool(found) == rubs
    assert all("rub for 4 beats" in f.what for f in found)


def test_how_many_is_told_in_words_that_agree() -> None:
    rows = [(i * PPQ, PPQ, 60 + i % 5, 60 + i, 0) for i in range(16)]
    flute = Part(name="flute", channel=0, program=73, notes=notes_array([*rows, (16 * PPQ, PPQ, 30, 70, 0)]))
    (low,) = [f for f in troubles(of_parts(flute)) if f.id == "out_of_range"]
    assert low.what.startswith("1 note of flute lies below")
    assert low.fix is not None
    assert low.fix.arguments["semitones"] == 36


def test_a_line_beside_chords_is_not_measured_against_itself() -> None:
    walk = [(i * PPQ, PPQ, 40 + (0, 5, 5, 2, 2)[i % 5], 60 + i % 30, 0) for i in range(48)]
    cello = Part(name="cello", channel=1, notes=notes_array(walk))
    found = ids(analyze(of_parts(*song(["C", "F", "G", "C"] * 3).parts, cello)))
    assert not {"parallel_octaves", "parallel_fifths"} & found


@pytest.mark.parametrize("shift", range(0, 12, 5))
def test_an_end_in_the_key_a_song_has_risen_to_is_told_in_that_key(shift: int) -> None:
    verse, higher = ["C", "Am", "F", "G"] * 4, ["D", "Bm", "G", "A"] * 4
    home, question = (analyze(song([*verse, *higher, *last], shift)) for last in (["D"], []))
    assert len(home.keys) == len(question.keys) == 2
    assert "open_ending" not in ids(home)
    (ending,) = [f for f in question.findings if f.id == "open_ending"]
    assert ending.what == "the piece ends on the dominant, a question"


def test_a_chord_from_outside_is_a_colour_only_where_a_tone_from_outside_sounds() -> None:
    riff = [(i * PPQ // 2, PPQ // 2 - 10, (52, 52, 55, 57, 59, 57, 55)[i % 7], 70, 0) for i in range(150)]
    score = replace(
        of_parts(Part(name="riff", channel=0, notes=notes_array(riff))), meters=(MeterChange(0, Meter(7, 8)),)
    )
    assert not {"borrowed_chord", "applied_dominant"} & ids(analyze(score))


def test_chords_on_a_pulse_may_begin_before_the_beats_of_the_file_and_end_after_them() -> None:
    score = song(["F", "C", "Bbm", "F", "Bbm"])
    heard, key = Heard.of(score), Key("F")
    first, *_, last = analyze(score).chords
    early, late = replace(last, onset=-PPQ, duration=2 * PPQ), replace(last, duration=8 * PPQ)
    piece = Piece(
        score=score, heard=heard, key=key, keys=[], chords=[early, first, late], melody=None, textures=[],
        bar_starts=heard.bars.tolist(), on_grid=True,
    )  # fmt: skip
    assert [(f.id, f.bar) for f in diagnose(piece) if f.id == "borrowed_chord"] == [("borrowed_chord", 4)]


@pytest.mark.parametrize(("chords", "named"), [(["Am", "E", "A7", "Dm", "E", "Am"], "D's own dominant"), (["Am", "E", "A", "A7", "Dm", "Am"], "D's own dominant"), (["Am", "Dm", "E", "Am", "Dm", "A"], "the Picardy tonic")])  # fmt: skip
def test_minors_tonic_made_major_is_the_dominant_of_iv_or_an_end_in_light(chords: list[str], named: str) -> None:
    assert [f.what.split(" is ")[1] for f in analyze(song(chords)).findings if f.source.startswith("Aldwell")] == [
        named
    ]


def test_a_lone_line_hints_at_harmony_and_is_not_told_that_it_stands_still() -> None:
    loop = [(i * PPQ // 2, 200, (40, 40, 43, 47, 40, 38, 40, 35)[i % 8], 60 + i % 20, 0) for i in range(128)]
    assert "still_harmony" not in ids(analyze(of_parts(Part(name="bass", channel=0, notes=notes_array(loop)))))


def test_keys_that_switch_a_sampled_instrument_are_not_out_of_its_range() -> None:
    tune = [(i * PPQ, PPQ, 60 + i % 5, 60 + i, 0) for i in range(16)]
    switches = [(i * 4 * PPQ, 30, 12 + i, 1, 0) for i in range(4)]
    violin = Part(
        name="violin", channel=0, program=40, notes=notes_array([*switches, *tune, (16 * PPQ, PPQ, 50, 70, 0)])
    )
    score = of_parts(violin)
    (low,) = [f for f in troubles(score) if f.id == "out_of_range"]
    assert low.what.startswith("1 note of violin lies below G3")
    assert sorted(mended(score, low).parts[0].notes["pitch"].tolist())[:4] == [12, 13, 14, 15]


def test_of_two_staves_of_one_name_the_right_one_is_mended() -> None:
    score = song(["C", "F", "G", "C"] * 4)
    flat = [(i * PPQ, PPQ, 72 + (0, 4, 2, 5)[i % 4], 80, 0) for i in range(64)]
    staves = (score.parts[0], Part(name="piano", channel=1, notes=notes_array(flat)))
    score = midi.read(midi.write(of_parts(*staves)))
    finding = next(f for f in troubles(score) if f.id == "flat_velocities")
    assert finding.part == 1
    assert finding.what.startswith("piano #2 plays")
    after = mended(score, finding)
    assert after.parts[0].notes.tolist() == score.parts[0].notes.tolist()
    assert after.parts[1].notes["velocity"].std() > 3


def test_the_tune_of_a_second_staff_is_kept() -> None:
    chords = song(["C", "Am", "F", "G", "C", "F", "G", "C"])
    tune = [(i * PPQ, PPQ, (79, 76, 72, 74, 77, 76, 74, 72)[i % 8], 60 + i, 0) for i in range(32)]
    score = midi.read(midi.write(of_parts(chords.parts[0], Part(name="piano", channel=1, notes=notes_array(tune)))))
    after = change(score, (Step(transform="reharmonize", arguments={"technique": "secondary_dominants"}),))
    assert after.steps[0].arguments["melody"] == "piano #2"
    assert after.score.parts[1].notes.tolist() == score.parts[1].notes.tolist()


def held(degrees: tuple[int, ...]) -> Score:
    """Nine bars of the tonic in a piece that else moves, under a tune that goes round these semitones above C5."""
    chords = song([*["C"] * 9, "F", "G", "Am", "F", "G", "C"])
    notes: Rows = [(i * 2 * PPQ, 2 * PPQ, 72 + degrees[i % len(degrees)], 60 + i * 3 % 40, 0) for i in range(18)]
    tune = Part(name="flute", channel=1, role="melody", notes=notes_array(notes))
    return of_parts(*chords.parts, tune)


def out_of_reach(program: int, low: int, high: int) -> Score:
    """An instrument that plays notes from far below its range up to its edge, or past it."""
    rows = [(i * PPQ, PPQ, pitch, 60 + i, 0) for i, pitch in enumerate([*range(low, high, 3), high, *range(80, 90)])]
    return of_parts(Part(name="bells", channel=0, program=program, notes=notes_array(rows)))


SHOWN = {
    "standstill": held((0, 4, 7, 4)),
    "standstill that the tune nails down": held((1, 3, 6, 8, 10)),
    "standstill of one player": of_parts(song(["C"] * 10 + ["F", "G", "C"] * 2).parts[0]),
    "loop": song(["C", "Am", "F", "G"] * 8),
    "far below": out_of_reach(9, 25, 71),
    "far above": out_of_reach(47, 56, 127),
    "top of all": of_parts(*(Part(name=n, channel=c, notes=notes_array([(i * 4 * PPQ, 4 * PPQ, p, 60 + i, 0) for i in range(8)])) for c, (n, p) in enumerate([("a", 127), ("b", 126), ("c", 67), ("d", 60)]))),
    "mud": song(["C", "F", "G", "C"] * 2, octave=36),
}  # fmt: skip


@pytest.mark.parametrize("name", [*SHOWN, "pop", "string_quartet", "edm"])
def test_every_fix_on_offer_can_be_applied_and_moves_notes_or_bar_lines(name: str) -> None:
    score = SHOWN[name] if name in SHOWN else composed(name, 11)
    for heard in (score, midi.read(midi.write(score))):
        for finding in analyze(heard).findings:
            if finding.fix is None:
                continue
            step = Step(transform=finding.fix.transform, arguments=finding.fix.arguments)
            after = change(heard, (step,)).score
            assert sounds(after) != sounds(heard), finding


def sounds(score: Score) -> object:
    return score.meters, [part.notes.tolist() for part in score.parts]


@pytest.mark.parametrize(
    ("program", "pitch", "remarked"),
    [(81, 24, False), (89, 110, False), (30, 35, False), (30, 33, True), (33, 23, False), (33, 21, True), (73, 55, True)],
    ids=["synth lead C1", "pad D8", "guitar B1", "guitar A1", "bass B0", "bass A0", "flute G3"],
)  # fmt: skip
def test_a_synthesizer_has_no_range_and_guitars_are_strung_down_to_b(program: int, pitch: int, remarked: bool) -> None:
    rows = [(i * PPQ, PPQ, 45 + i % 5, 60 + i, 0) for i in range(15)] if program == 33 else [(i * PPQ, PPQ, 62 + i % 5, 60 + i, 0) for i in range(15)]  # fmt: skip
    line = Part(name="line", channel=0, program=program, notes=notes_array([*rows, (15 * PPQ, PPQ, pitch, 70, 0)]))
    assert ("out_of_range" in ids(analyze(of_parts(line)))) == remarked
