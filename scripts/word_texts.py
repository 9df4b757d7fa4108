"""What words are learned from: texts with the points (valence, arousal) that people or a writer gave them, and lexicons
of words.

All points lie on the plane that kmidi reads onto, before a reading is opened (`affect.reading.opened`), about a middle of 0.
"""

from __future__ import annotations

import csv
import html
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kmidi.affect.reading import OPENING

TEXT = Path(os.environ.get("KMIDI_SHARED", "shared")) / "data/text"
SAID = Path(__file__).with_name("said.tsv")
PLANE = 0.7  # EmoBank points from the middle (of 2) that count as 1 on the plane
RATED = Path(os.environ.get("KMIDI_RATED", "rated"))
RATED_PLANE = 2.2  # points of that scale (-4..4) that count as 1 on the plane
RATED_KINDS = ("tweets", "nytEditorialSnippets", "movieReviewSnippets", "amazonReviewSnippets")
HELD_OUT = 5  # every so many'th rated text is never trained on
LABMT_MIDDLE, LABMT_SPREAD, VADER_SPREAD = 5.375, 1.09, 1.46  # where and how wide the lexicons' figures lie


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts and what is known of each, a row a text."""

    texts: list[str]
    truth: np.ndarray


def people() -> Texts:
    """EmoBank's train split (CC BY-SA 4.0): points (texts, 2) about its middle."""
    with (TEXT / "emobank_train_dev.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    truth = np.array([[float(row["V"]), float(row["A"])] for row in rows])
    return Texts([row["text"] for row in rows], (truth - truth.mean(0)) / PLANE)


def comments() -> Texts:
    """GoEmotions' train split (CC BY 4.0): 28 labels (texts, 28), 1 where a label was given."""
    rows = [line.rstrip("\n").split("\t") for line in (TEXT / "goemotions_train.tsv").open(encoding="utf-8")]
    labels = np.zeros((len(rows), 28), np.float32)
    for at, row in enumerate(rows):
        labels[at, [int(label) for label in row[1].split(",")]] = 1
    return Texts([row[0] for row in rows], labels)


def said(path: Path = SAID) -> Texts:
    """What people say of their lives, written for kmidi: points (texts, 2), closed as a reading is before it is opened."""
    rows = [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")]
    points = np.array([[float(row[0]), float(row[1])] for row in rows])
    return Texts([row[2] for row in rows], OPENING * points / (1 + OPENING - np.abs(points)))


def rated(kind: str, *, held_out: bool) -> Texts:
    """Tweets, news or reviews of films or wares, and how pleasant (texts, 1) about twenty people found each: Hutto and
    Gilbert 2014 (MIT).

    KMIDI_RATED names the folder; it lies packed (additional_resources/hutto_ICWSM_2014.tar.gz) in the source of
    vaderSentiment 0.5 on PyPI.
    """
    lines = (RATED / f"{kind}_GroundTruth.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    rows = [line.split("\t") for at, line in enumerate(lines) if (at % HELD_OUT == 0) == held_out]
    texts = [html.unescape(text).strip().strip('"') for _, _, text in rows]
    return Texts(texts, np.array([[float(valence) / RATED_PLANE] for _, valence, _ in rows]))


def lexicons() -> dict[str, float]:
    """How pleasant people find single words, spread about 1: the mean of labMT and VADER where both know a word."""
    found: dict[str, list[float]] = {}
    for line in _file("labMTsimple", "data/LabMT/labMT1.txt").splitlines()[1:]:
        word, _, happiness, _, _, books, news, _ = line.split("\t")
        # what stands on Twitter or in lyrics alone is often not English
        if word.isalpha() and (books, news) != ("--", "--"):
            found.setdefault(word, []).append((float(happiness) - LABMT_MIDDLE) / LABMT_SPREAD)
    for line in _file("vaderSentiment", "vader_lexicon.txt").splitlines():
        word, sentiment, *_ = line.split("\t")
        if word.isalpha():
            found.setdefault(word.casefold(), []).append(float(sentiment) / VADER_SPREAD)
    return {word: sum(values) / len(values) for word, values in sorted(found.items())}


def _file(package: str, path: str) -> str:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {package} is not here; see the first lines of scripts/train_words.py")
    return (Path(spec.origin).parent / path).read_text(encoding="utf-8")
