"""Transforms of harmony: chords named anew, colours moved, melodies given chords."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kmidi import Affect, Feeling, Intent, IntentError, TooLittleMusic
from kmidi.composer import compose
from kmidi.midi import read, write
from kmidi.planner import plan
from kmidi.score import ChordSpan, Part, notes_array
from kmidi.theory import Chord, Key
from kmidi.transforms import (
    TECHNIQUES,
    harmonise,
    recolour,
    recolour_changes,
    reharmonize,
    to_mode,
)
from tests.songs import KEY, MELODY, SONG, rows, tune


@pytest.mark.parametrize("technique", sorted(TECHNIQUES))
def test_reharmonizing_changes_chords_and_keeps_the_melody(technique: str):
    changed = 0
    for seed in range(4):
        decided = plan(
            Intent(text="x", key="F", mode="major" if seed % 2 else "minor", bars=16, seed=seed),
            Affect(valence=0.2, arousal=0),
        )
        song = compose(decided)
        name = next(p.name for p in decided.parts if p.role == "melody")
        try:
            other = reharmonize(song, technique=technique, key=decided.key, melody=name)
        except IntentError:
            continue
        changed += 1
        at = [p.name for p in song.parts].index(name)
        assert rows(other)[at] == rows(song)[at]
        assert [(c.onset, c.chord) for c in other.chords] != [(c.onset, c.chord) for c in song.chords]
        assert sum(c.duration for c in other.chords) == sum(c.duration for c in song.chords)
        assert rows(other) != rows(song)
        for index, part in enumerate(song.parts):
            if part.is_drums:
                assert rows(other)[index] == rows(song)[index]
    assert changed >= 1


@pytest.mark.parametrize(
    ("technique", "struck", "sounding"),
    [
        pytest.param("suspensions", [55, 59, 62], [[55, 60, 62], [55, 59, 62]], id="a suspension takes the third's place, the fifth stays"),
        pytest.param("suspensions", [43, 47, 50], [[43, 48, 50], [43, 47, 50]], id="a low chord is no bass line"),
        pytest.param("suspensions", [43], [[43]], id="a bass keeps the root"),
    ],
)  # fmt: skip
def test_no_voice_of_a_chord_is_lost(technique: str, struck: list[int], sounding: list[list[int]]):
    voices = Part(name="Piano", channel=1, notes=notes_array([(0, 1920, p, 64, 0) for p in struck]))
    piece = tune([74, 74, 74, 74])
    piece = replace(piece, parts=(*piece.parts, voices), chords=(ChordSpan(0, 1920, Chord.parse("G"), "I"),))
    changed = reharmonize(piece, technique=technique, key=Key("G"), melody=piece.parts[0].name)
    moments: dict[int, list[int]] = {}
    for onset, _, pitch, *_ in changed.parts[1].notes.tolist():
        moments.setdefault(onset, []).append(pitch)
    held = changed.parts[1].notes[changed.parts[1].notes["duration"] == 1920]["pitch"].tolist()
    assert [sorted({*pitches, *held}) for _, pitches in sorted(moments.items())] == sounding


def test_notes_of_no_length_stay_under_new_chords():
    clicks = Part(name="Clicks", channel=1, notes=notes_array([(0, 0, 55, 64, 0), (960, 0, 59, 64, 0)]))
    piece = tune([74, 74, 74, 74])
    piece = replace(piece, parts=(*piece.parts, clicks), chords=(ChordSpan(0, 1920, Chord.parse("G"), "I"),))
    changed = reharmonize(piece, technique="extensions", key=Key("G"), melody=piece.parts[0].name)
    assert changed.parts[1].notes["onset"].tolist() == [0, 960]


def test_drones_without_number_are_not_cut_at_each_of_many_chords():
    drone = Part(name="Drone", channel=1, notes=notes_array([(0, 4000, 55, 64, 0)]))
    chords = tuple(ChordSpan(tick, 1, Chord(tick * 5 % 12)) for tick in range(4000))
    one, many = (replace(tune([74]), length=4000, chords=chords, parts=(*tune([74]).parts, *[drone] * count)) for count in (1, 64))  # fmt: skip
    assert len(reharmonize(one, technique="extensions", key=KEY, melody=one.parts[0].name).parts[1].notes) > 1000
    with pytest.raises(TooLittleMusic, match="held over 255936 changes of chord; legal: up to 250000"):
        reharmonize(many, technique="extensions", key=KEY, melody=many.parts[0].name)


@pytest.mark.parametrize(("bars", "chords"), [(40, 21), (400, 201), (40_000, 201)])
def test_a_chord_that_lasts_without_end_is_left_no_more_often(bars: int, chords: int):
    whole = (ChordSpan(0, bars * 1920, Chord.parse("C")),)
    drone = replace(tune([76]), length=bars * 1920, chords=whole)
    changed = reharmonize(drone, technique="suspensions", key=KEY, melody=drone.parts[0].name).chords
    assert len(changed) == chords
    assert sum(span.duration for span in changed) == bars * 1920


def test_each_technique_is_its_own():
    song = SONG
    results = []
    for technique in TECHNIQUES:
        try:
            results.append(
                tuple(c.chord for c in reharmonize(song, technique=technique, key=KEY, melody=MELODY).chords)
            )
        except IntentError:
            continue
    assert len(set(results)) == len(results) >= 4


@pytest.mark.parametrize(
    ("valence", "arousal"), [(0.8, 0.0), (-0.8, 0.0), (0.0, 0.8), (0.0, -0.8), (0.7, 0.7), (-0.7, -0.7)]
)
def test_recolouring_moves_what_it_says_and_keeps_the_tune(valence: float, arousal: float):
    before, after = Feeling(valence=0, arousal=0), Feeling(valence=valence, arousal=arousal)
    moved = recolour(SONG, key=KEY, before=before, after=after)
    said = {c.what for c in recolour_changes(SONG, key=KEY, before=before, after=after)}
    assert said
    assert [len(p.notes) for p in moved.parts] == [len(p.notes) for p in SONG.parts]
    assert all((a.notes["onset"] == b.notes["onset"]).all() for a, b in zip(moved.parts, SONG.parts, strict=True))
    if arousal:
        assert (moved.tempos[0].bpm > SONG.tempos[0].bpm) == (arousal > 0)
        assert "tempo" in said
    else:
        assert ("register" if valence > 0 else "mode") in said  # F major is as bright as modes go
    assert rows(recolour(SONG, key=KEY, before=before, after=before)) == rows(SONG)


@pytest.mark.parametrize(
    ("mode", "brighter", "then"),
    [("aeolian", 0.8, "ionian"), ("ionian", -0.8, "aeolian"), ("aeolian", 0.3, "dorian"), ("ionian", -0.3, "aeolian"),
     ("ionian", -0.2, "mixolydian"), ("lydian", -0.4, "aeolian"), ("dorian", -0.3, "aeolian"),
     ("aeolian", -0.5, "harmonic_minor"), ("ionian", -1.4, "harmonic_minor"), ("harmonic_minor", -0.5, "harmonic_minor"),
     ("lydian", 0.9, "lydian"), ("phrygian", -0.9, "phrygian"), ("locrian", -0.5, "locrian"), ("ionian", 0.9, "ionian")],
)  # fmt: skip
def test_valence_moves_the_mode_to_the_parallel_and_not_past_major_and_harmonic_minor(
    mode: str, brighter: float, then: str
) -> None:
    score = to_mode(SONG, key=KEY, mode=mode)
    start, end = Feeling(valence=-brighter / 2, arousal=0), Feeling(valence=brighter / 2, arousal=0)
    moved = recolour(score, key=Key(KEY.tonic, mode), before=start, after=end)
    assert moved.keys[0].key.mode == then
    said = {c.what for c in recolour_changes(score, key=Key(KEY.tonic, mode), before=start, after=end)}
    assert ("mode" in said) == (mode != then)


def test_a_line_that_is_bound_stays_a_line_and_what_sounded_through_still_does() -> None:
    notes = notes_array([(0, 1920, 48, 80, 0), (0, 400, 72, 80, 0), (480, 480, 74, 80, 0), (960, 400, 76, 80, 0)])
    piece = tune([72, 74, 76, 77, 76, 74, 72, 71])
    piece = replace(piece, parts=(*piece.parts, Part(name="Piano", channel=1, notes=notes)))
    still = recolour(
        piece, key=Key("C"), before=Feeling(valence=0, arousal=0.8), after=Feeling(valence=0, arousal=-0.8)
    )
    assert still.parts[0].notes["duration"].tolist()[:-1] == [480] * 7
    assert still.parts[1].notes["duration"].tolist()[1:3] == [480, 480]
    assert still.parts[1].notes["duration"][0] > 1920


@pytest.mark.parametrize("brighter", [-1.0, -0.4, 0.4, 1.0])
def test_low_notes_sink_and_rise_by_whole_octaves_and_the_tune_stays(brighter: float) -> None:
    start, end = Feeling(valence=-brighter / 2, arousal=0), Feeling(valence=brighter / 2, arousal=0)
    moved = recolour(SONG, key=KEY, before=start, after=end)
    plain = to_mode(SONG, key=KEY, mode=moved.keys[0].key.mode)
    octaves = 0
    for now, was in zip(moved.parts, plain.parts, strict=True):
        order = np.lexsort((was.notes["velocity"], was.notes["pitch"] % 12, was.notes["onset"]))
        again = np.lexsort((was.notes["velocity"], now.notes["pitch"] % 12, now.notes["onset"]))
        step = now.notes["pitch"][again].astype(int) - was.notes["pitch"][order]
        assert set(step.tolist()) <= ({0} if was.is_drums or was.name == MELODY else {0, 12 if brighter > 0 else -12})
        octaves += int((step != 0).sum())
    told = [c.after for c in recolour_changes(SONG, key=KEY, before=start, after=end) if c.what == "register"]
    assert told == ([f"{octaves} low notes an octave {'higher' if brighter > 0 else 'lower'}"] if octaves else [])


@pytest.mark.parametrize(
    ("mode", "degrees"),
    [
        ("dorian", "7 7 7 0 3 7 5 5 5 -2 2 5 7 7 7 9 10 12 10 7 5 2 0 0"),
        ("mixolydian", "0 4 7 7 10 9 7 5 4 5 4 2 0 -2 -2 0 4 2 -2 2 0 -2 0 0"),
        ("lydian", "0 4 7 6 7 9 6 2 4 6 7 4 2 6 9 7 6 4 2 6 4 2 0 0"),
        ("phrygian", "0 1 3 1 0 1 -2 0 3 5 3 1 0 1 3 1 -2 1 0 -2 1 0 0 0"),
        ("aeolian", "0 3 7 7 8 7 5 3 2 -2 2 3 5 10 10 7 8 7 3 2 -2 -2 0 0"),
    ],
)
def test_a_modal_melody_is_harmonised_in_its_mode(mode: str, degrees: str):
    key = Key("D", mode)
    done = harmonise(tune([62 + int(step) for step in degrees.split()]), melody="Tune", key=key)
    assert {pc for span in done.chords for pc in span.chord.pitch_classes} <= {*key.pitch_classes}
    assert done.chords[-1].chord.root == key.pitch_class


def test_a_harmony_takes_no_other_parts_sound():
    piece = tune([60, 64, 67, 72])
    full = [replace(piece.parts[0], channel=c, program=40 + c, name=f"Part {c}") for c in range(16)]
    with pytest.raises(IntentError, match="all 16 channels"):
        harmonise(replace(piece, parts=tuple(full)), melody="Part 0", key=Key("C"))
    full[5] = replace(full[5], program=0)
    done = harmonise(replace(piece, parts=tuple(full)), melody="Part 0", key=Key("C"))
    assert (done.parts[-1].channel, done.parts[-1].program) == (5, 0)


def test_the_dominant_of_minor_is_raised_where_the_melody_lets_it():
    done = harmonise(
        tune([69, 72, 76, 76, 77, 76, 74, 72, 71, 68, 71, 76, 69, 69, 69, 69]), melody="Tune", key=Key("A", "aeolian")
    )
    assert [str(span.chord) for span in done.chords][-2:] == ["E", "Am"]


def test_a_melody_is_harmonised_with_chords_that_hold_it():
    score = tune([60, 64, 67, 64, 65, 69, 65, 62, 67, 71, 74, 67, 60, 60, 60, 60])
    done = harmonise(score, melody="Tune", key=Key("C"))
    assert [str(c.chord) for c in done.chords][-1] == "C"
    assert len(done.chords) == 4
    assert done.parts[0] is score.parts[0]
    for span in done.chords:
        inside = done.parts[1].notes[done.parts[1].notes["onset"] == span.onset]
        assert set((inside["pitch"] % 12).tolist()) == set(span.chord.pitch_classes)


@pytest.mark.parametrize(
    ("technique", "chords", "held"),
    [
        pytest.param("secondary_dominants", "G Em", 74, id="D held into B7 rubs on its D#"),
        pytest.param("secondary_dominants", "G Bm", 79, id="G held into F#7 is a semitone above its root"),
        pytest.param("extensions", "C G", 72, id="C held over Cmaj7 rubs on the new B"),
        pytest.param("suspensions", "C G", 76, id="E stated over Csus4 rubs under the F"),
        pytest.param("passing_diminished", "C Dm", 72, id="C held over C#dim7 rubs under its root"),
        pytest.param("tritone_substitution", "G C", 71, id="B over Db7 is at home as its seventh"),
    ],
)
def test_no_new_chord_rubs_on_a_note_that_the_tune_holds(technique: str, chords: str, held: int):
    spans = tuple(ChordSpan(i * 1920, 1920, Chord.parse(name), "") for i, name in enumerate(chords.split()))
    voices = Part(name="Piano", channel=1, notes=notes_array([(i * 1920, 1920, 48 + p, 64, 0) for i, s in enumerate(spans) for p in sorted(s.chord.pitch_classes)]))  # fmt: skip
    for stated in (tune([held], length=1920), tune([held] * 8, length=240)):
        piece = replace(stated, parts=(*stated.parts, voices), chords=spans, length=3840)
        try:
            new = reharmonize(piece, technique=technique, key=Key("C"), melody="Tune").chords
        except IntentError:
            new = spans
        assert ([s.chord for s in new if s.onset < 1920] != [spans[0].chord]) == (technique == "tritone_substitution")


@pytest.mark.parametrize("technique", ["suspensions", "relative"])
@pytest.mark.parametrize("onset", [0, 480])
def test_a_chord_that_lasts_long_is_left_and_come_back_to(technique: str, onset: int):
    """Twelve bars of C: suspended for a bar at a time, or left for two bars, not held in suspense for six."""
    voices = Part(name="Piano", channel=1, notes=notes_array([(i * 1920, 1920, p, 64, 0) for i in range(12) for p in (60, 64, 67)]))  # fmt: skip
    piece = tune([79] * 12, length=1920)
    piece = replace(piece, parts=(*piece.parts, voices), chords=(ChordSpan(onset, 12 * 1920 - onset, Chord(0), "I"),))
    changed = reharmonize(piece, technique=technique, key=KEY, melody="Tune")
    other = [span for span in changed.chords if span.chord != Chord(0)]
    assert len(other) == 3
    assert {span.duration for span in other} == {1920 if technique == "suspensions" else 3840}
    assert {span.onset % 1920 for span in other} == {0}
    assert changed.chords[0].chord == Chord(0)
    assert sum(span.duration for span in changed.chords) == 12 * 1920 - onset
    assert read(write(changed)).parts[1].notes["onset"].tolist() == changed.parts[1].notes["onset"].tolist()
