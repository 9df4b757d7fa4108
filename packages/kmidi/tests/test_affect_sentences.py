"""Sentences that people write about songs they want read as a person would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.words import lives_told
from kmidi import Affect, Intent
from kmidi.affect import feel

LINES = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines()
CASES = [tuple(line.rsplit("|", 1)) for line in LINES if line and not line.startswith("#")]
SIGNS = {"joyful": (1, 1), "tense": (-1, 1), "sad": (-1, -1), "calm": (1, -1), "V+": (1, 0), "V-": (-1, 0), "+A": (0, 1), "-A": (0, -1)}  # fmt: skip


@pytest.mark.parametrize(("sentence", "wanted"), CASES, ids=["|".join(case) for case in CASES])
def test_a_sentence_reads_as_a_person_would(sentence: str, wanted: str) -> None:
    read = feel(Intent(text=sentence))
    if wanted in SIGNS:
        valence, arousal = SIGNS[wanted]
        assert read.valence * valence > 0.05 or not valence, read
        assert read.arousal * arousal > 0.02 or not arousal, read
        assert read.confidence > 0.2, read
    else:
        _check(read, wanted)


def _check(read: Affect, wanted: str) -> None:
    if "=" in wanted:
        field, _, value = wanted.partition("=")
        assert dict(read.wishes).get(field) == value, read.wishes
    elif wanted.startswith("no "):
        assert wanted.removeprefix("no ") not in dict(read.wishes), read.wishes
    elif wanted.startswith("path"):
        first, last = read.trajectory[0].valence, read.trajectory[-1].valence
        assert last - first > 0.5 if wanted == "path-+" else first - last > 0.5, read.trajectory
    elif wanted == "sides":
        assert read.surface is not None, read
        assert read.undertow is not None
        assert read.surface.valence > 0.1 > -0.1 > read.undertow.valence
    elif wanted == "blend":
        assert len(read.blend) > 1, read
        assert read.intensity > 0.5
    else:
        assert read.confidence < 0.1, read
        assert read.warnings


def test_the_sentences_are_many_and_distinct() -> None:
    assert len({sentence for sentence, _ in CASES}) >= 980
    assert len(set(CASES)) == len(CASES)


MISREAD = (Path(__file__).parent / "sentences_misread.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in MISREAD if not line.startswith("#")])
def test_what_is_misread_is_still_misread(line: str) -> None:
    """A sentence that has come to be read right moves to the others."""
    sentence, wanted = line.rsplit("|", 1)
    with pytest.raises(AssertionError):
        test_a_sentence_reads_as_a_person_would(sentence, wanted)


TONGUES = (Path(__file__).parent / "other_tongues.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in TONGUES if not line.startswith("#")])
def test_another_language_is_told_that_it_could_not_be_read(line: str) -> None:
    read = feel(Intent(text=line.partition("|")[2]))
    assert read.confidence < 0.1, read
    assert "could not read" in read.warnings[0]


@pytest.mark.parametrize("text", ["the", "of the and"])
def test_a_text_without_feeling_is_never_read_in_silence(text: str) -> None:
    assert feel(Intent(text=text)).warnings


@pytest.mark.parametrize(("axis", "least"), [(0, 0.77), (1, 0.82)], ids=["valence", "arousal"])
def test_lives_told_in_plain_words_are_read_on_their_side(axis: int, least: float) -> None:
    r, right = lives_told()[axis]
    assert right > least
    assert r > 0.6


def test_what_stands_beside_a_name_does_not_take_it_back() -> None:
    assert feel(Intent(text="i was in the war")).valence < -0.2  # "the war" stands in much that is told of peace
