"""Repairs are columns that read as a tuple of Repair, each worded when it is looked at."""

from __future__ import annotations

import pickle

import pytest

from bench.hostile import chunk, file_of
from kmidi import midi
from kmidi.midi import repairs
from kmidi.score import Repair

# a byte above 127, a pitch struck twice, an off without a note; then a length that is too short
FAULTS = b"\x00\x90\x3c\xff\x00\x3c\x40\x00\x80\x3d\x00"
DATA = file_of(claimed=3) + chunk(b"MTrk", FAULTS + b"\x00\xff\x2f\x00", 2) + b"!" + file_of(FAULTS)[14:]
FOUND = (
    Repair(-1, 10, "the header says 3 tracks; there are 2"),
    Repair(0, 18, "the track says it is 2 bytes long; its end of track comes after 15"),
    Repair(0, 22, "1 event with a data byte above 127, read as 127"),
    Repair(0, 22, "1 note never ends, ended where the pitch is struck again"),
    Repair(0, 26, "1 note never ends, ended with the track"),
    Repair(0, 26, "1 note starts while the pitch sounds"),
    Repair(0, 29, "1 note-off with no note to end"),
    Repair(-1, 37, "1 stray byte before track 1 left out"),
    Repair(1, 46, "1 event with a data byte above 127, read as 127"),
    Repair(1, 46, "1 note never ends, ended where the pitch is struck again"),
    Repair(1, 50, "1 note never ends, ended with the track"),
    Repair(1, 50, "1 note starts while the pitch sounds"),
    Repair(1, 53, "1 note-off with no note to end"),
)


def test_repairs_read_as_a_tuple_of_them() -> None:
    met = midi.read(DATA).repairs
    assert tuple(met) == FOUND
    assert met == FOUND
    assert met == midi.read(DATA).repairs
    assert met != FOUND[:-1]
    assert met != midi.read(file_of()).repairs
    assert midi.read(file_of(FAULTS[:0])).repairs == ()
    assert (len(met), hash(met), repr(met)) == (len(FOUND), hash(FOUND), repr(FOUND))
    assert (met[0], met[-1], met[2:5], met[::-4]) == (FOUND[0], FOUND[-1], FOUND[2:5], FOUND[::-4])
    assert FOUND[3] in met
    assert pickle.loads(pickle.dumps(met)) == FOUND
    with pytest.raises(IndexError):
        met[len(FOUND)]


def test_reading_words_no_repair_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, int, str]] = []

    def counted(track: int, byte: int, what: str) -> Repair:
        made.append((track, byte, what))
        return Repair(track, byte, what)

    monkeypatch.setattr(repairs, "Repair", counted)
    met = midi.read(file_of(*[FAULTS] * 500)).repairs
    assert (len(met), len(made)) == (2500, 0)
    assert (met[0].track, met[-1].track, len(made)) == (0, 499, 2)
