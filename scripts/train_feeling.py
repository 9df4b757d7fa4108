"""Fit the quadrant reader on piano clips that people labelled, and write it as a table of figures.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_feeling    # writes tables/feelings.npz, prints folds

Reads the features of EMOPIA 1.0 (Hung et al., ISMIR 2021; CC BY 4.0) named by kmidi.analysis.feeling.NAMES.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from scripts.packing import write_arrays

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "feelings.npz"


def model() -> Pipeline:
    """Standardised features, ridge-held multinomial logistic regression."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=3000))


def clips() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(features, quadrant 1..4, song) of each clip, features held within their 1st and 99th percentile."""
    stored = np.load(Path(os.environ["KMIDI_SHARED"]) / "data" / "emotion" / "emopia_a.npz")
    features = stored["X"].astype(np.float64)
    return np.clip(features, *np.percentile(features, (1, 99), axis=0)), stored["q"], stored["song"]


def folded() -> tuple[float, float, float]:
    """(quadrant, arousal, valence) accuracy on songs that were not trained on, five folds by song, mean of 5 draws."""
    features, quadrant, song = clips()
    rows = []
    for draw in range(5):
        folds = StratifiedGroupKFold(5, shuffle=True, random_state=draw)
        said = cross_val_predict(model(), features, quadrant, groups=song, cv=folds)
        loud, bright = (1, 2), (1, 4)
        rows.append([
            np.mean(said == quadrant), np.mean(np.isin(said, loud) == np.isin(quadrant, loud)),
            np.mean(np.isin(said, bright) == np.isin(quadrant, bright)),
        ])  # fmt: skip
    quadrants, arousal, valence = np.mean(rows, axis=0).tolist()
    return quadrants, arousal, valence


def dulled(candidates: tuple[float, ...] = (0, 0.05, 0.1, 0.2, 0.4)) -> dict[float, float]:
    """Mean log loss on songs that were not trained on, for each share of the log-odds that a standard deviation beyond
    the training clips takes: kmidi.analysis.feeling.DULLED is the best.
    """
    stored = np.load(Path(os.environ["KMIDI_SHARED"]) / "data" / "emotion" / "emopia_a.npz")
    features, quadrant, song = stored["X"].astype(np.float64), stored["q"], stored["song"]
    losses: dict[float, list[float]] = {share: [] for share in candidates}
    for draw in range(3):
        for trained, out in StratifiedGroupKFold(5, shuffle=True, random_state=draw).split(features, quadrant, song):
            low, high = np.percentile(features[trained], (1, 99), axis=0)
            held = np.clip(features, low, high)
            fitted = model().fit(held[trained], quadrant[trained])
            beyond = (np.abs(features - held)[out] / np.maximum(held[trained].std(0), 1e-9)).sum(1)
            for share, found in losses.items():
                scores = fitted.predict_log_proba(held[out]) / (1 + share * beyond)[:, None]
                scores -= np.log(np.exp(scores).sum(1, keepdims=True))
                found += (-scores[np.arange(len(out)), quadrant[out] - 1]).tolist()
    return {share: round(float(np.mean(found)), 4) for share, found in losses.items()}


def main() -> None:
    """Write the table fitted on every clip."""
    features, quadrant, _ = clips()
    scale, regression = (step for _, step in model().fit(features, quadrant).steps)
    table = {
        "weights": regression.coef_, "bias": regression.intercept_, "mean": scale.mean_, "sd": scale.scale_,
        "low": features.min(0), "high": features.max(0),
    }  # fmt: skip
    write_arrays(TABLE, {name: values.astype(np.float32) for name, values in table.items()})
    print("quadrant {:.3f} arousal {:.3f} valence {:.3f}".format(*folded()))
    print("log loss by share of the log-odds:", dulled())


if __name__ == "__main__":
    main()
