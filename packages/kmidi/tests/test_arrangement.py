"""Who plays: one tune and one bass, what a person names, chords told by somebody, and nobody before their time."""

from __future__ import annotations

import pytest

from kmidi import Intent
from kmidi.studio import LocalStudio
from kmidi.studio.take import Take


def made(text: str, seed: int = 3, **said: object) -> Take:
    return LocalStudio().compose(Intent(text=text, seed=seed, bars=16, rule_breaks=(), **said))  # type: ignore[arg-type]


def players(take: Take, role: str) -> list[str]:
    return [
        p.instrument for p, s in zip(take.plan.parts, take.score.parts, strict=True) if p.role == role and len(s.notes)
    ]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("a pop song with saxophone, wistful", "alto_sax"), ("jazz with trumpet, late night", "trumpet"), ("lofi with flute, sleepy", "flute"),
        ("sad piano and violin", "violin"), ("a march with brass band, proud", "trumpet"), ("synthwave with choir, longing", "synth_lead"),
        ("pop with organ, grateful", "flute"), ("cinematic with piano, hope", "french_horn"), ("a hymn with trumpet, hope", "choir"),
        ("a string quartet with flute, calm", "violin"), ("solo piano with cello, grief", "cello"),
    ],
)  # fmt: skip
def test_one_tune_is_played_and_who_is_asked_to_sing_has_it(text: str, lead: str) -> None:
    take = made(text)
    assert players(take, "melody") == [lead]
    assert not players(take, "piano")


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("flute and harp, morning calm", ["flute", "harp"]), ("acoustic guitar and cello, missing my father through the long winter", ["acoustic_guitar", "cello"]),
        ("violin and piano, a farewell", ["violin", "piano"]), ("brass quintet: trumpet, horn, trombone, tuba; triumph", ["trumpet", "french_horn", "trombone", "tuba"]),
        ("Choir & organ. Awe.", ["choir", "organ"]),
    ],
)  # fmt: skip
def test_players_named_before_all_else_play_alone(text: str, band: list[str]) -> None:
    assert [p.instrument for p in made(text).plan.parts] == band


@pytest.mark.parametrize(
    "text", ["violin and viola in my head, and you", "drums and rain outside my window, sad", "piano, sad"]
)
def test_what_only_begins_with_a_player_is_no_list_of_players(text: str) -> None:
    assert "instruments" not in dict(LocalStudio().read(Intent(text=text)).wishes)


def test_where_nobody_holds_chords_the_lower_lines_tell_them() -> None:
    take = made("trumpet, horn, trombone and tuba, triumph")
    horn = take.score.parts[1]
    sounding = sum(int(n["duration"]) for n in horn.notes)
    assert sounding > 0.9 * take.score.length  # it does not wait for gaps in the tune


def test_who_waits_for_more_energy_than_there_is_plays_at_the_height_only() -> None:
    take = LocalStudio().compose(
        Intent(text="calm", genre="alternative", arc="static_reflection", bars=48, seed=1, rule_breaks=())
    )
    loud = next(p for p in take.plan.parts if p.instrument == "distortion_guitar")
    heights = {s.name for s in take.plan.sections if s.energy == max(s.energy for s in take.plan.sections)}
    assert set(loud.sections) == heights
    notes = take.score.parts[take.plan.parts.index(loud)].notes
    assert len(notes)
    assert notes["onset"][0] > 0
