"""The images at work, as an operator runs them: read-only, without rights, stopped under load, given bad mounts and
settings.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request

import pytest

from bench import engine
from bench.engine import Container, running

pytestmark = pytest.mark.docker

IMPORT_ALL = """
import importlib, pathlib, sys
root = pathlib.Path(next(p for p in sys.path if p.endswith("-packages")))
names = []
for path in sorted(root.rglob("*.so")):
    first, _, rest = path.name.partition(".")
    if rest == "so" and first.startswith("lib"):
        continue
    names.append(".".join([*path.relative_to(root).parts[:-1], first]))
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def compose(container: Container, port: int = 8000) -> bytes:
    body = json.dumps({"text": "grief hidden as love", "seed": 1, "bars": 8}).encode()
    headers = {"content-type": "application/json", "accept": "audio/midi"}
    request = urllib.request.Request(container.address(port) + "/v1/compositions", body, headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


@pytest.mark.parametrize("platform", engine.platforms())
def test_every_native_module_imports(loaded: dict[str, str], platform: str) -> None:
    """In studio, which holds every layer of api and ui."""
    said = engine.docker(
        "run",
        "--rm",
        "--platform",
        platform,
        *engine.HARD,
        "--entrypoint",
        "/usr/local/bin/python3",
        loaded["studio"],
        "-c",
        IMPORT_ALL,
    )
    assert int(said.splitlines()[-1]) > 10


@pytest.mark.parametrize("platform", engine.platforms())
def test_the_api_answers_with_the_same_file_on_every_platform(loaded: dict[str, str], platform: str) -> None:
    with running(loaded["api"], 8000, "--platform", platform) as container:
        container.wait("/health", seconds=300)  # emulated, perhaps
        file = compose(container)
    with running(loaded["studio"], 8000) as other:
        other.wait("/health")
        assert file == compose(other)
    assert file.startswith(b"MThd")


@pytest.mark.parametrize("service", engine.SERVICES)
def test_becomes_healthy_and_stops_cleanly(loaded: dict[str, str], service: str) -> None:
    with running(loaded[service], engine.PORTS[service]) as container:
        assert container.health() == "healthy", container.logs()
        assert container.state(".Config.User") == "1000:1000"
        began = time.monotonic()
        engine.docker("stop", "--time", "20", container.id)
        assert time.monotonic() - began < 15
        assert container.state(".State.ExitCode") == "0", container.logs()
        assert "Traceback" not in container.logs()


@pytest.mark.parametrize("service", ["api", "ui"])
def test_runs_as_another_user(loaded: dict[str, str], service: str) -> None:
    with running(
        loaded[service], engine.PORTS[service], "--read-only", "--tmpfs", "/tmp", "--user", "4242:4242", hard=False
    ) as container:
        assert container.health() == "healthy", container.logs()


def test_studio_runs_what_is_asked_for(loaded: dict[str, str]) -> None:
    with running(loaded["studio"], 8501, "--env", "KMIDI_RUN=ui") as container:
        container.wait("/_stcore/health")
        assert container.health() == "healthy"
    with running(loaded["studio"], 8000, "--env", "KMIDI_RUN=api") as container:
        container.wait("/health")
        assert container.health() == "healthy"


def test_stopping_under_load_loses_no_accepted_request(loaded: dict[str, str]) -> None:
    """Eight clients ask without pause; each request that the service took must be answered whole."""
    body = json.dumps({"text": "rage", "bars": 16})
    headers = {"content-type": "application/json", "accept": "audio/midi"}
    answered: list[int] = []
    lost: list[str] = []
    with running(loaded["api"], 8000) as container:
        container.wait("/health")
        host = container.address().removeprefix("http://")

        def ask() -> None:
            while True:
                connection = http.client.HTTPConnection(host, timeout=30)
                try:
                    connection.connect()
                except OSError:
                    return  # refused: nobody took it
                try:
                    connection.request("POST", "/v1/compositions", body, headers)
                    response = connection.getresponse()
                    content = response.read()
                    answered.append(response.status)
                    if response.status == 200 and not content.startswith(b"MThd"):
                        lost.append("cut off")
                except (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected) as error:
                    # the engine's proxy accepts on the service's behalf; once the service listens no more it hangs up unasked
                    if container.state(".State.Running") == "true" and listens(container):
                        lost.append(repr(error))
                    return
                except (OSError, http.client.HTTPException) as error:
                    lost.append(repr(error))
                finally:
                    connection.close()

        clients = [threading.Thread(target=ask) for _ in range(8)]
        for client in clients:
            client.start()
        time.sleep(2)
        engine.docker("stop", "--time", "25", container.id)
        for client in clients:
            client.join(60)
        logs, code = container.logs(), container.state(".State.ExitCode")
    assert not lost
    assert set(answered) <= {200, 503}
    assert answered.count(200) > 10
    assert logs.count('"POST /v1/compositions HTTP/1.1" 200') == answered.count(200), (
        "each answer that was made arrived"
    )
    assert code == "0"


def listens(container: Container) -> bool:
    return "Shutting down" not in container.logs()


def test_ready_says_no_while_it_drains(loaded: dict[str, str]) -> None:
    with running(loaded["api"], 8000, "--env", "KMIDI_API_DRAIN_SECONDS=5") as container:
        container.wait("/ready")
        engine.docker("kill", "--signal", "TERM", container.id)
        time.sleep(1)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(container.address() + "/ready", timeout=5)
        with urllib.request.urlopen(container.address() + "/live", timeout=5) as response:
            assert response.status == 200
        assert compose(container).startswith(b"MThd")


@pytest.mark.parametrize(
    ("service", "setting", "said"),
    [
        ("api", "KMIDI_API_PORT=eighty", "KMIDI_API_PORT is 'eighty'"),
        ("api", "KMIDI_API_PORT=99999", "KMIDI_API_PORT is 99999; legal: 0 to 65535"),
        ("api", "KMIDI_API_COMPOSER=3", "unknown setting KMIDI_API_COMPOSER"),
        ("studio", "KMIDI_RUN=all", "KMIDI_RUN is 'all'; legal: api, ui, both"),
    ],
)
def test_a_wrong_setting_ends_at_once_and_is_named(
    loaded: dict[str, str], service: str, setting: str, said: str
) -> None:
    done = engine.command("docker", "run", "--rm", *engine.HARD, "--env", setting, loaded[service], check=False)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("service", ["api", "ui"])
def test_a_full_tmp_hurts_nobody(loaded: dict[str, str], service: str) -> None:
    """Neither service keeps anything there: both stay healthy and go on working."""
    full = ("--read-only", "--tmpfs", "/tmp:size=64k,mode=0700,uid=1000,gid=1000", "--cap-drop", "ALL")
    with running(loaded[service], engine.PORTS[service], *full, hard=False) as container:
        container.wait(engine.HEALTH[service])
        filler = "try:\n  open('/tmp/full', 'wb', 0).write(b'x' * 10**6)\n  open('/tmp/more', 'wb', 0).write(b'x' * 10**6)\nexcept OSError as e:\n  print(e)"
        assert "No space left" in engine.docker("exec", container.id, "/usr/local/bin/python3", "-c", filler)
        assert container.health() == "healthy"
        if service == "api":
            assert compose(container).startswith(b"MThd")
        assert "Traceback" not in container.logs()
