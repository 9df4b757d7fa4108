"""The bake file as the engine understands it, without building anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench import engine

pytestmark = pytest.mark.docker


def plan(*arguments: str, **environment: str) -> dict[str, Any]:
    both = {"PLATFORMS": "linux/amd64,linux/arm64", "CA": ""}
    return json.loads(engine.bake("--print", *arguments, **(both | environment)).stdout)


def test_bare_bake_builds_api_and_ui_for_both_platforms() -> None:
    targets = plan()["target"]
    assert targets.keys() == {"base", "api", "ui"}
    for name in ("api", "ui"):
        assert targets[name]["platforms"] == ["linux/amd64", "linux/arm64"]
        assert targets[name]["contexts"] == {"base": "target:base"}
        assert targets[name]["target"] == name
        assert targets[name]["labels"]["org.opencontainers.image.title"] == f"kmidi {name}"
        assert any(
            item.startswith("manifest,index:org.opencontainers.image.licenses=")
            for item in targets[name]["annotations"]
        )


def test_compose_changes_no_target() -> None:
    assert plan("all") == plan("--file", "docker-bake.hcl", "all")


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("all", {"api", "ui", "studio"}),
        ("local", {"api-local", "ui-local"}),
        ("local-all", {"api-local", "ui-local", "studio-local"}),
        ("release", {"api-release", "ui-release", "studio-release"}),
        ("validate", {"check", "lint"}),
    ],
)
def test_groups(group: str, names: set[str]) -> None:
    found = plan(group)
    assert set(found["group"][group]["targets"]) == names
    assert names <= found["target"].keys()


def test_attestations_are_the_release_s_alone() -> None:
    for name, target in plan("all", "local-all", "release")["target"].items():
        kinds = {(item["type"], item.get("mode"), item.get("disabled", False)) for item in target.get("attest", [])}
        if name.endswith("-release"):
            assert {("provenance", "max", False), ("sbom", None, False)} <= kinds, name
        elif not name.startswith("base"):
            assert kinds == {("provenance", None, True)}, name


def test_local_images_are_loaded_for_this_machine() -> None:
    for name in engine.SERVICES:
        target = plan("local-all")["target"][f"{name}-local"]
        assert target["output"] == [{"type": "docker"}]
        assert "platforms" not in target


def test_the_certificates_are_an_optional_secret(tmp_path: Path) -> None:
    assert "secret" not in plan()["target"]["api"]
    (file := tmp_path / "ca.pem").write_text("a certificate")
    assert plan(CA=str(file))["target"]["api"]["secret"] == [{"id": "ca", "src": str(file)}]


@pytest.mark.parametrize(
    ("kept", "source"),
    [
        ("gha", {"type": "gha", "scope": "api"}),
        ("registry", {"type": "registry", "ref": "kmidi/cache:api"}),
        ("/kept", {"type": "local", "src": "/kept/api"}),
    ],
)
def test_caches_come_from_and_go_to_one_place(kept: str, source: dict[str, str]) -> None:
    target = plan("release", CACHE=kept)["target"]["api-release"]
    assert target["cache-from"] == [source]
    (sent,) = target["cache-to"]
    assert sent["mode"] == "max"
    assert sent["type"] == source["type"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PYTHON", "python:3.9-slim"),
        ("REPOSITORY", "Registry/Kmidi"),
        ("REPOSITORY", "registry/kmidi/"),
        ("VERSION", "a tag"),
        ("REVISION", "abc"),
        ("SOURCE_DATE_EPOCH", "-1"),
        ("SOURCE_DATE_EPOCH", "now"),
        ("PLATFORMS", "linux/riscv64"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    done = engine.bake("--print", check=False, **({"PLATFORMS": "linux/amd64"} | {name: value}))
    assert done.returncode != 0
    assert name in done.stderr


def test_every_variable_says_what_it_is_for() -> None:
    listed = json.loads(engine.bake("--list=type=variables,format=json").stdout)
    assert len(listed) >= 9
    assert not [item["name"] for item in listed if not item.get("description") or not item.get("type")]
