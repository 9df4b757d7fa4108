"""The journeys of a person and of a client, as found in tests/e2e and services/api/tests, on the images as shipped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bench import engine
from bench.engine import Container, running

pytestmark = [pytest.mark.docker, pytest.mark.browser]
HERE = "linux/arm64" if os.uname().machine == "aarch64" else "linux/amd64"


def journeys(page: str, api: str, *tests: str, patience: int = 1) -> None:
    """Every test of the folders or names given passes on the services at these addresses, which are so many times slower."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", *tests]
    addresses = {"KMIDI_TRY_PAGE": page, "KMIDI_TRY_API": api, "KMIDI_TRY_PATIENCE": str(patience)}
    done = subprocess.run(command, cwd=engine.ROOT, env={**os.environ, **addresses}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.fixture
def started(loaded: dict[str, str], request: pytest.FixtureRequest) -> Iterator[tuple[Container, Container]]:
    """The containers of the page and of the API, read-only and without rights: two images, or studio for both."""
    platform, services = request.param
    with ExitStack() as stack:
        made = {
            name: stack.enter_context(
                running(
                    loaded[name],
                    engine.PORTS[name],
                    "--platform",
                    platform,
                    *(["--publish", "127.0.0.1::8501"] if name == "studio" else []),
                )
            )
            for name in services
        }
        for name, container in made.items():
            container.wait(engine.HEALTH[name], seconds=300)  # emulated, perhaps
        page, api = made[services[0]], made[services[-1]]
        yield page, api
        for container in made.values():
            assert container.state(".Config.User") == "1000:1000"
            assert "Traceback" not in container.logs()
            assert "grandmother" not in container.logs(), "a person's words are not logged"


@pytest.mark.parametrize(
    "started", [(HERE, ("ui", "api")), (HERE, ("studio",))], indirect=True, ids=["ui-api", "studio"]
)
def test_every_journey_in_the_browser(started: tuple[Container, Container]) -> None:
    page, api = started
    journeys(page.address(8501), api.address(8000), "tests/e2e")


@pytest.mark.parametrize("started", [(HERE, ("api",))], indirect=True, ids=["api"])
def test_every_journey_of_a_client(started: tuple[Container, Container]) -> None:
    _, api = started
    journeys("", api.address(), "services/api/tests")


FOREIGN = [platform for platform in engine.platforms() if platform != HERE]


@pytest.mark.parametrize("platform", FOREIGN)
def test_a_journey_on_the_other_platform(loaded: dict[str, str], platform: str) -> None:
    """One, the shortest with music: the machine is emulated, and the file is to be the one that is made here."""
    with running(loaded["ui"], 8501, "--platform", platform) as page:
        page.wait(engine.HEALTH["ui"], seconds=300)
        journeys(page.address(), "", "tests/e2e", "-k", "what_is_set_is_what_is_made", patience=5)
