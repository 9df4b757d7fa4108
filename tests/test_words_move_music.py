"""Plain sentences give plainly different music, in the direction that the words say."""

from __future__ import annotations

from functools import lru_cache

import pytest

from kmidi import Intent
from kmidi.studio import LocalStudio, Take

SENTENCES = ("pure joy", "deep sadness", "I am not angry", "rage", "I feel peaceful", "scared but hopeful")


@lru_cache(maxsize=16)
def take(text: str, seed: int = 0) -> Take:
    return LocalStudio().compose(Intent(text=text, seed=seed))


def loudness(one: Take) -> float:
    notes = [part.notes["velocity"] for part in one.score.parts if not part.is_drums and len(part.notes)]
    return sum(float(v.sum()) for v in notes) / sum(len(v) for v in notes)


def bpm(one: Take) -> float:
    return one.score.tempos[0].bpm


@pytest.mark.parametrize("seed", range(5))
def test_direction(seed: int):
    joy, sadness, calm_no, rage, peace, hope = (take(text, seed) for text in SENTENCES)
    assert not joy.plan.key.is_minor
    assert sadness.plan.key.is_minor
    assert rage.plan.key.is_minor
    assert not peace.plan.key.is_minor
    assert bpm(joy) > bpm(peace) + 15
    assert bpm(rage) > bpm(sadness) + 15
    assert loudness(rage) > loudness(sadness) + 8
    assert loudness(joy) > loudness(peace)
    assert bpm(calm_no) < bpm(rage) - 10
    assert loudness(calm_no) < loudness(rage) - 5
    assert bpm(sadness) < bpm(hope) < bpm(rage) + 5


def test_no_two_share_their_chords():
    chords = {tuple((c.onset, c.chord) for c in take(text).score.chords) for text in SENTENCES}
    assert len(chords) == len(SENTENCES)
    assert len({take(text).midi for text in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("texts", [("joy", "we won", "first kiss"), ("my dog died", "she left", "grief for my father")])
def test_other_words_for_a_like_feeling_are_another_piece(texts: tuple[str, ...]):
    takes = [take(text) for text in texts]
    assert len({tuple(c.roman for section in t.plan.sections for c in section.chords) for t in takes}) == len(texts)
    assert len({tune(t) for t in takes}) == len(texts)
    assert len({t.plan.key.pitch_class for t in takes}) > 1


def tune(one: Take) -> tuple[tuple[int, int], ...]:
    """The melody of the first eight bars: onsets, and steps above the tonic."""
    at = next(i for i, p in enumerate(one.plan.parts) if p.role == "melody")
    notes = one.score.parts[at].notes
    first = notes[notes["onset"] < 8 * one.plan.meter.bar_ticks(one.score.ppq)]
    return tuple((int(n["onset"]), (int(n["pitch"]) - one.plan.key.pitch_class) % 12) for n in first)


def chords_of(text: str, bars: int | None = None) -> list[str]:
    decided = LocalStudio().plan(Intent(text=text, bars=bars))
    return [chord.roman for section in decided.sections for chord in section.chords]


@pytest.mark.parametrize(
    "wish",
    [
        "joy, no strings",
        "joy, no drums, in D major",
        "joy, 8 bars",
        "Joy!",
        "a song of joy, with strings",
        "so much joy at 90 bpm",
    ],
)
def test_wishes_leave_the_chords(wish: str):
    assert chords_of(wish, 8) == chords_of("joy", 8)
    if "key" not in dict(take(wish).affect.wishes):
        assert take(wish).plan.key == take("joy").plan.key


def test_scared_but_hopeful_is_a_way_or_a_mixture():
    affect = take("scared but hopeful").affect
    assert affect.trajectory[-1].valence > affect.trajectory[0].valence or affect.blend
