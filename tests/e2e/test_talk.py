"""The interview in a real browser: asked, answered, corrected, kept, resumed; its end is the same music as anywhere."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kmidi.affect import feel, wished
from kmidi.codec import from_json
from kmidi.interview import Ears, Interview, finish
from kmidi.studio import LocalStudio
from tests.browsing import visit

from .conftest import Services

pytestmark = pytest.mark.browser
STORY = "my zebra-striped dog died last spring"


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(services: Services, browser: Any, request: pytest.FixtureRequest):
    context = browser.new_context(viewport={"width": request.param, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    visit(page, f"{services.page}/talk", "What happened?")
    yield page
    context.close()


def say(page: Any, text: str) -> None:
    page.get_by_label("In your own words").fill(text)
    page.get_by_role("button", name="Send message").click()
    page.get_by_test_id("stChatMessage").get_by_text(text, exact=True).first.wait_for()


def pick(page: Any, text: str) -> None:
    before = page.get_by_test_id("stChatMessage").count()
    page.get_by_role("button", name=text, exact=True).click()
    page.wait_for_function(
        "before => document.querySelectorAll('[data-testid=stChatMessage]').length > before", arg=before
    )


def downloaded(page: Any, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def picture(page: Any, name: str, tmp_path: Path) -> None:
    page.wait_for_timeout(800)
    page.screenshot(path=Path(os.environ.get("KMIDI_PICTURES", tmp_path)) / f"{name}-{page.viewport_size['width']}.png", full_page=True)  # fmt: skip


def test_a_talk_becomes_music(page: Any, services: Services, tmp_path: Path):
    say(page, STORY)
    assert "zebra" in page.inner_text("body")
    page.get_by_text("What hurts").wait_for()
    picture(page, "talk", tmp_path)
    pick(page, "That I was left alone")
    pick(page, "skip")
    say(page, "qwpoei zmxnc")
    pick(page, "Hope, quietly")
    # an earlier answer is said anew
    page.get_by_role("button", name="Change").nth(1).click()
    field = page.get_by_label("Your answer")
    field.fill("that I was not there")
    field.blur()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Say it so").click()
    page.get_by_test_id("stChatMessage").get_by_text("that I was not there", exact=True).first.wait_for()
    page.wait_for_timeout(2000)  # the file to keep follows the words on the page
    kept = downloaded(page, "Keep this talk")
    page.get_by_role("button", name="Stop and play it").click()
    page.wait_for_selector("audio")
    said = page.inner_text("body")
    assert "Not used" in said
    assert "qwpoei" in said
    whole = page.locator(".k-whole").inner_text()
    assert STORY in whole
    assert "that I was not there" in whole
    assert page.locator(".k-words mark").count() >= 1
    assert page.locator(".k-chords li").count() >= 4
    talk = from_json(Interview, kept)
    assert [a.text for a in talk.answers][:2] == [STORY, "that I was not there"]
    take = LocalStudio().compose(finish(talk, Ears(feel, wished)))
    midi = downloaded(page, "Download the MIDI file")
    assert midi == take.midi
    assert "zebra" not in page.url
    if services.log:
        assert "zebra" not in services.log.read_text()
    picture(page, "talked", tmp_path)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0

    # kept, it goes on elsewhere and ends in the same bytes
    page.reload()
    page.get_by_text("Go on with a talk that you kept").click()
    (tmp_path / "talk.json").write_bytes(kept)
    page.locator("input[type=file]").set_input_files(tmp_path / "talk.json")
    page.get_by_test_id("stChatMessage").get_by_text(STORY, exact=True).first.wait_for()
    page.get_by_role("button", name="Stop and play it").click()
    page.wait_for_selector("audio")
    assert downloaded(page, "Download the MIDI file") == midi
    page.get_by_role("button", name="Begin anew").click()
    page.get_by_text("Go on with a talk that you kept").wait_for()


def test_what_is_no_talk_is_said(page: Any, tmp_path: Path):
    page.get_by_text("Go on with a talk that you kept").click()
    (tmp_path / "talk.json").write_text(json.dumps({"answers": [{"topic": "weather", "text": "rain"}]}))
    page.locator("input[type=file]").set_input_files(tmp_path / "talk.json")
    assert "weather" in page.get_by_role("alert").inner_text()


def test_words_of_crisis_are_met_kindly_and_the_talk_goes_on(page: Any, tmp_path: Path):
    say(page, "I want to die since she left")
    page.get_by_text("988").first.wait_for()
    page.get_by_text("What hurts").wait_for()
    picture(page, "care", tmp_path)


def test_everybody_can_talk(page: Any):
    """axe-core finds nothing serious in what this page adds."""
    from axe_playwright_python.sync_playwright import Axe

    say(page, STORY)
    page.wait_for_timeout(1500)
    found = Axe().run(page).response["violations"]
    serious = [
        (v["id"], node["html"][:160]) for v in found if v["impact"] in ("serious", "critical") for node in v["nodes"]
    ]
    assert not serious
