"""Tunes come home: their last note, and the ends of answering phrases."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.affect import feel
from kmidi.composer import compose
from kmidi.planner import plan
from kmidi.score import Part, Score


def _tune(score: Score) -> Part:
    return next(part for part in score.parts if part.role == "melody")


@pytest.mark.parametrize("genre", ["pop", "string_quartet", "waltz", "synthwave"])
def test_a_tune_ends_on_the_tonic_where_the_chords_are_home(genre: str) -> None:
    home = 0
    for seed in range(12):
        decided = plan(
            intent := Intent(text="longing for home", genre=genre, bars=32, seed=seed, rule_breaks=()), feel(intent)
        )
        score = compose(decided)
        last = _tune(score).notes[-1]
        key = decided.key_of(decided.sections[-1]) if any(s.raised for s in decided.sections) else decided.key
        chord = next(span.chord for span in reversed(score.chords) if span.onset <= last["onset"])
        assert chord.root != key.pitch_class or last["pitch"] % 12 == key.pitch_class
        home += last["pitch"] % 12 == key.pitch_class
    assert home >= 9


def test_a_tune_that_stops_before_the_end_ends_on_the_next_downbeat() -> None:
    found = 0
    for seed in range(40):
        decided = plan(
            intent := Intent(text="a quiet hope", genre="pop", bars=32, seed=seed, rule_breaks=()), feel(intent)
        )
        score = compose(decided)
        notes, bar = _tune(score).notes, decided.meter.bar_ticks(score.ppq)
        outro = score.length - decided.sections[-1].bars * bar
        if decided.sections[-1].kind == "outro" and notes["onset"][-1] == outro:
            found += 1
            assert notes["duration"][-1] >= bar // 2
    assert found


@pytest.mark.parametrize(
    "text", ["grief hidden as love", "rage at my brother", "heartbreak, slow", "lonely in a crowd"]
)
def test_a_note_that_comes_early_is_of_the_chord_that_it_is_held_into(text: str) -> None:
    rubs: list[tuple[int, int]] = []
    for seed in range(6):
        score = compose(plan(intent := Intent(text=text, seed=seed), feel(intent)))
        for onset, duration, pitch in _tune(score).notes[["onset", "duration", "pitch"]].tolist():
            end = onset + duration
            under = max(score.chords, key=lambda c: min(end, c.onset + c.duration) - max(onset, c.onset))
            tones = under.chord.pitch_classes
            if duration >= score.ppq and pitch % 12 not in tones and (pitch - 1) % 12 in tones:
                rubs.append((seed, onset))
    assert not rubs
