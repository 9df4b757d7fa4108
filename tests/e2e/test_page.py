"""The whole journey in a real browser: words typed, music seen, heard, understood, changed and taken away."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kmidi import Intent
from kmidi.midi import write
from kmidi.studio import LocalStudio
from kmidi.transforms import Step
from tests.browsing import choose, pick_by_keyboard, visit

from .conftest import KMIDI, Services

pytestmark = pytest.mark.browser
TEXT = "I miss my grandmother's kitchen, but I smile when I think of it"
# KMIDI_PICTURE=1 makes the README's picture anew
PICTURE = Path(__file__).parents[2] / "docs" / "page.png"


@pytest.fixture
def page(services: Services, browser: Any):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    patience = 60 * int(os.environ.get("KMIDI_TRY_PATIENCE", "1"))  # an emulated machine is slow
    page.set_default_timeout(1000 * patience)
    visit(page, services.page, "Your words", patience)
    yield page
    context.close()


def compose(page: Any, text: str) -> None:
    page.get_by_label("Your words").fill(text)
    page.get_by_role("button", name="Make music").click()
    page.wait_for_selector("audio")


def downloaded(page: Any) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the MIDI file").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def _serious(page: Any) -> list[tuple[str, str]]:
    """What axe-core finds that keeps somebody out."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (v["id"], node["html"][:160]) for v in found if v["impact"] in ("serious", "critical") for node in v["nodes"]
    ]


def facts(page: Any) -> list[str]:
    return page.locator(".k-facts li").all_inner_texts()


def test_from_words_to_a_file_and_the_same_file_by_each_door(page: Any, services: Services, tmp_path: Path):
    compose(page, TEXT)
    assert page.locator(".k-words mark").count() >= 1
    roll = page.locator(".k-scroll img")
    assert roll.evaluate("image => image.complete && image.naturalWidth > 500")
    assert "Parts:" in roll.get_attribute("alt")
    audio = page.locator("audio")
    page.wait_for_function("document.querySelector('audio').duration > 20")
    samples = audio.evaluate(
        """async audio => {
            const data = await (await fetch(audio.src)).arrayBuffer();
            const heard = await new OfflineAudioContext(2, 44100, 44100).decodeAudioData(data);
            return Math.max(...heard.getChannelData(0).slice(44100, 88200).map(Math.abs));
        }"""
    )
    assert samples > 0.01
    assert page.locator(".k-chords li").count() >= 4
    name, data = downloaded(page)
    assert name.endswith(".mid")

    take = LocalStudio().compose(Intent(text=TEXT))
    assert data == take.midi
    assert name == take.name
    command = [KMIDI, "compose", TEXT, "-o", str(tmp_path / "song.mid")]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "song.mid").read_bytes() == data
    asked = urllib.request.Request(
        f"{services.api}/v1/compositions",
        json.dumps({"text": TEXT}).encode(),
        {"content-type": "application/json", "accept": "audio/midi"},
    )
    with urllib.request.urlopen(asked) as answer:
        assert answer.read() == data
    assert "grandmother" not in page.url
    if services.log:
        assert "grandmother" not in services.log.read_text()
    page.wait_for_timeout(1500)  # the chart's and the player's last frames
    page.set_viewport_size({"width": 1280, "height": 1560})
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURE if os.environ.get("KMIDI_PICTURE") else tmp_path / "page.png")


def test_the_point_moves_and_the_words_stay(page: Any):
    compose(page, TEXT)
    before, sound = facts(page), page.locator("audio").get_attribute("src")
    slider = page.get_by_role("slider", name="Still to stirred")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("src => document.querySelector('audio')?.getAttribute('src') != src", arg=sound)
    page.wait_for_timeout(3000)  # the last of twelve steps
    assert float(facts(page)[1].split()[0]) > float(before[1].split()[0])
    assert page.get_by_label("Your words").input_value() == TEXT
    _, data = downloaded(page)
    assert data != LocalStudio().compose(Intent(text=TEXT)).midi


def test_what_is_set_is_what_is_made(page: Any):
    page.get_by_text("Options").click()
    page.get_by_role("spinbutton", name="Bars").fill("8")
    page.get_by_role("spinbutton", name="Tempo (bpm)").fill("77")
    page.get_by_role("spinbutton", name="Seed").fill("5")
    page.get_by_role("textbox", name="Order of sections").fill("verse chorus")
    page.get_by_role("spinbutton", name="Last chorus up (semitones)").fill("2")
    compose(page, "rage")
    said = facts(page)
    assert "77 bpm" in said
    assert "8 bars" in said
    assert "seed 5" in said
    assert page.get_by_text("verse (4 bars").first.is_visible()
    assert page.get_by_text("chorus (4 bars").first.is_visible()
    asked = Intent(text="rage", bars=8, bpm=77.0, seed=5, form="verse chorus", rise=2)
    _, data = downloaded(page)
    assert data == LocalStudio().compose(asked).midi


