"""Who reads the words, as the service says it."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from kmidi import Intent
from kmidi.studio import LocalStudio
from kmidi_api.app import create_app
from kmidi_api.settings import Settings

ASKED = {"text": "grief hidden as love", "bars": 4}


def test_a_model_is_used_named_and_gives_the_studios_bytes(small_model: Path):
    with TestClient(create_app(Settings(models=small_model))) as client:
        assert client.post("/v1/compositions", json=ASKED).json()["affect"]["reader"] == "model"
        file = client.post("/v1/compositions", json=ASKED, headers={"accept": "audio/midi"}).content
        part = client.get("/health").json()["parts"]["models"]
    assert file == LocalStudio(small_model).compose(Intent(text="grief hidden as love", bars=4)).midi
    assert part["status"] == "ok"
    assert "model:" in part["detail"]


def test_no_model_is_no_fault(client: TestClient):
    assert client.post("/v1/compositions", json=ASKED).json()["affect"]["reader"] == "table"
    assert client.get("/health").json()["parts"]["models"]["detail"] == "no model; the table reads words"


def test_a_broken_model_is_said_and_the_table_reads(small_model: Path):
    (small_model / "model.safetensors").write_bytes(b"\x00" * 100)
    with TestClient(create_app(Settings(models=small_model))) as client:
        affect = client.post("/v1/compositions", json=ASKED).json()["affect"]
        health = client.get("/health")
    assert affect["reader"] == "table"
    assert "the table reads instead" in affect["warnings"][0]
    assert (health.status_code, health.json()["parts"]["models"]["status"]) == (503, "broken")
