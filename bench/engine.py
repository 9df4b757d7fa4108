"""Images built, loaded and run by the Docker engine of this machine, as bench and image tests do it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("api", "ui", "studio")
PORTS = {"api": 8000, "ui": 8501, "studio": 8000}
HEALTH = {"api": "/health", "ui": "/_stcore/health", "studio": "/health"}
HARD = (
    "--read-only",
    "--tmpfs",
    "/tmp:size=64m,mode=0700,uid=1000,gid=1000",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges",
)
_CONTEXT = (
    "Dockerfile",
    "docker-bake.hcl",
    ".dockerignore",
    "LICENSE",
    "pyproject.toml",
    "deploy/image",
    "deploy/locked",
    "packages",
    "services",
)


def platforms() -> list[str]:
    """The platforms to build and try: those that KMIDI_TEST_PLATFORMS names, else both."""
    return os.environ.get("KMIDI_TEST_PLATFORMS", "linux/amd64,linux/arm64").split(",")


def command(
    *arguments: str, check: bool = True, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A finished command, with its output as text; RuntimeError with that output where it fails and `check` says it
    must not.
    """
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, **environment}
    )
    if check and done.returncode:
        raise RuntimeError(
            f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-6000:]}"
        )
    return done


def docker(*arguments: str) -> str:
    """What a docker command prints."""
    return command("docker", *arguments).stdout.strip()


def bake(
    *arguments: str, check: bool = True, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`docker buildx bake`, with the certificates that this machine's package index needs, if it needs any."""
    given = {
        "CA": os.environ.get("SSL_CERT_FILE", ""),
        "PLATFORMS": ",".join(platforms()),
        "BUILDX_BAKE_ENTITLEMENTS_FS": "0",  # the certificates lie outside the project
        **environment,
    }
    return command("docker", "buildx", "bake", "--progress=plain", *arguments, check=check, folder=folder, **given)


def rendered(overlay: str) -> str:
    """The cluster's files of an overlay, as one stream of YAML."""
    folder = f"deploy/kubernetes/overlays/{overlay}"
    build = ("kubectl", "kustomize") if shutil.which("kubectl") else ("kustomize", "build")
    return command(*build, folder).stdout


def build(folder: Path, *services: str, source: Path = ROOT, cold: bool = False) -> float:
    """Seconds to build services for all platforms as OCI layouts FOLDER/<service>.tar."""
    folder.mkdir(parents=True, exist_ok=True)
    outputs = [item for name in services for item in ("--set", f"{name}.output=type=oci,dest={folder / name}.tar")]
    start = time.perf_counter()
    bake(*services, *outputs, *(["--no-cache"] if cold else []), folder=source)
    return time.perf_counter() - start


def copy_context(folder: Path) -> Path:
    """A copy of what the images are built from, to change something in."""
    for name in _CONTEXT:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__", "tests", ".venv"))
        else:
            shutil.copy2(ROOT / name, target)
    return folder


class Container:
    """A running container."""

    def __init__(self, name: str, port: int) -> None:
        self.id, self.inner = name, port

    def address(self, port: int | None = None) -> str:
        """Where a port of the container answers on this machine."""
        return "http://" + docker("port", self.id, str(port or self.inner)).splitlines()[0]

    def logs(self) -> str:
        """Everything that it has said."""
        done = command("docker", "logs", self.id)
        return done.stdout + done.stderr

    def state(self, path: str) -> str:
        """A field of `docker inspect`, as in ".State.Health.Status"."""
        return docker("inspect", "--format", f"{{{{{path}}}}}", self.id)

    def health(self, seconds: float = 60) -> str:
        """The health status, once it has become something else than starting."""
        until = time.monotonic() + seconds
        while (status := self.state(".State.Health.Status")) == "starting" and time.monotonic() < until:
            time.sleep(0.3)
        return status

    def wait(self, path: str, seconds: float = 60) -> None:
        """Until a GET of the path answers 200; RuntimeError with the logs where it does not in time."""
        until, address = time.monotonic() + seconds, self.address() + path
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(address, timeout=5) as response:
                    if response.status == 200:
                        return
            except (OSError, urllib.error.URLError):
                time.sleep(0.005)
        raise RuntimeError(f"{address} did not answer in {seconds} s:\n{self.logs()}")

    def memory_mb(self) -> float:
        """What the engine counts as its memory now, in MB: without what the kernel merely caches."""
        text = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", self.id).split("/")[0].strip()
        units = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
        return float(text[:-3]) * units[text[-3:]] / 1e6


@contextmanager
def running(image: str, port: int, *arguments: str, hard: bool = True) -> Iterator[Container]:
    """A container of an image, published on a free port of this machine, gone afterwards."""
    name = docker("run", "--detach", "--publish", f"127.0.0.1::{port}", *(HARD if hard else ()), *arguments, image)
    try:
        yield Container(name, port)
    finally:
        command("docker", "rm", "--force", "--volumes", name, check=False)
