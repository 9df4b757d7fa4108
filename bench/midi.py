"""Reading and writing MIDI files beside mido, symusic, pretty_midi and music21.

uv run python -m bench.midi            every figure
uv run python -m bench.midi --part N   every N-th file only
"""

from __future__ import annotations

import io
import os
from collections import defaultdict, deque
from pathlib import Path

import mido

from kmidi import midi


def corpus_files() -> list[Path]:
    """The pop songs (scores and arrangements) and the drum performances."""
    data = Path(os.environ["KMIDI_SHARED"]) / "data"
    return [*sorted((data / "pop909").glob("s*/*.mid")), *sorted((data / "groove").glob("**/*.mid"))]


def mido_events(data: bytes) -> list[list[tuple[int, bytes]]]:
    """Each track's events as (tick, bytes), in order, as mido reads them."""
    tracks: list[list[tuple[int, bytes]]] = []
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        tick, rows = 0, []
        for message in track:
            tick += message.time
            rows.append((tick, bytes(message.bytes())))
        tracks.append(rows)
    return tracks


def mido_notes(data: bytes) -> list[tuple[int, int, int, int, int, int]]:
    """Notes (track, channel, onset, duration, pitch, velocity) from mido's messages, first on, first off."""
    notes: list[tuple[int, int, int, int, int, int]] = []
    for number, track in enumerate(mido.MidiFile(file=io.BytesIO(data)).tracks):
        tick = 0
        open_: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                open_[message.channel, message.note].append((tick, message.velocity))
            elif message.type in ("note_on", "note_off") and open_[message.channel, message.note]:
                onset, velocity = open_[message.channel, message.note].popleft()
                notes.append((number, message.channel, onset, tick - onset, message.note, velocity))
        for (channel, pitch), left in open_.items():
            notes += [(number, channel, onset, tick - onset, pitch, velocity) for onset, velocity in left]
    return sorted(notes)


def our_notes(data: bytes) -> list[tuple[int, int, int, int, int, int]]:
    """The same from kmidi."""
    rows: list[tuple[int, int, int, int, int, int]] = []
    for part in midi.read(data).parts:
        track, channel = part.origin or (0, 0)
        n = part.notes
        rows += [(track, channel, *note) for note in zip(*(n[f].tolist() for f in ("onset", "duration", "pitch", "velocity")), strict=True)]  # fmt: skip
    return sorted(rows)


def symusic_notes(data: bytes) -> list[tuple[int, int, int, int]]:
    """Notes (onset, duration, pitch, velocity) of all tracks from symusic."""
    import symusic

    rows: list[tuple[int, int, int, int]] = []
    for track in symusic.Score.from_midi(data).tracks:
        n = track.notes.numpy()
        rows += zip(*(n[f].tolist() for f in ("time", "duration", "pitch", "velocity")), strict=True)
    return sorted(rows)
