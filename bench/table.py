"""Tables of figures, and medians measured side by side in one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def show(rows: list[tuple[str, ...]], header: tuple[str, ...]) -> None:
    """Print rows in columns as wide as they need."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, tuple("-" * w for w in widths), *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def figure(name: str, value: float, bar: float, *, at_least: bool = True, digits: int = 3) -> tuple[str, str, str, str]:
    """A row: what was measured, the figure, the bar, and whether it is met."""
    met = value >= bar if at_least else value <= bar
    return (name, f"{value:.{digits}f}", f"{'≥' if at_least else '≤'} {bar:g}", "met" if met else "NOT MET")


def medians(work: Mapping[str, Callable[[], object]], repeats: int = 7) -> dict[str, float]:
    """Median seconds of each piece of work, taken in turn so that a machine's drift touches all alike."""
    for call in work.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats):
        for name, call in work.items():
            start = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}
