"""The written music, in the bytes: harmony, form, tune, bass, voices; every key, mode and meter."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi.composer import compose
from kmidi.composer.cells import parse_cell, pattern_bars
from kmidi.composer.voicing import voice
from kmidi.intent import ARCS, Affect, Feeling, Intent, SectionWish
from kmidi.midi import read, write
from kmidi.plan import Plan
from kmidi.planner import plan
from kmidi.planner.arrangement import find_instrument
from kmidi.planner.form import Shape, fill
from kmidi.planner.grammar import diatonic, from_counts, functional, modal
from kmidi.planner.harmony import harmonize
from kmidi.score import Score
from kmidi.streams import Stream
from kmidi.tables import genres, harmony_styles, instruments, patterns, progressions
from kmidi.theory import MODES, Chord, Key, Meter, roman_to_chord
from kmidi.theory.meter import GROUPS

TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
FELT = Affect(valence=0.1, arousal=0.2)


def made(felt: Affect = FELT, **said) -> tuple[Plan, Score]:
    """A plan without broken rules, and what its bytes say."""
    decided = plan(Intent(**{"rule_breaks": (), "humanize": 0.0, **said}), felt)
    return decided, read(write(compose(decided)))


def part(score: Score, name: str) -> np.ndarray:
    return next(p.notes for p in score.parts if p.name == name)


def role(decided: Plan, score: Score, wanted: str) -> np.ndarray:
    return part(score, next(p.name for p in decided.parts if p.role == wanted))


@pytest.mark.parametrize("row", progressions().values(), ids=lambda row: row.id)
def test_every_progression_is_read_and_belongs_to_its_modes(row):
    assert all(1 <= len(bar) <= 2 for bar in row.bars)
    assert set(row.modes) <= set(MODES)
    first = {roman_to_chord(r, Key("C")).root for bar in row.bars for r in bar}
    assert first & {0, 2, 5, 7, 8, 9, 10}


@pytest.mark.parametrize("mode", MODES)
def test_every_style_writes_every_mode_in_every_meter(mode):
    for at, style in enumerate(harmony_styles().values()):
        meter = Meter.parse(list(GROUPS)[at % len(GROUPS)])
        shapes = tuple(
            Shape(name=k, kind=k, bars=8, energy=0.5, feeling=Feeling(valence=0.0, arousal=0.0), variation=0)
            for k in ("verse", "chorus")
        )
        key = Key(TONICS[at % 12], mode)
        made = harmonize(shapes, key, meter, style, valence=0.0, dissonance=0.6, root=str(at))
        for chords in made.chords:
            assert sum(c.quarters for c in chords) == 8 * meter.bar_quarters
            assert all(roman_to_chord(c.roman, key) for c in chords)
        assert roman_to_chord(made.chords[-1][-1].roman, key).root == key.pitch_class
        assert all(reason.why for reason in made.reasons)
    stream = Stream(mode)
    for bars in (functional(mode, stream), modal(mode, stream), from_counts(MODES[mode][2] == 3, stream)):
        assert len(bars) in (4, 8)
        assert all(roman_to_chord(roman, Key("Eb", mode)) for bar in bars for roman in bar)


@pytest.mark.parametrize(("mode", "degree", "roman"), [("ionian", 4, "V"), ("aeolian", 5, "bVI"), ("dorian", 3, "IV"), ("lydian", 1, "II"), ("phrygian", 1, "bII")])  # fmt: skip
def test_diatonic_triads_have_the_numerals_musicians_use(mode, degree, roman):
    assert diatonic(mode, degree) == roman


@pytest.mark.parametrize("meter", GROUPS)
@pytest.mark.parametrize("mode", MODES)
def test_the_piece_closes_on_its_tonic_in_every_key(meter, mode):
    for at, tonic in enumerate(TONICS[:: 4 if mode != "ionian" else 1]):
        decided, score = made(key=tonic, mode=mode, meter=meter, bars=12, seed=at)
        home = decided.key.pitch_class
        assert decided.chord(decided.sections[-1].chords[-1]).root == home
        bass = role(decided, score, "bass")
        assert bass["pitch"][-1] % 12 == home
        assert score.length == 12 * decided.meter.bar_ticks(480)


def test_kinds_share_their_chords_and_differ_from_each_other():
    differ = 0
    for seed in range(12):
        decided, _ = made(bars=64, seed=seed)
        by_kind: dict[str, list[str]] = {}
        for section in decided.sections[:-1]:
            by_kind.setdefault(section.kind, []).append(" ".join(c.roman for c in section.chords[:3]))
        assert all(len(set(texts)) == 1 for kind, texts in by_kind.items() if kind in ("verse", "chorus"))
        differ += by_kind["verse"][0] != by_kind["chorus"][0]
    assert differ >= 8


@given(bars=st.integers(1, 512), form=st.sampled_from(sorted({f for g in genres().values() for f in g.forms})))
@settings(max_examples=80)
def test_a_form_has_exactly_the_bars_that_were_asked(bars, form):
    sections = fill(tuple(form.split()), bars)
    assert sum(length for _, length in sections) == bars
    assert all(length > 0 for _, length in sections)


@pytest.mark.parametrize("form", sorted({f for g in genres().values() for f in g.forms if "build drop" in f}))
@pytest.mark.parametrize("bars", range(12, 65, 4))
def test_the_first_drop_has_its_build(form, bars):
    kinds = [kind for kind, _ in fill(tuple(form.split()), bars)]
    assert kinds[kinds.index("drop") - 1] == "build"


@pytest.mark.parametrize("arc", ARCS)
def test_every_arc_is_heard_in_how_much_is_played(arc):
    decided, score = made(arc=arc, bars=64, seed=5)
    notes = np.concatenate([p.notes for p in score.parts])
    energy = np.array([s.energy for s in decided.sections])
    starts = np.cumsum([0, *[s.bars for s in decided.sections]]) * 1920
    dense = np.array([
        ((notes["onset"] >= a) & (notes["onset"] < b)).sum() / (b - a) for a, b in pairwise(starts.tolist())
    ])  # fmt: skip
    if np.ptp(energy) > 0.3:
        assert np.corrcoef(energy, dense)[0, 1] > 0.5


def test_own_sections_win():
    decided, score = made(sections=(SectionWish(name="the long night", bars=5), SectionWish(name="dawn", bars=3)))
    assert [(s.name, s.bars) for s in decided.sections] == [("the long night", 5), ("dawn", 3)]
    assert [m.text for m in score.markers] == ["the long night", "dawn"]


@pytest.mark.parametrize("genre", genres())
def test_every_genre_plays_in_range_and_no_note_stands_in_another(genre):
    for at, meter in enumerate(("4/4", "3/4", "7/8", "12/8")):
        decided, score = made(genre=genre, meter=meter, bars=16, seed=at, key=TONICS[at * 3 % 12])
        for planned, heard in zip(decided.parts, score.parts, strict=True):
            tool = instruments()[planned.instrument]
            assert len(heard.notes)
            assert tool.low <= heard.notes["pitch"].min()
            assert heard.notes["pitch"].max() <= tool.high
            order = np.lexsort((heard.notes["onset"], heard.notes["pitch"]))
            notes = heard.notes[order]
            same = notes["pitch"][1:] == notes["pitch"][:-1]
            assert (notes["onset"][:-1] + notes["duration"][:-1] <= notes["onset"][1:])[same].all()
            assert (notes["duration"] > 0).all()


@pytest.mark.parametrize("mode", ["ionian", "aeolian", "dorian", "mixolydian", "harmonic_minor"])
def test_strong_beats_sing_chord_tones_more_than_weak_ones(mode):
    strong, weak = [], []
    for at, tonic in enumerate(TONICS):
        decided, score = made(key=tonic, mode=mode, bars=32, seed=at)
        spans = compose(decided).chords
        starts = [s.onset for s in spans]
        for onset, pitch in role(decided, score, "melody")[["onset", "pitch"]].tolist():
            tones = spans[int(np.searchsorted(starts, onset, side="right")) - 1].chord.pitch_classes
            (strong if onset % 1920 == 0 else weak).append(pitch % 12 in tones)
    assert np.mean(strong) > max(0.62, np.mean(weak) + 0.05)


def test_the_tune_moves_as_people_move_it():
    steps = []
    for seed in range(20):
        decided, score = made(bars=64, seed=seed)
        steps.append(np.abs(np.diff(role(decided, score, "melody")["pitch"].astype(int))))
    moved = np.concatenate(steps)
    assert 0.14 < np.mean(moved == 0) < 0.32
    assert 0.36 < np.mean((moved > 0) & (moved <= 2)) < 0.52
    assert np.mean(moved > 7) < 0.06


def test_the_hook_returns():
    shared = 0
    for seed in range(8):
        decided, score = made(bars=64, seed=seed)
        tune = role(decided, score, "melody")
        starts = np.cumsum([0, *[s.bars for s in decided.sections]]) * 1920
        sung = [
            (s.kind, {(int(o) - a, int(p)) for o, p in tune[["onset", "pitch"]].tolist() if a <= o < a + 4 * 1920})
            for s, a in zip(decided.sections, starts.tolist(), strict=False)
        ]
        choruses = [notes for kind, notes in sung if kind == "chorus"]
        shared += np.mean([len(a & b) / max(1, len(a | b)) for a, b in pairwise(choruses)]) > 0.5
    assert shared >= 6


def test_the_bass_sounds_the_chord_where_it_changes():
    for at, tonic in enumerate(TONICS):
        decided, score = made(key=tonic, bars=16, seed=at)
        bass = {int(o): int(p) for o, p in role(decided, score, "bass")[["onset", "pitch"]].tolist()}
        spans = [s for s in compose(decided).chords if s.onset in bass]
        assert len(spans) > 8
        assert all(bass[s.onset] % 12 == s.chord.bass for s in spans)


def test_four_voices_make_fewer_perfect_parallels_than_bach():
    found = changes = 0
    for seed in range(8):
        _, score = made(genre="string_quartet", bars=24, seed=seed, key=TONICS[seed])
        ticks = np.unique(np.concatenate([p.notes["onset"] for p in score.parts]))
        changes += len(ticks) - 1
        lines: list[list[int]] = []
        for one in score.parts:
            line = np.full(len(ticks), -1)
            for onset, duration, pitch in one.notes[["onset", "duration", "pitch"]].tolist():
                line[(ticks >= onset) & (ticks < onset + duration)] = pitch
            lines.append(line.tolist())
        for a, b in combinations(lines, 2):
            for (p, q), (r, s) in pairwise(zip(a, b, strict=True)):
                both = min(p, q, r, s) >= 0 and p != r and q != s
                found += both and abs(p - q) % 12 in (0, 7) and abs(r - s) % 12 == abs(p - q) % 12
    assert 100 * found / changes <= 0.12


@pytest.mark.parametrize("kind", ["close", "open", "rootless", "guitar", "power"])
@pytest.mark.parametrize("quality", ["", "m", "7", "maj7", "m7b5", "sus4", "9"])
def test_voicings_sound_the_chord_in_range_and_move_little(kind, quality):
    previous: tuple[int, ...] = ()
    for root in (0, 5, 7, 9, 2, 4):
        chord = Chord(root, quality)
        pitches = voice(chord, 45, 79, 4, previous, kind)
        allowed = set(chord.pitch_classes) | ({(root + 7) % 12} if kind == "power" else set())
        assert {p % 12 for p in pitches} <= allowed
        assert list(pitches) == sorted(pitches)
        assert pitches[0] >= 45
        assert pitches[-1] <= 79
        if previous and kind == "close":
            assert sum(abs(a - b) for a, b in zip(pitches, previous, strict=False)) <= 16
        previous = pitches


@pytest.mark.parametrize("pattern", patterns().values(), ids=lambda row: row.id)
@pytest.mark.parametrize("meter", GROUPS)
def test_patterns_fit_every_meter(pattern, meter):
    slots = Meter.parse(meter).numerator * 16 // Meter.parse(meter).denominator
    for level in range(5):
        for bar in pattern_bars(pattern, level, Meter.parse(meter)):
            onsets = [slot for slot, _ in bar]
            assert onsets == sorted(onsets)
            assert all(0 <= slot < slots for slot in onsets)
    assert parse_cell("0:b 4:u") == ((0, "b"), (4, "u"))


def test_seeds_differ_and_one_seed_does_not():
    said = {"bars": 32, "genre": "pop"}
    tunes, chords = set(), set()
    for seed in range(24):
        decided, score = made(seed=seed, **said)
        tunes.add(role(decided, score, "melody")["pitch"].tobytes())
        chords.add(" ".join(c.roman for s in decided.sections for c in s.chords))
        assert write(compose(decided)) == write(compose(decided))
    assert len(tunes) == 24
    assert len(chords) >= 20


def test_another_instrument_leaves_the_others_note_for_note():
    few = made(instruments=("flute", "piano"), bars=16)[1]
    more = made(instruments=("flute", "piano", "vibraphone"), bars=16)[1]
    assert np.array_equal(part(few, "Flute")["pitch"], part(more, "Flute")["pitch"])


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        (("violin", "cello"), ("melody", "bass")), (("piano", "violin"), ("chords", "melody")), (("piano",), ("piano",)),
        (("piano", "bass", "drums"), ("piano", "bass", "drums")), (("acoustic guitar",), ("melody", "chords")),
        (("strings", "flute", "harp"), ("pad", "melody", "chords")), (("drums", "bass"), ("drums", "bass")),
    ],
)  # fmt: skip
def test_named_instruments_take_the_seats_they_suit(words, roles):
    decided, score = made(instruments=words, bars=8)
    assert tuple(p.role for p in decided.parts) == roles
    assert {find_instrument(w).id for w in words} == {p.instrument for p in decided.parts}
    assert all(len(p.notes) for p in score.parts)


def beside(chord: Chord, steps: tuple[int, ...]) -> set[int]:
    """The pitch classes so many semitones from a tone of a chord that are none themselves."""
    return {(tone + step) % 12 for tone in chord.pitch_classes for step in steps} - {*chord.pitch_classes}


@pytest.mark.parametrize("genre", ["pop", "cinematic", "dream_pop", "string_quartet"])
@pytest.mark.parametrize("seed", range(4))
def test_no_held_note_of_a_tune_rubs_against_its_chord(genre: str, seed: int):
    score = compose(plan(Intent(genre=genre, bars=32, seed=seed, rule_breaks=()), Affect(valence=0.3, arousal=0.2)))
    part = next(part for part in score.parts if part.role == "melody")
    held = part.notes[part.notes["duration"] >= 0.95 * score.ppq]
    assert len(held)
    for note in held:
        begins, ends = int(note["onset"]), int(note["onset"] + note["duration"])
        lasts = {s.onset: (min(ends, s.onset + s.duration) - max(begins, s.onset), s.chord) for s in score.chords}
        long = note["duration"] > 1.4 * score.ppq
        # a chord under which the note is not a beat old when the next comes is not its chord: it comes early
        for time, chord in lasts.values():
            if time == max(lasts.values(), key=lambda last: last[0])[0] or time > score.ppq:
                assert int(note["pitch"]) % 12 not in beside(chord, (-1, 1) if long else (1,))


def test_a_tune_rubs_against_its_chords_no_more_than_songs_do():
    foreign, rubs = [], []  # songs: 0.33 and 0.11 of all notes; steps alone: 0.35 and 0.17
    for seed in range(20):
        decided = plan(Intent(bars=32, seed=seed, rule_breaks=()), Affect(valence=0.3, arousal=0.2))
        score = compose(decided)
        starts = [span.onset for span in score.chords]
        for onset, pitch in role(decided, score, "melody")[["onset", "pitch"]].tolist():
            chord = score.chords[int(np.searchsorted(starts, onset, side="right")) - 1].chord
            foreign.append(pitch % 12 not in chord.pitch_classes)
            rubs.append(pitch % 12 in beside(chord, (-1, 1)))
    assert 0.28 < np.mean(foreign) < 0.38
    assert np.mean(rubs) < 0.13


@pytest.mark.parametrize("seed", range(12))
def test_a_quartet_is_never_left_without_its_first_violin(seed: int):
    decided, score = made(genre="string_quartet", bars=32, seed=seed)
    tune = role(decided, score, "melody")
    bar, bars = score.bar_starts(), 0
    sung = set((np.searchsorted(bar, tune["onset"], side="right") - 1).tolist())
    for section in decided.sections:
        assert sung & set(range(bars, bars + section.bars)), section.name
        bars += section.bars


@pytest.mark.parametrize("genre", ["bossa", "jazz_trio", "waltz", "pop", "electronic"])
@pytest.mark.parametrize("bars", [16, 24, 32])
def test_a_piece_is_never_long_without_its_tune(genre: str, bars: int):
    for seed in range(6):
        score = compose(plan(Intent(genre=genre, bars=bars, seed=seed), Affect(valence=0.1, arousal=-0.2)))
        tune = next(part.notes for part in score.parts if part.role == "melody")
        starts = score.bar_starts()
        ends = np.append(starts[1:], score.length)
        sung = [
            bool(((tune["onset"] < b) & (tune["onset"] + tune["duration"] > a)).any())
            for a, b in zip(starts, ends, strict=True)
        ]
        longest = max(len(rest) for rest in "".join("x" if bar else "." for bar in sung).split("x"))
        assert longest <= bars / 6 + 1, (seed, sung)
