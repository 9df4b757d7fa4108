"""Laws of the transforms on the bytes that are written, over scores nobody would write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi import Feeling, Score
from kmidi.codec import from_json, to_json, to_plain
from kmidi.midi import read, write
from kmidi.score import KeyChange, MeterChange, Part, Tempo, notes_array, without_overlaps
from kmidi.studio.change import change
from kmidi.theory import MODES, Key, Meter
from kmidi.transforms import (
    TECHNIQUES,
    GrooveTemplate,
    Step,
    apply_groove,
    apply_steps,
    humanize,
    merge_parts,
    move_notes,
    quantize,
    recolour,
    reharmonize,
    split_part,
    stems,
    to_mode,
    transpose,
    transpose_diatonic,
)
from scripts.draw_transforms import song

LENGTH = 4 * 1920
ANY_PITCH = st.integers(30, 96)
CALM = Feeling(valence=0.0, arousal=0.0)
KEYS = st.builds(Key.of, st.integers(0, 11), st.sampled_from(["ionian", "dorian", "phrygian", "lydian", "aeolian"]))
SWUNG = GrooveTemplate(
    bar_quarters=4, swing=0.8, late_ms=(None, 3.0, 0.0, -4.0) * 4, velocity=(1.1, None, 0.9, 1.0) * 4
)
GRIDS = st.sampled_from([4.0, 2.0, 1.0, 0.5, 0.25, 0.125, 2 / 3, 1 / 3, 1 / 6])


@st.composite
def scores(draw: st.DrawFn, pitches: st.SearchStrategy[int] = ANY_PITCH) -> Score:
    """One to three parts, one of them maybe a kit, with notes anywhere, of any length, early or late."""
    parts: list[Part] = []
    for channel in draw(st.sampled_from([(0,), (0, 1), (0, 9), (2, 9, 5)])):
        row = st.tuples(
            st.integers(0, LENGTH - 1), st.integers(1, 2500), pitches, st.integers(1, 127), st.integers(-60, 60)
        )  # fmt: skip
        rows = [r for r in draw(st.lists(row, min_size=1, max_size=24)) if 0 <= r[0] + r[4] < LENGTH]
        parts.append(Part(name=f"Part {channel}", channel=channel, notes=without_overlaps(notes_array(rows), LENGTH)))
    return Score(
        length=LENGTH, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), keys=(KeyChange(0, Key("C")),), parts=tuple(parts)
    )  # fmt: skip


def counts(score: Score) -> list[int]:
    return [len(part.notes) for part in score.parts]


@settings(max_examples=40)
@given(scores(), st.integers(-24, 24))
def test_transposed_there_and_back_are_the_same_bytes(score: Score, semitones: int):
    there = transpose(score, semitones=semitones)
    assert write(transpose(there, semitones=-semitones)) == write(score)
    data = write(score)
    read_there = transpose(read(data), semitones=semitones)
    assert write(transpose(read_there, semitones=-semitones)) == data


@settings(max_examples=60)
@given(scores(), GRIDS, st.floats(0, 1))
def test_quantized_twice_are_the_same_bytes(score: Score, grid: float, swing: float):
    once = quantize(score, grid_quarters=grid, swing=swing)
    assert write(quantize(once, grid_quarters=grid, swing=swing)) == write(once)
    points = {round((k + (k % 2) * swing / 3) * grid * 480) for k in range(int(LENGTH / grid / 480) + 1)}
    assert {int(tick) for part in once.parts for tick in part.notes["onset"]} <= points


@settings(max_examples=30)
@given(scores())
def test_nothing_asked_is_nothing_changed(score: Score):
    data = write(score)
    assert write(humanize(score, amount=0)) == data
    assert write(quantize(score, strength=0)) == data
    assert write(apply_groove(score, groove=SWUNG, amount=0)) == data
    assert write(recolour(score, key=Key("C"), before=CALM, after=CALM)) == data
    assert write(transpose(score, semitones=0)) == data
    assert write(transpose_diatonic(score, degrees=0, key=Key("D", "dorian"))) == data
    assert write(to_mode(score, key=Key("C"), mode="ionian")) == data
    assert write(apply_steps(read(data), ())) == data


TIMED: dict[str, Callable[[Score], Score]] = {
    "humanize": lambda s: humanize(s, amount=2, seed=1),
    "quantize": lambda s: quantize(s, grid_quarters=0.5, strength=0.7, swing=0.5),
    "apply_groove": lambda s: apply_groove(s, groove=SWUNG, amount=1.5),
    "recolour": lambda s: recolour(s, key=Key("C"), before=CALM, after=Feeling(valence=-0.6, arousal=0.7)),
    "transpose": lambda s: transpose(s, semitones=7),
}


@pytest.mark.parametrize("name", TIMED)
@settings(max_examples=20)
@given(scores())
def test_length_bars_and_count_of_notes_stay(name: str, score: Score):
    changed = TIMED[name](score)
    assert counts(changed) == counts(score)
    assert changed.length == score.length
    assert changed.bar_starts().tolist() == score.bar_starts().tolist()
    for part in changed.parts:
        start = part.notes["onset"] + part.notes["shift"]
        assert ((start >= 0) & (start < LENGTH) & (start + part.notes["duration"] <= LENGTH)).all()
    again = read(write(changed))
    assert again.length == score.length
    assert again.repairs == ()


ONE_BY_ONE: dict[str, Callable[[Score, str | None], Score]] = {
    "quantize": lambda score, part: quantize(score, swing=0.5, strength=0.7, part=part),
    "humanize": lambda score, part: humanize(score, seed=3, part=part),
    "apply_groove": lambda score, part: apply_groove(score, groove=SWUNG, part=part),
}


@pytest.mark.parametrize("name", ONE_BY_ONE)
@settings(max_examples=30)
@given(scores())
def test_all_parts_at_once_are_each_part_alone(name: str, score: Score):
    changed = ONE_BY_ONE[name]
    together = changed(score, None)
    for label in score.labels:
        score = changed(score, label)
    assert write(together) == write(score)


@settings(max_examples=40)
@given(KEYS, st.integers(-9, 9), st.data())
def test_along_a_scale_and_into_a_mode_come_back(key: Key, degrees: int, data: st.DataObject):
    score = data.draw(scores(st.sampled_from([p for p in range(40, 86) if p % 12 in key.pitch_classes])))
    up = transpose_diatonic(score, degrees=degrees, key=key)
    for part in up.parts:
        assert part.is_drums or {int(p) % 12 for p in part.notes["pitch"]} <= set(key.pitch_classes)
    assert write(transpose_diatonic(up, degrees=-degrees, key=key)) == write(score)
    mode = data.draw(st.sampled_from(sorted(MODES)))
    there = to_mode(score, key=key, mode=mode)
    back = to_mode(there, key=Key(key.tonic, mode), mode=key.mode)
    assert [p.notes.tolist() for p in back.parts] == [p.notes.tolist() for p in score.parts]


@settings(max_examples=40)
@given(scores(), st.integers(40, 90), st.integers(-12, 12))
def test_parts_come_apart_and_together_again(score: Score, pitch: int, semitones: int):
    assert [stem.parts[0] for stem in stems(score)] == list(score.parts)
    assert all(stem.tempos == score.tempos and stem.meters == score.meters for stem in stems(score))
    part = score.parts[0]
    if min(part.notes["pitch"], default=0) < pitch <= max(part.notes["pitch"], default=0):
        halves = split_part(score, part=part.name, pitch=pitch)
        assert sum(counts(halves)) == sum(counts(score))
        assert (halves.parts[0].notes["pitch"] >= pitch).all()
        assert (halves.parts[1].notes["pitch"] < pitch).all()
        assert len({p.channel for p in halves.parts}) == len(halves.parts)
        whole = merge_parts(halves, parts=(halves.parts[0].name, halves.parts[1].name))
        assert len(whole.parts) == len(score.parts)
        assert {(int(n["onset"] + n["shift"]), int(n["pitch"])) for n in whole.parts[0].notes} == {
            (int(n["onset"] + n["shift"]), int(n["pitch"])) for n in part.notes
        }
    moved = move_notes(score, part=part.name, semitones=semitones)
    back = move_notes(moved, part=part.name, semitones=-semitones)
    assert sorted(back.parts[0].notes["pitch"].tolist()) == sorted(part.notes["pitch"].tolist())
    assert moved.parts[1:] == score.parts[1:]


STEPS = (
    Step(transform="transpose", arguments={"semitones": 2}),
    Step(transform="reharmonize", arguments={"technique": "extensions"}),
    Step(transform="recolour", arguments={"after": {"valence": -0.5, "arousal": 0.5}}),
    Step(transform="apply_groove", arguments={"groove": to_plain(SWUNG)}),
    Step(transform="humanize", arguments={"seed": 4}),
    Step(transform="quantize", arguments={"strength": 0.5}),
)


@pytest.mark.parametrize("count", range(len(STEPS) + 1))
def test_a_recipe_gives_its_bytes_again_and_fewer_steps_are_the_undo(count: int):
    data = write(song())
    whole = change(read(data), STEPS)
    recipe = from_json(tuple[Step, ...], to_json([to_plain(step) for step in whole.steps]))
    assert change(read(data), recipe).midi == whole.midi
    fewer = change(read(data), recipe[:count])
    assert fewer.midi == change(read(data), STEPS[:count]).midi
    assert (fewer.midi == data) == (count == 0)


@pytest.mark.parametrize("tonic", range(12))
def test_each_technique_leads_elsewhere_and_carries_the_tune(tonic: int):
    piece = transpose(song(), semitones=tonic)
    key = Key.of(tonic, "ionian")
    found: set[bytes] = set()
    for technique in TECHNIQUES:
        changed = reharmonize(piece, technique=technique, key=key, melody="Tune")
        found.add(write(changed))
        assert changed.parts[0] is piece.parts[0]
        for span in changed.chords:
            for note in piece.parts[0].notes:
                if span.onset <= note["onset"] < span.onset + span.duration and note["duration"] >= 480:
                    tones = set(span.chord.pitch_classes)
                    assert int(note["pitch"]) % 12 in tones or (int(note["pitch"]) - 1) % 12 not in tones
    assert len(found) == len(TECHNIQUES)
