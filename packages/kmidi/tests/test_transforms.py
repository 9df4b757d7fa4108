"""The laws of the transforms, on notes as they sound."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.hostile import file_of
from kmidi import Feeling, IntentError, Score, TooLittleMusic
from kmidi.midi import read, write
from kmidi.score import ChordSpan, KeyChange, MeterChange, Part, find_part, notes_array
from kmidi.theory import Chord, Key, Meter
from kmidi.transforms import (
    TRANSFORMS,
    Step,
    apply_groove,
    apply_steps,
    extract_groove,
    humanize,
    merge_parts,
    move_notes,
    quantize,
    set_meter,
    split_part,
    stems,
    to_mode,
    transpose,
    transpose_diatonic,
)
from tests.songs import KEY, MELODY, SONG, SONG_PLAN, rows, tune


def starts(score: Score) -> list[np.ndarray]:
    return [part.notes["onset"] + part.notes["shift"] for part in score.parts]


@given(st.integers(-24, 24))
@settings(max_examples=20)
def test_transposing_there_and_back_is_nothing(semitones: int):
    there = transpose(SONG, semitones=semitones)
    assert rows(transpose(there, semitones=-semitones)) == rows(SONG)
    assert [c.chord for c in transpose(there, semitones=-semitones).chords] == [c.chord for c in SONG.chords]
    assert there.keys[0].key.pitch_class == (KEY.pitch_class + semitones) % 12
    drums = [(a, b) for a, b, p in zip(rows(there), rows(SONG), SONG.parts, strict=True) if p.is_drums]
    assert all(a == b for a, b in drums)


@pytest.mark.parametrize("key", [Key("F#", "ionian"), Key("Cb", "ionian"), Key("D#", "aeolian")], ids=str)
@pytest.mark.parametrize("octaves", [-1, 0, 1])
def test_octaves_leave_a_key_its_spelling(key: Key, octaves: int):
    spelled = replace(SONG, keys=(KeyChange(0, key),))
    assert transpose(spelled, semitones=12 * octaves).keys == spelled.keys


@pytest.mark.parametrize("tonic", ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"])
@pytest.mark.parametrize("mode", ["ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian"])
def test_along_the_scale_stays_in_the_scale_and_comes_back(tonic: str, mode: str):
    key = Key(tonic, mode)
    score = tune([60 + p for p in range(12) if (60 + p) % 12 in key.pitch_classes])
    up = transpose_diatonic(score, degrees=2, key=key)
    assert set((up.parts[0].notes["pitch"] % 12).tolist()) <= set(key.pitch_classes)
    assert rows(transpose_diatonic(up, degrees=-2, key=key)) == rows(score)
    assert rows(transpose_diatonic(score, degrees=7, key=key)) == rows(transpose(score, semitones=12))


def test_a_mode_moves_the_degrees_it_names():
    score = tune([60, 62, 64, 65, 67, 69, 71])
    assert to_mode(score, key=Key("C"), mode="minor").parts[0].notes["pitch"].tolist() == [60, 62, 63, 65, 67, 68, 70]
    assert to_mode(score, key=Key("C"), mode="lydian").parts[0].notes["pitch"].tolist() == [60, 62, 64, 66, 67, 69, 71]
    moved = to_mode(SONG, key=KEY, mode="minor")
    assert moved.keys[0].key == Key("F", "minor")
    assert rows(to_mode(SONG, key=KEY, mode="ionian")) == rows(SONG)


def test_a_borrowed_tone_stays_in_the_mode_it_is_borrowed_from():
    """Minor's raised seventh and sixth are major's own; a seventh that major has lowered is minor's."""
    dominant = tune([64, 68, 71, 74, 65, 66])
    spans = (ChordSpan(0, 1920, Chord.parse("E7"), "V7"),)
    bright = to_mode(replace(dominant, chords=spans), key=Key("A", "minor"), mode="major")
    assert bright.parts[0].notes["pitch"].tolist() == [64, 68, 71, 74, 66, 66]
    assert [str(c.chord) for c in bright.chords] == ["E7"]
    assert to_mode(tune([70, 63, 61]), key=Key("C"), mode="minor").parts[0].notes["pitch"].tolist() == [70, 63, 61]
    seventh = to_mode(tune([67, 68]), key=Key("A", "harmonic_minor"), mode="major")
    assert seventh.parts[0].notes["pitch"].tolist() == [68, 68]


