"""What tests need beyond Python: absent, they skip with a reason; named in KMIDI_REQUIRE, their absence fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# properties are tried on the same examples in every run, however slow the machine: a test says the same thing twice
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]  # fmt: skip

_REQUIRED = {word.strip() for word in os.environ.get("KMIDI_REQUIRE", "").split(",") if word.strip()}

# tests say themselves who reads words: what this machine has must not change them
_MODELS = os.environ.pop("KMIDI_MODELS", "")


def _no_docker() -> str | None:
    if shutil.which("docker") is None:
        return "no docker command"
    done = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return None if done.returncode == 0 else "no Docker engine answers"


def _no_browser() -> str | None:
    return None if chromium() else "no Chromium"


def _no_postgres() -> str | None:
    return None if list(Path("/usr/lib/postgresql").glob("*/bin/postgres")) else "no PostgreSQL server"


def _no_data() -> str | None:
    folder = os.environ.get("KMIDI_SHARED")
    if not folder:
        return "KMIDI_SHARED does not name the folder of corpora"
    return None if (Path(folder) / "data").is_dir() else f"{folder} has no data folder"


def chromium() -> str | None:
    """The path of a Chromium, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


_ABSENT = {"docker": _no_docker, "browser": _no_browser, "postgres": _no_postgres, "data": _no_data}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what can't run here, each test once asked for what it is marked with."""
    reasons: dict[str, str | None] = {}
    for item in items:
        for mark in _ABSENT.keys() & {m.name for m in item.iter_markers()}:
            if mark not in reasons:
                reasons[mark] = _ABSENT[mark]()
            if reasons[mark] is not None and mark not in _REQUIRED:
                item.add_marker(pytest.mark.skip(reason=reasons[mark]))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail where a component that KMIDI_REQUIRE names is absent."""
    for mark in _REQUIRED & _ABSENT.keys() & {m.name for m in item.iter_markers()}:
        reason = _ABSENT[mark]()
        if reason is not None:
            pytest.fail(f"KMIDI_REQUIRE names {mark}: {reason}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, headless: one for all tests, since two can't be driven from one process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and yardsticks."""
    return Path(os.environ["KMIDI_SHARED"])


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of the stronger reader that KMIDI_MODELS names."""
    if not (Path(_MODELS) / "model.safetensors").is_file() or not _MODELS:
        pytest.skip("KMIDI_MODELS names no folder with a model")
    return Path(_MODELS)


@pytest.fixture
def small_model(tmp_path: Path) -> Path:
    """A folder with a model of the right shape that knows a few words and means nothing by them."""
    folder = tmp_path / "small_model"
    folder.mkdir()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "grief", "joy", "a", "word", "##s", "!", "love", "hidden", "as"]
    shapes = {
        "embeddings.word_embeddings.weight": (len(pieces), 384),
        "embeddings.position_embeddings.weight": (256, 384),
        "embeddings.token_type_embeddings.weight": (2, 384),
        "encoder.layer.0.intermediate.dense.weight": (8, 384),
        "encoder.layer.0.intermediate.dense.bias": (8,),
        "encoder.layer.0.output.dense.weight": (384, 8),
    }
    for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
        shapes |= {f"encoder.layer.0.{name}.weight": (384, 384), f"encoder.layer.0.{name}.bias": (384,)}
    shapes["encoder.layer.0.output.dense.bias"] = (384,)
    for name in ("embeddings.", "encoder.layer.0.attention.output.", "encoder.layer.0.output."):
        shapes |= {f"{name}LayerNorm.weight": (384,), f"{name}LayerNorm.bias": (384,)}
    header, at, dice, data = {}, 0, np.random.default_rng(0), b""
    for name, shape in shapes.items():
        values = dice.normal(0, 0.3, shape).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + len(values)]}
        data, at = data + values, at + len(values)
    head = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + data)
    (folder / "config.json").write_text('{"num_attention_heads": 12, "num_hidden_layers": 1}')
    model = {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "vocab": {piece: number for number, piece in enumerate(pieces)},
    }
    normalizer = {"type": "BertNormalizer", "lowercase": True}
    (folder / "tokenizer.json").write_text(json.dumps({"model": model, "normalizer": normalizer}))
    return folder
