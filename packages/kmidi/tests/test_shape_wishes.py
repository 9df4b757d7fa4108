"""How the music grows, ends or fades, said in words, holds in the bytes: who plays, how much and how loud."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kmidi import Intent
from kmidi.studio import LocalStudio
from kmidi.studio.take import Take

SEEDS = range(4)


def shape(text: str) -> str | None:
    return dict(LocalStudio().read(Intent(text=text)).wishes).get("arc")


def heard(take: Take) -> list[tuple[float, dict[str, float]]]:
    """Of each section: notes a bar, and how loud each part is that plays in it (the bass goes by its accents)."""
    bar, at, found = take.plan.meter.bar_ticks(take.score.ppq), 0, list[tuple[float, dict[str, float]]]()
    for section in take.plan.sections:
        start, at = at * bar, at + section.bars
        each = {p.name: p.notes[(p.notes["onset"] >= start) & (p.notes["onset"] < at * bar)] for p in take.score.parts}
        loud = {
            p.name: float(each[p.name]["velocity"].mean())
            for p in take.plan.parts
            if len(each[p.name]) and p.role != "bass"
        }
        found.append((sum(map(len, each.values())) / section.bars, loud))
    return found


def rise(before: dict[str, float], after: dict[str, float]) -> float:
    """By how much those who play in both sections are louder in the later one, in velocity."""
    return sum(after[name] - before[name] for name in before if name in after) / len(before.keys() & after.keys())


@pytest.mark.parametrize(
    "text",
    [
        "I start small and get bigger every day at the gym", "he fades out of my life", "the night ends quietly", "my marriage ends quietly and I am fine",
        "we built slowly a life together", "a big finish line, proud", "not a slow build, sad", "no big finish, calm", "never builds slowly, calm",
        "without a fade-out, happy", "the car explodes at the end", "a slow build of resentment", "tension in the office builds slowly",
        "my voice fades out when I speak of him", "my chest rises and falls", "slowly we build a house", "it all ends in silence",
        "the light fades away and I sleep", "in the last chorus we cried", "a loud ending to our marriage", "my belly grows and grows", "he should start small and grow up", "it builds to a bad ending for us",
    ],
)  # fmt: skip
def test_what_tells_of_something_else_shapes_nothing(text: str) -> None:
    assert shape(text) is None


@pytest.mark.parametrize(
    ("text", "arc"),
    [
        ("a slow build, hopeful", "slow_build"), ("slow build to a huge climax, hope", "slow_build"), ("grief, builds slowly", "slow_build"), ("starts with nothing and grows, longing", "slow_build"),
        ("It starts quietly and slowly builds. I miss him.", "slow_build"), ("music that builds to a huge climax, hope", "slow_build"), ("it gets bigger and bigger, rage", "slow_build"),
        ("a tango for her, builds to a big finish", "slow_build"), ("a song that builds up to a huge ending, sad", "slow_build"), ("it should build slowly, grief", "slow_build"),
        ("the song should start small and grow, hope", "slow_build"), ("it grows and grows, joy", "slow_build"), ("trailer music, epic, builds up, choir", "slow_build"), ("starts soft and ends loud, hope", "big_finish"), ("gets louder and louder, rage", "slow_build"),
        ("sad, ends big", "big_finish"), ("hope with a big finish", "big_finish"), ("lonely, explodes in the last chorus", "big_finish"),
        ("peaceful, fades out", "fade_out"), ("angry, ends quietly", "fade_out"), ("joy, with a quiet ending", "fade_out"),
        ("starts loud and dies away, grief", "descent"), ("something that swells and ebbs, calm", "rise_and_fall"),
    ],
)  # fmt: skip
def test_a_shape_is_read_and_told(text: str, arc: str) -> None:
    assert shape(text) == arc
    assert [r.value for r in LocalStudio().plan(Intent(text=text)).reasons if r.what == "arc"] == [arc]


def test_a_shape_that_is_set_wins() -> None:
    plan = LocalStudio().plan(Intent(text="a slow build, hopeful", arc="descent"))
    assert plan.sections[0].energy > plan.sections[-1].energy


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "text",
    [
        "a slow build, hopeful",
        "grief, builds slowly",
        "cinematic, starts with nothing and grows",
        "angry rock that slowly builds",
    ],
)
def test_a_slow_build_adds_to_each_section(text: str, seed: int) -> None:
    found = heard(LocalStudio().compose(Intent(text=text, seed=seed, bars=48)))
    for (notes, loud), (more, louder) in pairwise(found):
        assert more > 0.85 * notes
        assert rise(loud, louder) > -1.5
        assert len(louder) >= len(loud) - 1
    (notes, loud), (more, louder) = found[0], found[-1]
    assert more > 1.4 * notes
    assert len(louder) > len(loud)
    assert rise(loud, louder) > 3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_big_finish_is_the_biggest(seed: int) -> None:
    found = heard(LocalStudio().compose(Intent(text="lonely, explodes in the last chorus", seed=seed, bars=48)))
    notes, loud = found[-1]
    assert notes > max(before for before, _ in found[:-2])
    assert all(rise(before, loud) > 0 for _, before in found[:-2])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fade_ends_with_the_fewest_and_softest(seed: int) -> None:
    found = heard(LocalStudio().compose(Intent(text="joy, fades out", seed=seed, bars=48)))
    notes, loud = found[-1]
    assert notes == min(before for before, _ in found)
    assert all(len(loud) <= len(before) for _, before in found)
    assert all(loud[name] < found[len(found) // 2][1][name] for name in ("Grand Piano", "Strings") if name in loud)
