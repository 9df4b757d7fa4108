"""Solo piano: what two hands can play, in every key, mode and meter; what dials and feelings do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi import Affect, Feeling, Intent, Score
from kmidi.composer import compose
from kmidi.composer.left_hand import TENTH, Figure, figures
from kmidi.midi import read, write
from kmidi.planner import plan
from kmidi.score import CONTROL_CHANGE
from kmidi.theory import MODES, Meter
from kmidi.theory.meter import GROUPS

TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def played(valence: float = 0.0, arousal: float = 0.0, **asked: Any) -> Score:
    wanted: dict[str, Any] = {"bars": 16, "seed": 0, **asked}
    intent = Intent(genre="solo_piano", **wanted)
    return compose(plan(intent, Affect(valence=valence, arousal=arousal)))


def strikes(score: Score) -> list[np.ndarray]:
    """Pitches struck at each onset of the grid, from the lowest up."""
    notes = score.parts[0].notes
    return [np.sort(notes["pitch"][notes["onset"] == onset]) for onset in np.unique(notes["onset"])]


def hands_needed(pitches: np.ndarray) -> int:
    """How many hands of a tenth and five fingers strike these pitches."""
    hands, at = 0, 0
    while at < len(pitches):
        inside = int(np.searchsorted(pitches[at:], pitches[at] + TENTH, side="right"))
        at += min(inside, 5)
        hands += 1
    return hands


CASES = [
    *[{"key": tonic, "mode": mode} for tonic, mode in zip(TONICS, [*MODES, "ionian", "aeolian", "dorian"], strict=True)],
    *[{"meter": meter} for meter in GROUPS],
    {"bpm": 44}, {"bpm": 208}, {"bars": 1}, {"bars": 64}, {"seconds": 33.0, "bars": None},
]  # fmt: skip


@pytest.mark.parametrize("asked", CASES, ids=str)
@pytest.mark.parametrize(("valence", "arousal"), [(0.8, 0.9), (-0.8, 0.9), (-0.8, -0.8), (0.8, -0.8)])
def test_two_hands_can_play_it(asked: dict[str, object], valence: float, arousal: float) -> None:
    score = played(valence, arousal, **asked)
    part = score.parts[0]
    for pitches in strikes(score):
        assert hands_needed(pitches) <= 2, pitches
        assert len(pitches) <= 9
    notes = part.notes
    assert notes["pitch"].min() >= 21
    assert notes["pitch"].max() <= 108
    assert (notes["duration"] > 0).all()
    assert (notes["onset"] + notes["shift"] >= 0).all()
    assert (notes["onset"] + notes["shift"] + notes["duration"] <= score.length).all()


@pytest.mark.parametrize("seed", range(12))
def test_low_thirds_do_not_growl(seed: int) -> None:
    for pitches in strikes(played(-0.6 if seed % 2 else 0.6, 0.8, seed=seed)):
        low = pitches[pitches < 46]
        assert (np.diff(low) >= 5).all(), pitches


@pytest.mark.parametrize("seed", range(6))
def test_the_melody_sings_above_what_accompanies_it(seed: int) -> None:
    score = played(0.5, -0.2, seed=seed)
    notes = score.parts[0].notes
    tops = [(int(v[p.argmax()]), float(np.median(v))) for p, v in
            ((notes["pitch"][notes["onset"] == o], notes["velocity"][notes["onset"] == o]) for o in np.unique(notes["onset"])) if len(p) > 2]  # fmt: skip
    assert np.mean([top - median for top, median in tops]) > 4


@pytest.mark.parametrize("seed", range(4))
def test_more_arousal_is_not_slower_softer_or_sparser(seed: int) -> None:
    sweep = [played(0.2, step / 2 - 1, seed=seed) for step in range(5)]
    bpm = [s.tempos[0].bpm for s in sweep]
    loud = [float(s.parts[0].notes["velocity"].mean()) for s in sweep]
    dense = [len(s.parts[0].notes) / s.seconds for s in sweep]
    assert bpm == sorted(bpm)
    assert all(b > a for a, b in pairwise(loud))
    assert all(b > a for a, b in pairwise(dense))


DIALS: dict[str, Callable[[Score], float]] = {
    "density": lambda score: len(score.parts[0].notes),
    "loudness": lambda score: float(score.parts[0].notes["velocity"].mean()),
    "legato": lambda score: float(score.parts[0].notes["duration"].mean()),
}


@pytest.mark.parametrize("dial", DIALS)
def test_every_dial_is_heard(dial: str) -> None:
    made = plan(Intent(genre="solo_piano", bars=16), Affect(valence=0.1, arousal=0.0))
    moved: list[dict[str, Any]] = [{dial: value} for value in (0.15, 0.5, 0.85)]
    heard = [DIALS[dial](compose(replace(made, parts=(replace(made.parts[0], **change),)))) for change in moved]
    assert heard[0] < heard[1] < heard[2]


def test_the_register_moves_the_hands() -> None:
    made = plan(Intent(genre="solo_piano", bars=16), Affect(valence=0.1, arousal=0.0))
    low, high = made.parts[0].register
    means = [
        compose(replace(made, parts=(replace(made.parts[0], register=(low + by, high + by)),))).parts[0].notes["pitch"].mean()
        for by in (-7, 0, 7)
    ]  # fmt: skip
    assert means[0] < means[1] - 3 < means[2] - 6


def test_sections_follow_their_own_feeling() -> None:
    path = (Feeling(valence=-0.6, arousal=-0.8), Feeling(valence=0.6, arousal=0.9))
    score = compose(plan(Intent(genre="solo_piano", bars=32), Affect(valence=0.0, arousal=0.0, trajectory=path)))
    notes, half = score.parts[0].notes, score.length // 2
    first, second = notes[notes["onset"] < half], notes[notes["onset"] >= half]
    assert len(second) > 1.3 * len(first)
    assert second["velocity"].mean() > first["velocity"].mean() + 6


@pytest.mark.parametrize("seed", range(6))
def test_the_accompaniment_rests_on_the_last_chord(seed: int) -> None:
    score = played(0.3, 0.2, seed=seed, humanize=0.0)
    notes = score.parts[0].notes
    last = score.length - score.meters[0].meter.bar_ticks(score.ppq)
    low = notes[(notes["onset"] > last) & (notes["pitch"] < 55)]
    held = notes[(notes["onset"] == last) & (notes["pitch"] < 60)]
    assert len(low) == 0
    assert (held["onset"] + held["duration"] == score.length).any()


def test_without_humanizing_every_note_stands_on_the_grid_and_no_pedal_moves() -> None:
    part = played(-0.5, -0.5, humanize=0.0).parts[0]
    assert not part.notes["shift"].any()
    assert 64 not in part.controls["number"]


@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "7/8"])
def test_bar_lines_do_not_move(meter: str) -> None:
    score = played(-0.4, -0.7, meter=meter, seed=5)
    notes = score.parts[0].notes
    bar = score.meters[0].meter.bar_ticks(score.ppq)
    late_ms = notes["shift"] * 60_000 / (score.tempos[0].bpm * score.ppq)
    on_line = np.abs(late_ms[notes["onset"] % bar == 0])
    assert on_line.max() < 80
    assert np.median(on_line) < 25


def test_chords_are_spread_as_pianists_spread_them() -> None:
    gaps: list[float] = []
    for seed in range(8):
        score = played(0.0, 0.0, seed=seed, bars=32)
        notes = score.parts[0].notes
        ms = 60_000 / (score.tempos[0].bpm * score.ppq)
        for onset in np.unique(notes["onset"]):
            shift = notes["shift"][notes["onset"] == onset]
            if len(shift) > 1:
                gaps.append(float(np.ptp(shift)) * ms)
    assert 5 < np.median(gaps) < 12
    assert 22 < np.percentile(gaps, 90) < 36


def test_the_pedal_lifts_where_the_harmony_changes() -> None:
    score = played(0.4, -0.7, bars=16)
    pedal = score.parts[0].controls
    pedal = pedal[(pedal["kind"] == CONTROL_CHANGE) & (pedal["number"] == 64)]
    changes = {chord.onset for chord in score.chords} | {score.length - 1}
    assert len(pedal) > 8
    assert set(pedal["tick"][pedal["value"] == 0].tolist()) <= changes
    assert set(np.diff((pedal["value"] > 0).astype(int)).tolist()) <= {-1, 1}


def test_the_left_hand_varies_between_takes() -> None:
    shapes = set()
    for seed in range(30):
        notes = played(0.3, 0.1, seed=seed, key="C").parts[0].notes
        low = notes[(notes["pitch"] < 60) & (notes["onset"] < 1920)]
        shapes.add(tuple(low["onset"].tolist()))
    assert len(shapes) >= 12


@settings(max_examples=25)
@given(st.floats(-1, 1), st.floats(-1, 1), st.integers(0, 10**6), st.sampled_from(sorted(GROUPS)))
def test_no_pitch_sounds_into_its_own_next_strike(valence: float, arousal: float, seed: int, meter: str) -> None:
    notes = played(valence, arousal, seed=seed, meter=meter, bars=8).parts[0].notes
    for pitch in np.unique(notes["pitch"]):
        own = notes[notes["pitch"] == pitch]
        start = own["onset"] + own["shift"]
        order = np.argsort(start)
        assert (start[order][1:] >= (start + own["duration"])[order][:-1]).all()


@pytest.mark.parametrize("figure", figures().values(), ids=list(figures()))
def test_every_figure_reads_and_strikes_in_every_meter(figure: Figure) -> None:
    for meter in GROUPS:
        assert 0 < figure.rate(Meter.parse(meter)) <= 4


def test_the_right_hand_shows_the_surface_and_the_left_means_the_undertow():
    """In the bytes, against the same piece with nothing hidden: the tune stands out over a left hand that sinks."""
    plain = Affect(valence=-0.1, arousal=-0.1)
    hiding = replace(plain, surface=Feeling(valence=0.6, arousal=0.5), undertow=Feeling(valence=-0.7, arousal=-0.6))
    moved: list[float] = []
    for seed in range(12):
        intent = Intent(valence=-0.1, arousal=-0.1, genre="solo_piano", mode="dorian", bars=24, seed=seed)
        apart: list[float] = []
        for affect in (plain, hiding):
            notes = read(write(compose(plan(intent, affect)))).parts[0].notes
            middle = np.median(notes["pitch"])
            tune, rest = (notes["velocity"][far] for far in (notes["pitch"] > middle + 7, notes["pitch"] < middle - 7))
            apart.append(tune.mean() - rest.mean())
        moved.append(apart[1] - apart[0])
    assert np.mean(moved) > 4
    assert min(moved) > 0
