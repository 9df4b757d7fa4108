"""Many files: files a second on one core, with one and two Dask workers, beside music21.

uv run python -m bench.corpus              all pop scores and drum performances
uv run python -m bench.corpus --every 5    every fifth
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from bench.table import figure, show
from kmidi import midi
from kmidi.analysis import analyze

ROUNDS = 3
SONGS = 19  # and the last, measured beside music21
OFTENER = 9  # times that an analysis is measured for each time that music21 is
THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ONE_CORE = """
import sys, time
from pathlib import Path
from kmidi.corpus import row_of
files = [(p, Path(p).read_bytes()) for p in sys.stdin.read().split(chr(10))]
row_of(*files[0])
wall, core = time.perf_counter(), time.process_time()
for file in files:
    row_of(*file)
print(time.perf_counter() - wall, time.process_time() - core)
"""
SPIN = "import time\nend, n = time.monotonic() + 2, 0\nwhile time.monotonic() < end: n += sum(range(200))\nprint(n)"


def one_core(paths: list[Path]) -> tuple[float, float]:
    """Seconds by the clock and of the processor for the rows of so many files in one process with one thread."""
    said = subprocess.run([sys.executable, "-c", ONE_CORE], input="\n".join(map(str, paths)), env=os.environ | THREADS, capture_output=True, text=True, check=True)  # fmt: skip
    wall, core = map(float, said.stdout.split())
    return wall, core


def with_dask(folder: Path, workers: int) -> tuple[float, float, bytes]:
    """From a warm cluster as `kmidi corpus --dask` starts it: seconds by the clock, of the workers' processors, the rows."""
    from kmidi.corpus import corpus
    from kmidi.corpus.cluster import client_of

    def used() -> float:
        return sum(client.run(time.process_time).values())

    with client_of(workers, None) as client:
        client.run(lambda: __import__("kmidi.corpus") and None)
        before, began = used(), time.perf_counter()
        rows = corpus(folder, scheduler=client.scheduler.address)
        taken = time.perf_counter() - began
        return taken, used() - before, repr(rows).encode()


def spun(count: int) -> int:
    """Turns of so many busy loops in two seconds: what this machine, with what else runs on it, gives to them."""
    loops = [subprocess.Popen([sys.executable, "-c", SPIN], stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return sum(int(loop.communicate()[0]) for loop in loops)


def dask_rows(folder: Path, count: int) -> list[tuple[str, ...]]:
    """How two workers add up, in rounds that touch one, two and bare loops alike."""
    ones: list[float] = []
    twos: list[float] = []
    core_ones: list[float] = []
    core_twos: list[float] = []
    loops: list[float] = []
    same = True
    for _ in range(ROUNDS):
        one, core_one, rows = with_dask(folder, 1)
        two, core_two, as_two = with_dask(folder, 2)
        loops.append(spun(2) / spun(1))
        ones.append(one)
        twos.append(two)
        core_ones.append(core_one / one)
        core_twos.append(core_two / two)
        same = same and rows == as_two
    one, two, machine = (statistics.median(taken) for taken in (ones, twos, loops))
    got_one, got_two = statistics.median(core_ones), statistics.median(core_twos)
    return [
        (f"Dask, medians of {ROUNDS} rounds, files/s: one worker {count / one:.0f}, two {count / two:.0f}", "", "", ""),
        figure("two Dask workers, times as fast as one, by the clock", one / two, 1.8, digits=2),
        ("  two bare loops do as much as one, times, on this machine in the same minutes", f"{machine:.2f}", "2 idle", ""),
        (f"  cores that one worker got of 1: {got_one:.2f}, that two got of 2: {got_two:.2f}", "", "", ""),
        figure("  two workers, times as fast as one, on the cores they got", one * got_one / (two * got_two / 2), 1.8, digits=2),
        ("the same rows from both", str(same), "True", "met" if same else "NOT MET"),
    ]  # fmt: skip


def against_music21(paths: list[Path]) -> list[tuple[str, ...]]:
    """Times that the full analysis is faster than music21's parsing and key finding: of the first song and the last, and
    the middle of all.
    """
    measured = [_beside_music21(path.read_bytes()) for path in paths]
    rows = [
        figure(
            f"{path.parent.name}/{path.name}: {1e3 * ours:.1f} ms of processor time, times as fast as music21's parse and key",
            times, 100, digits=0,
        )
        for path, (ours, times) in ((paths[at], measured[at]) for at in (0, -1))
    ]  # fmt: skip
    times = [times for _, times in measured]
    enough = f"{sum(each >= 100 for each in times)} of {len(times)} at 100 or more, the least {min(times):.0f}"
    return [*rows, figure(f"  the middle of these songs ({enough})", statistics.median(times), 100, digits=0)]


def _beside_music21(data: bytes) -> tuple[float, float]:
    """Seconds of the full analysis of a file, and how many times as long music21 takes, in turn and by processor time: by
    the clock, what else runs on the machine is in the figure.
    """
    import music21

    theirs: list[float] = []
    ours: list[float] = []
    for _ in range(ROUNDS + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs.append(_core_seconds(lambda: music21.converter.parse(data, format="midi").analyze("key")))
        ours += [_core_seconds(lambda: analyze(midi.read(data))) for _ in range(OFTENER)]
    slow, fast = statistics.median(theirs[1:]), statistics.median(ours[OFTENER:])  # the first round warms up
    return fast, slow / fast


def _core_seconds(work: Callable[[], object]) -> float:
    """Processor time of all threads that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(arguments: list[str] | None = None) -> None:
    """Print files a second and how workers add up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args(arguments or []).every
    data = Path(os.environ["KMIDI_SHARED"]) / "data"
    scores = sorted(data.glob("pop909/score/*.mid"))[::every]
    drums = sorted(data.glob("groove/**/*.mid"))[::every]
    rows: list[tuple[str, ...]] = []
    for name, paths in (("pop scores", scores), ("pop scores and drum performances", [*scores, *drums])):
        wall, core = one_core(paths)
        rows += [
            figure(f"{len(paths)} {name}, files/s of one core", len(paths) / core, 60, digits=1),
            (f"  by the clock, with a core to itself for {core / wall:.0%} of it", f"{len(paths) / wall:.1f}", "", ""),
        ]
    with tempfile.TemporaryDirectory() as there:
        for path in scores:
            (Path(there) / path.name).write_bytes(path.read_bytes())
        rows += dask_rows(Path(there), len(scores))
    rows += against_music21([*scores[:: -(-len(scores) // SONGS)], scores[-1]])
    show(rows, ("many files", "figure", "bar", "met?"))


if __name__ == "__main__":
    main(sys.argv[1:])
