"""`docker compose` from clean, as the README says it."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator

import pytest

from bench import engine

pytestmark = pytest.mark.docker
PORTS = (("api", "8000"), ("ui", "8501"))


@pytest.fixture(scope="module")
def ports(loaded: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The ports of api and ui after one `docker compose up --build --wait`; the images' layers are in the build
    cache already.
    """
    assert loaded
    ca = os.environ.get("CA") or os.environ.get("SSL_CERT_FILE", "")
    files = ["-f", "compose.yaml", *(["-f", "deploy/compose.ca.yaml"] if ca else [])]
    folder = tmp_path_factory.mktemp("mounts")
    for name in ("data", "models"):
        (folder / name).mkdir(mode=0o755)
    folder.chmod(0o755)
    environment = {
        "CA": ca,
        "KMIDI_API_PUBLISHED": "0",  # the engine chooses: a port that was free a moment ago may be taken
        "KMIDI_UI_PUBLISHED": "0",
        "KMIDI_VERSION": "compose-test",
        "KMIDI_DATA_FOLDER": str(folder / "data"),
        "KMIDI_MODELS_FOLDER": str(folder / "models"),
        "COMPOSE_PROJECT_NAME": "kmidi-compose-test",
        "BUILDX_BAKE_ENTITLEMENTS_FS": "0",
    }
    try:
        engine.command("docker", "compose", *files, "up", "--build", "--wait", "--wait-timeout", "180", **environment)
        said = [engine.command("docker", "compose", *files, "port", *port, **environment).stdout for port in PORTS]
        yield int(said[0].rpartition(":")[2]), int(said[1].rpartition(":")[2])
    finally:
        engine.command("docker", "compose", *files, "down", "--volumes", "--rmi", "all", check=False, **environment)


def test_one_command_ends_healthy_and_gives_a_file(ports: tuple[int, int]) -> None:
    api, ui = ports
    body = json.dumps({"text": "grief hidden as love"}).encode()
    headers = {"content-type": "application/json", "accept": "audio/midi"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{api}/v1/compositions", body, headers)
    ) as response:
        assert response.read(4) == b"MThd"
    with urllib.request.urlopen(f"http://127.0.0.1:{ui}/_stcore/health") as response:
        assert response.status == 200


def test_every_service_is_hardened() -> None:
    said = engine.command("docker", "compose", "--profile", "studio", "config", "--format", "json").stdout
    services = json.loads(said)["services"]
    assert services.keys() == {"api", "ui", "studio"}
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"] == "unless-stopped"
        assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
        assert {(mount["target"], mount["read_only"]) for mount in service["volumes"]} == {
            ("/data", True),
            ("/app/models", True),
        }
        assert "build" in service
    assert services["ui"]["depends_on"]["api"]["condition"] == "service_healthy"
    assert services["studio"]["profiles"] == ["studio"]
