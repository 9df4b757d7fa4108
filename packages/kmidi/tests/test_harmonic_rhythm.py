"""The reason that speaks of harmonic rhythm says what the file's chords do."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from kmidi import Affect, Intent
from kmidi.composer import compose
from kmidi.plan import Plan
from kmidi.planner import plan
from kmidi.studio.bundle import chord_sheet
from kmidi.tables import genres
from kmidi.theory import MODES


@pytest.mark.parametrize("genre", sorted(genres()))
def test_the_stated_chord_rhythm_is_the_one_that_sounds(genre: str):
    decided = plan(Intent(genre=genre, bars=24, seed=4, rule_breaks=()), Affect(valence=0.1, arousal=0.6))
    said = next(reason for reason in decided.reasons if reason.what == "chord rhythm")
    chords = [span.roman for span in compose(decided).chords]
    changes = 1 + sum(a != b for a, b in pairwise(chords))
    assert re.fullmatch(r"[\d.]+ a bar", said.value)
    assert abs(float(said.value.split()[0]) - changes / decided.bars) < 0.06


def _pop(seed: int, **asked: str) -> Plan:
    intent = Intent(genre="pop", bars=32, seed=seed, rule_breaks=(), **asked)
    return plan(intent, Affect(valence=0.4 * (-1) ** seed, arousal=0.2))


@pytest.mark.parametrize("mode", sorted(MODES))
def test_a_chord_of_one_beat_stands_between_two_others_and_says_so(mode: str):
    lasting: Counter[float] = Counter()
    for seed in range(40):
        decided = _pop(seed, mode=mode, meter="4/4")
        for section in decided.sections:
            at = 0.0
            for before, chord, after in zip((None, *section.chords), section.chords, (*section.chords[1:], None), strict=False):  # fmt: skip
                lasting[chord.quarters] += 1
                assert at // 4 == (at + chord.quarters - 0.25) // 4, "no chord lies over a bar line"
                at += chord.quarters
                if chord.quarters == 1:
                    assert chord.why
                    assert before is None or chord.roman != before.roman or chord.roman != (after and after.roman)
            assert at == 4 * section.bars
    total = lasting.total()
    assert 0.02 < lasting[1] / total < 0.25
    assert lasting[2] + lasting[4] > 0.7 * total


@pytest.mark.parametrize("meter", ["3/4", "6/8", "2/4", "5/4"])
def test_chords_of_one_beat_are_of_bars_with_four(meter: str):
    lengths = {chord.quarters for seed in range(20) for s in _pop(seed, meter=meter).sections for chord in s.chords}
    assert len(lengths) <= 3


def test_songs_differ_in_how_often_a_chord_leads_on():
    shares = []
    for seed in range(60):
        chords = [c.quarters for s in _pop(seed, meter="4/4").sections for c in s.chords]
        shares.append(chords.count(1) / len(chords))
    assert sum(share == 0 for share in shares) > 10
    assert sum(share > 0.2 for share in shares) > 5


def test_a_chord_sheet_shows_the_beats_of_bars_whose_chords_do_not_last_alike():
    shown = 0
    for seed in range(20):
        decided = _pop(seed, meter="4/4")
        sheet = chord_sheet(decided)
        for line in sheet.splitlines():
            bars = [bar.split() for bar in line.split("|")[1:-1]]
            shown += sum("/" in bar for bar in bars)
            assert all(len(bar) in (1, 2, 4) for bar in bars)
    assert shown > 5
