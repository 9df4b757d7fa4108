"""Musical wishes in a sentence hold in the bytes: tempo, meter, key, length and who plays, as another reader finds them."""

from __future__ import annotations

import io

import mido
import pytest

from kmidi import Intent
from kmidi.studio import LocalStudio


def heard(text: str, bars: int | None = None) -> dict[str, object]:
    file = mido.MidiFile(file=io.BytesIO(LocalStudio().compose(Intent(text=text, bars=bars)).midi))
    told = [message for track in file.tracks for message in track]
    programs = {m.program for m in told if m.type == "program_change" and m.channel != 9}
    meter = next(m for m in told if m.type == "time_signature")
    return {
        "bpm": round(mido.tempo2bpm(next(m.tempo for m in told if m.type == "set_tempo"))),
        "meter": f"{meter.numerator}/{meter.denominator}",
        "key": next((m.key for m in told if m.type == "key_signature"), None),
        "drums": any(m.type == "note_on" and m.channel == 9 for m in told),
        "programs": programs,
        "seconds": file.length,
    }


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("techno at 130, angry", 130), ("something sad at 92", 92), ("a 120 beat for my grief", 120), ("sad lofi at 75bpm", 75),
        ("tempo around 120, excited", 120), ("110-ish bpm, hopeful", 110), ("a sad song at about 60", 60), ("tempo 100, wistful", 100), ("jazz ballad at 66", 66),
        ("in A minor at 90 bpm with a cello, grieving", 90), ("between 80 and 90 bpm, calm", 85), ("bpm: 88, wistful", 88),
    ],
)  # fmt: skip
def test_the_tempo_is_as_said(text: str, bpm: int) -> None:
    assert heard(text, 8)["bpm"] == bpm


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("a slow tango, longing", 75), ("slow reggae, sunny", 64), ("a fast lullaby", 102), ("a very slow hymn for my father", 52), ("slow edm, lonely", 89),
        ("a slow jazz waltz, wistful", 64), ("an 80 bpm edm track, lonely", 80),
    ],
)  # fmt: skip
def test_a_word_of_tempo_is_meant_of_the_style(text: str, bpm: int) -> None:
    assert heard(text, 8)["bpm"] == bpm


@pytest.mark.parametrize(
    "text",
    [
        "drumless and tender", "a drumless lullaby", "beatless ambient, calm", "drum-free and calm", "ditch the drums, sad", "no percussion, calm",
        "calm piece, keep the drums out", "music without a beat, calm", "strings only, grieving", "solo violin, lonely", "sad violin and cello duet",
    ],
)  # fmt: skip
def test_nobody_drums(text: str) -> None:
    assert not heard(text, 8)["drums"]


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("joyful, with horns", {61}), ("mournful choir", {52}), ("sad organ music", {16}), ("nostalgic with a synth lead", {81}), ("lonely trumpet", {56}),
        ("upright bass and piano, late at night", {32, 0}), ("sad violin and cello duet", {40, 42}), ("just bass and drums, angry", {33}),
    ],
)  # fmt: skip
def test_who_is_named_plays(text: str, programs: set[int]) -> None:
    found = heard(text, 8)["programs"]
    assert isinstance(found, set)
    assert programs <= found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("two minutes of calm", 120), ("a 30 second loop, playful", 30), ("thirty seconds of panic", 30), ("1 minute 30 seconds, sorrow", 90),
        ("a minute and a half of sorrow", 90), ("half a minute of fear", 30), ("a one minute piece, calm", 60), ("a six minute song about rain", 360), ("a sad song 3 minutes 20 seconds", 200), ("a short sad song", 30),
    ],
)  # fmt: skip
def test_it_lasts_as_long_as_said(text: str, seconds: float) -> None:
    assert heard(text)["seconds"] == pytest.approx(seconds, rel=0.12)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("E flat minor, despair", {"key": "Ebm"}), ("key of F sharp minor, haunted", {"key": "F#m"}), ("E♭ major, gentle", {"key": "Eb"}),
        ("a happy song in 6/8", {"meter": "6/8"}), ("anxious 7/8", {"meter": "7/8"}), ("a gentle lullaby in three", {"meter": "3/4"}), ("make it in 3, sad", {"meter": "3/4"}),
        ("a slow waltz in D minor", {"meter": "3/4", "key": "Dm", "bpm": 64}),
    ],
)  # fmt: skip
def test_key_and_meter_are_as_said(text: str, wanted: dict[str, object]) -> None:
    assert wanted.items() <= heard(text, 8).items()


@pytest.mark.parametrize("text", ["a four bar loop, tense", "a 4 bar loop, tense"])
def test_bars_are_as_many_as_said(text: str) -> None:
    assert LocalStudio().compose(Intent(text=text)).plan.bars == 4


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("my dad died at 60", "bpm"),
        ("that song broke me at 60", "bpm"),
        ("something happened at 80", "bpm"),
        ("he had a 90 minute nap, calm", "bpm"),
        ("there is no melody left in my life", "without"),
        ("keep the noise out of my head", "without"),
        ("angry voices in my head", "including"),
        ("sending positive vibes", "including"),
        ("strong bass notes, tense", "including"),
        ("we went to four bars and laughed", "bars"),
        ("about 30 seconds later I cried", "seconds"),
        ("6 minutes to deadline, help", "seconds"),
        ("in short, music saved me", "seconds"),
        ("she played just chords and hummed", "without"),
        ("just chords of memory", "without"),
        ("life without melody is grey", "without"),
    ],
)  # fmt: skip
def test_what_asks_for_nothing_sets_nothing(text: str, field: str) -> None:
    assert field not in dict(LocalStudio().read(Intent(text=text)).wishes)


@pytest.mark.parametrize("text", ["I am far from cinematic", "tango? no, something sad"])
def test_a_style_that_is_denied_is_no_wish(text: str):
    assert "genre" not in dict(LocalStudio().read(Intent(text=text)).wishes)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "text",
    [
        "sad, no melody",
        "solo piano, no melody, tender",
        "a string quartet without melody, grief",
        "bossa nova, no melody, calm",
        "waltz without a melody, glad",
    ],
)
def test_without_a_melody_nobody_has_a_tune(text: str, seed: int) -> None:
    take = LocalStudio().compose(Intent(text=text, bars=16, seed=seed))
    tunes = [
        p.name
        for p in take.plan.parts
        if p.role in ("melody", "piano") or (p.role == "counter" and p.pattern != "inner")
    ]
    assert not tunes
    assert {"chords", "pad", "counter"} & {p.role for p in take.plan.parts}
    assert any(r.value == "no melody" for r in take.plan.reasons)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("just chords, calm", {"chords"}),
        ("hopeful, just chords and bass", {"chords", "bass"}),
        ("only drums and bass, angry", {"drums", "bass"}),
    ],
)
def test_only_what_is_named_plays(text: str, roles: set[str]) -> None:
    bands = [{part.role for part in LocalStudio().plan(Intent(text=text, seed=seed)).parts} for seed in range(8)]
    allowed = roles | ({"pad"} if "chords" in roles else set())  # it plays nothing but the chords
    assert all(roles <= band <= allowed for band in bands)


@pytest.mark.parametrize(("genre", "program"), [("jazz", 32), ("pop", 33), ("synthwave", 38)])
def test_a_bass_that_is_asked_for_is_the_styles_own(genre: str, program: int) -> None:
    plain = heard(f"{genre} music, wistful", 8)["programs"]
    assert heard(f"{genre} music with bass, wistful", 8)["programs"] == plain
    assert isinstance(plain, set)
    assert program in plain
