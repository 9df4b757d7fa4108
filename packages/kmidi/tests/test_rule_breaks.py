"""Rules broken on purpose: each is heard in the bytes exactly as its row says, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kmidi.composer import compose
from kmidi.composer.rule_breaks import break_rules
from kmidi.composer.stage import lay_out
from kmidi.composer.voices import first_voice
from kmidi.errors import IntentError
from kmidi.intent import Affect, Feeling, HitPoint, Intent
from kmidi.midi import read, write
from kmidi.plan import Plan
from kmidi.planner import plan
from kmidi.planner.rule_breaks import suggest
from kmidi.score import Score
from kmidi.tables import emotions, find_rule_break, genres, instruments, rule_breaks
from kmidi.theory import MODES

FELT = Affect(valence=0.1, arousal=0.3)
HEARD = [row.id for row in rule_breaks().values() if row.operation != "note"]
NOTED = [row.id for row in rule_breaks().values() if row.operation == "note"]
TONICS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def both(name: str, affect: Affect = FELT, **said) -> tuple[Plan, Score, Score]:
    """The plan with a rule broken, and what the bytes say without and with it."""
    said = {"bars": 32, "genre": "pop", "key": "C", "mode": "ionian", "meter": "4/4", "seed": 4, **said}
    plain = plan(Intent(rule_breaks=(), **said), affect)
    broken = plan(Intent(rule_breaks=(name,), **said), affect)
    return broken, read(write(compose(plain))), read(write(compose(broken)))


def sounded(score: Score, voice: str) -> np.ndarray:
    named = replace(score, parts=score.parts)
    return np.concatenate([p.notes[m] for p, m in zip(named.parts, first_voice(named, [voice]), strict=True)])


def roles(plan: Plan, score: Score) -> Score:
    """The score read back, its parts wearing the roles of the plan (a file does not say them)."""
    by_name = {p.name: p for p in plan.parts}
    return replace(score, parts=tuple(replace(p, role=by_name[p.name].role) for p in score.parts if p.name in by_name))


def starts(notes: np.ndarray) -> np.ndarray:
    return notes["onset"] + notes["shift"]


def assert_clean(score: Score) -> None:
    """No note is empty, starts before the piece, sounds past its end or into the next of its pitch."""
    for part in score.parts:
        start = starts(part.notes)
        end = start + part.notes["duration"]
        order = np.lexsort((start, part.notes["pitch"]))
        same = np.diff(part.notes["pitch"][order]) == 0
        assert (part.notes["duration"] > 0).all()
        assert (end[order][:-1][same] <= start[order][1:][same]).all()
        assert (start >= 0).all()
        assert (end <= score.length).all()


@pytest.mark.parametrize("name", HEARD)
def test_every_break_is_in_the_bytes_with_its_reason(name):
    broken, without, with_it = both(name)
    assert write(compose(broken)) != write(compose(replace(broken, rule_breaks=()))) or without.parts != with_it.parts
    same = all(np.array_equal(a.notes, b.notes) for a, b in zip(without.parts, with_it.parts, strict=True))
    assert not same or without.tempos != with_it.tempos
    assert [planned.id for planned in broken.rule_breaks] == [name]
    reason = next(r for r in broken.reasons if r.what == "rule broken")
    assert rule_breaks()[name].does in reason.why
    assert (with_it.length, with_it.meters, with_it.keys) == (without.length, without.meters, without.keys)
    assert with_it.tempos[0] == without.tempos[0]


@pytest.mark.parametrize("name", HEARD)
def test_what_was_set_stays_in_every_key_and_mode(name):
    for at, tonic in enumerate(TONICS):
        said = Intent(
            rule_breaks=(name,), key=tonic, mode=sorted(MODES)[at % len(MODES)], bpm=96.0, bars=20, seed=at,
            meter=("4/4", "3/4", "7/8", "12/8")[at % 4],
        )  # fmt: skip
        broken = plan(said, FELT)
        with_it = read(write(compose(broken)))
        assert (broken.key.mode, broken.bars) == (said.mode, 20)
        assert with_it.tempos[0].us_per_quarter == 625_000
        assert with_it.length == 20 * broken.meter.bar_ticks(480)
        assert_clean(with_it)


@pytest.mark.parametrize("name", NOTED)
def test_what_midi_cannot_say_becomes_a_note_and_changes_no_sound(name):
    broken, without, with_it = both(name)
    assert broken.production_notes == (rule_breaks()[name].arguments["text"],)
    assert all(np.array_equal(a.notes, b.notes) for a, b in zip(without.parts, with_it.parts, strict=True))


@pytest.mark.parametrize("tonic", TONICS)
@pytest.mark.parametrize("mode", ["ionian", "aeolian", "dorian", "lydian"])
def test_without_the_tonic_no_section_ends_at_home(tonic, mode):
    broken, _, with_it = both("avoid_tonic_resolution", key=tonic, mode=mode)
    last = [s.chords[-1] for s in broken.sections]
    assert all(broken.chord(c).root != broken.key.pitch_class for c in last)
    assert broken.chord(last[-1]).root != broken.key.pitch_class
    lowest = {int(n["pitch"]) % 12 for p in roles(broken, with_it).parts if p.role == "bass" for n in p.notes[-1:]}
    assert broken.key.pitch_class not in lowest or broken.chord(last[-1]).bass == broken.key.pitch_class


@pytest.mark.parametrize("tonic", TONICS)
def test_modal_interchange_borrows_the_minor_fourth(tonic):
    broken, _, with_it = both("modal_interchange", key=tonic)
    borrowed = {(broken.key.pitch_class + 8) % 12}
    assert any(c.roman in ("iv", "iiø7", "iv7") for s in broken.sections for c in s.chords)
    chords = sounded(roles(broken, with_it), "accompaniment")
    assert borrowed & {int(p) % 12 for p in chords["pitch"]}


def test_tritone_substitution_leaves_no_dominant():
    broken, _, _ = both("tritone_substitution", genre="pop")
    numerals = [c.roman for s in broken.sections for c in s.chords]
    assert "bII7" in numerals
    assert not any(r in ("V", "V7", "V9", "Vsus4") for r in numerals)


def test_parallel_motion_moves_in_fifths_and_octaves():
    broken, _, with_it = both("parallel_motion", humanize=0.0)
    score = roles(broken, with_it)
    chords = sounded(score, "accompaniment")
    roots = {span.onset: span.chord.root for span in compose(broken).chords}
    for onset in np.unique(chords["onset"]):
        root = roots[max(at for at in roots if at <= onset)]
        classes = {(int(p) - root) % 12 for p in chords["pitch"][chords["onset"] == onset]}
        assert classes <= {0, 7}


def test_polytonality_moves_the_upper_layer_by_a_tritone_in_the_fullest_section_only():
    _, without, with_it = both("polytonality")
    changed = []
    for plain, moved in zip(without.parts, with_it.parts, strict=True):
        if len(plain.notes) == len(moved.notes):
            differs = plain.notes["pitch"] != moved.notes["pitch"]
            changed += sorted(set((moved.notes["pitch"] - plain.notes["pitch"])[differs] % 12))
    assert set(changed) == {6}


def test_constant_displacement_moves_the_melody_alone():
    broken, without, with_it = both("constant_displacement")
    for part, plain, moved in zip(broken.parts, without.parts, with_it.parts, strict=True):
        if part.role == "melody":
            count = len(moved.notes)
            assert np.array_equal(starts(plain.notes)[:count] + 120, starts(moved.notes))
        else:
            assert np.array_equal(plain.notes, moved.notes)


@pytest.mark.parametrize(("bars", "bpm"), [(32, 70.0), (30, 150.0), (7, 100.0)])
def test_tempo_fluctuates_around_the_tempo_and_the_length_stays(bars, bpm):
    _, without, with_it = both("tempo_fluctuation", bars=bars, bpm=bpm)
    assert with_it.seconds == pytest.approx(without.seconds, abs=1e-6)
    tempos = [t.bpm for t in with_it.tempos]
    assert 3 < max(tempos) - bpm < 7
    assert 3 < bpm - min(tempos) < 7
    assert all(np.array_equal(a.notes, b.notes) for a, b in zip(without.parts, with_it.parts, strict=True))


def test_metric_modulation_strikes_every_third_eighth():
    broken, without, with_it = both("metric_modulation")
    fullest = max(broken.sections, key=lambda s: s.energy)
    at, bars = 0, []
    for section in broken.sections:
        if section.kind == fullest.kind:
            bars.append(((at + section.bars // 2) * 1920, (at + section.bars) * 1920))
        at += section.bars
    for score, all_on in ((roles(broken, without), False), (roles(broken, with_it), True)):
        offs = [(onset - start) % 720 for start, end in bars for onset in compose_onsets(score, "bass", start, end)]
        assert all(min(off, 720 - off) < 90 for off in offs) == all_on


def compose_onsets(score: Score, voice: str, start: int, end: int) -> list[int]:
    onsets = starts(sounded(score, voice))
    return [int(o) for o in onsets if start <= o + 60 < end]


@pytest.mark.parametrize(("meter", "count"), [("4/4", 3), ("2/4", 3), ("3/4", 4), ("6/8", 3), ("12/8", 3)])
def test_polyrhythm_divides_the_bar_as_the_beat_does_not(meter, count):
    broken, _, with_it = both("polyrhythmic_layers", meter=meter, humanize=0.0)
    fullest = max(broken.sections, key=lambda s: s.energy)
    start = sum(s.bars for s in broken.sections[: broken.sections.index(fullest)]) * broken.meter.bar_ticks(480)
    bar = broken.meter.bar_ticks(480)
    onsets = {
        int(o) - start for o in sounded(roles(broken, with_it), "accompaniment")["onset"] if start <= o < start + bar
    }
    assert onsets == {bar * k // count for k in range(count)}


@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "12/8"])
def test_dropped_beats_are_silent_and_all_else_stands(meter):
    broken, without, with_it = both("dropped_beats", meter=meter)
    beats = (*broken.meter.beat_ticks(480), broken.meter.bar_ticks(480))
    rest, at = beats[-1] - beats[-2], 0
    windows = []
    for section in broken.sections[:-1]:
        at += section.bars * beats[-1]
        windows.append((at - rest, at))
    for plain, hushed in zip(without.parts, with_it.parts, strict=True):
        start, end = starts(hushed.notes), starts(hushed.notes) + hushed.notes["duration"]
        for low, high in windows:
            assert not ((start < high) & (end > low)).any()
        far = [n for n in plain.notes if all(not low - 2 * rest <= n["onset"] < high + rest for low, high in windows)]
        assert {tuple(n) for n in far if n["duration"] < rest} <= {tuple(n) for n in hushed.notes}


def test_a_buried_voice_is_softer_and_nothing_else_changes():
    broken, without, with_it = both("buried_voice")
    for part, plain, buried in zip(broken.parts, without.parts, with_it.parts, strict=True):
        factor = 0.55 if part.role == "melody" else 1.0
        assert np.allclose(buried.notes["velocity"], plain.notes["velocity"] * factor, atol=0.51)
        assert np.array_equal(starts(buried.notes), starts(plain.notes))


def test_unbalanced_dynamics_let_the_bass_drown_the_rest():
    broken, without, with_it = both("unbalanced_dynamics")
    for part, plain, other in zip(broken.parts, without.parts, with_it.parts, strict=True):
        assert (other.notes["velocity"].mean() > plain.notes["velocity"].mean()) == (part.role == "bass")


def test_extreme_dynamics_reach_from_a_whisper_to_the_limit():
    broken, _, with_it = both("extreme_dynamic_range")
    energies, at, louds = [], 0, []
    notes = np.concatenate([p.notes for p in with_it.parts])
    for section in broken.sections:
        end = at + section.bars * 1920
        energies.append(section.energy)
        louds.append(notes["velocity"][(notes["onset"] >= at) & (notes["onset"] < end)].mean())
        at = end
    assert min(louds) < 45
    assert max(louds) > 100
    assert np.corrcoef(energies, louds)[0, 1] > 0.95


def test_a_premature_climax_falls_from_the_second_section_on():
    broken, _, _ = both("premature_climax", bars=64)
    energies = [s.energy for s in broken.sections]
    assert energies.index(max(energies)) <= 1
    assert energies[1:] == sorted(energies[1:], reverse=True)


def test_structural_mismatch_turns_the_energies_over():
    plain = plan(Intent(bars=64, seed=4, rule_breaks=()), FELT)
    broken = plan(Intent(bars=64, seed=4, rule_breaks=("structural_mismatch",)), FELT)
    before, after = [s.energy for s in plain.sections], [s.energy for s in broken.sections]
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(-1)


def test_unresolved_dissonance_closes_sections_on_more_than_a_triad():
    broken, _, _ = both("unresolved_dissonance")
    assert all(len(broken.chord(s.chords[-1]).pitch_classes) > 3 for s in broken.sections)


def test_chromatic_mediant_sounds_a_note_outside_the_key():
    broken, _, _ = both("chromatic_mediant")
    outside = {pc for s in broken.sections for c in s.chords for pc in broken.chord(c).pitch_classes}
    assert outside - set(broken.key.pitch_classes)


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(IntentError, match="did you mean 'dropped_beats'") as raised:
        plan(Intent(rule_breaks=("droped_beats",)), FELT)
    assert raised.value.field == "rule_breaks"
    assert find_rule_break("Parallel fifths and octaves").id == "parallel_motion"


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("tempo_fluctuation", {"hits": (HitPoint(seconds=4.0),), "bars": 16}, "hit points"),
        ("premature_climax", {"bars": 4}, "three sections"),
        ("buried_voice", {"instruments": ("drums", "bass"), "bars": 8}, "melody"),
    ],
    ids=["hits", "one section", "no melody"],
)
def test_what_stands_against_a_rule_is_said(name, said, words):
    with pytest.raises(IntentError, match=words):
        plan(Intent(rule_breaks=(name,), **said), FELT)


def test_rules_are_broken_together():
    broken = plan(Intent(rule_breaks=("tempo_fluctuation", "parallel_motion", "room_noise"), bars=16), FELT)
    assert [b.id for b in broken.rule_breaks] == ["tempo_fluctuation", "parallel_motion", "room_noise"]
    assert len(compose(broken).tempos) > 1
    assert broken.production_notes


HIDDEN = Affect(
    valence=-0.1, arousal=-0.2, surface=Feeling(valence=0.5, arousal=0), undertow=Feeling(valence=-0.7, arousal=-0.3),
    emotion="grief",
)  # fmt: skip


def test_the_planner_breaks_a_rule_unasked_only_where_the_words_call_for_it():
    assert plan(Intent(bars=16), FELT).rule_breaks == ()
    chosen = plan(Intent(bars=16), HIDDEN)
    assert len(chosen.rule_breaks) == 1
    assert "what is shown is not what is meant" in chosen.rule_breaks[0].why
    assert chosen.rule_breaks[0].id == "modal_interchange", "grief looks out through a glad face"
    assert plan(Intent(bars=16, rule_breaks=()), HIDDEN).rule_breaks == ()


def test_the_planner_leaves_what_was_set():
    mixed = Affect(valence=-0.1, arousal=-0.2, emotion="bittersweet")
    assert plan(Intent(bars=16, vulnerability=0.9), mixed).rule_breaks[0].id == "modal_interchange"
    set_mode = plan(Intent(bars=16, vulnerability=0.9, mode="ionian"), mixed)
    assert set_mode.rule_breaks[0].id != "modal_interchange"


def test_intensity_alone_seldom_breaks_a_rule():
    felt = Affect(valence=-0.5, arousal=-0.3, intensity=1.0, emotion="longing")
    broken = [bool(plan(Intent(bars=8, text="longing", seed=seed), felt).rule_breaks) for seed in range(60)]
    assert 5 <= sum(broken) <= 25


@pytest.mark.parametrize("row", rule_breaks().values(), ids=lambda row: row.id)
def test_each_row_is_suggested_where_it_is_at_home(row):
    felt = Affect(valence=row.feeling[0], arousal=row.feeling[1], emotion=row.emotions[0])
    best = suggest(felt, 4)
    assert row.id in [s.row.id for s in best]
    assert all(s.why and 0 <= s.fit <= 1 for s in best)


def test_rows_name_emotions_that_kmidi_knows():
    for row in rule_breaks().values():
        assert set(row.emotions) <= set(emotions()), row.id


@pytest.mark.parametrize("genre", genres())
def test_every_rule_can_be_broken_in_every_genre(genre):
    def written(*names: str) -> bytes:
        score = compose(plan(Intent(rule_breaks=names, genre=genre, bars=24, seed=3), FELT))
        assert_clean(score)
        for part in score.parts:
            tool = instruments()[part.instrument]
            assert ((part.notes["pitch"] >= tool.low) & (part.notes["pitch"] <= tool.high)).all(), names
        return write(score)

    plain = written()
    same = [name for name in HEARD if written(name) == plain]
    assert not same


def test_a_part_with_nothing_but_the_dropped_beat_keeps_it():
    decided = plan(Intent(bars=32, genre="pop", rule_breaks=("dropped_beats",), seed=1), FELT)
    stage = lay_out(decided)
    end = stage.passages[0].end
    score = compose(decided)
    part = score.parts[0]
    last = np.zeros(1, part.notes.dtype)
    last["onset"], last["duration"], last["pitch"], last["velocity"] = end - 120, 100, 72, 80
    before = replace(score, parts=(replace(part, notes=last), *score.parts[1:]))
    after = break_rules(before, stage)
    assert len(after.parts[0].notes) == 1
    assert all(len(now.notes) for now in after.parts)
