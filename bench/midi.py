"""Reading and writing MIDI files beside mido, symusic, pretty_midi and music21.

uv run python -m bench.midi                every file
uv run python -m bench.midi --every 10     every tenth
"""

from __future__ import annotations

import argparse
import io
import os
import warnings
from collections import Counter, defaultdict, deque
from pathlib import Path

import mido

from bench.table import figure, medians, show
from kmidi import midi
from kmidi.midi.events import parse
from kmidi.midi.notes import pair


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


def compare(paths: list[Path]) -> list[tuple[str, ...]]:
    """Files whose events or notes differ from what mido and symusic read; told apart is what symusic leaves out, and
    where an end before its start makes both shift the ends of all later notes of that pitch.
    """
    bytes_kept = events_kept = mido_same = symusic_same = hanging = shifted = 0
    for path in paths:
        data = path.read_bytes()
        score = midi.read(data)
        written = midi.write(score)
        bytes_kept += written == data
        events_kept += mido_events(written) == mido_events(data)
        if any("before the start" in r.what for r in score.repairs):
            shifted += 1
            continue
        ours = our_notes(data)
        mido_same += ours == mido_notes(data)
        more = Counter(n[2:] for n in ours) - Counter(symusic_notes(data))
        less = Counter(symusic_notes(data)) - Counter(n[2:] for n in ours)
        never_end = sum(int(r.what.split()[0]) for r in score.repairs if "never end" in r.what)
        hanging += bool(more) and not less and more.total() == never_end
        symusic_same += not more and not less
    count = len(paths)
    return [
        ("files", str(count), "1930", ""),
        figure("read∘write: every event at its tick and in its order (mido reads both)", events_kept, count, digits=0),
        ("  of them byte for byte", str(bytes_kept), "", ""),
        figure("notes equal mido's, of files without an end before its start", mido_same, count - shifted, digits=0),
        figure(
            "notes equal symusic's, or only notes that never end are more",
            symusic_same + hanging,
            count - shifted,
            digits=0,
        ),
        ("  symusic leaves out notes that never end (we: to the end of the track)", str(hanging), "", ""),
        ("  files told apart: an end before its start, from which both shift all later ends", str(shifted), "", ""),
    ]


def speeds(path: Path) -> list[tuple[str, ...]]:
    """Milliseconds for one song, all readers taken in turn."""
    import music21
    import pretty_midi
    import symusic

    data = path.read_bytes()
    score = midi.read(data)
    plain = midi.read(midi.write(score))
    fresh = type(score)(ppq=score.ppq, length=score.length, tempos=score.tempos, meters=score.meters, parts=score.parts)
    taken = medians(
        {
            "kmidi to note arrays": lambda: pair(parse(data).events),
            "kmidi to a Score": lambda: midi.read(data),
            "mido": lambda: mido.MidiFile(file=io.BytesIO(data)),
            "pretty_midi": lambda: pretty_midi.PrettyMIDI(io.BytesIO(data)),
            "symusic": lambda: symusic.Score.from_midi(data),
            "kmidi writes what it read": lambda: midi.write(plain),
            "kmidi writes a new Score": lambda: midi.write(fresh),
        },
        repeats=25,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        taken |= medians({"music21": lambda: music21.converter.parse(data, format="midi")}, repeats=2)
    rows: list[tuple[str, ...]] = [(f"{name}, ms", f"{1e3 * s:.2f}", "", "") for name, s in taken.items()]
    rows.append(
        figure("to note arrays, times as fast as mido", taken["mido"] / taken["kmidi to note arrays"], 10, digits=1)
    )
    rows.append(figure("to a Score, times as fast as mido", taken["mido"] / taken["kmidi to a Score"], 10, digits=1))
    return rows


def main(arguments: list[str] | None = None) -> None:
    """Print what is kept, what others read, and how long each takes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args(arguments or []).every
    paths = corpus_files()
    rows = compare(paths[::every])
    for path in (paths[0], next(p for p in paths if p.parent.name == "song")):
        data = path.read_bytes()
        rows += [
            (f"{path.parent.name}/{path.name}: {len(data)} bytes, {len(our_notes(data))} notes", "", "", ""),
            *speeds(path),
        ]
    show(rows, ("MIDI files", "figure", "bar", "met?"))


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
