"""What lies in the images, read from their layers: nothing of the wrong machine, nothing writable, nothing of the build."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from uuid import uuid4

import elf
import pytest

from bench import engine, oci

pytestmark = pytest.mark.docker

Images = dict[tuple[str, str], oci.Image]
LOADERS = {"amd64": "ld-linux-x86-64.so.2", "arm64": "ld-linux-aarch64.so.1"}
BAR_MB = {"api": (130, 45), "ui": (320, 110)}


def all_images() -> list[tuple[str, str]]:
    return [(name, platform) for name in engine.SERVICES for platform in engine.platforms()]


@pytest.mark.parametrize("which", all_images(), ids="-".join)
def test_every_file(images: Images, which: tuple[str, str], tmp_path: Path) -> None:
    machine, traces = which[1].removeprefix("linux/"), traces_of_the_build()
    libraries, places, programs = 0, set[str](), set[str]()
    for entry, content in images[which].members():
        name = entry.name.strip("/")
        places.add(name)
        if entry.isfile() and entry.mode & 0o111:
            programs.add(name)
        assert entry.issym() or not entry.mode & 0o022, f"{name} is writable by group or others"
        assert not entry.mode & 0o6000, f"{name} is setuid or setgid"
        assert entry.uid == entry.gid == (1000 if name == "tmp" else 0), name
        assert entry.mtime == 315532800, f"{name} tells when it was built"
        assert not [trace for trace in traces if trace in content], f"{name} tells of the build"
        if content[:4] == b"\x7fELF":
            (file := tmp_path / "file").write_bytes(content)
            facts = elf.read(file)
            assert facts is not None
            assert facts.machine == machine, f"{name} is for {facts.machine}"
            libraries += 1
    assert libraries > 20
    assert programs == {"usr/local/bin/python3.14", f"usr/lib{'64' if machine == 'amd64' else ''}/{LOADERS[machine]}"}
    assert not [place for place in places if re.search(r"site-packages/(pip|uv|setuptools)(/|-)|ensurepip", place)]
    assert {"data", "app/models", "tmp"} <= places
    sources = {place for place in places if place.startswith("usr/") and place.endswith(".py")}
    compiled = {
        re.sub(r"/__pycache__/([^/]+)\.cpython-\d+\.pyc$", r"/\1.py", place)
        for place in places
        if place.endswith(".pyc")
    }
    assert sources == compiled, "every module has its bytecode"


def traces_of_the_build() -> set[bytes]:
    """What only this machine and this build know: folders, and a line of the certificates that were handed in."""
    found = {str(engine.ROOT).encode(), b"/kmidi-build", b"/trees/", b"/layers/", b"/run/secrets"}
    file = Path(os.environ.get("CA") or os.environ.get("SSL_CERT_FILE") or os.devnull)
    lines = file.read_bytes().split() if file.is_file() else []
    return found | set(lines[-5:-4])  # within the last certificate: those before it are in every bundle


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
    said = json.dumps(images[which].config)
    assert not [
        trace
        for trace in traces_of_the_build() - {b"/trees/", b"/layers/"}
        if trace.decode() in said.replace("from=packages /layers/", "")
    ]
    assert not [item for item in config["Env"] if re.search("SECRET|TOKEN|PASSWORD|KEY=", item)]


@pytest.mark.parametrize("platform", engine.platforms())
def test_sizes(images: Images, platform: str) -> None:
    unpacked = {name: images[name, platform].unpacked() for name in engine.SERVICES}
    for name, (most_unpacked, most_compressed) in BAR_MB.items():
        assert unpacked[name] <= most_unpacked * 1e6
        assert images[name, platform].compressed() <= most_compressed * 1e6
    assert unpacked["studio"] - unpacked["ui"] <= 25e6


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


def test_a_second_cold_build_gives_the_same_digests(source: Path, layouts: Path, tmp_path: Path) -> None:
    engine.build(tmp_path, *engine.SERVICES, source=source, cold=True)
    for name in engine.SERVICES:
        assert oci.digest(tmp_path / f"{name}.tar") == oci.digest(layouts / f"{name}.tar"), name


def test_a_changed_line_installs_nothing(tmp_path: Path) -> None:
    source = engine.copy_context(tmp_path)
    store = ("--set", "*.output=type=cacheonly")
    engine.bake("api", "ui", *store, folder=source)
    changed = source / "packages/kmidi/src/kmidi/errors.py"
    changed.write_text(f"{changed.read_text()}\n# changed: {uuid4()}\n")  # a line that no engine built before
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
