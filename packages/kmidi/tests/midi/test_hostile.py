"""Whatever the bytes say: a Score or a reason, in time and memory that the file's size bounds."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz import survive
from bench.hostile import file_of, files
from kmidi import MidiError, midi
from kmidi.analysis import analyze
from kmidi.analysis.heard import Heard, longest_held
from kmidi.analysis.reach import MOST_PARTS
from kmidi.bulk import in_bulk
from kmidi.midi.facts import MOST_SAID
from kmidi.score import Marker
from kmidi.theory import Key
from kmidi.transforms import TRANSFORMS, harmonise

HEAD = b"MThd\0\0\0\6\0\1\0\1\1\xe0"


@settings(max_examples=150)
@given(st.binary(max_size=120))
def test_any_bytes_as_a_track(body: bytes) -> None:
    survive(HEAD + b"MTrk" + len(body).to_bytes(4, "big") + body)


@settings(max_examples=80)
@given(st.binary(max_size=80))
def test_any_bytes_behind_a_header(body: bytes) -> None:
    survive(HEAD + body)


def test_wounded_files_are_read_or_refused() -> None:
    assert 100 < sum(survive(data, n) for n, data in enumerate(files(200))) < 200


FLOODS = {
    "tempos": [b"\1\xff\x51\3" + (500_000 + n).to_bytes(3, "big") for n in range(5000)],
    "meters": [b"\1\xff\x58\4" + bytes((1 + n % 9, n % 5, 24, 8)) for n in range(5000)],
    "markers": [b"\0\xff\x06\0"] * 5000,
    "longest delta times": [b"\xff\xff\xff\x7f\x90\x3c\x40"] * 5000,
    "notes without end": [b"\0\x90\x3c\x40"] * 5000,
    "programs and notes in turn": [b"\0\xc0\1", b"\0\x90\x3c\x40"] * 3000,
    "nothing but status": [b"\xff"] * 5000,
}


@pytest.mark.parametrize("name", FLOODS)
def test_memory_is_bounded_by_the_file(name: str) -> None:
    body = b"".join(FLOODS[name])
    data = HEAD + b"MTrk" + b"\xff" * 4 + body
    survive(data)
    tracemalloc.start()
    try:
        midi.read(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200 * len(data)


def test_values_made_in_bulk_are_those_made_one_by_one() -> None:
    assert in_bulk(Marker, 2, tick=[1, 2], text=["a", "b"]) == [Marker(1, "a"), Marker(2, "b")]
    with pytest.raises(AssertionError):
        in_bulk(Marker, 2, tick=[1, 2])


@pytest.mark.parametrize("searching", [True, False])
def test_reading_leaves_the_search_for_cycles_as_it_was(searching: bool) -> None:
    if not searching:
        gc.disable()
    try:
        midi.read(_track(b"\0\x90\x3c\x40"))
        with pytest.raises(MidiError):
            midi.read(b"no music")
        assert gc.isenabled() == searching
    finally:
        gc.enable()


def _track(*events: bytes) -> bytes:
    return file_of(b"".join(events))


@pytest.mark.parametrize(
    ("kind", "event"),
    [(0x51, b"\x03\x07\xa1\x20"), (0x58, b"\x04\x04\x02\x18\x08"), (0x59, b"\x02\x00\x00"), (0x01, b"\x01x"), (0x06, b"\x01x")],
    ids=["tempos", "meters", "keys", "texts", "markers"],
)  # fmt: skip
def test_events_past_what_any_music_says_are_named_and_kept(kind: int, event: bytes) -> None:
    data = _track(*[b"\x01\xff" + bytes((kind,)) + event] * (MOST_SAID + 7), b"\x00\x90\x3c\x40\x60\x3c\x00")
    score = midi.read(data)
    heeded = {0x51: score.tempos, 0x58: score.meters, 0x59: score.keys, 0x01: score.texts, 0x06: score.markers}
    assert len(heeded[kind]) == MOST_SAID
    assert [r.what for r in score.repairs] == [f"7 meta events of type {kind} past the first {MOST_SAID}, not heeded"]
    assert midi.write(score) == data


def test_more_parts_than_tracks_can_be_are_refused_with_their_number() -> None:
    sixteen = b"".join(bytes((0, 0x90 | channel, 60, 64)) for channel in range(16))
    with pytest.raises(MidiError, match=r"65552 parts .* legal: up to 65536"):
        midi.read(file_of(*[sixteen] * 4097))


def test_what_is_not_listened_to_is_said() -> None:
    note = b"\x00\x90\x3c\x40\x60\x3c\x00"
    crowd = analyze(midi.read(file_of(*[note] * (MOST_PARTS + 5), note * 3)))
    assert crowd.findings[0].what == "of 264 notes in 262 parts only 258 in 256 are listened to"
    assert {texture.part for texture in crowd.textures} == {*range(MOST_PARTS - 1), MOST_PARTS + 5}
    assert not any(f.id == "heard_in_part" for f in analyze(midi.read(file_of(note * 3))).findings)


def test_notes_that_never_end_fade_together_and_others_keep_their_length() -> None:
    assert longest_held(np.array([5, 1, 900, 900, 3]), 29) == 10
    assert longest_held(np.array([5, 1, 900]), 906) == 900
    assert longest_held(np.array([7, 7]), 0) == 1


def test_a_claim_of_4_gb_costs_nothing() -> None:
    data = HEAD + b"MTrk\xff\xff\xff\xff\0\xff\1\x8f\xff\xff\x7fno"
    tracemalloc.start()
    try:
        midi.read(data)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def _interesting() -> dict[str, bytes]:
    """The files of interesting.txt by name."""
    found: dict[str, bytes] = {}
    for block in Path(__file__).with_name("interesting.txt").read_text("utf-8").split("\n== ")[1:]:
        name, *lines = block.splitlines()
        found[name] = bytes.fromhex(" ".join(line.partition("#")[0] for line in lines))
    return found


@pytest.mark.parametrize("turn", range(len(TRANSFORMS)), ids=sorted(TRANSFORMS))
@pytest.mark.parametrize("data", _interesting().values(), ids=_interesting())
def test_what_broke_once(data: bytes, turn: int) -> None:
    for again in range(4):
        assert survive(data, turn + again * len(TRANSFORMS))


def test_what_is_heard_is_bounded_by_the_notes() -> None:
    data = _interesting()["years between notes: analysis walked every beat of them"]
    heard = Heard.of(midi.read(data))
    assert len(heard.beats) <= 400
    many = b"\0\x90\x3c\x40" * 5000 + b"\xff\xff\xff\x7f\xff\x2f\0"  # thousands of notes that sound for days
    heard = Heard.of(midi.read(HEAD + b"MTrk" + len(many).to_bytes(4, "big") + many))
    assert sum(map(len, heard.sounding(heard.beats))) < 3_000_000


def test_chords_found_for_a_file_stand_in_it() -> None:
    data = _interesting()["one part in a type 1 file: chords that were found for it went to a track that was not there"]
    score = midi.read(data)
    changed = harmonise(score, melody=score.parts[0].name, key=Key("C"))
    again = midi.read(midi.write(changed))
    assert [(c.onset, c.duration, str(c.chord)) for c in again.chords] == [(0, 1920, "C")]
    assert [part.role for part in again.parts] == ["", "chords"]
