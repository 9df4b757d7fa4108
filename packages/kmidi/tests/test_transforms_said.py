"""What a transform that can't be done says: which part, which argument, what is there instead."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kmidi import Intent, IntentError, KmidiError, MidiError, Score, TooLittleMusic
from kmidi.analysis import analyze
from kmidi.cli.change import step_of
from kmidi.cli.main import cli
from kmidi.codec import to_plain
from kmidi.midi import write
from kmidi.score import ChordSpan, MeterChange, Part, find_part, notes_array
from kmidi.studio.change import change
from kmidi.theory import Chord, Key, Meter
from kmidi.transforms import Step, apply_steps, extract_groove, to_mode, transpose_diatonic

C = Key("C", "ionian")


def score(*names: str, low: int = 60) -> Score:
    """Parts of four notes in two bars."""
    notes = notes_array([(960 * at, 480, low + at, 80, 0) for at in range(4)])
    parts = tuple(Part(name=name, channel=at, notes=notes) for at, name in enumerate(names))
    chords = (ChordSpan(0, 3840, Chord(0, "")),)
    return Score(length=3840, tempos=(), meters=(MeterChange(0, Meter(4, 4)),), parts=parts, chords=chords)


@pytest.mark.parametrize(
    ("transform", "arguments", "said", "field"),
    [
        ("move_notes", {"semitones": 99_999_999_999}, "semitones is 99999999999; legal: -127 to 127", "semitones"),
        ("move_notes", {"semitones": 1, "bar": -1}, "bar is -1; legal: 0 to 100000", "bar"),
        ("move_notes", {"semitones": 1, "bars": 0}, "bars is 0; legal: 1 to 100000", "bars"),
        ("move_notes", {"semitones": 1, "bar": 8}, "no note from bar 8 on, in pitches 0 to 127", "bar"),
        ("reharmonize", {"technique": "pedal", "key": {"tonic": "G", "mode": "ionian"}, "melody": "A", "bar": -2}, "bar is -2; legal: 0", "bar"),
        ("reharmonize", {"technique": "pedal", "key": {"tonic": "G", "mode": "ionian"}, "melody": "A", "bar": 7}, "no chord starts from bar 7 on; chords start in bars 0 to 0", "bar"),
        ("set_meter", {"meter": "9" * 5000 + "/4"}, "unknown meter '999", "meter"),
        ("split_part", {"pitch": 99}, "all notes of 'A' lie in 60 to 63, on one side of 99", "pitch"),
    ],
)  # fmt: skip
def test_what_is_asked_and_what_is_there(transform: str, arguments: dict[str, object], said: str, field: str) -> None:
    given = arguments if transform in ("reharmonize", "set_meter") else {"part": "A", **arguments}
    with pytest.raises(IntentError, match=re.escape(said)) as found:
        apply_steps(score("A"), (Step(transform=transform, arguments=given),))
    assert found.value.field == field


def test_a_part_without_a_name_is_named_by_its_place() -> None:
    two = score("A", "", low=100)
    with pytest.raises(IntentError, match="a note of '#1' at pitch 100 would become 134") as found:
        transpose_diatonic(replace(two, parts=(replace(two.parts[0], channel=9), two.parts[1])), degrees=20, key=C)
    assert found.value.field == "degrees"
    with pytest.raises(IntentError, match="a note of '#1' at pitch 127") as found:
        to_mode(score("", low=124), key=Key("E", "phrygian"), mode="ionian")
    assert found.value.field == "mode"
    with pytest.raises(TooLittleMusic, match="'#1' has 4 notes"):
        extract_groove(score(""), part="#1")
    with pytest.raises(TooLittleMusic, match="'#1' has no pitched notes"):
        apply_steps(replace(score(""), parts=(replace(score("").parts[0], channel=9),)), (Step(transform="harmonise", arguments={"melody": "#1", "key": {"tonic": "C", "mode": "ionian"}}),))  # fmt: skip


def test_halves_of_a_part_without_a_name_have_one() -> None:
    halves = apply_steps(score(""), (Step(transform="split_part", arguments={"part": "#1", "pitch": 62}),))
    assert [part.name for part in halves.parts] == ["(upper)", "(lower)"]


def test_no_name_is_not_the_first_part_there_is() -> None:
    with pytest.raises(IntentError, match="no part ''; legal: A, B"):
        find_part(score("A", "B"), "")
    with pytest.raises(IntentError, match="no part ''"):
        apply_steps(score("A", "B"), (step_of("merge_parts", ("parts=B,",)),))
    assert find_part(score("A", ""), "") == 1


def test_a_score_without_parts_says_so() -> None:
    with pytest.raises(IntentError, match="no part 'Piano'; the score has none"):
        find_part(score(), "Piano")


def test_an_argument_given_twice_is_not_the_last_one() -> None:
    with pytest.raises(IntentError, match="semitones is given twice"):
        step_of("transpose", ("semitones=3", "semitones=4"))


@pytest.mark.parametrize(
    ("step", "kind", "said"),
    [
        (("transpose", {"semitones": 99}), IntentError, "step 3, transpose: a note of 'A' at pitch 61 would become 160"),
        (("split_part", {"part": "B"}), IntentError, "step 3, split_part: no part 'B'; legal: A"),
        (("humanize", {"seed": "x"}), IntentError, "step 3, humanize: seed: 'x' is no whole number"),
        (("unknown", {}), IntentError, "step 3: unknown transform"),
        (("recolour", {"after": {"valence": 0, "arousal": 0}}), TooLittleMusic, "step 3, recolour: no feeling can be told here; give before"),
    ],
)  # fmt: skip
def test_of_several_steps_the_one_that_can_not_be_is_named(
    step: tuple[str, dict[str, object]], kind: type[KmidiError], said: str
) -> None:
    asked = [("transpose", {"semitones": 1}), ("quantize", {}), step]
    whole = replace(score("A"), chords=())
    if kind is TooLittleMusic:
        whole = replace(whole, parts=(replace(whole.parts[0], notes=whole.parts[0].notes[:2]),))
    with pytest.raises(kind, match="^" + re.escape(said)) as found:
        change(whole, tuple(Step(transform=name, arguments=arguments) for name, arguments in asked))
    if step[0] == "transpose":
        assert getattr(found.value, "field", None) == "semitones"


@pytest.mark.parametrize(
    ("transform", "name", "value", "said"),
    [
        ("transpose", "semitones", "3", "step 1, transpose: semitones: '3' is no whole number"),
        ("humanize", "seed", 1.5, "step 1, humanize: seed: 1.5 is no whole number"),
        ("recolour", "after", "grief", "step 1, recolour: after: 'grief' is no object with named fields"),
        ("transpose", "semitones", True, "step 1, transpose: semitones: True is no whole number"),
        ("merge_parts", "parts", "Piano", "step 1, merge_parts: parts: 'Piano' is no list"),
        pytest.param(
            "quantize", "grid_quarters", 10**400, "step 1, quantize: grid_quarters: ", id="quantize past all floats"
        ),
        pytest.param("humanize", "amount", 10**400, "step 1, humanize: amount: ", id="humanize past all floats"),
    ],
)
def test_a_value_of_another_kind_is_said_with_its_argument(transform: str, name: str, value: object, said: str) -> None:
    others = {"recolour": {"key": to_plain(C), "before": {"valence": 0, "arousal": 0}}}.get(transform, {})
    with pytest.raises(IntentError, match="^" + re.escape(said)) as found:
        apply_steps(score("A"), (Step(transform=transform, arguments={**others, name: value}),))
    assert found.value.field == name


def test_a_number_past_all_is_out_of_range() -> None:
    with pytest.raises(IntentError, match="bpm is 1000"):
        Intent(text="x", bpm=10**400)


def test_grooves_are_told_apart_by_what_their_parts_are_called() -> None:
    notes = notes_array([(480 * at, 240, 60 + at % 5, 80, 0) for at in range(32)])
    parts = tuple(Part(name=name, channel=at, notes=notes) for at, name in enumerate(("Violin", "Violin", "")))
    heard = analyze(Score(length=15360, tempos=(), meters=(MeterChange(0, Meter(4, 4)),), parts=parts))
    assert [groove.name for groove in heard.grooves] == ["Violin", "Violin #2", "#1"]


def run(tmp_path: Path, *words: str) -> str:
    (tmp_path / "a.mid").write_bytes(write(score("A")))
    return CliRunner().invoke(cli, ["change", str(tmp_path / "a.mid"), *words], catch_exceptions=False).output


def test_what_was_not_done_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]")
    said = run(tmp_path, "--recipe", str(tmp_path / "none.json"), "-o", str(tmp_path / "b.mid"))
    assert said.endswith("b.mid: nothing changed\n")
    assert run(tmp_path, "-o", str(tmp_path / "b.zip")).endswith("b.zip: 1 stem\n")


@pytest.mark.parametrize(
    ("recipe", "said"),
    [('{"transform": "transpose"}', "is no list"), ("", "this is no JSON"), ('[{"transform": 1}]', "1 is no text")],
)
def test_what_is_no_recipe_is_said(tmp_path: Path, recipe: str, said: str) -> None:
    (tmp_path / "it.json").write_text(recipe)
    with pytest.raises(
        IntentError,
        match=r"^it\.json is no recipe: .*" + re.escape(said) + ".*; legal: a list of steps, as --json prints it",
    ):
        run(tmp_path, "--recipe", str(tmp_path / "it.json"), "-o", str(tmp_path / "b.mid"))


def test_a_karaoke_file_keeps_its_ending(tmp_path: Path) -> None:
    assert run(tmp_path, "transpose", "semitones=1", "-o", str(tmp_path / "b.kar")).endswith("b.kar: transpose\n")


def test_a_groove_that_is_no_midi_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "loop.mid").write_text("no notes")
    with pytest.raises(MidiError, match=r"loop\.mid: byte 0: no MIDI header"):
        step_of("apply_groove", (f"groove={tmp_path / 'loop.mid'}",))
