"""How well feelings are read: EmoBank's dev split, VADER beside it; KMIDI_MODELS adds the stronger reader."""

from __future__ import annotations

import csv
import os
import statistics
import time
from pathlib import Path

import numpy as np

from bench.table import figure, medians, show
from kmidi import Affect, Intent
from kmidi.affect import StrongReader, feel
from kmidi.affect.story import read_text
from kmidi.tables import table_path

# texts that could make a reader slow, each repeated up to a megabyte
NASTY = {
    "emoji": "😭🔥💔🎉", "combining marks": "e\u0301\u0323\u0308", "one long token": "ab", "denials": "not sad but ",
    "zero-width": "a\u200b\u200d", "turns": "happy then sad then ", "hidden": "smiling under pain, ", "wishes": "slow piano in D minor, ",
}  # fmt: skip


def _growth(name: str, unit: str) -> tuple[str, ...]:
    """The exponent with which reading time grows from an eighth of a megabyte to one: 1 is linear."""
    sizes = [2**17, 2**18, 2**19, 2**20]
    took = []
    for size in sizes:
        text = (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode(errors="ignore")
        began = time.perf_counter()
        read_text(text)
        took.append(time.perf_counter() - began)
    slope = float(np.polyfit(np.log(sizes), np.log(took), 1)[0])
    return figure(f"growth, {name} (1 MB in {took[-1]:.1f} s)", slope, 1.15, at_least=False, digits=2)


def main() -> None:
    """Print the figures; needs KMIDI_SHARED."""
    path = Path(os.environ["KMIDI_SHARED"]) / "data/text/emobank_train_dev.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "dev"]
    truth = np.array([[float(row["V"]), float(row["A"])] for row in rows])
    texts = [Intent(text=row["text"]) for row in rows]
    read = [feel(text) for text in texts]
    lines = [*_agreement("table", read, truth, (0.60, 0.35)), figure("table: calibration error", _calibration(read, truth), 0.1, at_least=False)]  # fmt: skip
    took = medians({"feel": lambda: [feel(text) for text in texts[:200]]}, repeats=3)["feel"] / 200 * 1e3
    lines.append(figure("table: ms a sentence", took, 1, at_least=False))
    lines.append(figure("words.npz: bytes", table_path("words.npz").stat().st_size, 1e6, at_least=False, digits=0))
    folder = os.environ.get("KMIDI_MODELS")
    if folder:
        strong = StrongReader.open(Path(folder))
        lines += _agreement("model", [feel(text, strong) for text in texts], truth, (0.68, 0.45))
    lines += [_growth(name, unit) for name, unit in NASTY.items()]
    lines += _vader([row["text"] for row in rows], truth)
    show(lines, ("figure", "value", "bar", "met?"))


def _agreement(name: str, read: list[Affect], truth: np.ndarray, bars: tuple[float, float]) -> list[tuple[str, ...]]:
    points = np.array([[r.valence, r.arousal] for r in read])
    return [
        figure(f"{name}: r {axis}", float(np.corrcoef(points[:, i], truth[:, i])[0, 1]), bars[i])
        for i, axis in enumerate(("valence", "arousal"))
    ]


def _calibration(read: list[Affect], truth: np.ndarray) -> float:
    """Expected calibration error of confidence against the side of valence, where people are off the middle."""
    clear = [
        (r.confidence, int(r.valence * (v - 3) > 0)) for r, v in zip(read, truth[:, 0], strict=True) if abs(v - 3) > 0.2
    ]
    bins = [[pair for pair in clear if low <= pair[0] < low + 0.1] for low in np.arange(0, 1, 0.1)]
    gaps = [len(b) * abs(statistics.mean(c for c, _ in b) - statistics.mean(h for _, h in b)) for b in bins if b]
    return sum(gaps) / len(clear)


def _vader(texts: list[str], truth: np.ndarray) -> list[tuple[str, ...]]:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return [("VADER", "not installed", "", "")]
    peer = SentimentIntensityAnalyzer()
    scores = [peer.polarity_scores(text) for text in texts]
    valence = np.corrcoef([s["compound"] for s in scores], truth[:, 0])[0, 1]
    arousal = np.corrcoef([s["pos"] + s["neg"] for s in scores], truth[:, 1])[0, 1]
    return [("VADER: r valence", f"{valence:.3f}", "", ""), ("VADER: r arousal", f"{arousal:.3f}", "", "")]


if __name__ == "__main__":
    main()