def test_a_mode_is_taken_on_the_tonic_of_each_section() -> None:
    risen = tune([60, 64, 67, 69, 62, 66, 69, 71])
    keys = (KeyChange(0, Key("C")), KeyChange(4 * 480, Key("D")))
    spans = (ChordSpan(0, 1920, Chord.parse("C"), "I"), ChordSpan(1920, 1920, Chord.parse("D"), "I"))
    dark = to_mode(replace(risen, keys=keys, chords=spans), key=Key("C"), mode="aeolian")
    assert dark.parts[0].notes["pitch"].tolist() == [60, 63, 67, 68, 62, 65, 69, 70]
    assert [k.key for k in dark.keys] == [Key("C", "aeolian"), Key("D", "aeolian")]
    assert [(str(c.chord), c.roman) for c in dark.chords] == [("Cm", "i"), ("Dm", "i")]
    elsewhere = to_mode(replace(risen, keys=keys[1:]), key=Key("C"), mode="aeolian")
    assert elsewhere.parts[0].notes["pitch"].tolist() == [60, 63, 67, 68, 62, 66, 68, 70]


def test_a_pitch_out_of_midi_is_said():
    with pytest.raises(IntentError, match="would become 132; legal: 0 to 127"):
        transpose(tune([127]), semitones=5)


@given(st.sampled_from([1.0, 0.5, 0.25, 1 / 3]), st.floats(0, 1))
@example(1.0, 1.0)
@settings(max_examples=25)
def test_quantizing_twice_is_quantizing_once(grid: float, swing: float):
    loose = humanize(SONG, amount=1, seed=3)
    once = quantize(loose, grid_quarters=grid, swing=swing)
    assert rows(quantize(once, grid_quarters=grid, swing=swing)) == rows(once)
    assert once.length == SONG.length
    assert [len(p.notes) for p in once.parts] == [len(p.notes) for p in SONG.parts]


def test_quantize_lands_on_the_grid_and_strength_is_the_share_of_the_way():
    loose = humanize(SONG, amount=1, seed=3)
    for start in starts(quantize(loose, grid_quarters=0.25)):
        assert (start % 120 == 0).all()
    off = tune([60, 62], length=480)
    off = replace(off, parts=(replace(off.parts[0], notes=notes_array([(100, 200, 60, 80, 0)])),))
    assert starts(quantize(off, grid_quarters=0.25, strength=0.5))[0].tolist() == [110]
    assert rows(quantize(off, strength=0.0)) == rows(off)
    swung = quantize(tune([60] * 8, length=240), grid_quarters=0.5, swing=1.0)
    assert starts(swung)[0].tolist() == [0, 320, 480, 800, 960, 1280, 1440, 1760]


@pytest.mark.parametrize(
    ("meters", "grid", "swing", "played", "heard"),
    [
        pytest.param([(0, 1, 8), (240, 2, 4)], 0.5, 1.0, [0, 240, 480, 720], [0, 240, 560, 720], id="an eighth's pickup"),
        pytest.param([(0, 3, 8)], 0.5, 1.0, [0, 240, 480, 720, 960], [0, 320, 480, 720, 1040], id="3/8"),
        pytest.param([(0, 1, 8), (240, 4, 4)], 1.0, 0.0, [0, 250, 730, 1190], [0, 240, 720, 1200], id="quarters after an eighth"),
        pytest.param([(0, 7, 8), (1680, 4, 4)], 1.0, 0.0, [0, 1650, 1700, 2150], [0, 1680, 1680, 2160], id="a bar line is a point"),
    ],
)  # fmt: skip
def test_the_grid_begins_with_each_bar(
    meters: list[tuple[int, int, int]], grid: float, swing: float, played: list[int], heard: list[int]
):
    notes = notes_array([(tick, 100, 60 + i, 80, 0) for i, tick in enumerate(played)])
    changes = tuple(MeterChange(tick, Meter(n, d)) for tick, n, d in meters)
    score = replace(tune([60] * 16), meters=changes, parts=(Part(name="Tune", channel=0, notes=notes),))
    assert quantize(score, grid_quarters=grid, swing=swing).parts[0].notes["onset"].tolist() == heard


