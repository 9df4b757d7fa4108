"""The last chorus in a higher key: seldom, never against what was set, the whole band, and said everywhere."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from kmidi import Affect, Intent
from kmidi.analysis import analyze
from kmidi.composer import compose
from kmidi.midi import read, write
from kmidi.plan import Plan
from kmidi.planner import plan
from kmidi.render.lead_sheet import lead_sheet
from kmidi.studio import LocalStudio
from kmidi.studio.bundle import chord_sheet

FELT = Affect(valence=0.3, arousal=0.5)
SEEDS = range(150)
RISEN = 12  # pieces whose key is looked for again


def decided(seed: int, **said: object) -> Plan:
    return plan(Intent(**{"genre": "pop", "bars": 64, "rule_breaks": (), "seed": seed, **said}), FELT)


def rises(each: Plan) -> bool:
    return any(section.raised for section in each.sections)


@pytest.fixture(scope="module")
def raised() -> list[Plan]:
    return [each for seed in SEEDS if rises(each := decided(seed))]


def test_one_song_in_seven_rises_about(raised: list[Plan]):
    assert 0.06 < len(raised) / len(SEEDS) < 0.25


@pytest.mark.parametrize(
    "said", [{"key": "C"}, {"loop": True}, {"genre": "jazz_trio"}, {"genre": "solo_piano"}, {"bars": 8}]
)
def test_what_was_set_stays(said: dict[str, object]):
    assert not any(rises(decided(seed, **said)) for seed in range(60))


def test_the_last_chorus_rises_and_stays_up_after_one_at_home(raised: list[Plan]):
    for each in raised:
        ups = [section.raised for section in each.sections]
        first = next(at for at, up in enumerate(ups) if up)
        assert ups == [0] * first + [ups[first]] * (len(ups) - first)
        assert each.sections[first].kind == "chorus"
        assert "chorus" in {section.kind for section in each.sections[:first]}
        said = next(reason for reason in each.reasons if reason.what == "key change")
        assert said.value.startswith(each.sections[first].name)


def test_all_pitched_notes_rise_and_no_drum_does(raised: list[Plan]):
    for each in raised[:6]:
        home = replace(each, sections=tuple(replace(s, raised=0) for s in each.sections))
        high, low = compose(each), compose(home)
        first = next(at for at, s in enumerate(each.sections) if s.raised)
        start = sum(s.bars for s in each.sections[:first]) * 1920
        steps = each.sections[first].raised
        for part, twin in zip(high.parts, low.parts, strict=True):
            assert np.array_equal(*(p.notes["pitch"][p.notes["onset"] < start] for p in (part, twin)))
            up, down = (p.notes[p.notes["onset"] >= start] for p in (part, twin))
            assert len(up) == len(down)
            moved = 0 if part.role == "drums" else steps
            for onset in np.unique(down["onset"]):
                here, there = (np.sort(n["pitch"][n["onset"] == onset] % 12) for n in (up, down))
                assert np.array_equal(here, np.sort((there + moved) % 12))
        for span, below in zip(high.chords, low.chords, strict=True):
            assert span.chord == (below.chord.transpose(steps) if span.onset >= start else below.chord)


def test_the_file_says_both_keys_and_the_chords_that_sound(raised: list[Plan]):
    for each in raised[:6]:
        first = next(at for at, s in enumerate(each.sections) if s.raised)
        start = sum(s.bars for s in each.sections[:first]) * 1920
        score = read(write(compose(each)))
        assert [change.tick for change in score.keys] == [0, start]
        assert score.keys[0].key == each.key
        assert score.keys[1].key.pitch_class == (each.key.pitch_class + each.sections[first].raised) % 12
        assert score.keys[1].key.mode == each.key.mode
        assert len(list(ElementTree.fromstring(lead_sheet(score)).iter("fifths"))) == 2
        section = each.sections[first]
        heard = each.chord(section.chords[0], section.raised).symbol(score.keys[1].key.names)
        assert f"[{section.name}] in {each.key_of(section)}\n| {heard}" in chord_sheet(each)


def test_a_take_that_grows_from_another_rises_where_it_does(raised: list[Plan]):
    studio = LocalStudio()
    parent = Intent(genre="pop", bars=64, rule_breaks=(), seed=raised[0].seed, valence=0.3, arousal=0.5)
    ups = {section.name: section.raised for section in studio.plan(parent).sections}
    child = studio.plan(Intent(parent=parent, seed=parent.seed + 1, rule_breaks=(), valence=-0.6, arousal=-0.5))
    assert any(ups.values())
    assert {section.name: section.raised for section in child.sections if section.raised} == {
        name: up for name, up in ups.items() if up and name in {s.name for s in child.sections}
    }


def test_the_new_key_is_heard_from_its_very_bar(raised: list[Plan]):
    for each in raised[:6]:
        score = read(write(compose(each)))
        assert [span.onset for span in analyze(score).keys] == [change.tick for change in score.keys]


def test_home_is_heard_where_a_song_rises(raised: list[Plan]):
    heard = [analyze(read(write(compose(each)))) for each in raised[:RISEN]]
    right = [
        found.key is not None
        and (found.key.pitch_class, found.key.is_minor) == (each.key.pitch_class, each.key.is_minor)
        for each, found in zip(raised, heard, strict=False)
    ]
    assert sum(right) >= RISEN - 1
