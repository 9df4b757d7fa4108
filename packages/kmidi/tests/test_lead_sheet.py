"""The lead sheet, opened by another reader: the same melody, chords, meter and key."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from kmidi import Affect, Intent
from kmidi.composer import compose
from kmidi.planner import plan
from kmidi.render.lead_sheet import KINDS, lead_sheet, melody_part
from kmidi.theory import QUALITIES


def test_every_quality_has_a_kind():
    assert KINDS.keys() == QUALITIES.keys()


@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "7/8", "5/4", "12/8"])
def test_every_bar_is_full_and_ties_pair(meter):
    score = compose(plan(Intent(text="x", meter=meter, bars=12, key="Eb"), Affect(valence=0.2, arousal=0.6)))
    root = ElementTree.fromstring(lead_sheet(score))
    wanted = score.meters[0].meter.bar_quarters * 4
    tied = 0
    for measure in root.iter("measure"):
        assert sum(int(n.findtext("duration")) for n in measure.iter("note")) == wanted
        for tie in measure.iter("tie"):
            tied += 1 if tie.get("type") == "start" else -1
            assert tied in (0, 1)
    assert tied == 0
    assert len(list(root.iter("harmony"))) == len(score.chords)


def test_music21_reads_the_same_melody_and_chords():
    music21 = pytest.importorskip("music21", reason="music21 comes with the bench group")
    score = compose(plan(Intent(text="x", key="Bb", mode="minor", bars=8), Affect(valence=-0.5, arousal=0.1)))
    sheet = music21.converter.parseData(lead_sheet(score), format="musicxml")
    theirs = {
        (Fraction(n.getOffsetInHierarchy(sheet)), n.pitch.midi)
        for n in sheet.flatten().notes
        if n.isNote and (n.tie is None or n.tie.type == "start")
    }
    part = melody_part(score)
    tops: dict[int, int] = {}
    for row in part.notes:
        onset = round(int(row["onset"]) / 120)
        tops[onset] = max(tops.get(onset, 0), int(row["pitch"]))
    assert theirs == {(Fraction(onset, 4), pitch) for onset, pitch in tops.items()}
    symbols = list(sheet.flatten().getElementsByClass(music21.harmony.ChordSymbol))
    assert [s.root().pitchClass for s in symbols] == [c.chord.root for c in score.chords]
