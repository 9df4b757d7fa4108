"""What there is to choose from, and what is found in a file, over HTTP."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from kmidi import Intent, tables
from kmidi.analysis.describe import describe, repaired
from kmidi.midi import read
from kmidi.studio import LocalStudio


@pytest.mark.parametrize("name", ["emotions", "genres", "instruments", "rule_breaks"])
def test_every_row_of_a_table_is_served(client: TestClient, name: str):
    rows = client.get(f"/v1/{name}").json()
    assert [row["id"] for row in rows] == list(getattr(tables, name)())


def test_an_analysis_finds_what_was_composed(client: TestClient):
    take = LocalStudio().compose(Intent(text="pure joy", key="D", mode="major", bpm=120, meter="3/4", bars=16))
    found = client.post("/v1/analyses", content=take.midi).json()
    assert found["stated_key"] == {"tonic": "D", "mode": "ionian"}
    assert found["meter"] == {"numerator": 3, "denominator": 4}
    assert round(found["bpm"]) == 120


@pytest.mark.parametrize("data", [b"", b"nope", b"MThd\x00\x00\x00\x06\x00\x01", b"RIFF" * 100])
def test_bytes_that_are_no_midi_are_a_problem(client: TestClient, data: bytes):
    answer = client.post("/v1/analyses", content=data)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body"


def test_what_a_file_breaks_of_the_format_is_told_in_the_words_of_the_command(client: TestClient):
    whole = LocalStudio().compose(Intent(text="pure joy", bars=8)).midi
    found = client.post("/v1/analyses", content=whole[:-40]).json()["repairs"]
    assert found
    assert found == list(repaired(read(whole[:-40])))
    assert "\n".join(found) in describe(LocalStudio().analyze(whole[:-40]), read(whole[:-40]))
    assert client.post("/v1/analyses", content=whole).json()["repairs"] == []
    schema = client.get("/openapi.json").json()["components"]["schemas"]["Analysis"]
    assert schema["properties"]["repairs"]["items"] == {"type": "string"}