def test_a_rule_is_picked_by_keyboard(page: Any):
    """Enter takes the one that was typed, not all that are on offer."""
    page.get_by_text("Options").click()
    pick_by_keyboard(page, "Rules to break on purpose", "polyt", "Polytonality")
    compose(page, "rage")
    _, data = downloaded(page)
    assert data == LocalStudio().compose(Intent(text="rage", rule_breaks=("polytonality",))).midi


@pytest.mark.parametrize(("text", "says"), [("", "what should be felt"), ("   ", "text is empty")])
def test_what_cannot_be_reads_well(page: Any, text: str, says: str):
    page.get_by_label("Your words").fill(text)
    page.get_by_role("button", name="Make music").click()
    alert = page.get_by_role("alert")
    assert says in alert.inner_text()
    assert "Traceback" not in page.content()


def test_a_file_is_understood(page: Any, services: Services, tmp_path: Path):
    path = tmp_path / "song.mid"
    path.write_bytes(LocalStudio().compose(Intent(text="pure joy", key="D", mode="major", bpm=120, bars=16)).midi)
    visit(page, f"{services.page}/understand", "A MIDI file, up to 8 MB")
    page.locator("input[type=file]").set_input_files(path)
    page.wait_for_selector(".k-scroll img")
    assert "D major" in page.get_by_test_id("stMain").inner_text()
    path.write_bytes(path.read_bytes()[:2000])
    page.reload()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_text("no end of track").first.wait_for()
    path.write_bytes(b"no music at all")
    page.reload()
    page.locator("input[type=file]").set_input_files(path)
    assert "MThd" in page.get_by_role("alert").inner_text()


def test_a_file_is_diagnosed_mended_changed_and_taken_away(page: Any, services: Services, tmp_path: Path):
    take = LocalStudio().compose(Intent(text="pure joy", key="D", mode="major", bpm=120, bars=16))
    parts = list(take.score.parts)
    at = next(at for at, part in enumerate(parts) if part.instrument == "piano")  # which no swell shapes
    notes = parts[at].notes.copy()
    notes["velocity"] = 80
    parts[at] = replace(parts[at], notes=notes)
    flat = replace(take.score, parts=tuple(parts))
    path = tmp_path / "flat.mid"
    path.write_bytes(write(flat))
    visit(page, f"{services.page}/understand", "A MIDI file, up to 8 MB")
    page.locator("input[type=file]").set_input_files(path)
    page.wait_for_selector("audio")
    assert page.get_by_text("plays every note about as loud").first.is_visible()
    page.get_by_role("button", name="Mend it").first.click()
    page.get_by_role("button", name="Undo the last step").wait_for()
    page.get_by_role("button", name="Undo the last step").click()
    page.get_by_role("button", name="Undo the last step").wait_for(state="detached")
    choose(page, "Change", "Transpose by semitones")
    page.get_by_label("Semitones").fill("3")
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("button", name="Undo the last step").wait_for()
    page.wait_for_function("document.querySelector('.k-facts').innerText.includes('F major')")
    page.wait_for_selector("audio")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download it changed").click()
    changed = LocalStudio().change(path.read_bytes(), (Step(transform="transpose", arguments={"semitones": 3}),))
    assert Path(waiting.value.path()).read_bytes() == changed.midi
    assert waiting.value.suggested_filename == "flat-changed.mid"
    assert not _serious(page)


def test_a_file_is_still_there_after_a_visit_to_another_page(page: Any, services: Services, tmp_path: Path):
    path = tmp_path / "song.mid"
    path.write_bytes(LocalStudio().compose(Intent(text="pure joy", key="D", mode="major", bars=8)).midi)
    visit(page, f"{services.page}/understand", "A MIDI file, up to 8 MB")
    page.locator("input[type=file]").set_input_files(path)
    choose(page, "Change", "Transpose by semitones")
    page.get_by_label("Semitones").fill("3")
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("button", name="Download it changed").wait_for()
    page.get_by_role("link", name="Compose").click()
    page.get_by_label("Your words").wait_for()
    page.get_by_role("link", name="Understand a file").click()
    page.get_by_role("button", name="Download it changed").wait_for()
    page.wait_for_function("document.querySelector('.k-facts').innerText.includes('F major')")
    page.get_by_text("song.mid").wait_for()


@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_use_it(page: Any, width: int):
    """axe-core finds nothing serious in what this page adds, at the width of a phone and of a desk."""
    page.set_viewport_size({"width": width, "height": 900})
    compose(page, TEXT)
    page.wait_for_timeout(1500)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page is {wide} px wider than a screen of {width} px"
    assert not _serious(page)
