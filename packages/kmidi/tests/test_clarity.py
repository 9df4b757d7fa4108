"""A strong feeling leaves no doubt about its third."""

from __future__ import annotations

import pytest

from kmidi import Affect, Intent
from kmidi.planner import plan
from kmidi.planner.clarity import clarity, is_clear, wanted

CLEAR = [("ionian", (("I",), ("IV",), ("V",), ("I",))), ("aeolian", (("i",), ("iv",), ("v",), ("i",))), ("harmonic_minor", (("i",), ("bVI",), ("V",), ("i",)))]  # fmt: skip
VEILED = [("aeolian", (("bIII",), ("bVI",), ("bVII",), ("bIII",))), ("ionian", (("vi",), ("ii",), ("iii",), ("vi",)))]


@pytest.mark.parametrize(("mode", "bars"), CLEAR)
def test_tonic_and_dominant_are_clear(mode: str, bars: tuple[tuple[str, ...], ...]) -> None:
    assert is_clear(bars, mode, 0.9)
    assert is_clear(bars, mode, -0.9)


@pytest.mark.parametrize(("mode", "bars"), VEILED)
def test_the_relatives_chords_are_not(mode: str, bars: tuple[tuple[str, ...], ...]) -> None:
    assert clarity(bars, mode) < 0
    assert not is_clear(bars, mode, -0.7)


def test_mixed_feelings_ask_for_nothing() -> None:
    assert wanted(0.0) == wanted(0.1) == 0 < wanted(0.5) < wanted(1.0)


@pytest.mark.parametrize("valence", [-0.8, 0.8])
def test_plans_of_strong_feelings_are_clear(valence: float) -> None:
    heard = []
    for seed in range(25):
        made = plan(Intent(genre="solo_piano", bars=16, seed=seed), Affect(valence=valence, arousal=0.2))
        heard += [clarity(tuple((c.roman,) for c in s.chords), made.key.mode) > 0 for s in made.sections]
    assert sum(heard) >= 0.85 * len(heard)
