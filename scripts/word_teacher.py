"""The teacher of words: all-MiniLM-L6-v2 (Apache-2.0) and a kernel ridge regression, which reads what nobody labelled.

Two of them: one (`near`) has seen EmoBank alone and reads as its readers do, of news and novels too; one (`wide`) has
seen what people say of their lives as well. GoEmotions' labels (learned by a ridge) stand beside the vectors in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import linalg

from kmidi.affect.sentence_model import SentenceModel
from scripts.word_texts import Texts

WIDTH = 1.0  # of the kernel
RIDGE, RIDGE_PEOPLE, RIDGE_SAID = 0.6, 2.0, 0.3  # for EmoBank alone; for the two beside each other
LABELS_RIDGE = 3.0


@dataclass(frozen=True, slots=True)
class Teacher:
    """Texts that were learned from, as `with_labels` gives them, and the weight of each on both axes."""

    points: np.ndarray
    weights: np.ndarray

    def read(self, texts: np.ndarray) -> np.ndarray:
        """The points (texts, 2) of texts as `with_labels` gives them; to three places, so that last bits don't matter."""
        weights = self.weights.astype(np.float32)
        parts = [_kernel(texts[i : i + 2000], self.points) @ weights for i in range(0, len(texts), 2000)]
        return np.round(np.concatenate(parts), 3)


def embed(model: SentenceModel, texts: list[str], cache: Path) -> np.ndarray:
    """The vectors of texts, of half precision; kept in the cache folder, which must be empty for a clean run."""
    if not cache.exists():
        vectors = [model.embed(texts[i : i + 256]) for i in range(0, len(texts), 256)]
        np.save(cache, np.concatenate(vectors).astype(np.float16))
    found = np.load(cache).astype(np.float32)
    if len(found) != len(texts):
        raise SystemExit(f"{cache.name} holds {len(found)} vectors for {len(texts)} texts; empty the cache folder")
    return found


def with_labels(vectors: dict[str, np.ndarray], comments: Texts) -> dict[str, np.ndarray]:
    """The vectors of all texts, beside each what GoEmotions' labels would be; learned of the vectors named comments."""
    one = np.hstack([vectors["comments"], np.ones((len(comments.texts), 1), np.float32)]).astype(np.float64)
    labels = linalg.solve(one.T @ one + LABELS_RIDGE * np.eye(one.shape[1]), one.T @ comments.truth, assume_a="pos")
    return {name: np.hstack([x, x @ labels[:-1] + labels[-1]]).astype(np.float32) for name, x in vectors.items()}


def near(texts: np.ndarray, people: Texts) -> tuple[Teacher, np.ndarray]:
    """The teacher that has seen EmoBank alone, and what it reads of each of its texts where that is left out."""
    own = _kernel(texts, texts).astype(np.float64)
    own[np.diag_indices(len(own))] += RIDGE
    inverse = linalg.inv(own, overwrite_a=True, check_finite=False)
    weights = inverse @ people.truth
    left_out = people.truth - weights / np.diag(inverse)[:, None]
    return Teacher(texts, weights), np.round(left_out, 3)


def wide(texts: np.ndarray, people: Texts, told: np.ndarray, said: Texts) -> Teacher:
    """The teacher that has seen what is said of lives (told) as well."""
    both = np.vstack([texts, told])
    ridges = np.r_[np.full(len(texts), RIDGE_PEOPLE), np.full(len(told), RIDGE_SAID)].astype(np.float32)
    kernel = _kernel(both, both)
    kernel[np.diag_indices(len(both))] += ridges
    factor = linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    return Teacher(both, linalg.cho_solve(factor, np.vstack([people.truth, said.truth]).astype(np.float32)))


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    far = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.exp(-WIDTH * np.maximum(0, far)).astype(np.float32)
