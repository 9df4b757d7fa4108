"""Fit what a reading's confidence is: the chance that people agree with the side of its valence.

    KMIDI_SHARED=… uv run --with scikit-learn python scripts/fit_confidence.py

A logistic of |valence| and of whether a feeling is named, on EmoBank's train split (people off the middle by 0.2) and
GoEmotions' dev split (labels of one side), each corpus with the same weight. Prints the three numbers of `_SURE` in
affect/story.py.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from kmidi.affect.story import read_text

TEXT = Path(os.environ.get("KMIDI_SHARED", "shared")) / "data/text"
PLEASANT = {"admiration", "amusement", "approval", "caring", "excitement", "gratitude", "joy", "love", "optimism", "pride", "relief"}  # fmt: skip
UNPLEASANT = {"anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief", "nervousness", "remorse", "sadness"}  # fmt: skip


def judged() -> list[tuple[str, int, float]]:
    """(text, side that people named, weight)."""
    with (TEXT / "emobank_train_dev.csv").open(encoding="utf-8") as file:
        bank = [(row["text"], float(row["V"]) - 3) for row in csv.DictReader(file) if row["split"] == "train"]
    bank = [(text, 1 if v > 0 else -1) for text, v in bank if abs(v) > 0.2]
    labels = (TEXT / "goemotions_labels.txt").read_text(encoding="utf-8").split()
    comments = []
    for line in (TEXT / "goemotions_dev.tsv").open(encoding="utf-8"):
        text, numbers, *_ = line.rstrip("\n").split("\t")
        named = {labels[int(number)] for number in numbers.split(",")}
        sides = {1 for _ in named & PLEASANT} | {-1 for _ in named & UNPLEASANT}
        if len(sides) == 1:
            comments.append((text, sides.pop()))
    return [(t, s, 1 / len(bank)) for t, s in bank] + [(t, s, 1 / len(comments)) for t, s in comments]


def main() -> None:
    """Print the numbers."""
    features, agreed, weights = [], [], []
    for text, side, weight in judged():
        read = read_text(text)
        if read.confidence:
            features.append([abs(read.valence), bool(read.evidence) and any(e.note for e in read.evidence)])
            agreed.append(read.valence * side > 0)
            weights.append(weight)
    fitted = LogisticRegression(C=1e6).fit(np.array(features, float), agreed, sample_weight=np.array(weights) * 1000)
    print("base, slope, named:", np.round([fitted.intercept_[0], *fitted.coef_[0]], 2))


if __name__ == "__main__":
    main()
