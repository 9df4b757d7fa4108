"""How the service says it is: alive, ready, healthy, counted, documented, in a person's privacy."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from kmidi import Affect, Intent, KmidiError
from kmidi.studio import LocalStudio
from kmidi_api.app import create_app
from kmidi_api.settings import SettingError, Settings

SECRET = "zebra-coloured heartbreak"


class Deaf(LocalStudio):
    """A studio that cannot read words."""

    def read(self, intent: Intent) -> Affect:  # noqa: ARG002 - the studio's signature
        raise KmidiError("the words' table is gone")


def test_health_names_each_part(client: TestClient):
    health = client.get("/health").json()
    assert health["status"] == "ok"
    assert set(health["parts"]) == {"tables", "words", "models", "composer"}


def test_health_is_503_where_a_part_is_broken():
    with TestClient(create_app(Settings(), Deaf())) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["parts"]["words"]["status"] == "broken"
    assert "gone" in answer.json()["parts"]["words"]["detail"]
    assert answer.json()["parts"]["tables"]["status"] == "ok"


def test_a_font_that_is_configured_must_be_there(tmp_path: Path):
    with TestClient(create_app(Settings(sound_font=tmp_path / "no.sf2"))) as client:
        answer = client.get("/health")
    assert (answer.status_code, answer.json()["parts"]["sound_font"]["status"]) == (503, "broken")


def test_ready_says_no_while_the_service_closes():
    app = create_app(Settings())
    with TestClient(app) as client:
        assert client.get("/ready").status_code == 200
        app.state.house.drain()
        assert client.get("/ready").status_code == 503
        assert client.get("/live").status_code == 200


def _answer(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _within(seconds: float, url: str, wanted: int) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if _answer(url) == wanted:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
def test_sigterm_drains_and_then_stops(unused_port: int):
    environment = {**os.environ, "KMIDI_API_DRAIN_SECONDS": "3", "KMIDI_API_PORT": str(unused_port)}
    server = subprocess.Popen([sys.executable, "-m", "kmidi_api"], env=environment, stderr=subprocess.DEVNULL)
    ready = f"http://127.0.0.1:{unused_port}/ready"
    try:
        assert _within(30, ready, 200)
        server.send_signal(signal.SIGTERM)
        assert _within(3, ready, 503)
        assert server.wait(30) in (0, -signal.SIGTERM)
    finally:
        server.kill()
        server.wait()


def test_prometheus_reads_the_metrics_and_no_words_are_in_them(client: TestClient):
    before = _counted(client.get("/metrics").text)
    client.post("/v1/compositions", json={"text": SECRET, "bars": 1})
    client.post("/v1/compositions", json={"text": SECRET, SECRET: 1})
    client.get("/no/such/" + "zebra")
    text = client.get("/metrics").text
    after = _counted(text)
    for what in (("/v1/compositions", "200"), ("/v1/compositions", "422"), ("none", "404"), ("bars", "")):
        assert after[what] - before.get(what, 0) == 1
    assert "zebra" not in text


def _counted(text: str) -> dict[tuple[str, str], float]:
    families = {family.name: family for family in text_string_to_metric_families(text)}
    requests = [s for s in families["kmidi_requests"].samples if s.name.endswith("_total")]
    bars = {("bars", ""): families["kmidi_bars_composed"].samples[0].value}
    return {(s.labels["route"], s.labels["status"]): s.value for s in requests} | bars


def test_no_words_are_logged(client: TestClient, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/compositions", json={"text": SECRET, "bars": 1})
        client.post("/v1/compositions", json={"text": SECRET, "key": "H"})
    assert "zebra" not in caplog.text


def test_every_route_is_documented(client: TestClient):
    spec = client.get("/openapi.json").json()
    routes = {(path, method) for path, methods in spec["paths"].items() for method in methods}
    expected = {"/v1/emotions", "/v1/genres", "/v1/instruments", "/health", "/ready", "/live", "/metrics"}
    assert {path for path, method in routes if method == "get"} >= expected
    assert {path for path, method in routes if method == "post"} >= {"/v1/compositions", "/v1/analyses"}
    for path, methods in spec["paths"].items():
        for method, route in methods.items():
            assert route.get("description"), f"{method} {path} has no description"
    schemas = spec["components"]["schemas"]
    assert all(schema["title"] == name for name, schema in schemas.items()), "clients are generated by the titles"
    intent = schemas["Intent"]
    assert intent["additionalProperties"] is False
    assert {"text", "bpm", "key", "seed"} <= set(intent["properties"])


def test_settings_come_from_the_environment_and_typos_are_named():
    settings = Settings.of({"KMIDI_API_PORT": "9000", "KMIDI_API_ORIGINS": "https://a.b, https://c.d", "PATH": "/"})
    assert (settings.port, settings.origins) == (9000, ("https://a.b", "https://c.d"))
    with pytest.raises(SettingError, match="KMIDI_API_PROT"):
        Settings.of({"KMIDI_API_PROT": "9000"})
    with pytest.raises(SettingError, match="number"):
        Settings.of({"KMIDI_API_PORT": "many"})
    with pytest.raises(SettingError, match="65535"):
        Settings.of({"KMIDI_API_PORT": "70000"})


class Buggy(LocalStudio):
    """A studio with a bug."""

    def read(self, intent: Intent) -> Affect:
        raise ZeroDivisionError(intent.text)


def test_a_bug_is_answered_as_everything_is():
    """With the headers of every answer; and the server hangs up after it, so it says so."""
    with TestClient(create_app(Settings(), Buggy()), raise_server_exceptions=False) as client:
        answer = client.post("/v1/compositions", json={"text": SECRET})
        assert (answer.status_code, answer.json()["status"]) == (500, 500)
        assert "zebra" not in answer.text
        assert (answer.headers["cache-control"], answer.headers["connection"]) == ("no-store", "close")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert _counted(client.get("/metrics").text)["/v1/compositions", "500"] == 1


@pytest.mark.parametrize("path", ["/health", "/live", "/v1/genres", "/docs", "/v1/compositions", "/none"])
def test_head_is_answered_as_get_without_its_body(client: TestClient, path: str):
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]
    assert not head.content


@pytest.mark.parametrize("path", ["/v1/compositions", "/v1/changes", "/v1/interviews", "/interrogate"])
def test_a_body_nested_past_all_sense_is_a_problem(client: TestClient, path: str):
    for text in ("[" * 100_000, '{"interview":' * 50_000):
        answer = client.post(path, content=text, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422), answer.text


def test_a_problem_does_not_send_a_request_back(client: TestClient):
    for body in ({"text": "grief", "genre": "x" * 1_000_000}, {"x" * 1_000_000: 1}, {str(n): 1 for n in range(10_000)}):
        answer = client.post("/v1/compositions", json=body)
        assert answer.status_code == 422
        assert len(answer.content) < 20_000
    answer = client.post("/v1/interviews", json={str(n): 1 for n in range(10_000)})
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/v1/compositions", {"text": "grief", "bpm": "60", "seed": 1.5, "keyy": "C"}, ["bpm", "seed", "keyy"]),
        ("/v1/changes", {}, ["midi", "steps"]),
        ("/v1/compositions", {"text": "grief", "bars": 0}, ["bars"]),
        (
            "/v1/compositions",
            {"text": "a", "key": "H", "bpm": 900, "valence": "high", "bars": 0},
            ["valence", "bpm", "bars", "key"],
        ),
        (
            "/v1/compositions",
            {"text": "a", "genre": "jaz", "without": ["x"], "drums": "y"},
            ["genre", "without", "drums"],
        ),
        ("/v1/compositions", {"text": "a", "instruments": ["violn", "harp", "flutt"]}, ["instruments", "instruments"]),
        ("/v1/compositions", {"text": "a", "locks": ["chords"], "parent": {"text": "b", "bpm": 1}}, ["parent.bpm"]),
        ("/v1/compositions", [], ["body"]),
    ],
)
def test_each_field_that_is_wrong_is_named(client: TestClient, path: str, body: object, fields: list[str]):
    answer = client.post(path, json=body).json()
    assert [error["field"] for error in answer["errors"]] == fields
    assert answer["detail"] == "; ".join(error["detail"] for error in answer["errors"])
