"""The images: how large, how fast to build, to rebuild and to start, how much memory, each beside its bar.

`uv run python -m bench.images` needs a Docker engine; it builds everything twice without cache, in a few minutes.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from . import engine, oci
from .table import figure, show

Row = tuple[str, ...]
MB = 1e6
# Unpacked and compressed; bytecode is in, and a sound font may take FONT on top.
SIZES = {"api": (130, 45), "ui": (320, 110)}
STUDIO_ADDS = 25
MEMORY = {"api": 100, "ui": 180}
BARE = """
FROM kmidi/api:dev
COPY bare.py /app/bare.py
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/python3", "-m", "uvicorn", "--app-dir", "/app", "--host", "0.0.0.0", "--port", "8000", "bare:app"]
"""
BARE_APP = """
import numpy
from fastapi import FastAPI
app = FastAPI()
@app.get("/health")
async def health() -> dict[str, str]:
    return {"numpy": numpy.__version__}
"""


def sizes(folder: Path) -> list[Row]:
    """Unpacked and compressed MB of each image on each platform."""
    images = {name: oci.read(folder / f"{name}.tar") for name in engine.SERVICES}
    rows: list[Row] = []
    for platform in images["api"]:
        unpacked = {name: image[platform].unpacked() / MB for name, image in images.items()}
        for name, bars in SIZES.items():
            rows.append(figure(f"{name} {platform} unpacked MB", unpacked[name], bars[0], at_least=False, digits=1))
            rows.append(
                figure(
                    f"{name} {platform} compressed MB",
                    images[name][platform].compressed() / MB,
                    bars[1],
                    at_least=False,
                    digits=1,
                )
            )
        adds = unpacked["studio"] - unpacked["ui"]
        rows.append(figure(f"studio adds to ui {platform} MB", adds, STUDIO_ADDS, at_least=False, digits=1))
        layers = [{layer.digest: layer.compressed for layer in images[name][platform].layers} for name in ("api", "ui")]
        shared = sum(size for digest, size in layers[0].items() if digest in layers[1])
        rows.append((f"layers of api and ui alike {platform} MB", f"{shared / MB:.1f}", "", "compressed"))
    return rows


def builds(folder: Path) -> list[Row]:
    """Cold builds and their digests, a rebuild after one changed line, the build context."""
    first = engine.build(folder / "first", *engine.SERVICES, cold=True)
    second = engine.build(folder / "second", *engine.SERVICES, cold=True)
    digests = [[oci.digest(folder / turn / f"{name}.tar") for name in engine.SERVICES] for turn in ("first", "second")]
    with tempfile.TemporaryDirectory() as place:
        source = engine.copy_context(Path(place))
        store = ("--set", "*.output=type=image")
        sent = engine.bake("api", "ui", *store, folder=source).stderr  # from a folder never sent before: all of it
        cold = _seconds(source, "api", "ui", "--no-cache", *store)
        again: list[float] = []
        for turn in range(3):
            changed = source / "packages/kmidi/src/kmidi/errors.py"
            changed.write_text(changed.read_text() + f"\n# {turn}\n")
            again.append(_seconds(source, "api", "ui", *store))
    context = max(
        (_bytes(*found) for found in re.findall(r"transferring context: ([\d.]+)([kM]?B)", sent)), default=0.0
    )
    return [
        figure(
            "cold builds with the same digests, of 3 images",
            sum(a == b for a, b in zip(*digests, strict=True)),
            3,
            digits=0,
        ),
        ("cold build of all three, s", f"{first:.1f} and {second:.1f}", "", ""),
        ("cold build of api and ui, s", f"{cold:.1f}", "", ""),
        figure("rebuild after one line / cold build", statistics.median(again) / cold, 0.1, at_least=False),
        figure("build context MB", context / MB, 2, at_least=False, digits=2),
    ]


def _seconds(source: Path, *arguments: str) -> float:
    start = time.perf_counter()
    engine.bake(*arguments, folder=source)
    return time.perf_counter() - start


def _bytes(number: str, unit: str) -> float:
    return float(number) * {"B": 1, "kB": 1e3, "MB": 1e6}[unit]


def starts(repeats: int = 5) -> list[Row]:
    """Container start to first healthy answer beside a bare FastAPI + numpy on the same interpreter; idle memory."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "Dockerfile").write_text(BARE)
        (Path(place) / "bare.py").write_text(BARE_APP)
        engine.docker("buildx", "build", "--quiet", "--provenance=false", "--tag", "kmidi/bare:dev", "--load", place)
    taken: dict[str, list[float]] = {"api": [], "bare": [], "ui": []}
    memory: dict[str, float] = {}
    for _ in range(repeats):
        for name in taken:
            start = time.perf_counter()
            with engine.running(f"kmidi/{name}:dev", engine.PORTS.get(name, 8000)) as container:
                container.wait(engine.HEALTH.get(name, "/health"))
                taken[name].append(time.perf_counter() - start)
                if name in MEMORY and name not in memory:
                    time.sleep(3)
                    memory[name] = container.memory_mb()
    median = {name: statistics.median(times) for name, times in taken.items()}
    rows: list[Row] = [(f"{name}: start to healthy, s", f"{seconds:.2f}", "", "") for name, seconds in median.items()]
    rows.append(
        figure("api start / bare FastAPI + numpy start", median["api"] / median["bare"], 1.5, at_least=False, digits=2)
    )
    rows += [
        figure(f"{name} idle memory MB", memory[name], bar, at_least=False, digits=0) for name, bar in MEMORY.items()
    ]
    return rows


def main() -> None:
    """Print all figures."""
    if shutil.which("docker") is None or engine.command("docker", "info", check=False).returncode:
        sys.exit("bench.images: no Docker engine answers")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = builds(folder)
        for name in engine.SERVICES:
            engine.docker("load", "--quiet", "--input", str(folder / "first" / f"{name}.tar"))
        rows += sizes(folder / "first") + starts()
    show(rows, ("figure", "here", "bar", ""))


if __name__ == "__main__":
    main()
