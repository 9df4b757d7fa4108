"""What lies on top is what nothing higher sounds over, however many strokes are looked at together."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmidi.analysis import analyze, heard
from kmidi.analysis.heard import Heard, beat_grid
from kmidi.midi import write
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter

NOTES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12), st.integers(50, 62)), max_size=30, unique_by=lambda n: (n[0], n[2]))  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 3, 4_096])
@given(notes=NOTES)
def test_on_top(at_once: int, notes: list[tuple[int, int, int]]) -> None:
    part = Part(name="keys", channel=0, notes=notes_array([(on, long, pitch, 80, 0) for on, long, pitch in notes]))
    score = Score(length=4 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heard, "CELLS_AT_ONCE", at_once)
        found = Heard.of(score)
        told = [
            not any(found.onset[k] <= on < found.end[k] and found.pitch[k] > pitch for k in range(len(found)))
            for on, pitch in zip(found.onset.tolist(), found.pitch.tolist(), strict=True)
        ]
        assert found.on_top.tolist() == told


@pytest.mark.parametrize("per_bar", [1, 3, 4])
@given(notes=NOTES)
def test_what_sounds_in_cells(per_bar: int, notes: list[tuple[int, int, int]]) -> None:
    """Cells that are whole beats and cells that cut them are told alike: every tick counts where it sounds."""
    part = Part(name="keys", channel=0, notes=notes_array([(on, long, pitch, 80, 0) for on, long, pitch in notes]))
    meters = (MeterChange(0, Meter(per_bar, 4)),)
    found = Heard.of(Score(ppq=4, length=48, tempos=(Tempo(0, 500_000),), meters=meters, parts=(part,)))
    halves = np.unique(np.concatenate([found.bars, (found.bars[:-1] + found.bars[1:]) // 2]))
    for edges in (found.beats, found.bars, halves):
        chroma, lowest = found.cells(edges)
        for at, (begin, end) in enumerate(pairwise(edges.tolist())):
            ticks = [0] * 12
            pitches: list[int] = []
            for on, off, pitch in zip(found.onset.tolist(), found.end.tolist(), found.pitch.tolist(), strict=True):
                if on < end and off > begin:
                    ticks[pitch % 12] += min(off, end) - max(on, begin)
                    pitches.append(pitch)
            assert chroma[at].tolist() == ticks
            assert lowest[at] == min(pitches, default=-1)


@pytest.mark.parametrize("ppq", [1, 2, 3, 5])
def test_every_beat_lasts_and_begins_in_its_bar(ppq: int) -> None:
    for numerator in range(1, 16):
        for denominator in (1, 2, 4, 8, 16, 64):
            meter = Meter(numerator, denominator)
            beats, places, bars = beat_grid((MeterChange(0, meter),), ppq, 40)
            assert (beats[1:] > beats[:-1]).all(), (meter, ppq)
            assert set(bars[:-1].tolist()) == set(beats[:-1][places == 0].tolist()), (meter, ppq)


def test_a_file_of_a_tick_a_quarter_is_heard() -> None:
    chords = [(tick, 2, pitch + tick % 3, 80, 0) for tick in range(0, 40, 2) for pitch in (48, 55, 64)]
    part = Part(name="keys", channel=0, notes=notes_array(chords))
    score = Score(ppq=1, length=42, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(5, 8)),), parts=(part,))
    assert all(span.duration > 0 for span in analyze(score).chords)


def test_the_first_file_waits_for_no_masked_arrays() -> None:
    """numpy loads them when values are first told apart by it, which took as long as two files."""
    rows = [(beat * PPQ, PPQ, pitch, 80, 0) for beat in range(16) for pitch in (36, 67)]
    lines = [Part(name=n, channel=c, notes=notes_array(rows[c::2])) for c, n in enumerate(("bass", "tune"))]
    score = Score(length=16 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(*lines,))
    code = (
        "import sys; from kmidi import midi; from kmidi.analysis import analyze; analyze(midi.read(sys.stdin.buffer.read())); "
        "assert 'numpy.ma' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], input=write(score), check=True)
