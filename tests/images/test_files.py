"""What lies in the images, read from their layers: nothing of the wrong machine, nothing writable, nothing of the build."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path

import elf
import pytest

from bench import engine, oci

pytestmark = pytest.mark.docker

Images = dict[tuple[str, str], oci.Image]
TOOLS = {
    "sh",
    "bash",
    "dash",
    "busybox",
    "pip",
    "pip3",
    "uv",
    "uvx",
    "apt",
    "apt-get",
    "dpkg",
    "gcc",
    "cc",
    "ld",
    "perl",
    "curl",
    "wget",
}
BAR_MB = {"api": (130, 45), "ui": (320, 110)}


def all_images() -> list[tuple[str, str]]:
    return [(name, platform) for name in engine.SERVICES for platform in engine.platforms()]


@pytest.mark.parametrize("which", all_images(), ids="-".join)
def test_machine_modes_and_tools(images: Images, which: tuple[str, str], tmp_path: Path) -> None:
    machine = which[1].removeprefix("linux/")
    libraries, places = 0, set[str]()
    for entry, content in images[which].members():
        places.add(entry.name)
        assert entry.issym() or not entry.mode & 0o022, f"{entry.name} is writable by group or others"
        assert not entry.mode & 0o6000, f"{entry.name} is setuid or setgid"
        assert entry.uid == entry.gid == (1000 if entry.name.strip("/") == "tmp" else 0), entry.name
        assert entry.mtime == 315532800, f"{entry.name} tells when it was built"
        if content[:4] == b"\x7fELF":
            file = tmp_path / "file"
            file.write_bytes(content)
            facts = elf.read(file)
            assert facts is not None
            assert facts.machine == machine, f"{entry.name} is for {facts.machine}"
            libraries += 1
    assert libraries > 50
    names = {Path(place).name for place in places}
    assert not names & TOOLS
    assert not any(re.search(r"site-packages/(pip|uv|setuptools)(/|-)|ensurepip", place) for place in places)
    assert {"data", "app/models", "tmp"} <= {place.strip("/") for place in places}


@pytest.mark.parametrize("which", all_images(), ids="-".join)
def test_every_module_has_its_bytecode(images: Images, which: tuple[str, str]) -> None:
    places = {entry.name.strip("/") for entry, _ in images[which].members() if entry.isfile()}
    sources = {place for place in places if place.endswith(".py") and not place.startswith("app/")}
    compiled = {
        re.sub(r"/__pycache__/([^/]+)\.cpython-\d+\.pyc$", r"/\1.py", place)
        for place in places
        if place.endswith(".pyc")
    }
    assert sources == compiled


@pytest.mark.parametrize("which", all_images(), ids="-".join)
def test_nothing_of_the_build_machine(images: Images, which: tuple[str, str]) -> None:
    image = images[which]
    traces = {str(engine.ROOT), "/workspace", "/venv/", "/layers/", "/run/secrets"}
    traces |= {value for key in ("CA", "SSL_CERT_FILE") if len(value := os.environ.get(key, "")) > 1}
    looked_for = {trace.encode() for trace in traces} | secret_lines()
    for entry, content in image.members():
        if entry.name.endswith((".pyc", ".so")) or b"\0" not in content[:1000]:
            found = [trace for trace in looked_for if trace in content]
            # certifi and ssl name the usual places of certificates in their own text
            assert not found or entry.name.endswith(("ssl.py", "certifi/core.py", ".pem")), (
                f"{entry.name} holds {found}"
            )
    said = json.dumps(image.config)
    assert not [trace for trace in traces - {"/layers/", "/workspace", "/venv/", "/run/secrets"} if trace in said]


def secret_lines() -> set[bytes]:
    """A line from the middle of the last certificate handed to the build: one that only this machine knows."""
    file = Path(os.environ.get("CA") or os.environ.get("SSL_CERT_FILE", "/nowhere"))
    if not file.is_file():
        return set()
    blocks = file.read_bytes().split(b"-----BEGIN CERTIFICATE-----")
    lines = blocks[-1].split()
    return {lines[len(lines) // 3]} if len(lines) > 3 and _is_base64(lines[len(lines) // 3]) else set()


def _is_base64(line: bytes) -> bool:
    try:
        return bool(base64.b64decode(line, validate=True))
    except ValueError:
        return False


@pytest.mark.parametrize("which", all_images(), ids="-".join)
def test_how_it_runs(images: Images, which: tuple[str, str]) -> None:
    config = images[which].config["config"]
    assert config["User"] == "1000:1000"
    assert config["Entrypoint"][0].startswith("/usr/local/bin/python3"), "a program, not a shell"
    assert config["StopSignal"] == "SIGTERM"
    health = config["Healthcheck"]
    assert health["Test"][0] == "CMD"
    seconds = {key: health[key] / 1e9 for key in ("Interval", "Timeout", "StartPeriod")}
    assert seconds == {"Interval": 30, "Timeout": 10, "StartPeriod": 40}
    assert health["Retries"] == 3
    labels = config["Labels"]
    for name in ("title", "description", "licenses", "version"):
        assert labels[f"org.opencontainers.image.{name}"]
    assert not [item for item in config["Env"] if re.search("SECRET|TOKEN|PASSWORD|KEY=", item)]


@pytest.mark.parametrize("platform", engine.platforms())
def test_sizes(images: Images, platform: str) -> None:
    for name, (unpacked, compressed) in BAR_MB.items():
        image = images[name, platform]
        assert image.unpacked() <= unpacked * 1e6
        assert image.compressed() <= compressed * 1e6
    assert images["studio", platform].unpacked() - images["ui", platform].unpacked() <= 25e6


@pytest.mark.parametrize("platform", engine.platforms())
def test_shared_layers_are_one(images: Images, platform: str) -> None:
    api, ui, studio = ([layer.digest for layer in images[name, platform].layers] for name in engine.SERVICES)
    assert api[:2] == ui[:2] == studio[:2], "interpreter and common packages"
    assert len(set(api) & set(ui)) == 3, "the core too"
    assert set(ui) < set(studio)
    assert set(api) <= set(studio)


def test_members_are_equal_on_both_platforms(images: Images) -> None:
    layers = [images["api", platform].layers[-2:] for platform in engine.platforms()]
    assert all(found == layers[0] for found in layers), "pure Python is built once"


def test_a_second_cold_build_gives_the_same_digests(layouts: Path, tmp_path: Path) -> None:
    engine.build(tmp_path, *engine.SERVICES, cold=True)
    for name in engine.SERVICES:
        assert oci.digest(tmp_path / f"{name}.tar") == oci.digest(layouts / f"{name}.tar"), name


def test_a_changed_line_installs_nothing(tmp_path: Path) -> None:
    source = engine.copy_context(tmp_path)
    store = ("--set", "*.output=type=cacheonly")
    engine.bake("api", "ui", *store, folder=source)
    changed = source / "packages/kmidi/src/kmidi/errors.py"
    changed.write_text(changed.read_text() + "\n# changed\n")
    said = engine.bake("api", "ui", *store, folder=source).stderr
    steps = dict(re.findall(r"^#(\d+) \[.*?((?:packages|members) \d/\d)\] RUN", said, re.MULTILINE))
    cached = set(re.findall(r"^#(\d+) CACHED", said, re.MULTILINE))
    assert {text for number, text in steps.items() if number not in cached} == {"members 2/2"}
    assert "packages 2/2" in steps.values()


def test_the_context_is_small(tmp_path: Path) -> None:
    source = engine.copy_context(tmp_path)
    said = engine.bake("api", "--set", "*.output=type=cacheonly", folder=source).stderr
    sent = re.findall(r"transferring context: ([\d.]+)(k?B|MB)", said)
    assert sent
    assert max(float(number) * {"B": 1, "kB": 1e3, "MB": 1e6}[unit] for number, unit in sent) < 2e6
