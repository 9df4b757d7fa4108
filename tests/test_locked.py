"""The images install what the lock says: `make lock` has been run after the lock changed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("service", ["api", "ui"])
def test_the_images_part_of_the_lock_is_fresh(service: str) -> None:
    options = re.search(r"^EXPORT = (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert options
    command = ["uv", "export", "--frozen", *options[1].split(), "--no-header", "--package", f"kmidi-{service}"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = (ROOT / "deploy/locked" / f"{service}.txt").read_text()
    without_header = "".join(line for line in kept.splitlines(keepends=True) if not line.startswith("#"))
    assert without_header == said, "run `make lock`"
