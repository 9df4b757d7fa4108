"""A rule to break that the words themselves name."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.affect import feel
from kmidi.studio import LocalStudio
from kmidi.tables import rule_breaks


def named(text: str) -> str | None:
    return dict(feel(Intent(text=text)).wishes).get("rule_breaks")


@pytest.mark.parametrize("row", rule_breaks().values(), ids=lambda row: row.id)
def test_every_rule_can_be_asked_for_in_words(row) -> None:
    assert row.said or row.of_music
    assert {*row.said, *row.of_music} <= {row.name.casefold(), row.id.replace("_", " "), *row.synonyms}
    for name in row.said:
        for written in (name, name.upper(), f"{name}s", name.replace("'", "’"), name.replace("'", "")):
            assert named(f"I miss her, {written}") == row.id
    for name in row.of_music:
        assert named(f"a sad song with {name}") == named(f"slow waltz, {name}") == row.id


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("sad jazz with a tritone substitution", "tritone_substitution"),
        ("grief, with tritone substitutions", "tritone_substitution"),
        ("a sad song that ends without resolving", "avoid_tonic_resolution"),
        ("longing, in D minor, never resolves", "avoid_tonic_resolution"),
        ("slow piano music which never really resolves", "avoid_tonic_resolution"),
        ("anger in parallel fifths", "parallel_motion"),
        ("confusion, in two keys at once", "polytonality"),
        ("a song with a buried voice", "buried_voice"),
        ("rubato, tender, with a tritone substitution", "tempo_fluctuation, tritone_substitution"),
        ("no drums and a tritone substitution", "tritone_substitution"),
    ],
)
def test_words_name_rules_to_break(text: str, rules: str) -> None:
    assert named(text) == rules


@pytest.mark.parametrize(
    "text",
    [
        "the pain never resolves", "our fight ended without resolving anything", "a song about a grief that never resolves",
        "a buried voice in me screams", "music for my unresolved feelings", "his voice is out of tune and I love him",
    ],
)  # fmt: skip
def test_feelings_name_no_rule(text: str) -> None:
    assert named(text) is None


@pytest.mark.parametrize(
    "text",
    ["hope, no parallel fifths", "joy without any parallel fifths", "please avoid parallel fifths", "grief, don't use parallel fifths or rubato"],
)  # fmt: skip
def test_what_is_refused_breaks_nothing(text: str) -> None:
    assert named(text) == ""
    assert LocalStudio().plan(Intent(text=text, bars=8)).rule_breaks == ()


def test_the_plan_says_that_the_words_asked() -> None:
    plan = LocalStudio().plan(Intent(text="sad jazz with a tritone substitution", bars=8))
    assert [broken.id for broken in plan.rule_breaks] == ["tritone_substitution"]
    assert next(r.why for r in plan.reasons if r.what == "rule broken").startswith("you asked for it")


@pytest.mark.parametrize("rules", [(), ("rubato",)])
def test_what_was_set_wins_over_the_words(rules: tuple[str, ...]) -> None:
    plan = LocalStudio().plan(Intent(text="sad jazz with a tritone substitution", bars=8, rule_breaks=rules))
    assert [broken.id for broken in plan.rule_breaks] == ["tempo_fluctuation"] * len(rules)


def test_a_rule_that_words_ask_for_in_vain_is_said() -> None:
    plan = LocalStudio().plan(Intent(text="grief, solo violin, parallel fifths", bars=8))
    assert plan.rule_breaks == ()
    assert "needs a part that plays accompaniment" in next(r.why for r in plan.reasons if r.what == "rule kept")
