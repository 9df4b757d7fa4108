"""A song that moves through keys and states none is put in another mode area by area, as they are heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmidi.analysis import analyze
from kmidi.midi import read, write
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.studio.change import change
from kmidi.theory import Chord, Key, Meter
from kmidi.transforms import Step

ROUND = ("C", "Am", "F", "G", "C", "F", "G", "C")
TO_MINOR = Step(transform="to_mode", arguments={"mode": "aeolian"})
DARKER = Step(transform="recolour", arguments={"before": {"valence": 0.5, "arousal": 0}, "after": {"valence": -0.4, "arousal": 0}})  # fmt: skip


def song(*steps: int, early: int = 0) -> Score:
    """Sixteen bars on each of the tonics so many semitones above C: bass and chords, and a tune up the chord and on."""
    rows: list[tuple[int, int, int, int, int]] = []
    bars = [(step, symbol) for step in steps for symbol in ROUND * 2]
    for bar, (step, symbol) in enumerate(bars):
        chord, at = Chord.parse(symbol).transpose(step), bar * 4 * PPQ - (early if bar else 0)
        tones = [*chord.pitch_classes]
        rows += [(at, 4 * PPQ, 36 + chord.root, 80, 0), *((at, 4 * PPQ, 48 + pitch, 70, 0) for pitch in tones)]
        rows += [(at + beat * PPQ, PPQ, 72 + tones[beat % 3], 90, 0) for beat in range(4)]
    part = Part(name="Piano", channel=0, notes=notes_array(sorted(rows)))
    length = len(bars) * 4 * PPQ
    meters = (MeterChange(0, Meter(4, 4)),)
    return read(write(Score(length=length, tempos=(Tempo(0, 500_000),), meters=meters, parts=(part,))))


def sounding(score: Score, first: int, last: int) -> set[int]:
    """The pitch classes of the notes that begin in these bars."""
    (part,) = score.parts
    onset = part.notes["onset"] + 60
    inside = (onset >= first * 4 * PPQ) & (onset < last * 4 * PPQ)
    return {int(pitch) % 12 for pitch in part.notes["pitch"][inside]}


@pytest.mark.parametrize("early", [0, 20], ids=["on the bar", "a stroke ahead of it"])
@pytest.mark.parametrize("step", [TO_MINOR, DARKER], ids=["to_mode", "recolour"])
@pytest.mark.parametrize("tonics", [(0, 3), (0, 3, 0), (0, 4)])
def test_each_area_takes_the_mode_on_its_own_tonic(tonics: tuple[int, ...], step: Step, early: int) -> None:
    score = song(*tonics, early=early)
    assert not score.keys
    assert len(analyze(score).keys) == len(tonics)
    done = change(score, (step,))
    for at, tonic in enumerate(tonics):
        assert sounding(done.score, 16 * at, 16 * at + 16) == set(
            Key.of(tonic, done.score.keys[0].key.mode).pitch_classes
        )
        assert done.score.keys[at].key.pitch_class == tonic
    assert [n["onset"] for n in done.score.parts[0].notes] == [n["onset"] for n in score.parts[0].notes]
    assert change(score, done.steps).midi == done.midi, "the steps told lead to the same music"


def test_what_is_given_or_stated_wins_over_areas_heard() -> None:
    score = song(0, 3)
    given = Step(transform="to_mode", arguments={"mode": "aeolian", "key": {"tonic": "G", "mode": "mixolydian"}})
    assert [k.key for k in change(score, (given,)).score.keys] == [Key("G", "aeolian")]
    stated = change(song(0), (TO_MINOR,)).score.keys
    assert [k.key for k in stated] == [Key("C", "aeolian")]
    same = change(replace(score, keys=stated), (replace(TO_MINOR, arguments={"mode": "dorian"}),)).score.keys
    assert len(same) == 1


def test_no_key_is_written_where_no_mode_moves() -> None:
    louder = {"before": {"valence": 0, "arousal": 0}, "after": {"valence": 0, "arousal": 0.8}}
    assert change(song(0, 3), (Step(transform="recolour", arguments=louder),)).score.keys == ()
