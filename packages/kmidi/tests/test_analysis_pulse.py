"""The pulse of playing without a grid: planted tempos and bars are found; what stands on its grid is read there."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from kmidi.analysis import analyze, describe
from kmidi.midi import read, write
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Meter

CHORDS = ("C", "Am", "F", "G", "C", "F", "Dm", "G")


def played(bpm: float, *, bars: int = 24, drift: float = 0.03, jitter: float = 0.01) -> Score:
    """Bass, chords and a tune as struck by hand, in a file whose 120 bpm mean nothing."""
    dice = Random("hand")
    at = np.cumsum([0.37, *(60 / bpm * (1 + drift * np.sin(i / 9)) for i in range(bars * 4))])
    rows: list[tuple[int, int, int, int, int]] = []

    def strike(beat: float, lasting: float, pitch: int, velocity: int) -> None:
        seconds = float(np.interp(beat, np.arange(len(at)), at)) + jitter * dice.uniform(-1, 1)
        rows.append((round(seconds * 2 * PPQ), round(lasting * 60 / bpm * 2 * PPQ), pitch, velocity, 0))

    for bar in range(bars):
        chord = Chord.parse(CHORDS[bar % len(CHORDS)])
        strike(bar * 4, 3.8, 36 + chord.root, 100)
        strike(bar * 4 + 2, 1.8, 43 + chord.root, 70)
        for beat in range(4):
            for pitch in chord.pitch_classes:
                strike(bar * 4 + beat, 0.9, 60 + pitch, 80 if beat == 0 else 60)
            strike(bar * 4 + beat + 0.5, 0.4, 72 + chord.pitch_classes[beat % 3], 70)
    part = Part(name="piano", channel=0, notes=notes_array(rows))
    length = max(onset + duration for onset, duration, *_ in rows)
    return Score(length=length, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))


@pytest.mark.parametrize("bpm", [76, 97.3, 131])
def test_tempo_bars_and_chords_of_free_playing(bpm: float) -> None:
    analysis = analyze(read(write(played(bpm))))
    assert analysis.pulse is not None
    assert analysis.bpm == pytest.approx(bpm, rel=0.04)
    assert analysis.meter == Meter(4, 4)
    assert analysis.pulse.downbeats[1] - analysis.pulse.downbeats[0] == pytest.approx(240 / bpm, rel=0.08)
    assert [c.chord.root for c in analysis.chords[1:9]] == [Chord.parse(CHORDS[i % 8]).root for i in range(1, 9)]
    assert "pulse" in describe(analysis)
    assert analysis.grooves == (), "nothing is late against a grid that nothing stands on"


def test_a_stroke_ahead_of_the_first_tick_sounds_with_it() -> None:
    score = played(97.3)
    (part,) = score.parts
    early = replace(part, notes=notes_array([(0, 100, 36, 100, -40), *part.notes.tolist()]))
    assert analyze(replace(score, parts=(early,))).bpm == pytest.approx(97.3, rel=0.04)


def drummed(bpm: float, *, bars: int = 24) -> Score:
    """Kicks in threes and twos of eighths over hats in eighths and a backbeat, by a hand that is 8 ms uneven."""
    dice = Random("sticks")
    strokes = [(beat / 2, 42, 60) for beat in range(8)] + [(1, 38, 110), (3, 38, 110), (0, 36, 100), (1.5, 36, 90), (3, 36, 90)]  # fmt: skip
    rows = sorted(
        (round(((bar * 4 + beat) * 60 / bpm + 1 + 0.008 * dice.uniform(-1, 1)) * 2 * PPQ), 60, pitch, velocity, 0)
        for bar in range(bars) for beat, pitch, velocity in strokes
    )  # fmt: skip
    part = Part(name="kit", channel=9, notes=notes_array(rows))
    return Score(length=rows[-1][0] + PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))  # fmt: skip


@pytest.mark.parametrize("bpm", [83, 97.3, 111, 133])
def test_the_tempo_of_a_drummer_is_that_of_the_pattern_that_comes_again(bpm: float) -> None:
    pulse = analyze(read(write(drummed(bpm)))).pulse
    assert pulse is not None
    assert pulse.bpm == pytest.approx(bpm, rel=0.04)


def test_what_stands_on_its_grid_is_read_there() -> None:
    rows = [(i * PPQ // 2, PPQ // 2, 60 + i % 7, 80, 0) for i in range(128)]
    part = Part(name="flute", channel=0, notes=notes_array(rows))
    score = Score(length=64 * PPQ, tempos=(Tempo(0, 400_000),), meters=(MeterChange(0, Meter(3, 4)),), parts=(part,))
    analysis = analyze(score)
    assert (analysis.pulse, analysis.bpm, analysis.meter) == (None, 150.0, Meter(3, 4))


@pytest.mark.parametrize("channel", [0, 9])
@pytest.mark.parametrize("count", [60, 120, 200, 800])
def test_noise_has_no_pulse(count: int, channel: int) -> None:
    dice = Random("noise")
    rows = sorted((int(dice.random() * 120 * PPQ), 60, 40 + int(dice.random() * 40), 80, 0) for _ in range(count))
    part = Part(name="rain", channel=channel, notes=notes_array(rows))
    score = Score(length=120 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))
    analysis = analyze(score)
    assert (analysis.pulse, analysis.bpm, analysis.meter) == (None, None, None)


def pad(starts: list[float]) -> Score:
    """A triad held for three quarters or so from each of the starts, in quarters, in a file of 4/4 and 120 bpm."""
    rows = [(round(at * PPQ), 3 * PPQ, 48 + pitch, 60, 0) for at in starts for pitch in (0, 4, 7)]
    part = Part(name="pad", channel=0, notes=notes_array(rows))
    length = rows[-1][0] + 4 * PPQ
    return Score(length=length, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))


STATED = "what the file states"


@pytest.mark.parametrize("count", [4, 8, 12, 20])
def test_few_strokes_beside_the_grid_say_neither_meter_nor_tempo(count: int) -> None:
    dice = Random("pad")
    starts = [0.31]
    while len(starts) < count:
        starts.append(starts[-1] + dice.uniform(3.5, 9))
    analysis = analyze(read(write(pad(starts))))
    assert (analysis.bpm, analysis.meter, analysis.pulse, analysis.grooves) == (120.0, Meter(4, 4), None, ())
    assert max(analysis.meter_confidence, analysis.bpm_confidence) < 0.1
    assert STATED in describe(analysis)


def test_few_strokes_on_the_grid_say_the_more_the_more_there_are() -> None:
    heard = [analyze(read(write(pad([4.0 * bar for bar in range(bars)])))) for bars in (1, 2, 4, 8)]
    sure = [analysis.bpm_confidence for analysis in heard]
    assert sure == sorted(sure)
    assert sure[0] < 0.2 < 0.9 < sure[2]
    assert [STATED in describe(analysis) for analysis in heard] == [True, False, False, False]
