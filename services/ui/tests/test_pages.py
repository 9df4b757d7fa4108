"""The page without a browser: it runs, says what can't be, and hands over what the library makes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import kmidi_ui
from kmidi import Affect, Intent
from kmidi.intent import Evidence
from kmidi.studio import LocalStudio
from kmidi_ui.components import reading
from kmidi_ui.components.options import TONICS

HERE = Path(kmidi_ui.__file__).parent
TEXT = "I miss my grandmother's kitchen, but I smile when I think of it"
pytestmark = pytest.mark.filterwarnings("ignore")  # Streamlit's own

# One value for each option of the page: each must be heard.
HEARD: dict[str, Any] = {
    "genre": "solo_piano",
    "meter": "3/4",
    "key": "F#",
    "mode": "phrygian",
    "bars": 9,
    "bpm": 151.0,
    "form": "verse chorus bridge",
    "rise": 2,
    "instruments": ("cello", "piano"),
    "rule_breaks": ("unresolved_dissonance",),
    "humanize": 0.0,
    "seed": 4,
}


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(HERE / "app.py"), default_timeout=60).run()


def press(page: AppTest, text: str) -> AppTest:
    page.text_area(key="text").set_value(text)
    return page.button[0].click().run()


def test_words_become_a_take(page: AppTest):
    press(page, TEXT)
    assert not page.exception
    assert page.session_state.take.midi == LocalStudio().compose(Intent(text=TEXT)).midi
    assert page.session_state.sound[:4] == b"fLaC"


def test_a_moved_point_changes_the_reading_and_keeps_the_words(page: AppTest):
    press(page, TEXT)
    page.slider(key="compose move_arousal").set_value(0.9).run()
    take = page.session_state.take
    assert take.intent.text == TEXT
    assert take.affect.arousal == 0.9
    assert take.affect.evidence
    press(page, "pure joy")
    assert page.session_state.take.midi == LocalStudio().compose(Intent(text="pure joy")).midi


def test_a_visit_to_another_page_loses_nothing(page: AppTest):
    """Streamlit forgets what stands in the fields of a page that is left."""
    page.selectbox(key="option key").set_value("F#")
    page.number_input(key="option seed").set_value(4)
    press(page, TEXT)
    page.slider(key="compose move_arousal").set_value(0.9).run()
    before = page.session_state.take.midi
    page.switch_page("screens/talk.py").run()
    assert page.title[0].value == "Talk with me"
    page.chat_input[0].set_value("we won the final in the last minute!").run()
    page.switch_page("screens/compose.py").run()
    assert not page.exception
    assert page.text_area(key="text").value == TEXT
    assert page.selectbox(key="option key").value == "F#"
    assert page.slider(key="option humanize").value == 1.0
    assert page.session_state.take.midi == before
    assert press(page, TEXT).session_state.take.midi == LocalStudio().compose(Intent(text=TEXT, key="F#", seed=4)).midi


def test_a_point_moved_on_one_page_moves_nothing_on_another(page: AppTest):
    press(page, TEXT)
    page.switch_page("screens/talk.py").run()
    page.chat_input[0].set_value("we won the final in the last minute!").run()
    next(button for button in page.button if button.label == "Stop and play it").click().run()
    talked = page.session_state.take.midi
    page.switch_page("screens/compose.py").run()
    page.slider(key="compose move_arousal").set_value(-0.9).run()
    page.switch_page("screens/talk.py").run()
    assert page.session_state.take.midi == talked


@pytest.mark.parametrize(("text", "says"), [("", "felt"), (" ", "empty"), ("a\x00b", "control character")])
def test_what_cannot_be_is_said(page: AppTest, text: str, says: str):
    press(page, text)
    assert says in page.error[0].value
    assert not page.exception


def test_every_option_that_the_page_offers_is_in_the_table(page: AppTest):
    labels = [
        *(w.label for kind in ("selectbox", "number_input", "multiselect", "text_input") for w in getattr(page, kind))
    ]
    assert len(labels) + 1 == len(HEARD)  # and the slider of the human touch


@pytest.mark.parametrize("option", HEARD)
def test_every_option_is_heard(option: str):
    assert option in {field.name for field in fields(Intent)}
    plain = LocalStudio().compose(Intent(text=TEXT)).midi
    assert LocalStudio().compose(Intent(text=TEXT, **{option: HEARD[option]})).midi != plain


def test_every_tonic_on_offer_is_kept():
    for tonic in TONICS:
        assert LocalStudio().plan(Intent(text="a", key=tonic, mode="major")).key.tonic == tonic


def test_an_order_and_a_rise_that_are_set_are_played_and_a_typo_is_named(page: AppTest):
    page.text_input(key="option form").set_value(" Verse, chorus, verse, chorus ")
    page.number_input(key="option rise").set_value(1)
    sections = press(page, TEXT).session_state.take.plan.sections
    assert [(section.kind, section.raised) for section in sections] == [
        ("verse", 0), ("chorus", 0), ("verse", 0), ("chorus", 1)
    ]  # fmt: skip
    page.text_input(key="option form").set_value("verse chrous")
    assert "did you mean 'chorus'" in press(page, TEXT).error[0].value


def test_marked_words_are_escaped(monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    monkeypatch.setattr(reading.st, "html", shown.append)
    text = "<b>sad</b> & <script>"
    found = Evidence(words="sad", start=3, end=6, valence=-0.6, arousal=-0.2)
    reading.words(Intent(text=text), Affect(valence=-0.6, arousal=-0.2, evidence=(found, found)))
    assert "<script>" not in shown[0]
    assert shown[0].count("<mark") == 1
    assert "&lt;b&gt;<mark" in shown[0]


def test_words_that_weigh_nothing_are_not_marked(monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    monkeypatch.setattr(reading.st, "html", shown.append)
    intent = Intent(text="I was so angry, then I forgave him")
    reading.words(intent, LocalStudio().read(intent))
    assert ">angry</mark>" in shown[0]
    assert ">I</mark>" not in shown[0]
