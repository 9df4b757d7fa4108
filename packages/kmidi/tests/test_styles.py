"""Styles are what their players know them by: each holds in the bytes, over seeds and feelings."""

from __future__ import annotations

import numpy as np
import pytest

from kmidi import Intent
from kmidi.errors import IntentError
from kmidi.score import PPQ, Part
from kmidi.studio import LocalStudio
from kmidi.studio.take import Take

SEEDS = range(4)


def made(text: str, seed: int, **said: object) -> Take:
    return LocalStudio().compose(Intent(text=text, seed=seed, bars=24, **said))  # type: ignore[arg-type]


def part(take: Take, pattern: str) -> Part:
    return next(s for p, s in zip(take.plan.parts, take.score.parts, strict=True) if p.pattern == pattern)


def beats(found: Part, take: Take, *pitches: int) -> np.ndarray:
    """Where in its bar each note before the last bar starts that is no ghost, in quarters; of some pitches only."""
    bar = take.plan.meter.bar_ticks(PPQ)
    notes = found.notes[(found.notes["onset"] < (take.plan.bars - 1) * bar) & (found.notes["velocity"] > 45)]
    return notes["onset"][np.isin(notes["pitch"], pitches)] % bar / PPQ if pitches else notes["onset"] % bar / PPQ


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("text", ["reggae for a lazy sunday", "sad reggae, I miss her", "grateful reggae"])
def test_reggae_drops_the_one_and_answers_off_the_beat(text: str, seed: int) -> None:
    take = made(text, seed)
    kit = part(take, "one_drop")
    kicks, rims = beats(kit, take, 36), beats(kit, take, 37)
    assert (kicks == 0).sum() <= len(take.plan.sections)  # where a section arrives
    assert np.isin(kicks, (1, 3)).mean() > 0.6
    assert np.isin(rims, (1, 3)).mean() > 0.8
    assert set(beats(part(take, "off_beats"), take)) == {0.5, 1.5, 2.5, 3.5}
    assert 60 <= take.plan.bpm <= 96
    bass = part(take, "reggae_bass").notes
    assert len(set(bass["pitch"] % 12)) >= 4  # a tune, not the roots alone
    assert len(bass) < 7 * take.plan.bars  # with holes in it


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("text", ["tango of longing", "an angry tango", "a joyful tango"])
def test_tango_is_marked_on_the_beats_by_piano_and_bass_and_nobody_drums(text: str, seed: int) -> None:
    take = made(text, seed)
    assert not any(p.is_drums for p in take.score.parts)
    for pattern in ("marcato", "marcato_bass"):
        found = part(take, pattern)
        at = beats(found, take)
        assert (at % 1 == 0).mean() > 0.6
        assert set(at[at % 1 > 0]) <= {0.5, 1.5}  # sincopa and three-three-two
        short = found.notes["duration"][found.notes["onset"] < take.score.length - 4 * PPQ]
        assert np.median(short) < PPQ / 2
    assert take.plan.parts[0].instrument == "accordion"
    assert not {"reggae", "bossa"} & {take.plan.genre}


@pytest.mark.parametrize(
    "text",
    [
        "dancing tango with my grandmother",
        "we learned tango in spring",
        "it takes two to tango",
        "not a tango, sad",
        "no reggae, calm",
    ],
)
def test_what_tells_of_a_style_asks_for_none(text: str) -> None:
    assert "genre" not in dict(LocalStudio().read(Intent(text=text)).wishes)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "text",
    ["a proud march", "a march, defiant", "a march for the brave", "a funeral march, grief", "a march in 6/8, joyful"],
)
def test_a_march_keeps_step(text: str, seed: int) -> None:
    take = made(text, seed)
    beat = 1.5 if take.plan.meter.is_compound else 1.0
    tune, bass, horns = (part(take, pattern) for pattern in ("march", "oompah", "off_beats"))
    kit = next(p for p in take.score.parts if p.is_drums)
    assert (beats(bass, take) % beat == 0).mean() > 0.9
    assert not (beats(horns, take) % beat == 0).any()  # behind every step
    assert (beats(kit, take, 36) % beat == 0).mean() > 0.9
    assert len(beats(kit, take, 38)) > 3 * take.plan.bars  # field drums all the way
    assert (beats(tune, take) % beat == 0).mean() > (0.45 if take.plan.meter.is_compound else 0.6)
    assert (take.plan.bpm < 70) == ("funeral" in text)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "text", ["a hymn for my mother", "a quiet hymn, grateful", "a chorale, sorrow", "a hymn in 3/4, hope"]
)
def test_a_hymn_is_four_voices_in_one_rhythm_that_end_with_an_amen(text: str, seed: int) -> None:
    take = made(text, seed)
    voices = [s for p, s in zip(take.plan.parts, take.score.parts, strict=True) if p.instrument == "choir"]
    assert len(voices) == 4
    assert not any(p.is_drums for p in take.score.parts)
    sung = set(voices[0].notes["onset"].tolist())
    for voice in voices:
        assert len(set(voice.notes["onset"].tolist())) == len(voice.notes)  # one voice, one note
        assert (voice.notes["onset"] % PPQ == 0).mean() > 0.75
    on_beat = {onset for onset in sung if onset % PPQ == 0}
    for inner in voices[2:]:
        assert len(on_beat & set(inner.notes["onset"].tolist())) > 0.95 * len(on_beat)
    means = [voice.notes["pitch"].mean() for voice in voices]
    assert means[0] > means[2] > means[3] > means[1]
    closes = [c.roman.rstrip("majdsu0123456789/") for c in take.score.chords[-2:]]
    assert closes[1].casefold() == "i"
    assert closes[0].casefold() in ("iv", "v", "vii", "bvii", "ii")
    last = [voice.notes[voice.notes["onset"] >= take.score.chords[-1].onset] for voice in voices]
    assert all(len(notes) == 1 for notes in last)


