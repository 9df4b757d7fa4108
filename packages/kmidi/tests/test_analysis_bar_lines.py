"""Bar lines beside the music's are told, and mended without moving a note; where they are right, nothing is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kmidi.analysis import Finding, analyze, describe
from kmidi.midi import read, write
from kmidi.score import DRUM_CHANNEL, PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.studio.change import change
from kmidi.theory import Chord, Meter
from kmidi.transforms import Step

CHORDS = ["C", "Am", "F", "G", "C", "Dm", "G", "Am", "F", "C", "Dm", "Em", "F", "Am", "G", "C"]


def song(per_bar: int, late: int = 0, meter: Meter | None = None, chords: list[str] = CHORDS) -> Score:
    """A chord a bar over its root, a tune in quarters whose first tone lasts, and a kick, all so many beats late."""
    rows: list[tuple[int, int, int, int, int]] = []
    for bar, symbol in enumerate(chords):
        chord, at = Chord.parse(symbol), (bar * per_bar + late) * PPQ
        rows += [(at, per_bar * PPQ, 36 + chord.bass, 70, 0)]
        rows += [(at, per_bar * PPQ, 48 + (chord.root + step) % 12, 60, 0) for step in chord.intervals]
        rows += [(at, 2 * PPQ, 72 + chord.root, 80, 0)]
        rows += [(at + beat * PPQ, PPQ, 72 + (chord.root + 3 * beat) % 12, 75, 0) for beat in range(2, per_bar)]
    kicks = [((bar * per_bar + late) * PPQ, PPQ // 4, 36, 90, 0) for bar in range(len(chords))]
    parts = (
        Part(name="Piano", channel=0, notes=notes_array(rows)),
        Part(name="Drums", channel=DRUM_CHANNEL, notes=notes_array(kicks)),
    )
    length = (len(chords) * per_bar + late) * PPQ
    meters = (MeterChange(0, meter or Meter(per_bar, 4)),)
    return read(write(Score(length=length, tempos=(Tempo(0, 500_000),), meters=meters, parts=parts)))


def told(score: Score) -> Finding | None:
    found = [finding for finding in analyze(score).findings if finding.id == "bar_lines"]
    assert len(found) < 2
    return found[0] if found else None


def played(score: Score) -> list[list[tuple[int, ...]]]:
    return [part.notes.tolist() for part in score.parts]


@pytest.mark.parametrize(("per_bar", "late"), [(per, late) for per in (2, 3, 4, 5) for late in range(per)])
def test_bars_that_begin_on_another_beat_are_told_and_mended_where_the_notes_are(per_bar: int, late: int) -> None:
    score = song(per_bar, late)
    finding = told(score)
    assert (finding is not None) == (late > 0)
    if finding is None:
        return
    assert finding.what == f"the music's bars begin on beat {late + 1} of those written"
    assert finding.why.startswith("chords change, ")
    assert "the kick falls" in finding.why
    assert f"{finding.what}: {finding.why} -> set_meter" in describe(analyze(score))
    assert finding.fix
    done = change(score, (Step(transform=finding.fix.transform, arguments=finding.fix.arguments),))
    mended = read(done.midi)
    assert played(mended) == played(score)
    assert [round(c.onset / PPQ - late) % per_bar for c in analyze(mended).chords] == [0] * len(analyze(mended).chords)
    assert {int(tick) for tick in mended.bar_starts()} >= {c.onset for c in analyze(mended).chords}
    assert told(mended) is None
    assert change(score, done.steps[:-1]).midi == write(score)


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize(("goes", "written"), [(3, 4), (4, 3)])
def test_music_in_a_meter_that_was_never_set_is_told(goes: int, written: int, late: int) -> None:
    score = song(goes, late, Meter(written, 4))
    finding = told(score)
    assert finding
    assert finding.fix
    assert finding.what == f"the music goes in {goes}/4, its bar lines in {written}/4"
    assert finding.fix.arguments == {"meter": f"{goes}/4", "pickup_beats": late}
    mended = read(change(score, (Step(transform=finding.fix.transform, arguments=finding.fix.arguments),)).midi)
    assert str(analyze(mended).meter) == f"{goes}/4"
    assert told(mended) is None


def test_where_the_first_beat_is_in_doubt_nothing_is_said() -> None:
    assert told(song(2, 1, Meter(4, 4), CHORDS * 2)) is None  # a chord every two beats: one beat off, or three
    assert told(song(4, 2, chords=CHORDS[:8])) is None  # too short
    late = song(4, 2)
    assert told(replace(late, meters=(*late.meters, MeterChange(16 * PPQ, Meter(2, 4))))) is None  # bars of two kinds
    assert told(replace(late, parts=late.parts[1:])) is None  # drums alone
    coarse = [
        notes_array([(a // PPQ, max(b // PPQ, 1), *more) for a, b, *more in p.notes.tolist()]) for p in late.parts
    ]
    parts = tuple(replace(part, notes=notes) for part, notes in zip(late.parts, coarse, strict=True))
    for meter in (Meter(4, 4), Meter(6, 8), Meter(12, 16)):  # beats of no whole ticks
        told(replace(late, ppq=1, length=late.length // PPQ, meters=(MeterChange(0, meter),), parts=parts))
        told(replace(late, ppq=3, length=late.length // PPQ, meters=(MeterChange(0, meter),), parts=parts))
    free = [replace(p, notes=notes_array(_strayed(p.notes))) for p in late.parts]
    assert told(replace(late, parts=tuple(free))) is None  # on no grid


# quaver of the cell, quavers held, pitch: nothing is struck on the first beat, or a pickup leads there
RIFFS = {
    "off the beat": (16, ((3, 1, 43), (4, 3, 45), (7, 1, 47), (8, 1, 40), (11, 1, 43), (12, 3, 38), (15, 1, 40))),
    "lands on three": (8, ((1, 1, 40), (2, 1, 40), (3, 1, 43), (4, 4, 45))),
    "with a pickup": (8, ((-1, 1, 40), (0, 1, 43), (1, 1, 45), (2, 4, 40))),
}


@pytest.mark.parametrize("riff", RIFFS)
@pytest.mark.parametrize("above", [(0,), (0, 7), (0, 7, 12)], ids=["alone", "in fifths", "in octaves"])
def test_a_lone_riff_off_the_beat_moves_no_bars(riff: str, above: tuple[int, ...]) -> None:
    quavers, cell = RIFFS[riff]
    rows = [
        ((turn * quavers + at) * PPQ // 2, held * PPQ // 2 - 20, pitch + step + 5 * (turn % 4 == 3), 90, 0)
        for turn in range(128 // quavers) for at, held, pitch in cell for step in above if turn or at >= 0
    ]  # fmt: skip
    part = Part(name="Guitar", channel=0, notes=notes_array(rows))
    meters = (MeterChange(0, Meter(4, 4)),)
    score = Score(length=64 * PPQ, tempos=(Tempo(0, 500_000),), meters=meters, parts=(part,))
    assert told(read(write(score))) is None


def test_two_voices_alone_are_evidence_enough() -> None:
    late = song(4, 2)
    assert told(replace(late, parts=late.parts[:1])) is not None


def _strayed(notes: np.ndarray) -> np.ndarray:
    notes = notes.copy()
    notes["onset"] = notes["onset"] * 1.0317 + 97 * np.sin(notes["onset"]) + 100
    return notes
