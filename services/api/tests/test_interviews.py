"""The conversation over HTTP."""

from __future__ import annotations

import base64
import zlib

import pytest
from starlette.testclient import TestClient

from kmidi_api.app import create_app
from kmidi_api.settings import SettingError, Settings


def test_a_conversation_ends_in_an_intent(client: TestClient):
    body: dict[str, object] = {}
    for message in ("my dog died", "that I was not there", "peace", "hope", "slow, only piano", "half open", "none"):
        heard = client.post("/v1/interviews", json={**body, "message": message}).json()
        body = {"interview": heard["interview"]}
    assert heard["turn"]["topic"] is None
    assert heard["intent"]["core_event"] == "my dog died"
    assert client.post("/v1/interviews", json=body).json()["turn"] == heard["turn"]


def test_the_older_shape_carries_the_conversation_in_its_session(client: TestClient):
    first = client.post("/interrogate", json={"message": "she left me and I am heartbroken"}).json()
    assert set(first) == {"reply", "session_id", "suggestions", "request_id"}
    assert "heartbroken" in first["reply"]
    second = client.post("/interrogate", json={"message": "hope", "session_id": first["session_id"]}).json()
    assert second["reply"] != first["reply"]


def test_a_made_up_session_is_a_problem(client: TestClient):
    answer = client.post("/interrogate", json={"message": "hi", "session_id": "made-up"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "session_id"


def test_a_session_shows_no_words_and_no_change_goes_unnoticed(client: TestClient):
    said = "a zebra-coloured heartbreak, and I am sad"
    session = client.post("/interrogate", json={"message": said}).json()["session_id"]
    raw = base64.urlsafe_b64decode(session)
    for packed in (raw, raw[16:]):
        assert b"zebra" not in packed
        with pytest.raises(zlib.error):
            zlib.decompress(packed)
    for at in (0, 20, len(raw) - 1):
        other = bytearray(raw)
        other[at] ^= 1
        body = {"message": "hope", "session_id": base64.urlsafe_b64encode(bytes(other)).decode()}
        assert client.post("/interrogate", json=body).status_code == 422


def test_replicas_with_one_secret_go_on_with_each_others_talks():
    first, second, other = (TestClient(create_app(Settings(secret=s))) for s in ("one secret of ours",) * 2 + ("another secret here",))  # fmt: skip
    session = first.post("/interrogate", json={"message": "my dog died"}).json()["session_id"]
    body = {"message": "hope", "session_id": session}
    assert second.post("/interrogate", json=body).status_code == 200
    assert other.post("/interrogate", json=body).status_code == 422


def test_a_secret_is_long_and_never_shown():
    with pytest.raises(SettingError, match="16"):
        Settings(secret="short")
    assert "of ours" not in repr(Settings(secret="one secret of ours"))


def test_words_of_crisis_get_a_kind_line_and_the_talk_goes_on(client: TestClient):
    heard = client.post("/v1/interviews", json={"message": "I want to die since she left"}).json()
    assert "988" in heard["turn"]["care"]
    assert heard["turn"]["topic"]
    assert "988" in client.post("/interrogate", json={"message": "I want to kill myself"}).json()["reply"]


def test_a_misspelt_message_does_not_begin_anew_in_silence(client: TestClient):
    answer = client.post("/v1/interviews", json={"text": "my dog died"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "text"
