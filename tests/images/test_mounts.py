"""What a person mounts: own tables and sound fonts are heard; what is broken, missing or unreadable is said, with
the right health.
"""

from __future__ import annotations

import json
import lzma
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bench import engine
from bench.engine import Container, running
from kmidi.render.sound import BUNDLED
from tests.browsing import choose, visit

pytestmark = pytest.mark.docker
WALTZ = Path(__file__).parents[2].joinpath("docs/waltz.toml").read_text()
NIGHT_FERRY = WALTZ.replace('"Waltz"', '"Night ferry"').replace('"3/4"', '"5/4"')
PYTHON = "/usr/local/bin/python3"


def checked(container: Container, service: str) -> tuple[int, str]:
    """What the container's health check ends with and says, asked now."""
    command = ("docker", "exec", container.id, PYTHON, "-I", "/app/health.py", service)
    done = engine.command(*command, check=False)
    return done.returncode, done.stdout + done.stderr


def asked(container: Container, path: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of an answer of the API."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(container.address() + path, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder to mount, with a genre of a person's own."""
    (tmp_path / "data/genres").mkdir(parents=True)
    (tmp_path / "data/genres/night_ferry.toml").write_text(NIGHT_FERRY)
    tmp_path.chmod(0o755)
    return tmp_path / "data"


def test_own_tables_are_served_composed_and_named(loaded: dict[str, str], data: Path) -> None:
    with running(loaded["api"], 8000, "--volume", f"{data}:/data:ro") as container:
        container.wait("/health")
        assert "night_ferry" in [row["id"] for row in asked(container, "/v1/genres")[1]]
        status, made = asked(container, "/v1/compositions", {"text": "grief", "bars": 4, "genre": "night ferry"})
        assert status == 200
        assert made["plan"]["meter"] == {"numerator": 5, "denominator": 4}
        assert "genres/night_ferry.toml (" in json.dumps(made["plan"]["reasons"])
        assert "night_ferry.toml" in asked(container, "/health")[1]["parts"]["tables"]["detail"]


@pytest.mark.browser
def test_own_tables_are_on_the_page(loaded: dict[str, str], data: Path, browser: Any) -> None:
    with running(loaded["ui"], 8501, "--volume", f"{data}:/data:ro") as container:
        container.wait(engine.HEALTH["ui"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        visit(page, container.address(), "Your words")
        page.get_by_text("Options").click()
        choose(page, "Genre", "Night ferry")
        page.get_by_label("Your words").fill("grief")
        page.get_by_role("button", name="Make music").click()
        page.wait_for_selector("audio")
        assert "5/4" in page.locator(".k-facts").inner_text()
        page.context.close()


@pytest.mark.parametrize("service", ["api", "ui"])
def test_a_broken_table_is_named_and_unhealthy(loaded: dict[str, str], service: str, data: Path) -> None:
    (data / "genres/night_ferry.toml").write_text(NIGHT_FERRY.replace('"straight"', '"straigt"'))
    said = "/data: genres/night_ferry.toml: column 'groove': unknown groove 'straigt'; did you mean 'straight'?"
    with running(loaded[service], engine.PORTS[service], "--volume", f"{data}:/data:ro") as container:
        container.wait("/live" if service == "api" else engine.HEALTH[service])
        code, reason = checked(container, service)
        assert code == 1
        assert said in reason
        if service == "api":
            status, problem = asked(container, "/v1/compositions", {"text": "grief"})
            assert status == 500
            assert said in problem["detail"]
        (data / "genres/night_ferry.toml").write_text(NIGHT_FERRY)
        engine.docker("restart", container.id)
        assert container.health() == "healthy", container.logs()


def test_the_largest_font_among_the_mounted_is_played(loaded: dict[str, str], data: Path) -> None:
    (data / "mine.sf3").write_bytes(lzma.decompress(BUNDLED.read_bytes()))
    script = "from kmidi.render.sound import find_font; print(find_font())"
    run = ("run", "--rm", *engine.HARD, "--entrypoint", PYTHON)
    assert engine.docker(*run, "--volume", f"{data}:/data:ro", loaded["ui"], "-c", script) == "/data/mine.sf3"
    assert engine.docker(*run, loaded["ui"], "-c", script).endswith("/kmidi.sf3.xz")


def test_a_sound_font_that_is_missing_is_said(loaded: dict[str, str]) -> None:
    with running(loaded["api"], 8000, "--env", "KMIDI_SOUND_FONT=/data/grand.sf2") as container:
        container.wait("/live")
        status, health = asked(container, "/health")
        assert status == 503
        assert "/data/grand.sf2" in health["parts"]["sound_font"]["detail"]


@pytest.mark.parametrize("service", ["api", "ui"])
@pytest.mark.parametrize("place", ["/data", "/app/models"])
def test_an_unreadable_mount_is_said(loaded: dict[str, str], service: str, place: str, tmp_path: Path) -> None:
    (closed := tmp_path / "closed").mkdir(mode=0o700)
    with running(loaded[service], engine.PORTS[service], "--volume", f"{closed}:{place}:ro") as container:
        container.wait("/live" if service == "api" else engine.HEALTH[service])
        code, reason = checked(container, service)
        assert code == 1
        assert f"can't read {place}: Permission denied; mount a folder that user 1000 may read" in reason
        closed.chmod(0o755)
        assert checked(container, service) == (0, "")


def test_a_model_is_used_and_a_broken_one_is_said(loaded: dict[str, str], small_model: Path) -> None:
    small_model.parent.chmod(0o755)
    with running(loaded["api"], 8000, "--volume", f"{small_model}:/app/models:ro") as container:
        container.wait("/health")
        _, made = asked(container, "/v1/compositions", {"text": "grief", "bars": 1})
        assert made["affect"]["reader"] == "model"
        assert "model:" in asked(container, "/health")[1]["parts"]["models"]["detail"]
        (small_model / "model.safetensors").write_bytes(bytes(100))
        _, made = asked(container, "/v1/compositions", {"text": "grief", "bars": 1})
        assert made["affect"]["reader"] == "table"
        assert "the table reads instead" in made["affect"]["warnings"][0]
        code, reason = checked(container, "api")
        assert code == 1
        assert "the table reads instead" in reason
    with running(loaded["api"], 8000) as container:
        container.wait("/health")
        assert asked(container, "/health")[1]["parts"]["models"]["detail"] == "no model; the table reads words"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("KMIDI_DATA", "KMIDI_DATA is '/nowhere'; no such folder"),
        ("KMIDI_MODELS", "the folder of models '/nowhere' can't be read"),
    ],
)
def test_a_folder_that_is_not_there_is_said(loaded: dict[str, str], setting: str, said: str) -> None:
    with running(loaded["api"], 8000, "--env", f"{setting}=/nowhere") as container:
        container.wait("/live")
        code, reason = checked(container, "api")
        assert code == 1
        assert "can't read /nowhere: No such file or directory" in reason
        assert said in reason
