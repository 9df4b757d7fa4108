"""Weigh what speaks for a key, on the expert keys of pop songs and the keys of Bach's chorales.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_keys    # writes tables/keys.json

Multinomial logistic regression over the 24 keys, one weight a degree and kind of evidence, held small by a ridge.
POP909-CL (Wang et al., ISMIR 2020; MIT) and the chorales of music21's corpus, through bench.truth.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.truth import chorales, pop_songs
from kmidi.analysis.chord_net import fits
from kmidi.analysis.chords import hear_chords
from kmidi.analysis.heard import Floats, Heard, Ints
from kmidi.analysis.key_cues import KINDS, correlations, key_cues, pitch_class_time
from kmidi.score import Score
from kmidi.theory import Key

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "keys.json"
RIDGE = 3e-3
WIDTH = len(KINDS) * 12


def number(key: Key) -> int:
    """0..11 major tonics, 12..23 minor."""
    return key.pitch_class + (12 if key.is_minor else 0)


def row_of(score: Score) -> Floats:
    """(24 keys, weights): a key's own fit, the constant of minor, and its evidence in the columns of its mode."""
    heard = Heard.of(score)
    spans, _, lowest = hear_chords(heard, fits(heard))
    fit = correlations(pitch_class_time(heard)) * 10
    cues = key_cues(lowest, spans).reshape(12, WIDTH)
    row = np.zeros((24, 3 + 2 * WIDTH))
    row[:12, 0], row[12:, 1], row[12:, 2] = fit[:12], fit[12:], 1
    row[:12, 3 : 3 + WIDTH], row[12:, 3 + WIDTH :] = cues, cues
    return row


def fit_weights(rows: Floats, label: Ints) -> Floats:
    """The weights that make the labelled keys likeliest, less RIDGE times their squares."""
    at = np.arange(len(label))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        odds = np.exp(scores - scores.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        slope = np.einsum("nk,nkf->f", odds, rows) - rows[at, label].sum(0)
        return (
            float(-np.log(odds[at, label] + 1e-12).mean() + RIDGE * weights @ weights),
            slope / len(label) + 2 * RIDGE * weights,
        )

    return minimize(loss, np.zeros(rows.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x


def folded(folds: int = 5) -> dict[str, tuple[float, int]]:
    """For each corpus: the share of keys right (tonic, major or minor) on songs that were not trained on, and songs."""
    rows, label, corpus = labelled()
    right = np.zeros(len(label), bool)
    for fold in range(folds):
        out = np.arange(len(label)) % folds == fold
        right[out] = (rows[out] @ fit_weights(rows[~out], label[~out])).argmax(1) == label[out]
    return {name: (float(right[corpus == name].mean()), int((corpus == name).sum())) for name in ("pop909", "chorales")}


def labelled() -> tuple[Floats, Ints, Floats]:
    """(Rows, labels, name of the corpus) of every piece whose key people told."""
    told = [("pop909", song.score, song.keys[0]) for song in pop_songs() if song.keys]
    told += [("chorales", score, key) for _, score, key in chorales()]
    rows = np.array([row_of(score) for _, score, _ in told])
    label, corpus = np.array([number(key) for *_, key in told]), np.array([name for name, *_ in told])
    return rows, label, corpus


def main() -> None:
    """Fit on everything and write the table."""
    rows, label, _ = labelled()
    weights = np.round(fit_weights(rows, label), 3)
    major, minor = weights[3 : 3 + WIDTH].reshape(-1, 12), weights[3 + WIDTH :].reshape(-1, 12)
    table = {
        "source": "POP909-CL keys (Wang et al., ISMIR 2020; MIT) and Bach chorales of music21, scripts/train_keys.py",
        "fit": np.round(weights[:2] * 10, 2).tolist(),
        "bias": float(weights[2]),
        "major": dict(zip(KINDS, major.tolist(), strict=True)),
        "minor": dict(zip(KINDS, minor.tolist(), strict=True)),
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
