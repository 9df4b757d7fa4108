"""A lullaby is slow and soft, and nobody drums."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.studio import LocalStudio


@pytest.mark.parametrize("text", ["a lullaby for my newborn daughter", "soft ukulele lullaby, in C major", "a sad cradle song", "lullaby in 6/8, harp and celesta", "lullabies for rainy nights", "berceuse, tender"])  # fmt: skip
def test_a_lullaby_is_slow_soft_and_without_drums(text: str) -> None:
    take, pop = (LocalStudio().compose(Intent(text=text, bars=8, genre=genre)) for genre in (None, "pop"))
    assert take.plan.genre == "lullaby"
    assert next(r.why for r in take.plan.reasons if r.what == "genre").startswith("you set it: ")
    assert not any(part.role == "drums" for part in take.score.parts)
    assert take.plan.bpm < min(85, pop.plan.bpm)
    loud, pops = (sum(p.loudness for p in t.plan.parts) / len(t.plan.parts) for t in (take, pop))
    assert loud < pops - 0.05


def test_who_asks_for_drums_in_a_lullaby_has_them() -> None:
    assert any(part.role == "drums" for part in LocalStudio().plan(Intent(text="lullaby with soft drums")).parts)


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("hip hop lullaby", "hip_hop"), ("starts like a lullaby then turns into a nightmare", "pop"),
        ("rage, not a lullaby", "pop"), ("lullaby waltz", "lullaby"),
    ],
)  # fmt: skip
def test_a_lullaby_is_one_only_where_it_is_asked_for(text: str, genre: str) -> None:
    assert LocalStudio().plan(Intent(text=text)).genre == genre


def test_a_lullaby_keeps_its_tenderness() -> None:
    assert LocalStudio().read(Intent(text="lullaby")).valence > 0.2


@pytest.mark.parametrize(("said", "plain"), [("whispered love song", "love song"), ("a pianissimo song of grief", "a song of grief")])  # fmt: skip
def test_what_is_whispered_is_softer_and_the_plan_says_why(said: str, plain: str) -> None:
    soft, usual = (LocalStudio().plan(Intent(text=text)) for text in (said, plain))
    assert all(a.loudness < b.loudness - 0.1 for a, b in zip(soft.parts, usual.parts, strict=False))
    reason = next(r for r in soft.reasons if r.what == "loudness")
    assert "texture: muffled" in dict(reason.contributions)
