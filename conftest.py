"""What tests need beyond Python: absent, they skip with a reason; named in KMIDI_REQUIRE, their absence fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_REQUIRED = {word.strip() for word in os.environ.get("KMIDI_REQUIRE", "").split(",") if word.strip()}


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
def shared() -> Path:
    """The folder of corpora and yardsticks."""
    return Path(os.environ["KMIDI_SHARED"])
