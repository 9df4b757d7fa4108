"""Weigh what tells the tempo that people tap from its double and its half, on drummers to a click and pop songs.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_pulse    # writes tables/pulse.json

Conditional logistic regression: of the tempos that the strokes allow, the right one is to weigh most. Trained on every
other take; bench/pulse.py judges on the others. Groove MIDI Dataset (Gillick et al., ICML 2019; CC BY 4.0), POP909-CL.
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.pulse import Take, drummers, free_hands
from kmidi.analysis.heard import Floats
from kmidi.analysis.pulse import CUES, beat_cues, candidates, strokes

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "pulse.json"
TAKES = 80  # of each kind
RIDGE = 0.01


def rows_of(take: Take) -> tuple[Floats, Floats]:
    """(Cues of each candidate, 1 where its tempo is right)."""
    score, _, bpm, _ = take
    at, weight, low = strokes(score)
    chains = candidates(at, weight)
    right = [abs(60 / np.median(np.diff(beats)) / bpm - 1) <= 0.04 for beats in chains]
    return np.array([beat_cues(score, beats, at, weight, low) for beats in chains]), np.array(right, np.float64)


def fit(rows: list[tuple[Floats, Floats]]) -> Floats:
    """The weights under which the right candidates are likeliest, less RIDGE times the squares of standardised ones."""
    sd = np.concatenate([cues for cues, _ in rows]).std(0)

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
    rows = [rows_of(take) for take in chain(drummers(TAKES, odd=True), free_hands(TAKES, odd=True))]
    weights = fit([row for row in rows if row[1].any()])
    table = {
        "source": "Groove MIDI Dataset (CC BY 4.0) and POP909-CL replayed (MIT), scripts/train_pulse.py",
        "weights": dict(zip(CUES, np.round(weights, 3).tolist(), strict=True)),
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
