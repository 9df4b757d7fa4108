"""Memory over ten thousand pieces of every genre: what the process holds more at the last than at the thousandth."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

from bench.compose import sentence
from bench.table import figure, show
from kmidi import Intent
from kmidi.studio import LocalStudio
from kmidi.tables import genres

WARM = 1_000


def held() -> float:
    """MB of this process that are in memory now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def compose(pieces: int) -> None:
    """Compose so many pieces of 8 to 24 bars, each its own sentence, seed and genre; print MB when warm and at the end."""
    studio, names = LocalStudio(), sorted(genres())
    for at in range(pieces):
        text = f"{sentence(at)} {at}"
        studio.compose(Intent(text=text, genre=names[at % len(names)], bars=8 + at % 5 * 4, seed=at))
        if at + 1 in (WARM, pieces):
            print(held(), flush=True)


def main(pieces: int = 10_000) -> None:
    """Print the growth, measured in a process of its own."""
    call = [sys.executable, "-c", f"from bench.memory import compose; compose({pieces})"]
    said = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
    warm, last = map(float, said)
    grown = figure(f"MB more after {pieces} pieces than after {WARM}", last - warm, 2.0, at_least=False, digits=2)
    show([grown, ("MB in all", f"{last:.1f}", "", "")], ("memory", "value", "bar", ""))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
