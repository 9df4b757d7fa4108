"""A style or an instrument that is not here is played as the nearest, and the plan says so."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.affect import feel
from kmidi.studio import LocalStudio
from kmidi.tables import Genre, genres, instruments
from kmidi.tables.rows import Instrument

NEAR = [(word, row.id) for row in genres().values() for word in row.near]


def genre_why(text: str | None = None, genre: str | None = None) -> tuple[str, str]:
    plan = LocalStudio().plan(Intent(text=text, genre=genre, emotion=None if text else "joy"))
    return plan.genre, next(reason.why for reason in plan.reasons if reason.what == "genre")


@pytest.mark.parametrize(("word", "genre"), NEAR)
def test_a_near_style_is_played_as_the_nearest_and_told(word: str, genre: str) -> None:
    for written in (word, word.replace(" ", "-"), word.title()):
        for found, why in (genre_why(f"{written} music, joyful"), genre_why(genre=written)):
            assert found == genre
            assert why.startswith(f"{word} is not among the genres, and this is the nearest")


@pytest.mark.parametrize("row", [row for row in genres().values() if row.scenes], ids=lambda row: row.id)
def test_a_scene_is_played_to_as_it_mostly_is(row: Genre) -> None:
    for word in row.scenes:
        for text in (word, f"{word} music" if " " not in word else f"music for the {word}", f"{word}, tense and dark"):
            found, why = genre_why(text)
            assert (found, why.partition(":")[0]) == (row.id, f"{word} is a scene that such music is played to")
        assert genre_why(f"{word} theme, jazz")[0] == "jazz_trio"
    assert not {*row.scenes} & {*row.near, *row.synonyms}


@pytest.mark.parametrize("text", ["boss fight", "victory fanfare", "car chase"])
def test_a_scene_stays_felt(text: str) -> None:
    assert feel(Intent(text=text)).arousal > 0.4


@pytest.mark.parametrize(
    "text", ["my old tavern closed", "I study music", "the church burned down", "no boss fight, calm", "we left the pub in tears"]
)  # fmt: skip
def test_a_place_in_a_story_names_no_style(text: str) -> None:
    assert "genre" not in dict(feel(Intent(text=text)).wishes)


def test_a_near_style_names_no_genre() -> None:
    known = {name.casefold() for row in genres().values() for name in (row.id, row.name, *row.synonyms)}
    words = [word for word, _ in NEAR]
    assert known.isdisjoint(words)
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("heavy metal rage", "heavy metal"), ("reggae for a lazy sunday", "reggae"), ("drum and bass, 174 bpm, frantic", "drum and bass"),
        ("slow blues in E, sad", "blues"), ("8-bit adventure", "8 bit"), ("metal, angry", "metal"), ("tango of longing", "tango"),
        ("ambient, peaceful", "dream_pop"), ("acoustic, sad and quiet", "confessional_acoustic"),
        ("it takes two to tango", None), ("I've got the blues", None), ("the heavy metal door closed", None), ("in a funk, sad", None), ("no reggae", None), ("disco, happy", "disco"), ("hugs and disco kisses", None),
        ("a metal pipe fell on me", None), ("he preached the gospel", None), ("rock, paper, scissors", None), ("I cut it with a metal knife, acoustic", None),
    ],
)  # fmt: skip
def test_words_name_styles(text: str, genre: str | None) -> None:
    assert dict(feel(Intent(text=text)).wishes).get("genre") == genre


def test_a_style_adds_no_player() -> None:
    assert "including" not in dict(feel(Intent(text="drum and bass, frantic")).wishes)


PLAYERS = [(word, row) for row in instruments().values() for word in row.near]


@pytest.mark.parametrize(("word", "row"), PLAYERS, ids=[word for word, _ in PLAYERS])
def test_a_player_that_is_not_here_is_stood_in_for_and_told(word: str, row: Instrument) -> None:
    for intent in (Intent(text=f"joyful, with {word}"), Intent(emotion="joy", including=(word.title(),))):
        plan = LocalStudio().plan(intent)
        assert row.id in {part.instrument for part in plan.parts}
        assert any(f"{word} is not among the instruments, {row.name} is the nearest" in r.why for r in plan.reasons)


def test_who_is_not_here_takes_nobody_along_when_refused() -> None:
    band = {part.instrument for part in LocalStudio().plan(Intent(text="indie folk, calm")).parts}
    assert {part.instrument for part in LocalStudio().plan(Intent(text="indie folk, calm, no banjo")).parts} == band


def test_each_player_is_named_once() -> None:
    words = [word for row in instruments().values() for word in (row.name.casefold(), *row.synonyms, *row.near)]
    near = [word for word, _ in PLAYERS]
    assert all(words.count(word) == 1 for word in near)
