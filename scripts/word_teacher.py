"""The teacher of words: all-MiniLM-L6-v2 (Apache-2.0) and a kernel ridge regression, which reads what nobody labelled.

Two of them: one has seen EmoBank alone and reads as its readers do, of news and novels too; one has seen what people say of
their lives as well. GoEmotions' labels (learned by a ridge) stand beside the vectors in both.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Points (texts, 2) that the teachers read: `near` has seen EmoBank alone, `wide` what is said as well."""

    people: np.ndarray  # by `near`, each text left out of its own reading
    comments_near: np.ndarray
    comments_wide: np.ndarray
    words_near: np.ndarray
    words_wide: np.ndarray


def embed(model: SentenceModel, texts: list[str], cache: Path) -> np.ndarray:
    """The vectors of texts, of half precision; kept in the cache folder, which must be empty for a clean run."""
    if not cache.exists():
        vectors = [model.embed(texts[i : i + 256]) for i in range(0, len(texts), 256)]
        np.save(cache, np.concatenate(vectors).astype(np.float16))
    found = np.load(cache).astype(np.float32)
    if len(found) != len(texts):
        raise SystemExit(f"{cache.name} holds {len(found)} vectors for {len(texts)} texts; empty the cache folder")
    return found


def teach(vectors: dict[str, np.ndarray], people: Texts, comments: Texts, said: Texts) -> Taught:
    """What both teachers read of the vectors of people, comments, said and words; to three places, so that last bits don't matter."""
    one = np.hstack([vectors["comments"], np.ones((len(comments.texts), 1), np.float32)]).astype(np.float64)
    labels = linalg.solve(one.T @ one + LABELS_RIDGE * np.eye(one.shape[1]), one.T @ comments.truth, assume_a="pos")
    seen = {name: np.hstack([x, x @ labels[:-1] + labels[-1]]).astype(np.float32) for name, x in vectors.items()}

    own = _kernel(seen["people"], seen["people"]).astype(np.float64)
    own[np.diag_indices(len(own))] += RIDGE
    inverse = linalg.inv(own, overwrite_a=True, check_finite=False)
    weights = inverse @ people.truth
    left_out = people.truth - weights / np.diag(inverse)[:, None]
    del own, inverse

    both = np.vstack([seen["people"], seen["said"]])
    ridges = np.r_[np.full(len(people.texts), RIDGE_PEOPLE), np.full(len(said.texts), RIDGE_SAID)].astype(np.float32)
    kernel = _kernel(both, both)
    kernel[np.diag_indices(len(both))] += ridges
    factor = linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    wide = linalg.cho_solve(factor, np.vstack([people.truth, said.truth]).astype(np.float32))

    def by(points: np.ndarray, weights: np.ndarray, name: str) -> np.ndarray:
        texts = seen[name]
        read = [_kernel(texts[i : i + 2000], points) @ weights.astype(np.float32) for i in range(0, len(texts), 2000)]
        return np.round(np.concatenate(read), 3)

    return Taught(
        people=np.round(left_out, 3),
        comments_near=by(seen["people"], weights, "comments"), comments_wide=by(both, wide, "comments"),
        words_near=by(seen["people"], weights, "words"), words_wide=by(both, wide, "words"),
    )  # fmt: skip


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    far = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.exp(-WIDTH * np.maximum(0, far)).astype(np.float32)
