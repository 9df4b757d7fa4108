"""What else a file says of its sound stays with the notes: channels, programs, pressure, tempos, words."""

from __future__ import annotations

import io
from dataclasses import replace

import mido
import pytest

from kmidi import Feeling, Score
from kmidi.midi import read, write
from kmidi.score import KEY_PRESSURE, PROGRAM_CHANGE, ChordSpan, Tempo
from kmidi.studio.change import change
from kmidi.theory import Chord, Key
from kmidi.transforms import (
    Step,
    merge_parts,
    move_notes,
    recolour,
    recolour_changes,
    reharmonize,
    split_part,
    stems,
    to_mode,
    transpose,
    transpose_diatonic,
)

C = Key("C", "ionian")
Timed = tuple[int, mido.Message | mido.MetaMessage]


def notes(channel: int, *pitches: int) -> list[Timed]:
    """Quarter notes, one after the other."""
    return [
        (480 * at + end, mido.Message("note_off" if end else "note_on", channel=channel, note=pitch, velocity=64))
        for at, pitch in enumerate(pitches)
        for end in (0, 400)
    ]


def control(channel: int, number: int, value: int, tick: int = 0) -> Timed:
    return tick, mido.Message("control_change", channel=channel, control=number, value=value)


def program(channel: int, value: int, tick: int = 0) -> Timed:
    return tick, mido.Message("program_change", channel=channel, program=value)


def named(name: str) -> Timed:
    return 0, mido.MetaMessage("track_name", name=name)


def file_of(*tracks: list[Timed]) -> bytes:
    file, out = mido.MidiFile(ticks_per_beat=480), io.BytesIO()
    for events in tracks:
        track, before = mido.MidiTrack(), 0
        for tick, message in sorted(events, key=lambda event: event[0]):
            track.append(message.copy(time=tick - before))
            before = tick
        file.tracks.append(track)
    file.save(file=out)
    return out.getvalue()


def again(score: Score) -> Score:
    return read(write(score))


def sounds(score: Score) -> list[tuple[str, int, int | None]]:
    return [(part.name, part.channel, part.program) for part in score.parts]


def pressed(score: Score) -> list[list[int]]:
    """The pitches that pressure is on, a list a part."""
    return [[c["number"] for c in p.controls if c["kind"] == KEY_PRESSURE] for p in again(score).parts]


def test_halves_of_drums_are_drums() -> None:
    score = split_part(read(file_of([named("Kit"), *notes(9, 36, 42, 38, 60)])), part="Kit", pitch=40)
    assert [part.channel for part in again(score).parts] == [9, 9]


def test_a_part_that_names_no_sound_splits_with_that_of_its_channel() -> None:
    """Two staves of a piano: the first names the sound and the loudness of both."""
    score = read(
        file_of([named("RH"), program(0, 4), control(0, 7, 90), *notes(0, 72)], [named("LH"), *notes(0, 36, 62)])
    )
    split = again(split_part(score, part="LH", pitch=50))
    assert sounds(split) == [("RH", 0, 4), ("LH (upper)", 0, None), ("LH (lower)", 1, 4)]
    assert split.parts[2].controls.tolist() == score.parts[0].controls.tolist()


def test_a_stem_sounds_as_its_part_where_another_track_names_the_sound_of_its_channel() -> None:
    shared = [program(0, 48), control(0, 7, 90), named("First"), *notes(0, 60, 62)]
    score = read(file_of(shared, [named("Second"), *notes(0, 64, 65)], [named("Alone"), *notes(1, 67)]))
    found = [again(stem) for stem in stems(score)]
    assert [sounds(stem) for stem in found] == [[("First", 0, 48)], [("Second", 0, 48)], [("Alone", 1, None)]]
    assert found[1].parts[0].controls["value"].tolist() == [90]


