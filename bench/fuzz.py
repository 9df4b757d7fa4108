"""Hostile MIDI files read, analyzed, changed and written under limits of time and memory.

uv run python -m bench.fuzz                      200,000 files
uv run python -m bench.fuzz --files 2000         fewer
uv run python -m bench.fuzz --log fuzz.jsonl     a line a thousand files; run again, it goes on where it stopped
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.hostile import files, floods
from bench.table import figure, show
from kmidi import KmidiError, Score, midi
from kmidi.analysis import analyze
from kmidi.codec import to_plain
from kmidi.studio.change import change
from kmidi.transforms import TECHNIQUES, TRANSFORMS, Step, extract_groove

FLOOR_BYTES = 64 << 20
LIMIT_S = 1.0
HUNG_S = 20  # then a file is given up as hung
CHUNK = 1000  # files a line of the log
MEASURED = 50  # memory is measured of every so many-th file


def survive(data: bytes, turn: int = 0) -> bool:
    """Read a file, write it and read it again, analyze it, and change it by the transform whose turn it is.

    False where it is refused with a reason; whatever is no KmidiError goes up.
    """
    try:
        score = midi.read(data)
    except KmidiError:
        return False
    questions: tuple[Callable[[], object], ...] = (
        lambda: score.seconds,
        score.bar_starts,
        lambda: midi.read(midi.write(score)),
        lambda: analyze(score),
        lambda: midi.read(change(score, (_step(score, turn),)).midi),
    )
    for question in questions:
        with suppress(KmidiError):
            question()
    return True


def _step(score: Score, turn: int) -> Step:
    """The transform whose turn it is, with arguments that mean something here; key and melody are what is heard."""
    name = sorted(TRANSFORMS)[turn % len(TRANSFORMS)]
    turn //= len(TRANSFORMS)
    names = [part.name for part in score.parts] or ["none"]
    part = names[turn % len(names)]
    feelings = [{"valence": v, "arousal": a} for v in (-0.8, 0.0, 0.8) for a in (-0.8, 0.7)]
    arguments: dict[str, dict[str, Any]] = {
        "apply_groove": {"amount": 0.5 + turn % 3 / 2},
        "harmonise": {"chords_per_bar": 1 + turn % 3},
        "humanize": {"amount": 1 + turn % 4, "seed": turn},
        "merge_parts": {"parts": [part, *names[:2]]},
        "move_notes": {"part": part, "semitones": turn % 25 - 12, "bar": turn % 3},
        "quantize": {"grid_quarters": (0.25, 0.5, 1 / 3)[turn % 3], "strength": turn % 11 / 10, "swing": turn % 4 / 3},
        "recolour": {"after": feelings[turn % len(feelings)]},
        "reharmonize": {"technique": sorted(TECHNIQUES)[turn % len(TECHNIQUES)]},
        "set_meter": {"meter": ("3/4", "4/4", "6/8", "7/8")[turn % 4], "pickup_beats": turn % 3},
        "split_part": {"part": part, "pitch": 55 + turn % 12},
        "to_mode": {"mode": ("dorian", "lydian", "phrygian", "minor", "major")[turn % 5]},
        "transpose": {"semitones": turn % 49 - 24},
        "transpose_diatonic": {"degrees": turn % 15 - 7},
    }
    if name == "apply_groove":
        arguments[name]["groove"] = to_plain(extract_groove(score, part=part))
    return Step(transform=name, arguments=arguments[name])


def seconds(data: bytes, turn: int = 0) -> tuple[float, bool]:
    """Seconds of processor time to survive a file, and whether it was read."""
    start = time.process_time()
    taken_in = survive(data, turn)
    return time.process_time() - start, taken_in


def hear(data: bytes, _: int = 0) -> None:
    """Read a file and analyze it, or be refused with a reason."""
    with suppress(KmidiError):
        analyze(midi.read(data))


def heard_in(data: bytes) -> float:
    """Seconds of processor time to read and analyze a file."""
    start = time.process_time()
    hear(data)
    return time.process_time() - start


def hunger(data: bytes, turn: int = 0, *, survives: Callable[[bytes, int], object] = survive) -> float:
    """The peak of memory over max(50 × file, 64 MB)."""
    tracemalloc.start()
    try:
        survives(data, turn)
        return tracemalloc.get_traced_memory()[1] / max(50 * len(data), FLOOR_BYTES)
    finally:
        tracemalloc.stop()


def chunk_of(first: int, count: int) -> dict[str, Any]:
    """What became of so many files from the first on: how many were read, crashes, the slowest and the hungriest."""
    found: dict[str, Any] = {"first": first, "files": count, "read": 0, "crashes": [], "slowest": [0, -1], "hungriest": [0, -1]}  # fmt: skip
    for n, data in enumerate(files(count, first=first), first):
        signal.setitimer(signal.ITIMER_PROF, HUNG_S)
        try:
            slow, taken_in = seconds(data, n)
            hungry = hunger(data, n) if n % MEASURED == 0 else 0.0
        except Exception:  # the bench goes on: the table says how many there were
            found["crashes"].append([n, traceback.format_exc()])
            continue
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        found["read"] += taken_in
        found["slowest"] = max(found["slowest"], [slow, n])
        found["hungriest"] = max(found["hungriest"], [hungry, n])
    found["resident_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def _hung(*_: object) -> None:
    raise TimeoutError(f"more than {HUNG_S} s")


def main(arguments: list[str] | None = None) -> None:
    """Print how many files were read and refused, the crashes, the slowest, and the hungriest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--log", type=Path)
    asked = parser.parse_args(arguments or [])
    signal.signal(signal.SIGPROF, _hung)
    done: list[dict[str, Any]] = []
    if asked.log and asked.log.exists():
        done = [json.loads(line) for line in asked.log.read_text().splitlines()]
    for first in range(sum(chunk["files"] for chunk in done), asked.files, CHUNK):
        done.append(chunk_of(first, min(CHUNK, asked.files - first)))
        for n, said in done[-1]["crashes"]:
            print(f"file {n}: {said}", file=sys.stderr)
        if asked.log:
            with asked.log.open("a") as log:
                log.write(json.dumps(done[-1]) + "\n")
    count = sum(chunk["files"] for chunk in done)
    crashes = [n for chunk in done for n, _ in chunk["crashes"]]
    slow, slow_n = max(chunk["slowest"] for chunk in done)
    hungry, hungry_n = max(chunk["hungriest"] for chunk in done)
    rows = [
        figure("hostile files read, written, analyzed and changed", count, 200_000, digits=0),
        ("of them lawful enough to be read", f"{sum(chunk['read'] for chunk in done) / max(1, count):.2f}", "", ""),
        figure(f"crashes {crashes[:9] or ''}", len(crashes), 0, at_least=False, digits=0),
        figure(f"slowest file, all of it, s of processor time (file {slow_n})", slow, LIMIT_S, at_least=False),
        figure(f"memory of max(50 × file, 64 MB), every {MEASURED}th (file {hungry_n})", hungry, 1, at_least=False),
    ]
    rows.append(("the process at its largest, MB", str(max(chunk["resident_mb"] for chunk in done)), "", ""))
    for name, data in floods():
        slow, hungry = heard_in(data), hunger(data, survives=hear)
        head = f"{name}, {len(data) / 1e6:.2f} MB"
        rows.append(figure(f"{head}: read and analyzed, s of processor time", slow, LIMIT_S, at_least=False))
        rows.append(figure("  memory of max(50 × file, 64 MB)", hungry, 1, at_least=False))
    show(rows, ("hostile files", "figure", "bar", "met?"))


if __name__ == "__main__":
    main(sys.argv[1:])
