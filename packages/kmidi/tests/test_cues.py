"""The cue model: additive, exact, and never moving against the feeling."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi.intent import Affect, Feeling, Intent
from kmidi.planner import plan
from kmidi.planner.cues import LADDER, cue, cue_rows, cues, felt, from_share, sided, to_share
from kmidi.tables import genres, textures

GENRES = list(genres().values())
PLANE = st.floats(-1, 1)
BRIGHTNESS = {"phrygian": 0, "aeolian": 1, "harmonic_minor": 1, "dorian": 2, "mixolydian": 3, "ionian": 4, "lydian": 5}


def made(valence: float, arousal: float, seed: int = 0, genre: int = 0, **asked: object):
    return cues(Intent(seed=seed, **asked), Affect(valence=valence, arousal=arousal), GENRES[genre % len(GENRES)])  # pyright: ignore[reportArgumentType]


@settings(max_examples=60)
@given(PLANE, PLANE, st.integers(0, 10_000), st.sampled_from(sorted(cue_rows())))
def test_a_cue_is_exactly_the_sum_of_its_contributions(valence: float, arousal: float, seed: int, name: str) -> None:
    one = cue(name, Feeling(valence=valence, arousal=arousal), seed)
    assert one.value == pytest.approx(sum(amount for _, amount in one.contributions), abs=1e-9)
    assert cue_rows()[name].low <= one.value <= cue_rows()[name].high


def test_why_this_tempo_has_an_exact_answer() -> None:
    asked = made(-0.7, -0.7, seed=3)
    reason = next(r for r in asked.reasons if r.what == "tempo")
    assert sum(amount for _, amount in reason.contributions) == asked.bpm == float(reason.value.split()[0])
    assert dict(reason.contributions)["arousal"] < dict(reason.contributions)["valence"] < 0


@pytest.mark.parametrize("genre", range(len(GENRES)), ids=[g.id for g in GENRES])
@pytest.mark.parametrize("seed", range(5))
def test_more_arousal_is_never_slower_softer_or_sparser(genre: int, seed: int) -> None:
    sweep = [made(0.1, step / 5 - 1, seed, genre) for step in range(11)]
    for less, more in pairwise(sweep):
        assert less.bpm <= more.bpm
        assert less.loudness <= more.loudness
        assert less.density <= more.density
        assert less.legato >= more.legato
    assert GENRES[genre].bpm[0] <= sweep[0].bpm < sweep[-1].bpm <= GENRES[genre].bpm[1]


@pytest.mark.parametrize("seed", range(12))
def test_more_valence_is_never_darker(seed: int) -> None:
    modes = [made(step / 10 - 1, 0.3, seed).mode for step in range(21)]
    places = [BRIGHTNESS[mode] for mode in modes]
    assert places == sorted(places)
    assert places[0] < 2
    assert places[-1] > 3


def test_the_ladder_rises() -> None:
    edges = [edge for _, edge in LADDER]
    assert edges == sorted(edges)


def test_what_the_person_set_is_taken_as_it_is() -> None:
    asked = made(0.9, 0.9, bpm=61.5, mode="phrygian")
    assert (asked.bpm, asked.mode) == (61.5, "phrygian")
    assert {r.why for r in asked.reasons if r.what in ("tempo", "mode")} == {"you set it"}


def test_dials_and_units_go_there_and_back() -> None:
    for name, row in cue_rows().items():
        assert to_share(name, from_share(name, 0.3)) == pytest.approx(0.3)
        assert from_share(name, to_share(name, row.base)) == pytest.approx(row.base, abs=0.001 * (row.high - row.low))
        assert row.low <= felt(name, Feeling(valence=1, arousal=1)) <= row.high


def test_surface_and_undertow_differ_where_the_words_hide_something() -> None:
    affect = Affect(
        valence=0, arousal=0, surface=Feeling(valence=0.6, arousal=0.5), undertow=Feeling(valence=-0.7, arousal=-0.6)
    )
    whole = cues(Intent(), affect, GENRES[0])
    shown, meant = sided(whole, Intent(), affect, "surface"), sided(whole, Intent(), affect, "undertow")
    assert shown.loudness > whole.loudness > meant.loudness
    assert shown.density > meant.density
    assert shown.bpm == meant.bpm == whole.bpm
    assert BRIGHTNESS[whole.mode] > 3  # the mode is what is shown
    assert sided(whole, Intent(), Affect(valence=0, arousal=0), "undertow") == whole


def test_a_texture_adds_exactly_what_its_row_says() -> None:
    plain, hazy = (
        cues(Intent(), Affect(valence=0, arousal=0, textures=t), GENRES[0]) for t in ((), tuple(textures())[:1])
    )
    row = textures()[next(iter(textures()))]
    assert hazy.cue("register").value - plain.cue("register").value == pytest.approx(row.register, abs=0.06)
    assert hazy.loudness - plain.loudness == pytest.approx(row.loudness, abs=0.02)
    assert any(what == f"texture: {row.name}" for what, _ in hazy.cue("loudness").contributions)


def test_melodies_show_and_what_carries_them_means() -> None:
    affect = Affect(
        valence=0, arousal=0, surface=Feeling(valence=0.7, arousal=0.6), undertow=Feeling(valence=-0.7, arousal=-0.6)
    )
    parts = {part.role: part for part in plan(Intent(genre="pop", bars=16), affect).parts}
    open_parts = {part.role: part for part in plan(Intent(genre="pop", bars=16), Affect(valence=0, arousal=0)).parts}
    assert parts["melody"].feeling == "surface"
    assert parts["bass"].feeling == "undertow"
    assert parts["melody"].loudness > open_parts["melody"].loudness
    assert parts["bass"].loudness < open_parts["bass"].loudness
