"""What single sentences read as: the plain cases."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.affect import feel
from kmidi.affect.situations import situation_at, symbols_of
from kmidi.affect.tokens import tokenize
from kmidi.tables.rows import Situation, situations, word_kinds

QUADRANTS = {"joyful": (1, 1), "tense": (-1, 1), "sad": (-1, -1), "calm": (1, -1)}


@pytest.mark.parametrize(
    ("text", "quadrant"),
    [("pure joy", "joyful"), ("deep sadness", "sad"), ("rage", "tense"), ("I feel peaceful", "calm")],
)
def test_a_plain_sentence_lies_in_its_quadrant(text: str, quadrant: str) -> None:
    read = feel(Intent(text=text))
    valence, arousal = QUADRANTS[quadrant]
    assert read.valence * valence > 0.3
    assert read.arousal * arousal > 0.2


def test_a_denied_feeling_is_not_that_feeling() -> None:
    read = feel(Intent(text="I am not angry"))
    assert read.valence > 0
    assert read.arousal < 0


def test_what_stands_behind_but_carries_the_sentence() -> None:
    assert feel(Intent(text="scared but hopeful")).valence > 0
    assert feel(Intent(text="hopeful but scared")).valence < 0


@pytest.mark.parametrize(
    "text",
    [
        "I miss my grandmother's kitchen, but I smile when I think of it",
        "I smile when I think of it, but I miss my grandmother's kitchen",
        "I miss you, still I laugh at your jokes",
        "my dad died years ago, but I smile at his photo",
    ],
)
def test_joy_at_what_is_lost_is_fond_and_quiet(text: str) -> None:
    read = feel(Intent(text=text))
    assert -0.35 < read.valence < 0.35
    assert read.arousal <= 0


@pytest.mark.parametrize("text", ["I missed the bus, but I smile", "I was sad, but I smile"])
def test_a_passing_mood_before_but_leaves_the_joy(text: str) -> None:
    read = feel(Intent(text=text))
    assert read.valence > 0.35
    assert read.arousal > 0.1


def test_music_for_a_funeral_may_be_as_glad_as_it_is_asked_to_be() -> None:
    assert feel(Intent(text="music for a funeral, but joyful")).valence > 0.2


def test_who_is_buried_hides_nothing() -> None:
    assert feel(Intent(text="We buried him on the first warm day of spring")).surface is None
    assert feel(Intent(text="grief buried under jokes and laughter")).surface is not None


@pytest.mark.parametrize("text", ["I'm not saying I was terrified", "I'm not just saying it, I was terrified"])
def test_what_is_not_said_outright_is_meant(text: str) -> None:
    assert feel(Intent(text=text)).valence < -0.3


def test_what_was_set_wins_over_the_words_and_keeps_them() -> None:
    read = feel(Intent(text="pure joy", valence=-0.5))
    assert read.valence == -0.5
    assert read.arousal > 0.3
    assert read.reader == "set"
    assert [e.words for e in read.evidence] == ["joy"]


@pytest.mark.parametrize("row", situations().values(), ids=lambda row: row.id)
def test_every_phrase_of_a_situation_is_found_whole(row: Situation) -> None:
    for phrase in row.told:
        tokens = tokenize(" ".join(_word(place.split("/")[0]) for place in phrase.split()))
        ways = [situation_at(tokens, [symbols_of(token) for token in tokens], at) for at in (0, 1)]
        lengths = [length + at for at, found in enumerate(ways) if found for length in [found[1]]]
        assert max(lengths, default=0) == len(tokens), (phrase, tokens)


def _word(place: str) -> str:
    while place.startswith("{"):
        place = word_kinds()[place.strip("{}")].words.split()[0]
    return place


@pytest.mark.parametrize("text", ["my old dog has just died", "my dogs die", "our dog is still dying"])
def test_a_situation_is_found_in_any_form_of_its_words(text: str) -> None:
    assert feel(Intent(text=text)).emotion == "grief"


@pytest.mark.parametrize(
    "text",
    ["grief hidden as love", "smiling through it", "grief that slowly opens into hope", "calm after the storm", "sad", "hopeful but scared"],
)  # fmt: skip
def test_the_point_is_the_mean_of_its_path(text: str) -> None:
    read = feel(Intent(text=text))
    path = read.trajectory
    assert read.valence == pytest.approx(sum(p.valence for p in path) / len(path), abs=1e-4)
    assert read.arousal == pytest.approx(sum(p.arousal for p in path) / len(path), abs=1e-4)


def test_what_a_text_begins_with_is_set_against_what_follows() -> None:
    first, last = (feel(Intent(text=text)) for text in ("Nothing to prove, just sunshine. Pure joy.", "Pure joy. Nothing to prove, just sunshine."))  # fmt: skip
    assert (first.valence, first.arousal) == (last.valence, last.arousal)
