"""What tells a chord is heard while it lasts: in the notes of every genre, mode and meter."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from kmidi import Affect, Intent, Score
from kmidi.composer import compose
from kmidi.composer.stage import table_of
from kmidi.composer.telling import tell, telling
from kmidi.planner import plan
from kmidi.score import ChordSpan
from kmidi.tables import genres, patterns
from kmidi.theory import Chord


@pytest.mark.parametrize(
    ("symbol", "tones"),
    [
        ("C", "4 0"),
        ("Dm7", "5 0 2"),
        ("Gsus4", "0 7"),
        ("Bdim", "2 5 11"),
        ("Cadd9", "4 2 0"),
        ("F6", "9 2 5"),
        ("C5", "0"),
    ],
)
def test_a_fifth_tells_nothing_over_the_root(symbol: str, tones: str):
    assert telling(Chord.parse(symbol)) == tuple(map(int, tones.split()))


def untold(score: Score) -> list[str]:
    """The chords of a beat or more of which a third (or what stands for it) or a seventh sounds nowhere."""
    notes = np.concatenate([part.notes for part in score.parts if part.role != "drums"])
    starts, ends = notes["onset"], notes["onset"] + notes["duration"]
    missed: list[str] = []
    for span in score.chords:
        end = span.onset + span.duration
        there = (starts < end) & ((starts >= span.onset) | (np.minimum(ends, end) - span.onset >= score.ppq // 4))
        sounding = set((notes["pitch"][there] % 12).tolist())
        missed += [f"{span.onset} {span.chord}" for tone in telling(span.chord)[:2] if tone not in sounding]
    return missed


BARE = {name for name, row in patterns().items() if row.voicing == "power"}


@pytest.mark.parametrize("genre", sorted(genres()))
def test_every_chord_is_told_by_some_part(genre: str):
    chords, missed = 0, 0
    for seed, (valence, arousal) in enumerate(product((-0.7, 0.6), (-0.6, 0.7))):
        decided = plan(
            Intent(genre=genre, bars=16, seed=seed, rule_breaks=()), Affect(valence=valence, arousal=arousal)
        )
        if any(part.role == "chords" and part.pattern in BARE for part in decided.parts):
            continue
        score = compose(decided)
        chords += len(score.chords)
        missed += len(untold(score))
    assert missed <= 0.01 * chords


def test_a_note_is_moved_the_shortest_way_and_the_lowest_stays():
    span = ChordSpan(0, 1920, Chord.parse("Em"))
    bass, comp = [(0, 1920, 40, 80)], [(0, 480, 59, 70), (0, 480, 64, 70), (960, 480, 64, 70)]
    told, missed = tell(table_of([comp, bass]), [span], [(48, 72), None])
    assert missed == []
    assert told.T.tolist() == [
        [0, 480, 59, 70, 0], [0, 480, 67, 70, 0], [960, 480, 64, 70, 0], [0, 1920, 40, 80, 1]
    ]  # fmt: skip


def test_what_nobody_can_play_is_said():
    span = ChordSpan(0, 1920, Chord.parse("Em"))
    table = table_of([[(0, 480, 40, 70)]])
    told, missed = tell(table, [span], [(36, 72)])
    assert missed == [(span, 7)]
    assert told.tolist() == table.tolist()
