"""The order of sections and the rise of the last chorus, said in words or set, hold in the bytes."""

from __future__ import annotations

import io
import re

import mido
import numpy as np
import pytest

from kmidi import Intent, IntentError
from kmidi.planner import plan as planned
from kmidi.planner.form import ENERGY
from kmidi.studio import LocalStudio
from kmidi.studio.take import Take
from kmidi.theory.form import SECTIONS


def composed(text: str, **said: object) -> Take:
    return LocalStudio().compose(Intent(text=text, **said))  # type: ignore[arg-type]


def told(take: Take, kind: str) -> list[tuple[int, str]]:
    """Markers or key signatures of the file, with their ticks."""
    found: list[tuple[int, str]] = []
    for track in mido.MidiFile(file=io.BytesIO(take.midi)).tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == kind:
                found.append((tick, message.text if kind == "marker" else message.key))
    return found


def order(take: Take) -> list[str]:
    return [re.sub(r" \d+$", "", name) for _, name in told(take, "marker")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bittersweet, verse chorus verse chorus bridge chorus", "verse chorus verse chorus bridge chorus"),
        ("Intro - Verse - Pre-Chorus - Chorus - Outro, hopeful", "intro verse prechorus chorus outro"),
        ("verse, chorus, verse, chorus and a bridge, then a chorus, for my brother", "verse chorus verse chorus bridge chorus"),
        ("a wistful jazz tune, AABA form", "verse verse bridge verse"), ("rage, ABABCB structure", "verse chorus verse chorus bridge chorus"),
    ],
)  # fmt: skip
def test_sections_come_in_the_order_that_is_said(text: str, names: str) -> None:
    assert order(composed(text)) == names.split()


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("AABA", "verse verse bridge verse"), ("a b a b c b", "verse chorus verse chorus bridge chorus"), ("Verse - Pre-Chorus -> chorus", "verse prechorus chorus"),
        ("verse|pre chorus|chorus", "verse prechorus chorus"), ("verse-chorus-verse", "verse chorus verse"),
    ],
)  # fmt: skip
def test_an_order_may_be_set_as_it_is_said(form: str, names: str) -> None:
    assert order(composed("hope", form=form)) == names.split()


def test_each_section_that_may_be_named_has_its_energy() -> None:
    assert set(SECTIONS) == set(ENERGY)


@pytest.mark.parametrize(
    "text", ["the chorus of a verse I love, joy", "no verse chorus verse, calm", "an ABBA song, joy"]
)
def test_what_is_no_order_is_none(text: str) -> None:
    assert "form" not in dict(LocalStudio().read(Intent(text=text)).wishes)


@pytest.mark.parametrize(
    ("said", "seconds"), [({"bars": 30}, None), ({"bars": 7}, None), ({"seconds": 61.0, "bpm": 97.0}, 61.0)]
)
def test_an_order_fills_the_length_that_is_set(said: dict[str, float], seconds: float | None) -> None:
    take = composed("joy, verse chorus verse chorus bridge", **said)
    assert order(take) == ["verse", "chorus", "verse", "chorus", "bridge"]
    assert seconds is None or mido.MidiFile(file=io.BytesIO(take.midi)).length == pytest.approx(seconds, abs=0.02)
    assert "bars" not in said or take.plan.bars == said["bars"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"form": "verse 8"}, "unknown section '8' in form; legal: breakdown, bridge, build"),
        ({"form": "verse chrous"}, "unknown section 'chrous' in form; did you mean 'chorus'? Legal: breakdown, bridge"),
        ({"form": " , "}, "form is ' , '; legal: sections in order, such as 'verse chorus verse'"),
        ({"form": "verse " * 600}, "form has 600 sections; legal: at most 512"),
        ({"form": "verse chorus verse", "bars": 2}, "3 sections in 2 bars; legal: a bar or more each"),
        ({"rise": 7}, "rise is 7; legal: 0 to 6 semitones"),
        ({"rise": 1.5}, "rise is 1.5; legal: a whole number"),
    ],
)
def test_an_order_or_a_rise_that_can_not_be_says_why(said: dict[str, object], reason: str) -> None:
    with pytest.raises(IntentError, match=re.escape(reason)):
        composed("joy", **said)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("we won, pop, key change at the end", 2), ("hope, the last chorus goes up a half step", 1), ("it modulates up for the last chorus, joy", 2),
        ("a waltz for her with a big key change", 2), ("sad solo piano, modulates up a minor third", 3), ("joy in D major, last chorus up a whole step", 2),
        ("joy, loop, key change at the end", 2), ("no key change, joy", 0), ("my life needs a key change, joy", None),
    ],
)  # fmt: skip
def test_the_end_rises_as_far_as_is_said(text: str, steps: int | None) -> None:
    studio = LocalStudio()
    asked = dict(studio.read(Intent(text=text)).wishes).get("rise")
    assert asked == (None if steps is None else str(steps))
    for seed in range(4):
        take = composed(text, seed=seed)
        keys = told(take, "key_signature")
        if steps is None:
            continue
        assert len(keys) == (2 if steps else 1)
        if not steps:
            continue
        ticks = {start for start, _ in told(take, "marker")}
        assert keys[1][0] in ticks
        assert keys[1][0] * 2 >= max(end for end, _ in told(take, "marker"))
        flat = composed(text, seed=seed, rise=0)  # as it would sound without
        for part, same in zip(take.score.parts, flat.score.parts, strict=True):
            if not part.is_drums and len(part.notes) == len(same.notes):
                moved = (part.notes["pitch"] - same.notes["pitch"])[part.notes["onset"] > keys[1][0] + 60]
                assert np.isin(moved % 12, [steps]).mean() > 0.9 or not len(moved)


def test_what_is_set_wins_and_a_take_keeps_its_order() -> None:
    text = "hope, verse chorus verse chorus, key change at the end"
    take = composed(text)
    assert [section.raised for section in take.plan.sections] == [0, 0, 0, 2]
    assert [section.raised for section in composed(text, rise=0).plan.sections] == [0, 0, 0, 0]
    assert order(composed(text, form="verse chorus")) == ["verse", "chorus"]
    later = LocalStudio().compose(Intent(text=text, parent=take.intent, seed=5, directions=("braver",)))
    assert [(s.name, s.raised) for s in later.plan.sections] == [(s.name, s.raised) for s in take.plan.sections]
    other = LocalStudio().compose(Intent(text=text, parent=take.intent, form="verse bridge chorus", rise=1))
    assert [(s.name, s.raised) for s in other.plan.sections] == [("verse", 0), ("bridge", 0), ("chorus", 1)]


def test_a_piece_of_one_section_says_that_it_can_not_rise() -> None:
    intent = Intent(text="joy", bars=4, form="verse", rise=2)
    plan = planned(intent, LocalStudio().read(intent))
    assert [(r.value, r.why) for r in plan.reasons if r.what == "key change"] == [
        ("none", "you asked for one, but a piece of one section has nothing to rise from")
    ]