def test_most_hymns_end_plagally() -> None:
    ends = [made("a hymn for my mother", seed).score.chords[-2].chord.root for seed in range(12)]
    keys = [made("a hymn for my mother", seed).plan.key.pitch_class for seed in range(12)]
    assert sum((end - key) % 12 == 5 for end, key in zip(ends, keys, strict=True)) >= 8


@pytest.mark.parametrize(
    "text",
    [
        "we marched for hours", "I lost him in March", "March, cold and grey", "a long march, and we were tired", "a protest march for justice", "a march for the climate", "the wedding march made me cry",
        "the slow march of time", "not a march, sad", "his march to the gallows", "march on, my love", "a slow march through the snow", "hymn-like silence", "we sang a hymn at the grave",
        "her voice was quiet as a hymn", "not a hymn, calm", "a hymn to silence",
    ],
)  # fmt: skip
def test_a_march_or_hymn_that_is_told_of_asks_for_none(text: str) -> None:
    assert {"genre", "bpm"}.isdisjoint(dict(LocalStudio().read(Intent(text=text)).wishes))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("text", "struck", "where"),
    [
        ("half-time, sad", (37, 38), {2}), ("a joyful song over a half-time beat", (37, 38), {2}), ("joyful, double-time feel", (37, 38), {0.5, 1.5, 2.5, 3.5}),
        ("four on the floor, happy", (36,), {0, 1, 2, 3}), ("808s and trap hats, angry", (39,), {2}),
    ],
)  # fmt: skip
def test_the_kit_plays_what_is_asked(text: str, struck: tuple[int, ...], where: set[float], seed: int) -> None:
    take = made(text, seed)
    kit = next(p for p in take.score.parts if p.is_drums)
    at = beats(kit, take, *struck)
    assert np.isin(at, list(where)).mean() > 0.7  # the rest are fills
    assert {where_ for where_ in where if (at == where_).sum() > take.plan.bars / 3} == where
    assert any(r.what == "drums" and r.why.startswith("you asked for it") for r in take.plan.reasons)


def test_808s_are_the_bass() -> None:
    basses = [p.instrument for p in made("808s and trap hats, angry", 0).plan.parts if p.role == "bass"]
    assert basses == ["synth_bass"]


def test_a_pattern_that_is_set_wins_and_an_unknown_one_names_the_nearest() -> None:
    take = LocalStudio().compose(Intent(text="half-time, sad", drums="bossa"))
    assert next(p.pattern for p in take.plan.parts if p.role == "drums") == "bossa"
    with pytest.raises(IntentError, match="half_time"):
        LocalStudio().plan(Intent(text="sad", drums="halftime"))


@pytest.mark.parametrize(
    "text",
    [
        "my double-time job is killing me", "at half-time we were losing", "the half-time show, joy", "Half-time, we were losing and I cried", "not a half-time feel, sad",
        "there were four on the floor, crying", "four on the floor of the kitchen", "in double time we ran home", "room 808 was empty", "I fell into a trap, beaten",
    ],
)  # fmt: skip
def test_what_tells_of_other_things_changes_no_drums(text: str) -> None:
    assert {"drums", "including"}.isdisjoint(dict(LocalStudio().read(Intent(text=text)).wishes))


def test_a_style_may_have_a_shape() -> None:
    wishes = dict(LocalStudio().read(Intent(text="a joyful march that builds slowly")).wishes)
    assert (wishes["genre"], wishes["arc"]) == ("march", "slow_build")
    assert "genre" not in dict(LocalStudio().read(Intent(text="a march that lasted for days, tired")).wishes)
