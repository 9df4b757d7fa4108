"""A file changed over HTTP: the same bytes as at the command, each transform, and errors that name the step."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from kmidi import Intent
from kmidi.midi import read
from kmidi.studio import LocalStudio
from kmidi.transforms import TRANSFORMS, Step

TAKE = LocalStudio().compose(Intent(text="pure joy", key="D", mode="major", bpm=120, bars=16, seed=3))


def body(*steps: tuple[str, dict[str, Any]], midi: bytes = TAKE.midi) -> dict[str, Any]:
    return {
        "midi": base64.b64encode(midi).decode(),
        "steps": [{"transform": name, "arguments": arguments} for name, arguments in steps],
    }


def test_a_changed_file_is_that_of_the_library_and_its_steps_lead_there_again(client: TestClient):
    asked = body(("to_mode", {"mode": "minor"}), ("transpose", {"semitones": -2}))
    done = client.post("/v1/changes", json=asked).json()
    steps = tuple(Step(**step) for step in done["steps"])
    assert steps[0].arguments["key"] == {"tonic": "D", "mode": "ionian"}
    midi = base64.b64decode(done["midi"])
    assert midi == LocalStudio().change(TAKE.midi, steps).midi
    assert midi == client.post("/v1/changes", json=asked, headers={"accept": "audio/midi"}).content
    assert str(read(midi).keys[0].key) == "C minor"
    answer = client.post("/v1/changes", json=asked, headers={"accept": "application/zip"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("song.mid") == midi
        assert len([name for name in archive.namelist() if name.startswith("stems/")]) == len(TAKE.score.parts)
    undone = client.post("/v1/changes", json=asked | {"steps": []}, headers={"accept": "audio/midi"})
    assert undone.content == TAKE.midi


def test_a_feeling_moves_a_file(client: TestClient):
    done = client.post("/v1/changes", json=body(("recolour", {"after": {"valence": -0.7, "arousal": -0.7}}))).json()
    score = read(base64.b64decode(done["midi"]))
    assert score.keys[0].key.is_minor
    assert score.seconds > TAKE.score.seconds
    assert {"mode", "tempo"} <= {change["what"] for change in done["changes"]}
    assert set(done["steps"][0]["arguments"]) == {"after", "before", "key"}


def test_every_transform_is_told(client: TestClient):
    rows = client.get("/v1/transforms").json()
    assert [row["name"] for row in rows] == list(TRANSFORMS)
    assert all(row["does"] and all(a["type"] for a in row["arguments"]) for row in rows)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (body(("transpsoe", {})), "step 1: unknown transform 'transpsoe'; did you mean 'transpose'"),
        (body(("transpose", {"semitones": 1}), ("transpose", {})), "step 2, transpose: argument 'semitones' is missing"),
        (body(("transpose", {"semitones": "up"})), "'up' is no whole number"),
        (body(midi=b"nope"), "MThd"),
        ({"midi": "é", "steps": []}, "base64"),
        ({"steps": []}, "midi: it is missing"),
        ({"midi": "", "steps": [], "x": 1}, "unknown field 'x'"),
    ],
)  # fmt: skip
def test_what_cannot_be_names_the_step(client: TestClient, asked: dict[str, Any], part: str):
    answer = client.post("/v1/changes", json=asked)
    assert (answer.status_code, part in answer.json()["detail"]) == (422, True), answer.json()


def test_a_step_without_arguments_takes_its_defaults(client: TestClient):
    asked = body(("quantize", {}))
    want = client.post("/v1/changes", json=asked).json()
    assert client.post("/v1/changes", json={**asked, "steps": [{"transform": "quantize"}]}).json() == want