def test_merging_leaves_every_part_its_sound() -> None:
    """The part that leaves has named the sound of its channel, on which another plays."""
    score = read(
        file_of([named("A"), *notes(0, 72)], [named("B"), program(0, 4), *notes(0, 60)], [named("C"), *notes(0, 40)])
    )
    assert again(merge_parts(score, parts=("A", "B"))).parts[0].program == 4
    flute = read(
        file_of([named("A"), program(1, 73), *notes(1, 72)], [named("B"), program(0, 4), *notes(0, 60)], [named("C"), *notes(0, 40)])
    )  # fmt: skip
    assert sounds(again(merge_parts(flute, parts=("A", "B")))) == [("A", 1, 73), ("C", 0, 4)]


def test_what_is_merged_sounds_as_the_first_throughout() -> None:
    later = [control(1, 0, 120), control(1, 32, 3), program(1, 40), program(1, 41, 480), control(1, 1, 99, 480)]
    score = read(file_of([named("A"), program(0, 4), *notes(0, 72, 74)], [named("B"), *later, *notes(1, 60, 62)]))
    merged = again(merge_parts(score, parts=("A", "B"))).parts[0]
    assert merged.program == 4
    assert PROGRAM_CHANGE not in merged.controls["kind"]
    assert merged.controls["number"].tolist() == [1]


def test_what_was_split_is_merged_to_the_same_controllers() -> None:
    score = read(file_of([named("A"), control(0, 7, 90), control(0, 64, 127, 10), *notes(0, 72, 48)]))
    merged = merge_parts(split_part(score, part="A"), parts=("A (upper)", "A (lower)"))
    assert merged.parts[0].controls.tolist() == score.parts[0].controls.tolist()


def test_words_stay_when_their_part_is_merged_into_another() -> None:
    words: list[Timed] = [(0, mido.MetaMessage("lyrics", text="la")), (480, mido.MetaMessage("text", text="softly"))]
    words.append((480, mido.MetaMessage("cue_marker", text="door")))
    score = read(file_of([named("Piano"), *notes(0, 60)], [named("Voice"), *words, *notes(1, 72, 74)]))
    merged = mido.MidiFile(file=io.BytesIO(write(merge_parts(score, parts=("Piano", "Voice")))))
    said = {message.text for track in merged.tracks for message in track if hasattr(message, "text")}
    assert said == {"la", "softly", "door"}


def test_pressure_on_a_key_moves_with_its_note() -> None:
    press: list[Timed] = [
        (100, mido.Message("polytouch", note=64, value=50)),
        (500, mido.Message("polytouch", note=40, value=9)),
    ]
    score = read(file_of([named("A"), *press, *notes(0, 64, 40)]))
    assert pressed(transpose(score, semitones=2)) == [[66, 42]]
    assert pressed(transpose_diatonic(score, degrees=1, key=C)) == [[65, 41]]
    assert pressed(to_mode(score, key=C, mode="aeolian")) == [[63, 39]]
    assert pressed(move_notes(score, part="A", semitones=12, highest=50)) == [[64, 52]]
    assert pressed(split_part(score, part="A")) == [[64], [40]]
    back = transpose(transpose(score, semitones=2), semitones=-2)
    assert write(back) == write(score)


def test_pressure_on_no_note_hinders_no_transposition() -> None:
    score = read(file_of([named("A"), (0, mido.Message("polytouch", note=127, value=50)), *notes(0, 60)]))
    assert pressed(transpose(score, semitones=2)) == [[127]]


def test_what_a_move_does_not_touch_stays_where_notes_ring_into_each_other() -> None:
    def note(tick: int, pitch: int, lasting: int) -> list[Timed]:
        kinds = (("note_on", tick), ("note_off", tick + lasting))
        return [(at, mido.Message(kind, note=pitch, velocity=64)) for kind, at in kinds]

    rings = [*note(0, 60, 600), *note(480, 60, 600), *note(960, 64, 0)]
    score = read(file_of([*rings, *note(1920, 62, 600), *note(2400, 64, 600)]))
    moved = again(move_notes(score, part="#1", semitones=2, bar=1, bars=1, lowest=62, highest=62))
    played = [(n["onset"], n["pitch"], n["duration"]) for n in moved.parts[0].notes]
    assert played == [(0, 60, 600), (480, 60, 600), (960, 64, 0), (1920, 64, 480), (2400, 64, 600)]


