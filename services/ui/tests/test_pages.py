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
    page.slider(key="move_arousal").set_value(0.9).run()
    take = page.session_state.take
    assert take.intent.text == TEXT
    assert take.affect.arousal == 0.9
    assert take.affect.evidence
    press(page, "pure joy")
    assert page.session_state.take.midi == LocalStudio().compose(Intent(text="pure joy")).midi


@pytest.mark.parametrize(("text", "says"), [("", "felt"), (" ", "empty"), ("a\x00b", "control character")])
def test_what_cannot_be_is_said(page: AppTest, text: str, says: str):
    press(page, text)
    assert says in page.error[0].value
    assert not page.exception


def test_every_option_that_the_page_offers_is_in_the_table(page: AppTest):
    labels = [*(w.label for kind in ("selectbox", "number_input", "multiselect") for w in getattr(page, kind))]
    assert len(labels) + 1 == len(HEARD)  # and the slider of the human touch


@pytest.mark.parametrize("option", HEARD)
def test_every_option_is_heard(option: str):
    assert option in {field.name for field in fields(Intent)}
    plain = LocalStudio().compose(Intent(text=TEXT)).midi
    assert LocalStudio().compose(Intent(text=TEXT, **{option: HEARD[option]})).midi != plain


def test_every_tonic_on_offer_is_kept():
    for tonic in TONICS:
        assert LocalStudio().plan(Intent(text="a", key=tonic, mode="major")).key.tonic == tonic


def test_marked_words_are_escaped(monkeypatch: pytest.MonkeyPatch):
    shown: list[str] = []
    monkeypatch.setattr(reading.st, "html", shown.append)
    text = "<b>sad</b> & <script>"
    found = Evidence(words="sad", start=3, end=6, valence=-0.6, arousal=-0.2)
    reading.words(Intent(text=text), Affect(valence=-0.6, arousal=-0.2, evidence=(found, found)))
    assert "<script>" not in shown[0]
    assert shown[0].count("<mark") == 1
    assert "&lt;b&gt;<mark" in shown[0]
