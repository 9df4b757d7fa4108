"""The conversation over HTTP."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_a_conversation_ends_in_an_intent(client: TestClient):
    body: dict[str, object] = {}
    for message in ("my dog died", "that I was not there", "hope", "half open", "peace", "slow, only piano", "none"):
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
