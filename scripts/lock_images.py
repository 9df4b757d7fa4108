"""Write deploy/locked: what of uv.lock each image installs, with the hashes of the wheels that fit an image and no others.

uv run python -m scripts.lock_images
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "deploy/locked"
SERVICES = ("api", "ui")
EXPORT = ("uv", "export", "--frozen", "--quiet", "--no-dev", "--no-emit-workspace", "--no-annotate", "--no-header")
# The images' Python on the images' platforms, as PEP 425 and 600 name them.
FITS = re.compile(
    r"-(cp314-cp314|cp3\d+-abi3|py3-none|py2\.py3-none)-(any|[\w.]*manylinux\w*_(x86_64|aarch64)[\w.]*)\.whl$"
)
HASH = re.compile(r" \\\n    --hash=(\S+)")


def locked(service: str) -> str:
    """The requirements of a service as pip and uv read them; what has no wheel that fits is for other platforms."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    fitting = {
        wheel["hash"] for package in packages for wheel in package.get("wheels", ()) if FITS.search(wheel["url"])
    }
    command = (*EXPORT, "--package", f"kmidi-{service}")
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = [
        HASH.sub(lambda hash_: hash_[0] if hash_[1] in fitting else "", requirement)
        for requirement in re.split(r"\n(?=\S)", said.rstrip("\n"))
    ]
    return "# Written by `make lock`.\n" + "".join(f"{text}\n" for text in kept if HASH.search(text))


def main() -> None:
    """Write both files."""
    for service in SERVICES:
        (FOLDER / f"{service}.txt").write_text(locked(service))


if __name__ == "__main__":
    main()
