"""A feeling in, music out, over HTTP: the same bytes as the library's; what can't be is named."""

from __future__ import annotations

import io
import json
from typing import Any

import mido
import pytest
from starlette.testclient import TestClient

from kmidi import Intent
from kmidi.studio import LocalStudio

TEXT = "grief hidden as love"
MIDI = {"accept": "audio/midi"}


def test_the_file_is_the_one_that_the_library_makes(client: TestClient):
    answer = client.post("/v1/compositions", json={"text": TEXT, "seed": 7, "bars": 8}, headers=MIDI)
    take = LocalStudio().compose(Intent(text=TEXT, seed=7, bars=8))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/midi"
    assert answer.content == take.midi
    assert take.name in answer.headers["content-disposition"]


def test_json_holds_the_reading_the_reasons_and_the_notes_of_the_file(client: TestClient):
    body = {"text": TEXT, "bars": 8, "key": "Bb", "mode": "dorian", "meter": "7/8", "bpm": 93}
    said = client.post("/v1/compositions", json=body).json()
    file = mido.MidiFile(file=io.BytesIO(client.post("/v1/compositions", json=body, headers=MIDI).content))
    sounding = sum(m.type == "note_on" and m.velocity > 0 for track in file.tracks for m in track)
    assert sum(len(part["notes"]) for part in said["parts"]) == sounding > 0
    assert said["plan"]["key"] == {"tonic": "Bb", "mode": "dorian"}
    assert said["plan"]["bpm"] == 93
    assert all(reason["why"] for reason in said["plan"]["reasons"])
    assert said["affect"]["evidence"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("audio/midi", "audio/midi"),
        ("audio/*", "audio/midi"),
        ("application/json;q=0.5, audio/midi", "audio/midi"),
        ("audio/midi;q=0.2, application/json;q=0.3", "application/json"),
        ("audio/midi;q=0, */*", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("audio/x-midi", "audio/x-midi"),
        ("nonsense, audio/midi;q=x, AUDIO/MIDI", "audio/midi"),
    ],
)
def test_the_answer_is_what_the_client_would_rather_have(client: TestClient, accept: str | None, kind: str):
    headers = {} if accept is None else {"accept": accept}
    answer = client.post("/v1/compositions", json={"text": TEXT, "bars": 1}, headers=headers)
    assert answer.headers["content-type"] == kind


def test_a_client_that_takes_neither_is_told(client: TestClient):
    answer = client.post("/v1/compositions", json={"text": TEXT}, headers={"accept": "text/html"})
    assert answer.status_code == 406
    assert "audio/midi" in answer.json()["detail"]


WRONG: list[tuple[str, Any, str, str]] = [
    ("empty", {"text": ""}, "text", "empty"),
    ("blank", {"text": " \n"}, "text", "empty"),
    ("nothing said", {}, "text", "felt"),
    ("bpm 0", {"text": "a", "bpm": 0}, "bpm", "20 to 300"),
    ("bpm 1e9", {"text": "a", "bpm": 1e9}, "bpm", "20 to 300"),
    ("bpm as text", {"text": "a", "bpm": "90"}, "bpm", "no number"),
    ("key H", {"text": "a", "key": "H"}, "key", "A to G"),
    ("10,000 bars", {"text": "a", "bars": 10_000}, "bars", "1 to 512"),
    ("half a bar", {"text": "a", "bars": 2.5}, "bars", "whole number"),
    ("a megabyte", {"text": "a" * 1_000_000}, "text", "at most"),
    ("control character", {"text": "a\x00b"}, "text", "control character"),
    ("unknown field", {"text": "a", "bmp": 90}, "bmp", "did you mean 'bpm'"),
    ("unknown inside", {"text": "a", "sections": [{"name": "v", "barz": 3, "bars": 3}]}, "sections[0].barz", "'bars'"),
    ("unknown genre", {"text": "a", "genre": "popp"}, "genre", "did you mean 'pop'"),
    ("unknown emotion", {"emotion": "griev"}, "emotion", "did you mean 'grief'"),
    ("unknown mode", {"text": "a", "mode": "happy"}, "mode", "legal"),
    ("no such meter", {"text": "a", "meter": "4/5"}, "meter", "did you mean '4/4'"),
    ("a list", [], "body", "named fields"),
]


@pytest.mark.parametrize(("body", "field", "says"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_cannot_be_is_named(client: TestClient, body: Any, field: str, says: str):
    answer = client.post("/v1/compositions", json=body)
    problem = answer.json()
    assert answer.status_code == problem["status"] == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["errors"][0]["field"] == field
    assert says in problem["errors"][0]["detail"]


RAW = {
    "lone surrogate": (b'{"text":"\\ud800"}', "text"),
    "not a number": (b'{"text":"a","bpm":NaN}', "bpm"),
    "infinite": (b'{"text":"a","bpm":1e400}', "bpm"),
    "5,000 digits": (b'{"text":"a","seed":' + b"9" * 5000 + b"}", "body"),
    "cut short": (b'{"text":', "body"),
    "nothing": (b"", "body"),
    "no text at all": (b"\xff\xfe{", "body"),
    "100,000 brackets": (b"[" * 100_000, "body"),
    "a thousand ancestors": (b'{"text":"a","parent":' * 1000 + b"{}" + b"}" * 1000, "body"),
}


@pytest.mark.parametrize("name", RAW)
def test_bodies_that_are_no_intent_are_refused_without_a_traceback(client: TestClient, name: str):
    raw, field = RAW[name]
    answer = client.post("/v1/compositions", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_noise_is_music_with_little_confidence(client: TestClient):
    said = client.post("/v1/compositions", json={"text": "xq zzv 98 wrlp", "bars": 4}).json()
    assert said["parts"]
    assert said["affect"]["confidence"] < 0.3


def test_a_body_above_the_limit_is_refused_declared_or_not(client: TestClient):
    large = json.dumps({"text": "a" * 9_000_000}).encode()
    assert client.post("/v1/compositions", content=large).status_code == 413
    chunks = (large[at : at + 1_000_000] for at in range(0, len(large), 1_000_000))
    assert client.post("/v1/compositions", content=chunks).status_code == 413