def test_all_bars_are_moved_where_none_are_named() -> None:
    score = read(
        file_of(
            [named("A"), (0, mido.MetaMessage("time_signature", numerator=1, denominator=4)), *notes(0, *[60] * 600)]
        )
    )
    assert {*move_notes(score, part="A", semitones=12).parts[0].notes["pitch"].tolist()} == {72}


CALM, STIRRED = Feeling(valence=0, arousal=0), Feeling(valence=0, arousal=0.8)


def test_the_tempo_before_the_first_that_is_named_moves_too() -> None:
    score = read(file_of([(960, mido.MetaMessage("set_tempo", tempo=400_000)), *notes(0, *[60] * 4)]))
    done = again(recolour(score, key=C, before=CALM, after=STIRRED))
    assert [t.tick for t in done.tempos] == [0, 960]
    assert done.tempos[0].us_per_quarter / 500_000 == pytest.approx(done.tempos[1].us_per_quarter / 400_000, abs=1e-5)
    said = next(c for c in recolour_changes(score, key=C, before=CALM, after=STIRRED) if c.what == "tempo")
    assert said.before == "120 bpm"


def test_a_file_in_smpte_time_takes_the_tempo_it_is_given() -> None:
    data = file_of([(0, mido.MetaMessage("set_tempo", tempo=400_000)), *notes(0, *[60] * 4)])
    score = read(data[:12] + bytes((0xE7, 40)) + data[14:])  # 25 frames of 40 ticks
    done = recolour(score, key=C, before=CALM, after=STIRRED)
    heard = again(done)
    assert done.seconds < score.seconds
    assert heard.seconds == pytest.approx(done.seconds)
    assert heard.tempos == done.tempos
    assert write(replace(score, tempos=(Tempo(0, 1_000_000),))) == write(score)


def test_a_set_up_by_the_maker_stays_when_its_part_is_merged_into_another() -> None:
    gs = mido.Message("sysex", data=(0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41))
    score = read(file_of([named("A"), *notes(0, 60)], [named("B"), (0, gs), *notes(1, 72)]))
    merged = mido.MidiFile(file=io.BytesIO(write(merge_parts(score, parts=("A", "B")))))
    assert [message for track in merged.tracks for message in track if message.type == "sysex"] == [gs]


def test_the_piece_is_as_long_when_its_longest_track_goes() -> None:
    long = [named("B"), *notes(1, 72), (9000, mido.Message("control_change", channel=1, control=7, value=100))]
    score = read(file_of([], [named("A"), *notes(0, 60)], long))
    assert again(merge_parts(score, parts=("A", "B"))).length == score.length == 9600
    assert [again(stem).length for stem in stems(score)] == [9600, 9600]


def test_a_rehearsal_letter_is_no_chord_name() -> None:
    """The letter A stands where an A major chord does."""
    marks: list[Timed] = [(0, mido.MetaMessage("marker", text="A")), (1920, mido.MetaMessage("marker", text="B"))]
    score = read(file_of([*marks, *notes(0, *[69] * 8)]))
    named_once = replace(score, chords=(ChordSpan(0, 1920, Chord(9, "")), ChordSpan(1920, 1920, Chord(2, ""))))
    twice = again(replace(again(named_once), chords=(ChordSpan(0, 3840, Chord(11, "")),)))
    assert [(m.tick, m.text) for m in twice.markers] == [(0, "A"), (1920, "B")]
    both = read(write(named_once, markers="both"))
    assert [(m.tick, m.text) for m in both.markers] == [(1920, "B")]  # there the chords are marked, each of them


