"""A strong feeling leaves no doubt about its third."""

from __future__ import annotations

from collections import Counter

import pytest

from kmidi import Affect, Intent
from kmidi.planner import plan
from kmidi.planner.clarity import clarity, wanted

CLEAR = [("ionian", (("I",), ("IV",), ("V",), ("I",))), ("aeolian", (("i",), ("iv",), ("v",), ("i",))), ("harmonic_minor", (("i",), ("bVI",), ("V",), ("i",)))]  # fmt: skip
VEILED = [("aeolian", (("bIII",), ("bVI",), ("bVII",), ("bIII",))), ("ionian", (("vi",), ("ii",), ("iii",), ("vi",)))]


@pytest.mark.parametrize(("mode", "bars"), CLEAR)
def test_tonic_and_dominant_are_clear(mode: str, bars: tuple[tuple[str, ...], ...]) -> None:
    assert clarity(bars, mode) >= wanted(0.9)


@pytest.mark.parametrize(("mode", "bars"), VEILED)
def test_the_relatives_chords_are_not(mode: str, bars: tuple[tuple[str, ...], ...]) -> None:
    assert clarity(bars, mode) < 0 < wanted(-0.7)


def test_mixed_feelings_ask_for_nothing() -> None:
    assert wanted(0.0) == wanted(0.1) == 0 < wanted(0.5) < wanted(1.0)


@pytest.mark.parametrize("valence", [-0.8, 0.8])
def test_plans_of_strong_feelings_are_clear(valence: float) -> None:
    heard = []
    for seed in range(25):
        made = plan(Intent(genre="solo_piano", bars=16, seed=seed), Affect(valence=valence, arousal=0.2))
        heard += [clarity(tuple((c.roman,) for c in s.chords), made.key.mode) > 0 for s in made.sections]
    assert sum(heard) >= 0.85 * len(heard)


def test_what_begins_is_heard_as_home() -> None:
    home, relative = ("i",), ("bIII",)
    assert clarity((home, ("bVI",), ("bVII",), relative), "aeolian") > clarity(
        (relative, ("bVI",), ("bVII",), home), "aeolian"
    )


def test_the_key_of_the_fourth_is_a_rival_too() -> None:
    assert clarity((("I",), ("IV",), ("IV",), ("v",)), "mixolydian") < 0


def test_minor_pop_goes_to_its_third_and_seventh_as_songs_do() -> None:
    """Of the time of 173 songs in one minor key (POP909-CL) 0.11 lies on bIII and 0.15 on bVII."""
    time = Counter[int]()
    for seed in range(120):
        made = plan(Intent(genre="pop", mode="aeolian", bars=32, seed=seed), Affect(valence=-0.7, arousal=0.0))
        for planned in (chord for section in made.sections for chord in section.chords):
            time[(made.chord(planned).root - made.key.pitch_class) % 12] += int(4 * planned.quarters)
    assert time[3] > 0.05 * time.total()
    assert time[10] > 0.1 * time.total()
