"""Drums are known where sequencers put them on other channels, and channel 10 of an MPE instrument is none."""

from __future__ import annotations

import io

import mido
import pytest

from kmidi.analysis import analyze
from kmidi.midi import read, write
from kmidi.transforms import transpose

BEAT = [36, 42, 38, 42] * 4
TUNE = [60, 64, 67, 72] * 4


def track(name: str, channels: list[int], pitches: list[int], *before: mido.Message) -> mido.MidiTrack:
    """Quarter notes one after the other, on these channels in turn."""
    events = mido.MidiTrack([mido.MetaMessage("track_name", name=name), *before])
    for at, pitch in enumerate(pitches):
        channel = channels[at % len(channels)]
        events.append(mido.Message("note_on", channel=channel, note=pitch, velocity=80))
        events.append(mido.Message("note_off", channel=channel, note=pitch, time=480))
    return events


def file_of(*tracks: mido.MidiTrack) -> bytes:
    out = io.BytesIO()
    mido.MidiFile(tracks=[*tracks], ticks_per_beat=480).save(file=out)
    return out.getvalue()


def zone(channel: int, members: int) -> list[mido.Message]:
    """The MPE Configuration Message: registered parameter 6 of a zone's first channel."""
    values = ((101, 0), (100, 6), (6, members))
    return [mido.Message("control_change", channel=channel, control=control, value=value) for control, value in values]


def raised(data: bytes) -> list[list[int]]:
    """By how much each part's notes stand higher in the bytes of the score moved by three semitones."""
    score = read(data)
    moved = read(write(transpose(score, semitones=3)))
    return [sorted({*(new.notes["pitch"] - old.notes["pitch"]).tolist()}) for new, old in zip(moved.parts, score.parts, strict=True)]  # fmt: skip


@pytest.mark.parametrize("name", ["Drums", "Drum Kit", "01_drums_2", "Schlagzeug", "DRUMKIT"])
def test_drums_on_another_channel_stay_and_are_no_tune(name: str) -> None:
    data = file_of(track(name, [0], BEAT * 2), track("Keys", [0], TUNE))
    assert raised(data) == [[0], [3]]
    heard = analyze(read(data))
    assert {"kick", "snare", "closed hat"} <= {groove.name for groove in heard.grooves}
    assert heard.melody is not None
    assert heard.melody.part == 1


@pytest.mark.parametrize(
    ("name", "pitches"),
    [("Steel Drums", BEAT), ("Drums of War", TUNE), ("Drum & Bass", BEAT), ("Humdrum", BEAT), ("Drums", [45, 47, 48, 50, 52])],
)  # fmt: skip
def test_what_is_only_called_alike_moves(name: str, pitches: list[int]) -> None:
    assert raised(file_of(track(name, [0], pitches))) == [[3]]


@pytest.mark.parametrize(("first", "members"), [(0, 15), (0, 9), (15, 14), (15, 6)])
def test_every_voice_of_an_mpe_zone_moves_and_drums_beside_it_stay(first: int, members: int) -> None:
    voices = [*range(1, 1 + members)] if first == 0 else [*range(15 - members, 15)]
    data = file_of(track("Keys", voices, TUNE * 2, *zone(first, members)), track("Beat", [9], BEAT))
    assert raised(data) == [[]] + [[3]] * members + [[0]] if first == 0 else [[3]] * members + [[], [0]]


@pytest.mark.parametrize(("first", "members"), [(0, 8), (15, 5), (3, 15), (0, 0)])
def test_channel_ten_outside_a_zone_is_drums(first: int, members: int) -> None:
    data = file_of(track("Keys", [9], BEAT, *zone(first, members)))
    assert raised(data)[-1 if first < 9 else 0] == [0]
