"""The performance: microtiming as drummers play it, accents, swells; nothing overlaps, nothing hangs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi.composer import compose
from kmidi.intent import Affect, Intent
from kmidi.planner import plan
from kmidi.tables import KIT, drum_timing, genres, grooves, instruments, rule_breaks
from kmidi.theory.meter import GROUPS

ALWAYS = sorted(row.id for row in rule_breaks().values() if row.needs != ("sections",))  # in pieces of any length
LISTENER = Affect(valence=0.2, arousal=0.3)


def planned(**said):
    intent = Intent(valence=0.2, arousal=0.3, **said)
    return plan(intent, LISTENER)


def test_amount_nought_is_the_grid_exactly():
    score = compose(planned(bars=16, humanize=0.0, genre="pop"))
    for part in score.parts:
        assert not part.notes["shift"].any()
        assert not (part.notes["onset"] % 60).any()


def test_more_humanize_strays_further_and_onsets_stay():
    scores = [compose(planned(bars=16, humanize=amount, genre="pop", seed=3)) for amount in (0.25, 0.5, 1.0)]
    for parts in zip(*(s.parts for s in scores), strict=True):
        spreads = [float(np.abs(p.notes["shift"]).mean()) for p in parts]
        assert spreads == sorted(spreads)
        assert all(np.array_equal(parts[0].notes["onset"], p.notes["onset"]) for p in parts)


@pytest.mark.parametrize("piece", ["kick", "snare", "closed_hat"])
def test_drums_stray_and_drift_as_drummers_do(piece):
    measured, spreads, lags = drum_timing()[piece], [], []
    for seed in range(12):
        made = planned(bars=48, genre="pop", seed=seed)
        score = compose(replace(made, parts=tuple(p for p in made.parts if p.role == "drums")))
        notes = score.parts[0].notes
        late = notes["shift"][notes["pitch"] == KIT[piece]] * 60_000 / (480 * made.bpm)
        if len(late) < 30:
            continue
        low, high = np.percentile(late, [25, 75])
        spreads.append((high - low) / 1.349)
        from_mean = late - late.mean()
        lags.append(float((from_mean[1:] * from_mean[:-1]).mean() / (from_mean**2).mean()))
    assert measured.sd_low_ms <= np.median(spreads) <= measured.sd_high_ms
    assert measured.lag1_low <= np.median(lags) <= measured.lag1_high


def test_the_band_wanders_together():
    made = planned(bars=64, genre="pop", seed=5)
    score = compose(made)
    drums = next(p for p in score.parts if p.is_drums).notes
    bass = next(p for p in score.parts if p.role == "bass").notes
    hats = {int(n["onset"]): int(n["shift"]) for n in drums if n["pitch"] == KIT["closed_hat"]}
    both = [(hats[int(n["onset"])], int(n["shift"])) for n in bass if int(n["onset"]) in hats]
    assert np.corrcoef(np.array(both).T)[0, 1] > 0.2


@pytest.mark.parametrize(
    ("bpm", "ratio"), [(100, 1.73), (150, 1.73), (240, 1.5), (270, 1.22), (300, 1.0)], ids=lambda x: f"{x:g}"
)
def test_jazz_swings_until_the_short_note_would_be_too_short(bpm, ratio):
    made = planned(bars=32, genre="jazz_trio", seed=1, bpm=float(bpm))
    ride = next(p for p in compose(made).parts if p.is_drums).notes
    ride = ride[ride["pitch"] == KIT["ride"]]
    off = ride["shift"][ride["onset"] % 480 == 240]
    on = ride["shift"][ride["onset"] % 480 == 0]
    long = 240 + np.median(off) - np.median(on)
    assert long / (480 - long) == pytest.approx(ratio, rel=0.12)
    assert any(r.what == "swing" and (f"{ratio:.2f} to 1" in r.why or "no further" in r.why) for r in made.reasons)


def test_pockets_stand_where_the_groove_says():
    late = {}
    for groove in ("straight", "boom_bap"):
        made = replace(planned(bars=64, genre="pop", seed=2), groove=groove)
        notes = next(p for p in compose(made).parts if p.is_drums).notes
        ms = notes["shift"] * 60_000 / (480 * made.bpm)
        late[groove] = np.median(ms[notes["pitch"] == KIT["snare"]]) - np.median(ms[notes["pitch"] == KIT["kick"]])
    assert late["boom_bap"] > late["straight"] + 4


def test_held_parts_swell_and_struck_ones_do_not():
    score = compose(planned(bars=32, genre="pop"))
    for part in score.parts:
        swells = part.controls[part.controls["number"] == 11]
        held = instruments()[part.instrument].family in ("strings", "voice", "synth", "brass", "wind")
        assert (len(swells) > 1) == held, part.name
        if held:
            assert np.ptp(swells["value"]) >= 8
            assert len(swells) <= 5 * 32


def test_a_swell_has_no_step_that_is_heard():
    score = compose(planned(bars=32, genre="string_quartet"))
    for part in score.parts:
        swells = part.controls[part.controls["number"] == 11]
        within = ~np.isin(
            swells["tick"][1:], [marker.tick for marker in score.markers]
        )  # sections are loud in their way
        assert np.abs(np.diff(swells["value"]))[within].max() <= 3, part.name
        assert np.ptp(swells["value"]) >= 8


def test_the_downbeat_is_louder_than_what_stands_between():
    made = planned(bars=64, genre="pop")
    notes = np.concatenate([p.notes for p in compose(made).parts if p.role == "chords"])
    down = notes["velocity"][notes["onset"] % 1920 == 0].mean()
    between = notes["velocity"][notes["onset"] % 480 != 0]
    assert not len(between) or down > between.mean() + 2


@settings(max_examples=120)
@given(
    genre=st.sampled_from(sorted(genres())), meter=st.sampled_from(sorted(GROUPS)), groove=st.sampled_from(sorted(grooves())),
    bpm=st.floats(20, 300), bars=st.integers(1, 20), humanize=st.floats(0, 1), swing=st.floats(0, 1),
    seed=st.integers(0, 10_000), broken=st.sampled_from([None, *ALWAYS]), valence=st.floats(-1, 1), arousal=st.floats(-1, 1),
)  # fmt: skip
def test_no_note_is_empty_hanging_overlapping_or_out_of_range(
    genre, meter, groove, bpm, bars, humanize, swing, seed, broken, valence, arousal
):
    feeling = Affect(valence=valence, arousal=arousal)
    names = () if broken is None else (broken,)
    intent = Intent(genre=genre, meter=meter, bpm=bpm, bars=bars, humanize=humanize, seed=seed, rule_breaks=names)
    score = compose(replace(plan(intent, feeling), groove=groove, swing=swing))
    for part in score.parts:
        notes = part.notes
        start = notes["onset"] + notes["shift"]
        end = start + notes["duration"]
        assert (notes["duration"] > 0).all()
        assert (start >= 0).all()
        assert (end <= score.length).all()
        assert ((notes["velocity"] >= 1) & (notes["velocity"] <= 127)).all()
        tool = instruments()[part.instrument]
        if len(notes):
            assert tool.low <= notes["pitch"].min() <= notes["pitch"].max() <= tool.high
        order = np.lexsort((start, notes["pitch"]))
        same = np.diff(notes["pitch"][order]) == 0
        assert (end[order][:-1][same] <= start[order][1:][same]).all()
        assert (np.diff(notes["onset"][order])[same] > 0).all(), "microtiming reorders nothing"
