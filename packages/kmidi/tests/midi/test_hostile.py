"""Whatever the bytes say: a Score or a reason, in time and memory that the file's size bounds."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz import survive
from bench.hostile import files
from kmidi import midi
from kmidi.analysis.heard import Heard
from kmidi.theory import Key
from kmidi.transforms import TRANSFORMS, harmonise

HEAD = b"MThd\0\0\0\6\0\1\0\1\1\xe0"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_as_a_track(body: bytes) -> None:
    survive(HEAD + b"MTrk" + len(body).to_bytes(4, "big") + body)


@settings(max_examples=80, deadline=None)
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
