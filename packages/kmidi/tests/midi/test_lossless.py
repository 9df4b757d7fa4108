"""A file that was read is written back event for event; of a changed score only what was changed is new."""

from __future__ import annotations

import io
import random
import sys
from collections import Counter
from dataclasses import replace

import mido
import numpy as np
import pytest

from bench.hostile import file_of
from kmidi import Score, midi
from kmidi.midi.encode import Ints
from kmidi.midi.notes import ByVoice
from kmidi.midi.parts import Columns, Sounding, sounding
from kmidi.score import KeyChange, Marker, MeterChange, Notes, Tempo, controls_array, notes_array
from kmidi.theory import Key, Meter


def song(kind: int = 1) -> bytes:
    """Two instruments, drums, a conductor, and what most writers never write."""
    conductor = [
        mido.MetaMessage("track_name", name="Song"),
        mido.MetaMessage("set_tempo", tempo=500_000),
        mido.MetaMessage("time_signature", numerator=3, denominator=4, clocks_per_click=36),
        mido.MetaMessage("key_signature", key="Eb"),
        mido.MetaMessage("sequencer_specific", data=(0x7D, 1, 2)),
        mido.MetaMessage("lyrics", text="oh", time=10),
        mido.MetaMessage("marker", text="A", time=0),
        mido.MetaMessage("set_tempo", tempo=400_000, time=710),
        mido.MetaMessage("smpte_offset", hours=1),
        mido.UnknownMetaMessage(0x60, data=(9, 9)),
    ]
    keys = [mido.MetaMessage("track_name", name="Keys"), mido.Message("program_change", program=4)]
    for n in range(4):
        keys += [
            mido.Message("control_change", control=64, value=127),
            mido.Message("note_on", note=60 + n, velocity=80),
            mido.Message("pitchwheel", pitch=100 * n, time=200),
            mido.Message("aftertouch", value=3, time=40),
            mido.Message("note_off", note=60 + n, velocity=33)
            if n % 2
            else mido.Message("note_on", note=60 + n, velocity=0),
            mido.Message("sysex", data=(1, 2, 3), time=10),
        ]
    drums = [mido.MetaMessage("track_name", name="Kit")]
    for _ in range(4):
        drums += [
            mido.Message("note_on", channel=9, note=36, velocity=99, time=140),
            mido.Message("note_off", channel=9, note=36, time=100),
        ]
    file = mido.MidiFile(type=kind, ticks_per_beat=240)
    if kind == 0:
        file.tracks.append(mido.merge_tracks([mido.MidiTrack(t) for t in (conductor, keys, drums)]))
    else:
        file.tracks += [mido.MidiTrack(t) for t in (conductor, keys, drums)]
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def events(data: bytes) -> list[list[tuple[int, str]]]:
    """Each track's events as mido reads them, end of track left out."""
    tracks: list[list[tuple[int, str]]] = []
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        ticks = np.cumsum([m.time for m in track]).tolist()
        tracks.append([(t, str(m.copy(time=0))) for t, m in zip(ticks, track, strict=True) if m.type != "end_of_track"])
    return tracks


