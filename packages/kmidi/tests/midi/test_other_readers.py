"""Other readers find in our files what we wrote, and in people's files what we find."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import pytest

from bench.midi import corpus_files, mido_events, mido_notes, our_notes, symusic_notes
from kmidi import Part, Score, midi
from kmidi.score import KeyChange, Marker, MeterChange, Tempo, notes_array
from kmidi.theory import Key, Meter

ROWS = [[(480 * n, 360 + 30 * (n % 3), 48 + 5 * part + n, 60 + n, 0) for n in range(16)] for part in range(3)]


@pytest.fixture(scope="module")
def written() -> bytes:
    """Two parts and drums in G minor, 3/4, 75 bpm."""
    parts = [
        Part(name=f"part {n}", channel=(0, 1, 9)[n], program=(0, 33, 0)[n], notes=notes_array(rows))
        for n, rows in enumerate(ROWS)
    ]
    return midi.write(
        Score(
            title="Öde",
            length=6 * 1440,
            tempos=(Tempo(0, 800_000),),
            meters=(MeterChange(0, Meter(3, 4)),),
            keys=(KeyChange(0, Key("G", "minor")),),
            markers=(Marker(0, "verse"), Marker(2880, "chorus")),
            parts=tuple(parts),
        )
    )


def test_symusic(written: bytes) -> None:
    assert symusic_notes(written) == sorted(row[:4] for rows in ROWS for row in rows)


def test_pretty_midi(written: bytes) -> None:
    pretty_midi = pytest.importorskip("pretty_midi")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        song = pretty_midi.PrettyMIDI(io.BytesIO(written))
    assert [(i.program, i.is_drum, i.name, len(i.notes)) for i in song.instruments] == [
        (0, False, "part 0", 16),
        (33, False, "part 1", 16),
        (0, True, "part 2", 16),
    ]
    assert song.get_end_time() == pytest.approx(6 * 3 * 0.8)  # it takes the length from the last event
    assert song.get_tempo_changes()[1].tolist() == [pytest.approx(75)]
    assert [(s.numerator, s.denominator) for s in song.time_signature_changes] == [(3, 4)]


def test_music21(written: bytes) -> None:
    music21 = pytest.importorskip("music21")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        song = music21.converter.parse(written, format="midi", quantizePost=False)
    flat = song.flatten()
    assert {str(k) for k in flat.getElementsByClass(music21.key.Key)} == {"g minor"}
    assert {t.ratioString for t in flat.getElementsByClass(music21.meter.TimeSignature)} == {"3/4"}
    assert sorted(p.midi for n in song.parts[0].flatten().notes for p in n.pitches) == [row[2] for row in ROWS[0]]


@pytest.mark.data
def test_people_s_files_come_back_and_read_as_others_read_them() -> None:
    for path in corpus_files()[::40]:
        _same(path)


def _same(path: Path) -> None:
    data = path.read_bytes()
    assert mido_events(midi.write(midi.read(data))) == mido_events(data), path
    assert our_notes(data) == mido_notes(data), path
    assert sorted(note[2:] for note in our_notes(data)) == symusic_notes(data), path


@pytest.mark.data
def test_a_stroke_whose_end_stands_before_its_start_costs_the_next_ones_nothing_where_symusic_shifts_them() -> None:
    path = next(p for p in corpus_files() if p.name == "78_jazz-fast_290_beat_4-4.mid")
    data = path.read_bytes()
    lengths = {note[2]: note[3] for note in our_notes(data) if note[4] == 51 and note[2] >= 237_000}
    assert lengths == {237077: 161, 237239: 0, 238094: 152, 238246: 9, 238595: 161, 239892: 162, 241274: 160}
    shifted = {note[0]: note[1] for note in symusic_notes(data) if note[2] == 51 and note[0] >= 237_000}
    assert shifted[237239] == 238246 - 237239
    assert [r.what for r in midi.read(data).repairs if "end" in r.what] == [
        "1 note ends before the start, at one tick: empty"
    ]
