"""Many files: songs a second on one core, with all cores, with one and two Dask workers, beside music21.

uv run python -m bench.corpus              all pop songs
uv run python -m bench.corpus --every 5    every fifth
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from bench.table import figure, medians, show
from kmidi import midi
from kmidi.analysis import analyze

ONE_CORE = """
import sys, time
from pathlib import Path
from kmidi.corpus import row_of
files = [(p, Path(p).read_bytes()) for p in sys.argv[1].split(chr(10))]
row_of(*files[0])
began = time.perf_counter()
for file in files:
    row_of(*file)
print(time.perf_counter() - began)
"""


def one_core(paths: list[Path]) -> float:
    """Seconds for the rows of so many files in one process with one thread."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    said = subprocess.run([sys.executable, "-c", ONE_CORE, "\n".join(map(str, paths))], env=os.environ | threads, capture_output=True, text=True, check=True)  # fmt: skip
    return float(said.stdout)


def with_dask(folder: Path, workers: int) -> tuple[float, bytes]:
    """Seconds from a warm local Dask cluster of so many workers, and the rows."""
    from distributed import Client, LocalCluster

    from kmidi.corpus import corpus

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as local,
        Client(local) as client,
    ):
        client.run(lambda: __import__("kmidi.corpus") and None)
        began = time.perf_counter()
        rows = corpus(folder, scheduler=client.scheduler.address)
        return time.perf_counter() - began, repr(rows).encode()


def against_music21(path: Path) -> tuple[str, str, str, str]:
    """Times that the full analysis is faster than music21's parsing and key finding."""
    import music21

    data = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slow = medians({"": lambda: music21.converter.parse(data, format="midi").analyze("key")}, repeats=1)[""]
    fast = medians({"": lambda: analyze(midi.read(data))}, repeats=9)[""]
    return figure(
        f"{path.parent.name}/{path.name}: {1e3 * fast:.1f} ms, times as fast as music21's parse and key",
        slow / fast,
        100,
        digits=0,
    )


def main(arguments: list[str] | None = None) -> None:
    """Print songs a second and how workers add up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args(arguments or []).every
    data = Path(os.environ["KMIDI_SHARED"]) / "data" / "pop909"
    paths = sorted(data.glob("s*/*.mid"))[::every]
    rows = [
        figure(f"full analysis of {len(paths)} files, files/s on one core", len(paths) / one_core(paths), 60, digits=1)
    ]
    with tempfile.TemporaryDirectory() as there:
        for path in paths:
            (Path(there) / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
        (one, same), (two, as_two) = (with_dask(Path(there), workers) for workers in (1, 2))
    rows += [
        (f"Dask, one worker: {len(paths) / one:.0f} files/s; two: {len(paths) / two:.0f} files/s", "", "", ""),
        figure("two Dask workers, times as fast as one", one / two, 1.8, digits=2),
        ("the same rows from both", str(same == as_two), "True", "met" if same == as_two else "NOT MET"),
        *(against_music21(path) for path in (paths[0], paths[-1])),
    ]
    show(rows, ("many files", "figure", "bar", "met?"))


if __name__ == "__main__":
    main(sys.argv[1:])