def touched(score: Score) -> list[tuple[int, int]]:
    """(tick, pitch) of all pressure on keys of the first part."""
    return [(c["tick"], c["number"]) for c in again(score).parts[0].controls if c["kind"] == KEY_PRESSURE]


def press(tick: int, pitch: int) -> Timed:
    return tick, mido.Message("polytouch", channel=0, note=pitch, value=50)


def test_pressure_on_a_key_goes_with_its_note_under_new_chords() -> None:
    """C E G under Csus4 for the first half: E is struck as F, then, the chord let down, as E; A is on no note."""
    held = [
        (tick, mido.Message(kind, note=pitch, velocity=64))
        for tick, kind in ((0, "note_on"), (1920, "note_off"))
        for pitch in (60, 64, 67)
    ]
    tune = [(tick, message.copy(note=79)) for tick, message in held if message.note == 67]
    data = file_of([*held, press(100, 64), press(100, 67), press(100, 69), press(960, 64), press(1900, 64)], tune)
    score = replace(read(data), chords=(ChordSpan(0, 1920, Chord.parse("C")),))
    moved = reharmonize(score, technique="suspensions", key=C, melody="#2")
    assert [(n["onset"], n["pitch"]) for n in moved.parts[0].notes if n["pitch"] in (64, 65)] == [(0, 65), (960, 64)]
    assert touched(moved) == [(100, 65), (100, 67), (100, 69), (960, 64), (1900, 64)]


def test_pressure_on_a_key_goes_with_its_note_into_another_feeling_and_not_beyond_its_end() -> None:
    """A bass sinks by an octave in minor, and stirred it lets its keys go sooner."""
    score = read(file_of([*notes(0, 43, 40, 43), press(10, 43), press(390, 43), press(490, 40), press(500, 90)]))
    dark = recolour(score, key=C, before=Feeling(valence=0.5, arousal=-0.5), after=Feeling(valence=-0.9, arousal=0.9))
    first, second, _ = dark.parts[0].notes.tolist()
    assert first[2] < 40
    assert first[1] < 390
    assert touched(dark) == [(10, first[2]), (490, second[2]), (500, 90)]


def struck_twice() -> Score:
    """Two strings of a guitar on one pitch, twice; once the same twice over; and a note alone."""
    pairs = [(0, 60, 400), (0, 60, 200), (480, 64, 400), (480, 64, 400), (960, 67, 100)]
    events: list[Timed] = [
        (tick, mido.Message(kind, note=pitch, velocity=64))
        for onset, pitch, lasting in pairs
        for tick, kind in ((onset, "note_on"), (onset + lasting, "note_off"))
    ]
    return read(file_of([named("Guitar"), *events], [named("Bass"), *notes(1, 40)]))


@pytest.mark.parametrize(
    ("transform", "arguments", "joined"),
    [
        ("transpose", {"semitones": 1}, 2),
        ("transpose", {"semitones": 0}, 0),
        ("move_notes", {"part": "Guitar", "semitones": 1, "lowest": 64, "highest": 64}, 1),  # the others stand as they were
        ("move_notes", {"part": "Guitar", "semitones": 1, "lowest": 67}, 0),
        ("move_notes", {"part": "Bass", "semitones": 1}, 0),
        ("quantize", {"grid_quarters": 4.0}, 1),
        ("merge_parts", {"parts": ["Guitar", "Bass"]}, 2),
        ("split_part", {"part": "Guitar", "pitch": 62}, 1),  # the upper half stays in its track as it was
    ],
)  # fmt: skip
def test_how_many_doubled_notes_became_one_is_told(transform: str, arguments: dict[str, object], joined: int) -> None:
    score = struck_twice()
    done = change(score, (Step(transform=transform, arguments=arguments),))
    counts = [sum(len(part.notes) for part in s.parts) for s in (score, read(done.midi))]
    assert counts[0] - counts[1] == joined
    said = [f"{c.before} → {c.after}" for c in done.changes if c.what == "doubled notes"]
    assert said == [f"{joined} beside another of the same start and pitch → one with it"] * (joined > 0)