@given(st.floats(0.1, 2), st.integers(0, 50))
@settings(max_examples=20)
def test_humanize_keeps_count_length_pitches_and_order(amount: float, seed: int):
    played = humanize(SONG, amount=amount, seed=seed)
    assert played.length == SONG.length
    for ours, theirs in zip(played.parts, SONG.parts, strict=True):
        assert len(ours.notes) == len(theirs.notes)
        assert (ours.notes["onset"] == theirs.notes["onset"]).all()
        assert ours.notes["pitch"].tolist() == theirs.notes["pitch"].tolist()
        for pitch in set(ours.notes["pitch"].tolist()):
            line = ours.notes[ours.notes["pitch"] == pitch]
            start = line["onset"] + line["shift"]
            assert (np.diff(start) > 0).all()
            assert (start[:-1] + line["duration"][:-1] <= start[1:]).all()
    assert rows(humanize(SONG, amount=0)) == rows(SONG)
    assert rows(humanize(SONG, amount=amount, seed=seed)) == rows(played)


@pytest.mark.parametrize("swing", [0.3, 0.6, 1.0])
def test_a_groove_taken_and_given_is_the_same_swing(swing: float):
    straight = tune([60, 62, 64, 65] * 8, length=240)
    swung = quantize(straight, grid_quarters=0.5, swing=swing)
    groove = extract_groove(swung, part="Tune")
    assert groove.swing == pytest.approx(swing, abs=0.05)
    again = apply_groove(straight, groove=groove)
    assert np.abs(starts(again)[0] - starts(swung)[0]).max() <= 2
    assert again.length == straight.length
    assert len(again.parts[0].notes) == len(straight.parts[0].notes)
    assert rows(apply_groove(straight, groove=groove, amount=0)) == rows(straight)


def test_a_groove_over_many_bars_does_not_drift():
    straight = tune([60, 62, 64, 65] * 64, length=240)
    groove = extract_groove(humanize(straight, amount=1, seed=2), part="Tune")
    played = starts(apply_groove(straight, groove=groove))[0]
    assert np.abs(played - starts(straight)[0]).max() < 60
    with pytest.raises(TooLittleMusic, match="needs 8"):
        extract_groove(tune([60]), part="Tune")


