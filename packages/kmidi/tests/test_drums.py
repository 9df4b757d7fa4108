"""The drum part, read from its rows: meters, energy, fills, arrivals, builds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmidi.composer.drums import write_drums
from kmidi.composer.stage import lay_out
from kmidi.errors import IntentError
from kmidi.intent import Affect, Feeling, Intent
from kmidi.plan import PartPlan, Plan, PlannedChord, Section
from kmidi.planner import plan
from kmidi.tables import KIT, drum_patterns
from kmidi.theory import Meter
from kmidi.theory.meter import GROUPS

CYMBALS = {KIT[name] for name in ("closed_hat", "open_hat", "pedal_hat", "ride", "crash")}


def kit_plan(meter="4/4", pattern="backbeat", sections=(("verse", 8, 0.5), ("chorus", 8, 0.9)), seed=1, **changes):
    base = plan(Intent(valence=0.1, arousal=0.1, meter=meter, bars=8, seed=seed), Affect(valence=0.1, arousal=0.1))
    bar = Meter.parse(meter).bar_quarters
    part = PartPlan(
        name="Drums", role="drums", instrument="drum_kit", register=(27, 87), density=0.5, loudness=0.6, legato=0.5,
        pattern=pattern,
    )  # fmt: skip
    made = tuple(
        Section(
            name=f"{kind} {at}", kind=kind, bars=bars, energy=energy, feeling=Feeling(valence=0, arousal=0),
            chords=(PlannedChord(roman="I", quarters=bar),) * bars,
        )
        for at, (kind, bars, energy) in enumerate(sections)
    )  # fmt: skip
    return replace(base, sections=made, parts=(part,), **changes)


def rows_of(made: Plan):
    return write_drums(lay_out(made), made.parts[0], {})


@pytest.mark.parametrize("meter", GROUPS)
@pytest.mark.parametrize("pattern", drum_patterns())
def test_every_pattern_plays_every_meter(meter, pattern):
    made = kit_plan(meter, pattern)
    rows, length = rows_of(made), lay_out(made).length
    assert rows
    assert all(0 <= onset < length and duration > 0 for onset, duration, _, _ in rows)
    assert all(27 <= pitch <= 87 and 1 <= velocity <= 127 for _, _, pitch, velocity in rows)
    assert len({(onset, pitch) for onset, _, pitch, _ in rows}) == len(rows), "no piece struck twice at once"
    bar = made.meter.bar_ticks(480)
    assert {onset // bar for onset, _, _, _ in rows} == set(range(made.bars)), "no bar is silent"


def test_the_backbeat_stands_on_two_and_four():
    rows = rows_of(kit_plan(sections=(("chorus", 8, 0.6), ("outro", 4, 0.5))))
    loud = {
        onset % 1920
        for onset, _, pitch, velocity in rows
        if pitch == KIT["snare"] and velocity > 60 and onset < 3 * 1920
    }
    assert loud == {480, 1440}


def test_a_fill_leads_into_the_chorus_and_a_crash_meets_it():
    for seed in range(20):
        rows = rows_of(kit_plan(seed=seed))
        chorus = 8 * 1920
        led = [r for r in rows if chorus - 960 <= r[0] < chorus and r[2] not in CYMBALS and r[2] != KIT["kick"]]
        usual = [
            r for r in rows if chorus - 2880 <= r[0] < chorus - 1920 and r[2] not in CYMBALS and r[2] != KIT["kick"]
        ]
        assert len(led) > len(usual)
        assert any(r[0] == chorus and r[2] == KIT["crash"] for r in rows)


def test_more_energy_never_means_fewer_or_softer_strokes():
    for pattern in drum_patterns():
        counts, louds = [], []
        for energy in (0.2, 0.5, 0.8, 1.0):
            rows = [
                r
                for s in range(6)
                for r in rows_of(kit_plan(pattern=pattern, sections=(("verse", 16, energy),), seed=s))
            ]
            counts.append(len(rows))
            louds.append(sum(r[3] for r in rows) / 96)  # a bar, on average
        assert counts == sorted(counts), pattern
        assert louds == sorted(louds), pattern


def test_a_build_rolls_up_and_holds_its_last_beat():
    rows = rows_of(kit_plan("4/4", "four_on_floor", (("build", 8, 0.7), ("drop", 8, 1.0))))
    snares = [r for r in rows if r[2] == KIT["snare"] and r[0] < 8 * 1920]
    per_bar = [sum(r[0] // 1920 == bar for r in snares) for bar in range(7)]
    assert per_bar == sorted(per_bar)
    assert per_bar[-1] >= 4 * per_bar[0]
    assert snares[-1][3] > snares[0][3] + 20
    assert not [r for r in rows if 8 * 1920 - 480 <= r[0] < 8 * 1920]
    assert any(r[0] == 8 * 1920 and r[2] == KIT["crash"] for r in rows)


def test_returns_of_a_section_share_their_bars_more_than_other_sections_do():
    for pattern in ("backbeat", "motorik", "neo_soul", "four_on_floor"):
        rows = rows_of(kit_plan(pattern=pattern, sections=(("verse", 8, 0.5), ("chorus", 8, 0.9), ("verse", 8, 0.5))))
        first, chorus, again = (
            {(r[0] - at * 1920, r[2]) for r in rows if at <= r[0] // 1920 < at + 7} for at in (0, 8, 16)
        )
        assert len(first & again) / len(first | again) > 0.75
        assert len(first & again) / len(first | again) > len(first & chorus) / len(first | chorus)


def test_a_person_never_plays_a_bar_the_same_for_long_and_a_machine_does():
    kinds = {}
    for pattern in ("backbeat", "four_on_floor"):
        rows = rows_of(kit_plan(pattern=pattern, sections=(("verse", 32, 0.6),)))
        bars = [frozenset((r[0] % 1920, r[2]) for r in rows if r[0] // 1920 == bar) for bar in range(1, 31)]
        kinds[pattern] = len(set(bars))
    assert kinds["backbeat"] > 10
    assert kinds["four_on_floor"] <= 6


def test_a_loop_leads_back_to_its_start_and_a_piece_ends_on_one_stroke():
    ended = rows_of(kit_plan())
    assert {r[0] for r in ended if r[0] >= 15 * 1920} == {15 * 1920}
    looped = rows_of(kit_plan(loop=True))
    assert len({r[0] for r in looped if r[0] >= 15 * 1920}) > 3


def test_an_unknown_pattern_names_the_nearest():
    with pytest.raises(IntentError, match="did you mean 'backbeat'"):
        rows_of(kit_plan(pattern="backbeet"))
