"""Where events start is told alike whether the walk leaps over eight at once or looks at each."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmidi.midi import chunks
from kmidi.midi.chunks import take_apart
from kmidi.midi.encode import chunk, header, varint
from kmidi.midi.events import parse

END = b"\x00\xff\x2f\x00"
DELTAS = st.sampled_from([0, 5, 127, 128, 480, 20_000, 3_000_000]).map(varint)
# a status that the next events leave out, and their data bytes
TWO = st.tuples(st.sampled_from([0x90, 0x83, 0xA1, 0xB0, 0xE2]), st.just(2))
ONE = st.tuples(st.sampled_from([0xC0, 0xD5]), st.just(1))
LONG = st.sampled_from([b"\xff\x01\x03abc", b"\xff\x51\x03\x07\xa1\x20", b"\xff\x7f\x81\x00" + bytes(128), b"\xff\x06\x7f" + bytes(127), b"\xf0\x02\x01\xf7"])  # fmt: skip


@st.composite
def tracks(draw: st.DrawFn) -> list[bytes]:
    """Events of a track, each with its delta time."""
    events: list[bytes] = []
    for _ in range(draw(st.integers(0, 12))):
        if draw(st.integers(0, 4)) == 0:
            events.append(draw(DELTAS) + draw(LONG))
            continue
        status, size = draw(st.one_of(TWO, TWO, TWO, ONE))
        for k in range(draw(st.integers(1, 20))):
            said = bytes([status]) if k == 0 or draw(st.booleans()) else b""
            events.append(draw(DELTAS) + said + bytes([64] * size))
    return [*events, END]


@given(st.lists(tracks(), min_size=1, max_size=3))
def test_each_event_is_found_where_it_starts(written: list[list[bytes]]) -> None:
    data = header(1, len(written), 480)
    starts: list[int] = []
    for events in written:
        at = len(data) + 8
        starts += list(accumulate(map(len, events), initial=at))[:-1]
        data += chunk(b"MTrk", b"".join(events))
    found = take_apart(data)
    assert found.starts.tolist() == starts
    assert found.counts.tolist() == [len(events) for events in written]
    assert found.repairs == ()


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_an_end_of_track_is_found_where_the_track_says_it_is_over_before(cut: int) -> None:
    """Its length cuts the end of track off or in two: what stands there proves the length wrong."""
    body = b"\x00\x90\x40\x40" * 3 + END
    short = b"MTrk" + (len(body) - cut).to_bytes(4, "big") + body
    file = parse(header(1, 2, 480) + short + chunk(b"MTrk", b"\x05\xff\x2f\x00"))
    assert file.events.track.tolist() == [0, 0, 0, 0, 1]
    assert file.ends.tolist() == [0, 5]
    said = f"the track says it is {len(body) - cut} bytes long; its end of track comes after {len(body)}"
    assert [(repair.track, repair.byte, repair.what) for repair in file.repairs] == [(0, 18, said)]


def test_a_leap_ends_with_its_track() -> None:
    """A track that breaks off within a run of plain notes ends with the last whole one, and the next track is read."""
    note = b"\x00\x90\x40\x40"
    data = header(1, 2, 480) + chunk(b"MTrk", note * 21 + note[:3]) + chunk(b"MTrk", note * 5 + END)
    file = parse(data)
    assert file.events.track.tolist() == [0] * 21 + [1] * 6
    assert [repair.track for repair in file.repairs] == [0, 0]


def test_what_a_walk_makes_grows_with_the_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of programs, between which the walk leaps and stops to leap, share one table."""
    made: list[int] = []

    def counted(size: int) -> bytes:
        made.append(size)
        return bytes(size)

    monkeypatch.setattr(chunks, "bytes", counted, raising=False)
    data = header(1, 1, 480) + chunk(b"MTrk", b"\x00\xc0\x01\x00\x02\x00\x90\x3c\x40" * 500 + END)
    assert take_apart(data).counts == [1501]
    assert sum(made) < 2 * len(data)