def after_a_pickup(meter: Meter, bars: int) -> Score:
    """Eighths in such bars behind an upbeat of one quarter, all alike."""
    bar = meter.bar_ticks(480)
    score = tune([60] * (2 + bars * bar // 240), length=240)
    meters = (MeterChange(0, Meter(1, 4)), MeterChange(480, meter))
    return replace(score, meters=meters, length=480 + bars * bar)


def test_a_groove_of_three_is_taken_from_and_given_to_a_song_with_a_pickup() -> None:
    whole, song = replace(tune([60] * 24, length=240), meters=(MeterChange(0, Meter(3, 4)),)), after_a_pickup(Meter(3, 4), 4)  # fmt: skip
    loud = whole.parts[0].notes.copy()
    loud["velocity"] = np.array([110, 40, 60, 50, 90, 70] * 4)
    groove = extract_groove(replace(whole, parts=(replace(whole.parts[0], notes=notes_array(loud)),)), part="Tune")
    given = apply_groove(song, groove=groove)
    velocities = given.parts[0].notes["velocity"].tolist()
    assert velocities[2:8] == velocities[8:14]
    assert velocities[:2] == velocities[6:8]  # the pickup is the end of a bar
    assert np.argsort(velocities[2:8]).tolist() == np.argsort([110, 40, 60, 50, 90, 70]).tolist()
    taken = extract_groove(given, part="Tune")
    assert taken.bar_quarters == 3
    assert np.argsort(taken.velocity[::2]).tolist() == np.argsort(groove.velocity[::2]).tolist()  # type: ignore[arg-type]  # eighths have values


def test_accents_follow_the_meter_that_stands() -> None:
    score = after_a_pickup(Meter(6, 8), 40)
    soft = np.mean([humanize(score, seed=seed).parts[0].notes["velocity"] for seed in range(12)], axis=0)
    bars = soft[2:].reshape(40, 6).mean(axis=0)
    assert bars.argmax() == 0
    assert bars[3] > max(bars[2], bars[4])


def test_parts_split_merge_and_stand_alone():
    name = next(p.name for p in SONG_PLAN.parts if p.role == "chords")
    halves = split_part(
        SONG, part=name, pitch=int(np.median(next(p for p in SONG.parts if p.name == name).notes["pitch"]))
    )
    whole = merge_parts(halves, parts=(f"{name} (upper)", f"{name} (lower)"))
    original = next(p for p in SONG.parts if p.name == name)
    merged = next(p for p in whole.parts if p.name == f"{name} (upper)")
    assert merged.notes.tolist() == original.notes.tolist()
    for stem, part in zip(stems(SONG), SONG.parts, strict=True):
        assert (stem.parts, stem.tempos, stem.markers) == ((part,), SONG.tempos, SONG.markers)


def named(*names: str) -> Score:
    """Parts of such names, one note each, a third apart."""
    piece = tune([60])
    parts = (Part(name=n, channel=i, notes=notes_array([(0, 480, 60 + 4 * i, 80, 0)])) for i, n in enumerate(names))
    return replace(piece, parts=tuple(parts))


def test_every_part_can_be_named() -> None:
    score = named("Piano", "piano ", "", "Piano #2", "", "Flute  ")
    assert score.labels == ("Piano", "piano #3", "#1", "Piano #2", "#2", "Flute")
    assert [find_part(score, label) for label in score.labels] == [0, 1, 2, 3, 4, 5]
    assert find_part(score, "") == 2
    with pytest.raises(IntentError, match=re.escape("piano #3")):
        find_part(score, "Piano #4")


def test_two_staves_of_one_name_are_merged_and_no_part_with_itself() -> None:
    staves = named("Piano", "Piano")
    assert merge_parts(staves, parts=("Piano", "Piano #2")).parts[0].notes["pitch"].tolist() == [60, 64]
    with pytest.raises(IntentError, match="named twice; legal: Piano, Piano #2"):
        merge_parts(staves, parts=("Piano", "Piano"))


def test_recipes_apply_undo_and_name_what_is_wrong():
    steps = (
        Step(transform="transpose", arguments={"semitones": 3}),
        Step(transform="humanize", arguments={"amount": 0.5, "seed": 9}),
    )
    assert rows(apply_steps(SONG, steps)) == rows(humanize(transpose(SONG, semitones=3), amount=0.5, seed=9))
    assert rows(apply_steps(SONG, steps[:1])) == rows(transpose(SONG, semitones=3))
    key = {"tonic": "F", "mode": "ionian"}
    assert (
        apply_steps(SONG, (Step(transform="to_mode", arguments={"key": key, "mode": "minor"}),)).keys[0].key.mode
        == "aeolian"
    )
    for step, part in (
        (Step(transform="transposed"), "did you mean 'transpose'"),
        (Step(transform="transpose"), "'semitones' is missing"),
        (Step(transform="transpose", arguments={"semitons": 1}), "did you mean 'semitones'"),
        (Step(transform="quantize", arguments={"strength": 7}), "legal: 0 to 1"),
    ):
        with pytest.raises(IntentError, match=part):
            apply_steps(SONG, (step,))


@pytest.mark.parametrize(
    ("meter", "pickup", "bars"),
    [
        ("4/4", 0, [0, 1920]),
        ("4/4", 1, [0, 480, 2400]),
        ("4/4", 3, [0, 1440, 3360]),
        ("3/4", 2, [0, 960, 2400]),
        ("6/8", 1, [0, 720, 2160]),
        ("7/8", 1, [0, 720, 2400]),  # its last group is the longest
        ("3/2", 0, [0, 2880]),
    ],
)
def test_bar_lines_move_under_notes_that_stay(meter: str, pickup: int, bars: list[int]):
    song = read(write(SONG))
    changed = read(write(set_meter(song, meter=meter, pickup_beats=pickup)))
    assert rows(changed) == rows(song)
    assert changed.bar_starts()[: len(bars)].tolist() == bars
    assert str(changed.meters[-1].meter) == meter
    assert read(write(set_meter(changed, meter="4/4"))).meters == song.meters
    for wrong in (
        {"meter": "4"},
        {"meter": "x/4"},
        {"meter": "4/5"},
        {"meter": "3/4", "pickup_beats": 3},
        {"meter": "3/4", "pickup_beats": -1},
    ):
        with pytest.raises(IntentError, match="legal"):
            set_meter(song, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("end", [1, 1439, 1440, 4000, 5760, 5761])
@pytest.mark.parametrize(("meter", "pickup"), [("3/4", 0), ("3/4", 1), ("6/8", 1), ("4/4", 0), ("5/4", 2)])
def test_a_piece_in_another_meter_is_as_long_as_its_bytes_say(meter: str, pickup: int, end: int):
    """Whether composed or read from a file that ends within a bar; no note is cut, and what ends on a bar line stays."""
    body = b"\0\x90\x3c\x40" + bytes((0x80 | end >> 7, end & 127)) + b"\x80\x3c\x40\0\xff\x2f\0"
    song = read(b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk" + len(body).to_bytes(4, "big") + body)
    for score in (song, replace(song, source=None)):
        changed = set_meter(score, meter=meter, pickup_beats=pickup)
        heard = read(write(changed))
        assert heard.length == changed.length >= score.length
        assert rows(heard) == rows(score)
        assert set_meter(changed, meter=meter, pickup_beats=pickup).length == changed.length


def test_a_file_without_tracks_is_given_one_that_says_its_meter():
    empty = b"MThd\0\0\0\6\0\1\0\0\1\xe0"
    said = read(write(set_meter(read(empty), meter="3/4", pickup_beats=2)))
    assert [str(change.meter) for change in said.meters] == ["2/4", "3/4"]
    assert not said.repairs
    assert write(read(empty)) == empty


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
def test_what_is_changed_writes_and_reads_back(name: str):
    arguments: dict[str, dict[str, object]] = {
        "apply_groove": {"groove": extract_groove(SONG, part=MELODY)},
        "harmonise": {"melody": MELODY, "key": KEY},
        "merge_parts": {"parts": tuple(p.name for p in SONG.parts if not p.is_drums)},
        "move_notes": {"part": MELODY, "semitones": 12, "bars": 2},
        "recolour": {"key": KEY, "before": Feeling(valence=0, arousal=0), "after": Feeling(valence=-0.5, arousal=0.5)},
        "reharmonize": {"technique": "extensions", "key": KEY, "melody": MELODY},
        "set_meter": {"meter": "3/4", "pickup_beats": 2},
        "split_part": {"part": MELODY, "pitch": int(np.median(SONG.parts[0].notes["pitch"]))},
        "to_mode": {"key": KEY, "mode": "dorian"},
        "transpose": {"semitones": 1},
        "transpose_diatonic": {"degrees": 1, "key": KEY},
    }
    changed = (
        TRANSFORMS[name](read(write(SONG)), **arguments.get(name, {}))
        if name not in ("reharmonize",)
        else TRANSFORMS[name](SONG, **arguments[name])
    )
    again = read(write(changed))
    sounding = [
        sorted((int(s), int(p)) for s, p in zip(a, part.notes["pitch"], strict=True))
        for a, part in zip(starts(changed), changed.parts, strict=True)
    ]
    assert [
        sorted((int(s), int(p)) for s, p in zip(a, part.notes["pitch"], strict=True))
        for a, part in zip(starts(again), again.parts, strict=True)
    ] == sounding


def test_a_score_without_tempo_or_meter_has_bars_of_four_quarters() -> None:
    bare = replace(tune([60, 64, 67, 69] * 8, 30), tempos=(), meters=())
    told = replace(bare, meters=(MeterChange(0, Meter(4, 4)),))
    groove = extract_groove(bare, part="Tune")
    assert groove == extract_groove(told, part="Tune")
    for change in (quantize, humanize, lambda score: apply_groove(score, groove=groove)):
        assert rows(change(bare)) == rows(change(told))


def test_a_groove_of_bars_shorter_than_its_grid_is_one_slot() -> None:
    score = replace(tune(list(range(60, 72)), 30), meters=(MeterChange(0, Meter(1, 64)),))
    groove = extract_groove(score, part="Tune")
    assert (groove.bar_quarters, len(groove.late_ms), len(groove.velocity)) == (0.0625, 1, 1)
    assert [len(part) for part in rows(apply_groove(score, groove=groove))] == [12]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"late_ms": [], "velocity": []}, "late_ms has 0 values; bars of 4 quarters have 16"),
        ({"velocity": [1.0] * 15}, "velocity has 15 values; bars of 4 quarters have 16"),
        ({"late_ms": [float("nan")] * 16}, "late_ms is nan; legal: -10000 to 10000 ms"),
        ({"late_ms": [1e300] * 16}, "late_ms is 1e+300"),
        ({"velocity": [-5.0] * 16}, "velocity is -5.0; legal: 0 to 127"),
        ({"swing": 1e300}, "swing is 1e+300; legal: 0 to 2"),
        ({"swing": -50.0}, "swing is -50.0; legal: 0 to 2"),
        ({"bar_quarters": float("inf")}, "bar_quarters is inf"),
    ],
)
def test_a_groove_that_can_not_be_played_says_why(wrong: dict[str, object], why: str) -> None:
    groove = {"bar_quarters": 4.0, "swing": 0.5, "late_ms": [1.0, None] * 8, "velocity": [1.0] * 16} | wrong
    with pytest.raises(IntentError, match=re.escape(why)):
        apply_steps(SONG, (Step(transform="apply_groove", arguments={"groove": groove}),))


