"""Tunes come home: their last note, and the ends of answering phrases."""

from __future__ import annotations

import pytest

from kmidi import Affect, Intent
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
        middle = last["onset"] + last["duration"] // 2  # a note that comes early is of the chord that it is held into
        chord = next(span.chord for span in reversed(score.chords) if span.onset <= middle)
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


@pytest.mark.parametrize("genre", ["pop", "cinematic", "jazz_trio", "lullaby", "bossa", "solo_piano"])
def test_a_tune_that_sounds_in_the_last_bar_comes_in_with_the_last_chord_and_is_held(genre: str) -> None:
    heard = 0
    for seed in range(8):
        decided = plan(
            intent := Intent(text="pride as the crowd roars", genre=genre, bars=24, seed=seed, rule_breaks=()),
            feel(intent),
        )
        score = compose(decided)
        last = score.length - decided.meter.bar_ticks(score.ppq)
        lines = [s for p, s in zip(decided.parts, score.parts, strict=True) if p.role in ("melody", "counter", "piano")]
        for line in lines:
            notes = line.notes[line.notes["onset"] >= last]
            assert set(notes["onset"].tolist()) <= {last}
            assert all(n["duration"] > (score.length - last) * 0.7 for n in notes)
            heard += len(notes) > 0
    assert heard


def test_choruses_lie_above_their_verses() -> None:
    above = there = 0
    for seed in range(40):
        decided = plan(
            intent := Intent(text="longing for home", genre=("pop", "rnb", "synthwave", "alternative")[seed % 4], bars=40, seed=seed, rule_breaks=()),
            feel(intent),
        )  # fmt: skip
        score = compose(decided)
        notes, marks = _tune(score).notes, [*score.markers]
        ends = [*(m.tick for m in marks[1:]), score.length]
        means = {}
        for mark, end in zip(marks, ends, strict=True):
            inside = notes["pitch"][(notes["onset"] >= mark.tick) & (notes["onset"] < end)]
            if len(inside):
                means.setdefault(mark.text.split()[0], inside.mean())
        if {"verse", "chorus"} <= means.keys():
            there += 1
            above += means["chorus"] > means["verse"]
    assert there > 20
    assert above / there > 0.8


@pytest.mark.parametrize("genre", ["industrial_pop", "pop", "reggae", "string_quartet"])
def test_a_tune_that_comes_again_is_known_again(genre: str) -> None:
    """A note that differs where a section returns moves none behind it."""
    for seed in range(12):
        made = plan(Intent(genre=genre, bars=48, seed=seed), Affect(valence=-0.3, arousal=0.2))
        tune = next(s.notes for p, s in zip(made.parts, compose(made).parts, strict=True) if p.role == "melody")
        sung: dict[tuple[str, ...], set[tuple[int, int]]] = {}
        start = 0
        for section in made.sections:
            end = start + section.bars * made.meter.bar_ticks(480)
            here = tune[(tune["onset"] >= start) & (tune["onset"] < end)]
            notes = {(onset - start, pitch - section.raised) for onset, pitch in zip(here["onset"].tolist(), here["pitch"].tolist(), strict=True)}  # fmt: skip
            first = sung.setdefault((section.kind, *(chord.roman for chord in section.chords)), notes)
            assert len(notes & first) >= 0.5 * len(notes | first)
            start = end


@pytest.mark.parametrize("genre", ["alternative", "shoegaze", "waltz"])
def test_a_tune_left_on_a_half_cadence_comes_home_with_the_last_chord(genre: str) -> None:
    for seed in range(30):
        made = plan(Intent(genre=genre, bars=24, seed=seed, rule_breaks=()), Affect(valence=0.3, arousal=0.2))
        score = compose(made)
        key, last = made.key_of(made.sections[-1]), score.chords[-1].chord
        assert last.root != key.pitch_class or _tune(score).notes["pitch"][-1] % 12 == key.pitch_class
