"""The piano roll: well-formed, every note in it, sections and chords named, words escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from kmidi import Intent
from kmidi.render.picture import colours, picture, with_signs
from kmidi.score import ChordSpan, KeyChange, Marker, Score
from kmidi.studio import LocalStudio
from kmidi.theory import Chord, Key

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def score() -> Score:
    return LocalStudio().compose(Intent(text="grief hidden as love", bars=12, key="Bb minor")).score


@pytest.mark.parametrize("dark", [False, True])
def test_every_note_is_drawn_once(score: Score, dark: bool):
    root = ElementTree.fromstring(picture(score, dark=dark))
    strokes = "".join(path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("stroke-linecap"))
    assert len(re.findall("M", strokes)) == sum(len(part.notes) for part in score.parts)
    assert {p.get("stroke") for p in root.iter(f"{SVG}path") if p.get("stroke-linecap")} == set(colours(score).values())


def test_sections_chords_and_bars_are_named(score: Score):
    root = ElementTree.fromstring(picture(score))
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {marker.text for marker in score.markers} & set(words)
    assert {"1", "2", "12"} <= set(words)
    assert any(word and word.startswith(("B♭", "E♭", "G♭")) for word in words)
    assert "12 bars" in (root.get("aria-label") or "")


def test_words_cannot_break_the_picture(score: Score):
    odd = replace(score, markers=(Marker(0, '</svg><script>"&'),))
    root = ElementTree.fromstring(picture(odd))
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize(
    "intent",
    [Intent(text="calm", bars=1), Intent(text="rage", without=("drums",)), Intent(text="a", genre="solo_piano")],
)
def test_small_and_odd_scores_are_drawn(intent: Intent):
    score = LocalStudio().compose(intent).score
    ElementTree.fromstring(picture(score))
    ElementTree.fromstring(picture(replace(score, parts=(), markers=(), chords=())))


def test_chords_are_written_with_signs():
    assert [with_signs(s) for s in ("Bbm7b5", "F#7", "Eb/Bb", "Eb major")] == ["B♭m7♭5", "F♯7", "E♭/B♭", "E♭ major"]


def test_chords_are_spelled_by_the_key_that_stands(score: Score):
    chords = tuple(ChordSpan(at, 480, Chord.parse("Gb"), "") for at in (0, 1920))
    moved = replace(score, chords=chords, keys=(KeyChange(0, Key("B")), KeyChange(1920, Key("Db"))))
    words = [text.text for text in ElementTree.fromstring(picture(moved)).iter(f"{SVG}text")]
    assert [word for word in words if word in ("F♯", "G♭")] == ["F♯", "G♭"]
