"""Helicopters and reversed cymbals among the parts: their notes are neither tones of a chord nor moved with a key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmidi import midi
from kmidi.analysis import analyze
from kmidi.intent import Feeling
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Chord, Key, Meter
from kmidi.transforms import recolour, to_mode, transpose

LOOP = ["Am", "F", "Dm", "Em"] * 4


def song(effect: int) -> Score:
    """Held chords in A minor, and a sound effect on C#4 in every bar."""
    said = [Chord.parse(symbol) for symbol in LOOP]
    held = [(bar * 4 * PPQ, 4 * PPQ, 57 + (c.root + step - 9) % 12, 60 + bar * 3, 0) for bar, c in enumerate(said) for step in c.intervals]  # fmt: skip
    blows = [(bar * 4 * PPQ, 4 * PPQ, 61, 90 + bar, 0) for bar in range(len(LOOP))]
    parts = (
        Part(name="pad", channel=0, program=89, notes=notes_array(held)),
        Part(name="sweep", channel=1, program=effect, notes=notes_array(blows)),
    )
    score = Score(length=len(LOOP) * 4 * PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=parts)  # fmt: skip
    return midi.read(midi.write(score))


@pytest.mark.parametrize("effect", [115, 118, 119, 122, 125, 127])
def test_chords_and_rubs_are_heard_without_them(effect: int) -> None:
    heard = analyze(song(effect))
    alone = analyze(replace(song(effect), parts=song(effect).parts[:1]))
    assert str(heard.key) == "A minor"
    assert [str(span.chord) for span in heard.chords] == [str(span.chord) for span in alone.chords]
    assert "clash" not in {finding.id for finding in heard.findings}
    assert [texture.part for texture in heard.textures] == [0]
    assert heard.feeling == alone.feeling


def test_a_steel_drum_has_pitches() -> None:
    assert [texture.part for texture in analyze(song(114)).textures] == [0, 1]


def test_they_stay_where_notes_move() -> None:
    score, key = song(126), Key.parse("A minor")
    for moved in (
        transpose(score, semitones=5),
        to_mode(score, key=key, mode="ionian"),
        recolour(score, key=key, before=Feeling(valence=-0.6, arousal=0), after=Feeling(valence=0.6, arousal=0)),
    ):
        assert moved.parts[1].notes["pitch"].tolist() == [61] * 16
        assert moved.parts[0].notes["pitch"].tolist() != score.parts[0].notes["pitch"].tolist()
