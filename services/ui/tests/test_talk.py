"""The conversation's page without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import kmidi_ui
from kmidi.affect import feel, wished
from kmidi.interview import Ears, finish
from kmidi.studio import LocalStudio

pytestmark = pytest.mark.filterwarnings("ignore")  # Streamlit's own


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(str(Path(kmidi_ui.__file__).parent / "app.py"), default_timeout=60).run()
    return app.switch_page("screens/talk.py").run()


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def test_seven_answers_become_a_take(page: AppTest):
    for said in ("my dog died", "That I was left alone", "skip", "Hope, quietly", "lofi, 80 bpm", "naked", "none"):
        offered = {button.label for button in page.button}
        assert "skip" in offered
        if said in offered:
            press(page, said)
        else:
            page.chat_input[0].set_value(said).run()
    assert not page.exception
    talk = page.session_state.talk
    take = page.session_state.take
    assert take.midi == LocalStudio().compose(finish(talk, Ears(feel, wished))).midi
    assert take.intent.bpm == 80
    assert take.intent.vulnerability == 0.85
    assert not page.chat_input


def test_an_answer_is_said_anew_after_the_end(page: AppTest):
    page.chat_input[0].set_value("my dog died").run()
    press(page, "Stop and play it")
    before = page.session_state.take.midi
    page.text_area[0].set_value("my daughter was born, pure joy").run()
    press(page, "Say it so")
    assert page.session_state.take.midi != before
    assert page.session_state.take.affect.valence > 0.3
    press(page, "Begin anew")
    assert page.session_state.talk.answers == ()


def test_stopping_before_anything_was_said_reads_well(page: AppTest):
    press(page, "skip")
    press(page, "Stop and play it")
    assert "nothing was said" in page.error[0].value
    assert not page.exception