def changes(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Events that left and that came, whichever track; what stayed must keep its order."""
    gone: list[str] = []
    come: list[str] = []
    for old, new in zip(events(before), events(after), strict=True):
        out, into = Counter(old) - Counter(new), Counter(new) - Counter(old)
        kept = lambda rows, less: [r for r in rows if r not in less]  # noqa: E731 - one line, used twice
        assert kept(old, out) == kept(new, into)
        gone += [text for _, text in out.elements()]
        come += [text for _, text in into.elements()]
    return gone, come


def _part(score: Score, number: int, **new: object) -> Score:
    parts = list(score.parts)
    parts[number] = replace(parts[number], **new)  # type: ignore[arg-type] - a table of changes
    return replace(score, parts=tuple(parts))


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_untouched_comes_back_byte_for_byte(kind: int) -> None:
    data = song(kind)
    assert midi.write(midi.read(data)) == data


def _transposed(score: Score) -> Score:
    notes = score.parts[0].notes.copy()
    notes["pitch"] += 2
    return _part(score, 0, notes=notes_array(notes))


def _one_louder(score: Score) -> Score:
    notes = score.parts[0].notes.copy()
    notes["velocity"][1] = 127
    return _part(score, 0, notes=notes_array(notes))


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        pytest.param(lambda s: replace(s, tempos=(Tempo(0, 600_000), *s.tempos[1:])), 1, 1, id="first tempo"),
        pytest.param(lambda s: replace(s, tempos=s.tempos[:1]), 1, 0, id="second tempo left out"),
        pytest.param(lambda s: replace(s, meters=(*s.meters, MeterChange(720, Meter(6, 8)))), 0, 1, id="a meter more"),
        pytest.param(lambda s: replace(s, keys=(KeyChange(0, Key("D", "dorian")),)), 1, 2, id="a mode"),
        pytest.param(lambda s: replace(s, markers=(Marker(0, "Intro"),)), 1, 1, id="marker"),
        pytest.param(lambda s: replace(s, texts=(Marker(5, "hello"),)), 0, 1, id="text"),
        pytest.param(lambda s: replace(s, title="Other"), 1, 1, id="title"),
        pytest.param(lambda s: _part(s, 0, name="Piano"), 1, 1, id="name"),
        pytest.param(lambda s: _part(s, 0, role="melody"), 0, 1, id="role"),
        pytest.param(lambda s: _part(s, 0, program=0), 1, 1, id="program"),
        pytest.param(lambda s: _part(s, 1, program=8), 0, 1, id="a program where none was"),
        pytest.param(_one_louder, 2, 2, id="one velocity"),
        pytest.param(_transposed, 8, 8, id="all pitches"),
        pytest.param(lambda s: _part(s, 0, notes=s.parts[0].notes[1:]), 2, 0, id="first note left out"),
        pytest.param(lambda s: _part(s, 0, controls=controls_array([])), 12, 0, id="no controls"),
    ],
)  # fmt: skip
def test_only_what_was_changed_is_rewritten(change: object, gone: int, come: int) -> None:
    data = song()
    score = change(midi.read(data))  # type: ignore[operator] - a table of changes
    after = midi.write(score)
    left, came = changes(data, after)
    assert (len(left), len(came)) == (gone, come)
    again = midi.read(after)
    for field in ("tempos", "meters", "keys", "markers", "texts", "title", "length"):
        assert getattr(again, field) == getattr(score, field), field
    for one, other in zip(again.parts, score.parts, strict=True):
        assert (one.name, one.program, one.role, one.channel) == (other.name, other.program, other.role, other.channel)
        assert one.notes.tolist() == other.notes.tolist()
        assert one.controls.tolist() == other.controls.tolist()


def test_shifted_notes_are_written_where_they_sound() -> None:
    score = midi.read(song())
    notes = score.parts[0].notes.copy()
    notes["shift"] = 7
    again = midi.read(midi.write(_part(score, 0, notes=notes_array(notes))))
    assert again.parts[0].notes["onset"].tolist() == (notes["onset"] + 7).tolist()


def test_a_part_may_change_its_channel() -> None:
    again = midi.read(midi.write(_part(midi.read(song()), 0, channel=5)))
    assert [(p.channel, p.program, p.notes.size, p.controls.size) for p in again.parts] == [
        (5, 4, 4, 12),
        (9, None, 4, 0),
    ]


@pytest.mark.parametrize("kind", [0, 1])
def test_parts_leave_and_come(kind: int) -> None:
    score = midi.read(song(kind))
    drums_alone = midi.read(midi.write(replace(score, parts=score.parts[1:])))
    assert [p.channel for p in drums_alone.parts] == [9]
    assert drums_alone.tempos == score.tempos
    fresh = replace(score.parts[0], origin=None, channel=3, name="Double")
    both = midi.read(midi.write(replace(score, parts=(*score.parts, fresh))))
    assert [p.name for p in both.parts][-1] == "Double"
    assert both.parts[-1].notes.tolist() == score.parts[0].notes.tolist()
    assert both.source.file.format == 1


def test_a_shorter_score_loses_what_lay_behind_it() -> None:
    score = midi.read(song())
    keep = lambda p: replace(p, notes=p.notes[p.notes["onset"] < 720], controls=p.controls[p.controls["tick"] < 720])  # noqa: E731
    short = replace(score, length=720, parts=tuple(map(keep, score.parts)), tempos=score.tempos[:1])
    again = midi.read(midi.write(short))
    assert again.length == 720
    assert again.source.file.ends.tolist() == [720, 720, 720]
    assert again.repairs == ()


def test_one_channel_of_many_in_a_track_is_renamed_by_a_prefix() -> None:
    score = midi.read(song(0))
    assert [p.name for p in score.parts] == ["Song ch1", "Song ch10"]
    again = midi.read(midi.write(_part(score, 0, name="Rhodes")))
    assert [p.name for p in again.parts] == ["Rhodes", "Song ch10"]
    assert again.title == "Song"


def test_overlapping_notes_that_stay_are_left_as_they_are() -> None:
    track = mido.MidiTrack()
    for kind, time in (("note_on", 0), ("note_on", 240), ("note_off", 240), ("note_off", 240)):
        track.append(mido.Message(kind, note=60, velocity=64, time=time))
    track += [mido.Message("note_on", note=70, velocity=9), mido.Message("note_off", note=70, time=240)]
    file, out = mido.MidiFile(), io.BytesIO()
    file.tracks.append(track)
    file.save(file=out)
    score = midi.read(out.getvalue())
    assert score.parts[0].notes[["onset", "duration"]].tolist() == [(0, 480), (240, 480), (720, 240)]
    assert [str(r) for r in score.repairs] == ["track 0, byte 26: 1 note starts while the pitch sounds"]
    again = midi.read(midi.write(_part(score, 0, notes=score.parts[0].notes[:2])))
    assert again.parts[0].notes.tolist() == score.parts[0].notes[:2].tolist()


def test_random_changes_of_notes_are_read_again() -> None:
    rng = random.Random("changes")
    for _ in range(40):
        score = midi.read(song())
        rows = [
            (240 * n + rng.randrange(60), rng.randrange(1, 150), rng.randrange(40, 44), rng.randrange(1, 128), 0)
            for n in range(8)
        ]
        mixed = notes_array([*rows, *rng.sample(score.parts[0].notes.tolist(), 2)])
        again = midi.read(midi.write(_part(replace(score, length=2160), 0, notes=mixed)))
        assert again.parts[0].notes.tolist() == mixed.tolist()


def test_a_part_that_changed_looks_at_its_own_events_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every part looks through what all others say: each sees its own events, and the notes of all are looked at once."""
    found: list[int] = []

    class Counted(ByVoice):
        def __getitem__(self, voice: int) -> Ints:
            rows = super().__getitem__(voice)
            found.append(rows.size)
            return rows

    def counted(notes: Columns, channel: Ints, length: int) -> Sounding:
        found.append(channel.size)
        return sounding(notes, channel, length)

    monkeypatch.setattr(sys.modules["kmidi.midi.edit"], "ByVoice", Counted)
    monkeypatch.setattr(sys.modules["kmidi.midi.edit"], "sounding", counted)
    score = midi.read(file_of(*[b"\x00\x90\x3c\x40\x01\x3c\x00\x00\x3e\x40"] * 50))
    louder = [replace(part, notes=_with(part.notes, velocity=99), program=5) for part in score.parts]
    again = midi.read(midi.write(replace(score, parts=tuple(louder))))
    assert [part.notes["velocity"].tolist() for part in again.parts] == [[99, 99]] * 50
    assert [part.program for part in again.parts] == [5] * 50
    assert found == [3] * 50 + [100]


def test_a_file_of_no_tracks_takes_what_is_new() -> None:
    data = file_of()
    score = midi.read(data)
    assert midi.write(score) == data
    keyed = replace(score, keys=(KeyChange(0, Key("D")),))
    assert midi.read(midi.write(keyed)).keys == keyed.keys
    played = replace(midi.read(song()).parts[0], origin=None)
    more = midi.read(midi.write(replace(keyed, length=1920, parts=(played,))))
    assert more.keys == keyed.keys
    assert more.parts[0].notes.tolist() == played.notes.tolist()


def _with(notes: Notes, **fields: int) -> Notes:
    changed = notes.copy()
    for name, value in fields.items():
        changed[name] = value
    return changed
