"""Takes that grow from another: what is locked stays note for note, the rest is written anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kmidi import Affect, HitPoint, Intent, IntentError, Plan, Score
from kmidi.composer import compose, splice
from kmidi.planner import inherit, plan

FELT = Affect(valence=0.4, arousal=0.3)


def take(intent: Intent) -> tuple[Plan, Score]:
    if intent.parent is None:
        decided = plan(intent, FELT)
        return decided, compose(decided)
    before, sounding = take(intent.parent)
    decided = plan(inherit(intent, intent.parent, before), FELT, before)
    return decided, splice(compose(decided), decided, sounding, before, intent.locks)


def bars(score: Score, name: str, first: int, last: int) -> list[tuple[int, ...]]:
    part = next(p for p in score.parts if p.name == name)
    ticks = score.meters[0].meter.bar_ticks(score.ppq)
    inside = (part.notes["onset"] >= first * ticks) & (part.notes["onset"] < last * ticks)
    return [tuple(map(int, row)) for row in part.notes[inside]]


@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "12/8"])
def test_locked_bars_stay_and_others_change(meter):
    first = Intent(text="x", seed=1, bars=16, meter=meter)
    before, old = take(first)
    decided, new = take(replace(first, seed=2, parent=first, locks=("bars:5-8",)))
    assert (decided.key, decided.meter, decided.bpm) == (before.key, before.meter, before.bpm)
    assert [p.name for p in new.parts] == [p.name for p in old.parts]
    for part in old.parts:
        assert bars(new, part.name, 4, 8) == bars(old, part.name, 4, 8)
    melody = old.parts[0].name
    assert bars(new, melody, 0, 4) != bars(old, melody, 0, 4)


def test_a_locked_part_stays_with_the_chords_under_it():
    first = Intent(text="x", seed=1, bars=16)
    before, old = take(first)
    decided, new = take(replace(first, seed=2, parent=first, locks=("part:bass",)))
    name = next(p.name for p in decided.parts if p.role == "bass")
    assert bars(new, name, 0, 16) == bars(old, name, 0, 16)
    assert [c.chord for c in new.chords] == [c.chord for c in old.chords]
    assert bars(new, decided.parts[0].name, 0, 16) != bars(old, decided.parts[0].name, 0, 16)
    assert before.title == decided.title


def test_locked_chords_stay_and_the_melody_changes():
    first = Intent(text="x", seed=3, bars=32)
    _, old = take(first)
    _, new = take(replace(first, seed=4, parent=first, locks=("chords",)))
    assert [(c.onset, c.duration, c.chord) for c in new.chords] == [(c.onset, c.duration, c.chord) for c in old.chords]
    assert new.parts[0].notes.tolist() != old.parts[0].notes.tolist()


def test_a_locked_section_stays():
    first = Intent(text="x", seed=3, bars=32)
    before, old = take(first)
    name = before.sections[1].name
    _, new = take(replace(first, seed=4, parent=first, locks=(f"section:{name}",)))
    start = before.sections[0].bars
    for part in old.parts:
        end = start + before.sections[1].bars
        assert bars(new, part.name, start, end) == bars(old, part.name, start, end)


def test_a_transposed_take_keeps_its_notes_in_the_new_key():
    first = Intent(text="x", seed=3, bars=16, key="C", mode="minor")
    decided, old = take(first)
    _, new = take(replace(first, key="Eb", parent=first, locks=tuple(f"part:{p.name}" for p in decided.parts)))
    for ours, theirs in zip(new.parts, old.parts, strict=True):
        assert len(ours.notes) == len(theirs.notes)
        moved = (ours.notes["pitch"] - theirs.notes["pitch"]) % 12
        assert set(moved.tolist()) == {0 if ours.is_drums else 3}


def test_a_swapped_instrument_plays_the_locked_part_in_its_own_range():
    first = Intent(text="x", seed=3, bars=16, instruments=("flute", "piano", "electric bass"))
    _, old = take(first)
    swapped = replace(
        first, instruments=("cello", "piano", "electric bass"), parent=first, locks=("part:melody", "part:chords")
    )
    _, new = take(swapped)
    cello = new.parts[0]
    assert (cello.instrument, cello.program) == ("cello", 42)
    assert cello.notes["onset"].tolist() == old.parts[0].notes["onset"].tolist()
    assert np.isin((cello.notes["pitch"] - old.parts[0].notes["pitch"]) % 12, [0]).all()
    assert ((cello.notes["pitch"] >= 36) & (cello.notes["pitch"] <= 76)).all()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"locks": ("part:kazoo",)}, "no part 'kazoo'"),
        ({"locks": ("section:vers",)}, "no section 'vers'"),
        ({"locks": ("bars:90-91",)}, "has 16 bars"),
        ({"locks": ("bars:1-4",), "meter": "3/4"}, "locks keep music in 4/4"),
    ],
)
def test_a_lock_that_cannot_hold_is_named(change, part):
    first = Intent(text="x", bars=16, meter="4/4")
    with pytest.raises(IntentError, match=part):
        take(replace(first, parent=first, seed=2, **change))


@pytest.mark.parametrize(
    ("lock", "part"),
    [
        ("bar:1-2", "unknown lock"),
        ("bars:4-2", "backwards"),
        ("bars:0-2", "unknown lock"),
        ("bars:1-" + "9" * 5000, "unknown lock"),
    ],
)
def test_a_lock_that_is_none_is_named(lock, part):
    first = Intent(text="x")
    with pytest.raises(IntentError, match=part):
        replace(first, parent=first, locks=(lock,))
    with pytest.raises(IntentError, match="parent"):
        replace(first, locks=("chords",))


@pytest.mark.parametrize(("word", "cue"), [("calmer", "bpm"), ("sparser", "density"), ("bigger", "loudness")])
def test_directions_move_what_they_say(word, cue):
    first = Intent(text="x", bars=16)
    before, _ = take(first)
    after, _ = take(replace(first, parent=first, directions=(word,)))

    def value(p: Plan) -> float:
        return p.bpm if cue == "bpm" else getattr(p.parts[0], cue)

    assert value(after) > value(before) if word == "bigger" else value(after) < value(before)


def test_an_unknown_direction_is_named():
    with pytest.raises(IntentError, match="did you mean 'calmer'"):
        plan(Intent(text="x", directions=("calmr",)), FELT)


@pytest.mark.parametrize("seconds", [(7.5,), (7.5, 13.0), (3.21, 22.22, 31.0)])
@pytest.mark.parametrize("meter", ["4/4", "6/8", "7/8"])
def test_hits_fall_on_beats_and_their_error_is_said(seconds, meter):
    hits = tuple(HitPoint(seconds=s, label=f"hit {i}") for i, s in enumerate(seconds))
    decided, score = take(Intent(text="x", bars=32, meter=meter, hits=hits))
    for hit in hits:
        tick = next(m.tick for m in score.markers if m.text == hit.label)
        assert tick % score.meters[0].meter.bar_ticks(480) in score.meters[0].meter.beat_ticks(480)
        late = float(score.to_seconds(np.array([tick]))[0]) - hit.seconds
        assert abs(late) < 0.06
        stated = next(r.why for r in decided.reasons if r.value.startswith(hit.label))
        assert f"{late * 1000:+.1f} ms" in stated


def test_a_hit_in_a_set_length_is_told_where_it_falls():
    decided, score = take(Intent(text="grief", seconds=30, hits=(HitPoint(seconds=7.5, label="door"),)))
    tick = next(m.tick for m in score.markers if m.text == "door")
    late = float(score.to_seconds(np.array([tick]))[0]) - 7.5
    stated = next(r.why for r in decided.reasons if r.value.startswith("door"))
    bar, rest = divmod(tick, 1920)
    assert stated.startswith(
        f"the length was set, so the hits fall where they fall; bar {bar + 1}, quarter {rest / 480 + 1:g}, "
    )
    assert float(stated.split()[-2]) == pytest.approx(late * 1000, abs=0.06)


def test_a_hit_behind_the_end_is_said():
    with pytest.raises(IntentError, match="hit 'door' at 99 s lies behind the end: the piece lasts 30 s"):
        plan(Intent(text="grief", seconds=30, hits=(HitPoint(seconds=99, label="door"),)), FELT)


def test_a_moment_that_comes_late_makes_the_piece_as_long():
    decided, score = take(Intent(text="grief", bpm=120, hits=(HitPoint(seconds=100, label="door"),)))
    assert score.seconds > 100
    assert "door" in [marker.text for marker in score.markers]
    assert any("comes so late" in reason.why for reason in decided.reasons)
    early, _ = take(Intent(text="grief", bpm=120, hits=(HitPoint(seconds=5, label="door"),)))
    assert early.bars == 32


@pytest.mark.parametrize(
    ("written", "seconds", "label"),
    [
        ("0:07.5=the door opens", 7.5, "the door opens"),
        ("7.5", 7.5, "hit"),
        ("2:05=a=b", 125.0, "a=b"),
        (" 75 =x", 75.0, "x"),
    ],
)
def test_a_hit_is_read_as_it_is_written(written, seconds, label):
    assert HitPoint.parse(written) == HitPoint(seconds=seconds, label=label)


@pytest.mark.parametrize("written", ["", "door", "=door", "1:2:3", "-0:05", "nan=x", "bar 12=hit", "1e3", "0:-5"])
def test_a_hit_without_a_time_is_named(written):
    with pytest.raises(IntentError, match="names no time; legal: minutes:seconds=label") as told:
        HitPoint.parse(written)
    assert repr(written) in str(told.value)


def test_a_take_of_set_seconds_and_tempo_grows_others():
    first = Intent(text="x", bpm=106, seconds=72.8)
    before, old = take(first)
    _, new = take(replace(first, seed=2, parent=first, locks=("bars:3-6",)))
    assert new.seconds == old.seconds == pytest.approx(72.8, abs=0.001)
    assert bars(new, before.parts[0].name, 2, 6) == bars(old, before.parts[0].name, 2, 6)