@pytest.mark.parametrize("degrees", [128, -(10**30)])
def test_no_scale_has_so_many_degrees(degrees: int) -> None:
    with pytest.raises(IntentError, match=f"degrees is {degrees}; legal: -127 to 127"):
        transpose_diatonic(SONG, degrees=degrees, key=KEY)


@pytest.mark.parametrize(
    ("where", "field"), [({"bar": 16}, "bar"), ({"bar": 20, "bars": 3}, "bar"), ({"highest": 20}, "lowest")]
)
def test_moving_notes_that_are_not_there_says_where_they_are(where: dict[str, int], field: str):
    with pytest.raises(
        IntentError, match=r"has no note (from|in) bars? .* its notes lie in bars 0 to 15, in pitches \d+ to \d+"
    ) as told:
        move_notes(SONG, part=MELODY, semitones=1, **where)
    assert told.value.field == field


def test_each_name_is_looked_up_once_however_many_parts_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(name: str) -> str:
        asked.append(name)
        return name.strip().casefold()

    score = read(file_of(*[b"\x00\x90\x3c\x40\x01\x3c\x00"] * 100))
    labels = score.labels
    monkeypatch.setattr("kmidi.score._folded", counted)
    assert [part.notes.size for part in merge_parts(score, parts=labels).parts] == [1]
    assert len(asked) == 300
