"""Whatever the bytes say: a Score or a reason, in time and memory that the file's size bounds."""

from __future__ import annotations

import tracemalloc
from random import Random

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi import KmidiError, midi

HEAD = b"MThd\0\0\0\6\0\1\0\1\1\xe0"


def survive(data: bytes) -> None:
    """Read, ask what analyses ask, write, read again; a KmidiError is an answer."""
    try:
        score = midi.read(data)
        score.bar_starts()
        assert score.seconds >= 0
        midi.read(midi.write(score))
    except KmidiError:
        pass


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_as_a_track(body: bytes) -> None:
    survive(HEAD + b"MTrk" + len(body).to_bytes(4, "big") + body)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_behind_a_header(body: bytes) -> None:
    survive(HEAD + body)


def test_a_wounded_file_is_read_or_refused() -> None:
    rng = Random("wounds").random
    track = mido.MidiTrack()
    for n in range(12):
        track.append(mido.Message("note_on", note=60 + n, time=20))
        track.append(mido.MetaMessage("set_tempo", tempo=400_000 + n))
        track.append(mido.Message("note_off", note=60 + n, time=400))
    whole = midi.write(midi.read(HEAD + b"MTrk\0\0\0\0"))
    for seed in (whole, *(bytes(m.bytes()) for m in track)):
        for _ in range(10):
            data = bytearray(HEAD + b"MTrk\0\0\1\0" + seed + whole)
            for _ in range(1 + int(rng() * 5)):
                at = int(rng() * len(data))
                data[at : at + int(rng() * 3)] = bytes(int(rng() * 256) for _ in range(int(rng() * 4)))
            survive(bytes(data))


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
