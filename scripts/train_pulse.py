"""Weigh what tells the tempo that people tap from its double and its half, and from none, on drummers to a click, pop
songs and strokes at random.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_pulse    # writes tables/pulse.json.gz

Conditional logistic regression: of the tempos that the strokes allow, and none at all, which weighs nothing, the right
one is to weigh most. Trained on every other take and on noise; bench/pulse.py judges on the others. Groove MIDI Dataset
(Gillick et al., ICML 2019; CC BY 4.0), POP909-CL.
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.pulse import Take, drummers, free_hands, rain
from kmidi.analysis.heard import Floats
from kmidi.analysis.pulse import CUES, beat_cues, candidates, strokes
from scripts.packing import gzipped

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "pulse.json.gz"
TAKES = 160  # of each kind, as far as there are
NOISES = 100
RIDGE = 0.003


def rows_of(take: Take) -> tuple[Floats, Floats]:
    """(Cues of each candidate and, last, of none; 1 where that is right)."""
    score, beats, bpm, _ = take
    at, weight, low = strokes(score)
    chains = candidates(at, weight)
    right = [len(beats) > 0 and abs(60 / np.median(np.diff(chain)) / bpm - 1) <= 0.04 for chain in chains]
    cues = [beat_cues(score, chain, at, weight, low) for chain in chains]
    return np.array([*cues, np.zeros(len(CUES))]), np.array([*right, not len(beats)], np.float64)


def fit(rows: list[tuple[Floats, Floats]]) -> Floats:
    """The weights under which the right candidates are likeliest, less RIDGE times the squares of standardised ones."""
    sd = np.concatenate([cues for cues, _ in rows]).std(0)
    sd[-1] = 1  # a constant

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(len(weights))
        for cues, right in rows:
            scaled = cues / sd
            odds = np.exp(scaled @ weights - (scaled @ weights).max())
            odds /= odds.sum()
            told = float((odds * right).sum())
            total -= np.log(told + 1e-12)
            slope += scaled.T @ (odds - odds * right / (told + 1e-12))
        return total / len(rows) + RIDGE * float(weights @ weights), slope / len(rows) + 2 * RIDGE * weights

    return minimize(loss, np.zeros(len(CUES)), jac=True, method="L-BFGS-B").x / sd


def main() -> None:
    """Fit on the odd takes and write the table."""
    rows = [
        rows_of(take) for take in chain(drummers(TAKES, odd=True), free_hands(TAKES, odd=True), rain(NOISES, odd=True))
    ]
    weights = fit([row for row in rows if row[1].any()])
    table = {
        "source": "Groove MIDI Dataset (CC BY 4.0) and POP909-CL replayed (MIT), scripts/train_pulse.py",
        "weights": dict(zip(CUES, np.round(weights, 3).tolist(), strict=True)),
    }
    TABLE.write_bytes(gzipped((json.dumps(table, indent=1) + "\n").encode()))


if __name__ == "__main__":
    main()
