"""Notes of voices where an end is missing, told by arrays as one event after the other tells them."""

from __future__ import annotations

import tracemalloc
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile import file_of
from kmidi import midi
from kmidi.midi import notes
from kmidi.midi.events import parse
from kmidi.midi.notes import pair

# delta, channel, pitch, whether it is an on
EVENTS = st.lists(st.tuples(st.sampled_from([0, 0, 1]), st.integers(0, 1), st.integers(60, 61), st.booleans()), max_size=40)  # fmt: skip
Event = tuple[int, int, bool]  # row, tick, whether it is an on


def _bytes(events: list[tuple[int, int, int, bool]]) -> bytes:
    return b"".join(bytes((delta, 0x90 | channel, pitch, 64 * on)) for delta, channel, pitch, on in events)


def _one_by_one(events: list[Event]) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[int]]:
    """Pairs of on and off, ons left over with what ends each, and offs that end nothing, of one voice."""
    pairs: list[tuple[int, int]] = []
    orphan: list[int] = []
    strikes: list[int] = []
    sounding: list[int] = []
    ended: list[int] = []
    torn = _left_over(events) > 0
    while events:
        row, _, on = events[0]
        run = _run(events) if torn and not on and not sounding else 0
        pairs += [(events[k + 1][0], events[k][0]) for k in range(0, run, 2)]
        events = events[run:] if run else events[1:]
        if run:
            continue
        if on:
            sounding.append(row)
            strikes.append(row)
        elif sounding:
            ended.append(row)
            sounding.pop()
        else:
            orphan.append(row)
    follows = dict(pairwise(strikes))
    pairs += zip((row for row in strikes if row not in sounding), ended, strict=True)
    return pairs, [(row, follows.get(row, -1)) for row in sounding], orphan


def _left_over(events: list[Event]) -> int:
    sounding = 0
    for _, _, on in events:
        sounding = sounding + 1 if on else max(0, sounding - 1)
    return sounding


def _run(events: list[Event]) -> int:
    """How many events from the first on are offs with an on behind each at its tick, where an on or nothing follows."""
    end = 0
    while end + 1 < len(events) and not events[end][2] and events[end + 1][2] and events[end][1] == events[end + 1][1]:
        end += 2
    return end if end == len(events) or events[end][2] else 0


@settings(max_examples=300)
@given(st.lists(EVENTS, min_size=1, max_size=3))
def test_pairs_are_those_that_one_event_after_the_other_tells(tracks: list[list[tuple[int, int, int, bool]]]) -> None:
    events = parse(file_of(*map(_bytes, tracks))).events
    columns = zip(events.track.tolist(), events.status.tolist(), events.one.tolist(), events.tick.tolist(), events.two.tolist(), strict=True)  # fmt: skip
    rows = [((track, status, pitch), (row, tick, two > 0)) for row, (track, status, pitch, tick, two) in enumerate(columns) if status != 0xFF]  # fmt: skip
    told = [_one_by_one([event for _, event in voice]) for _, voice in groupby(sorted(rows), key=lambda row: row[0])]
    found = pair(events)
    assert sorted(zip(found.on.tolist(), found.off.tolist(), strict=True)) == sorted(
        p for pairs, _, _ in told for p in pairs
    )
    assert sorted(zip(found.hanging.tolist(), found.until.tolist(), strict=True)) == sorted(h for _, hung, _ in told for h in hung)  # fmt: skip
    assert sorted(found.orphan.tolist()) == sorted(o for _, _, orphan in told for o in orphan)


def test_voices_where_notes_hang_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many they are: their number costs no turns of a loop."""
    asked: list[int] = []
    empty = notes._empty

    def counted(tick: np.ndarray, is_on: np.ndarray, first: np.ndarray) -> np.ndarray:
        asked.append(is_on.size)
        return empty(tick, is_on, first)

    monkeypatch.setattr(notes, "_empty", counted)
    torn = b"".join(bytes((0, 0x90, pitch, 64, 1, pitch, 64, 1, pitch, 0)) for pitch in range(128))
    score = midi.read(file_of(*[torn] * 20))
    assert asked == [20 * 128 * 3]
    assert sum(part.notes.size for part in score.parts) == 20 * 128 * 2


HANGING = {
    "a long note under short ones": b"\x00\x91\x24\x40\x00\x90\x3c\x40" + b"\x01\x3c\x00\x01\x3c\x40" * 100_000,
    "strokes at random": b"\x00\x90\x3c\x40"
    + b"".join(bytes((n * n % 97, n * 7919 % 128, n * 31 % 128)) for n in range(200_000)),
}


@pytest.mark.parametrize("events", HANGING.values(), ids=HANGING)
def test_memory_for_notes_that_hang_is_bounded_by_the_file(events: bytes) -> None:
    data = file_of(events)
    midi.read(data)
    tracemalloc.start()
    try:
        midi.read(data)
        assert tracemalloc.get_traced_memory()[1] < 50 * len(data)
    finally:
        tracemalloc.stop()
