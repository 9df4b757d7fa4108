"""Train words.npz: how words and short phrases pull a reading (valence, arousal) and how hard.

    KMIDI_SHARED=… uv run --no-project --with numpy,scipy,cattrs,click,labmtsimple,vaderSentiment,zopflipy \
        python scripts/train_words.py MINILM_FOLDER CACHE_FOLDER

A teacher (all-MiniLM-L6-v2 embeddings, Apache-2.0, with a kernel ridge regression on the train split of EmoBank,
CC BY-SA 4.0, and label probabilities learned from GoEmotions, CC BY 4.0) reads EmoBank's train split (each sentence left
out of its own reading), GoEmotions and single words. Of single words people say more: their happiness (labMT 1.0, Dodds
et al. 2011, CC BY; the VADER lexicon, Hutto and Gilbert 2014, MIT) makes most of a word's valence where it is known.
The student is what ships: reading = sum(pull * point) / (STILL + sum(pull)), a weighted mean, so each word's share is exact.

EmoBank's dev split is never trained on. STIFF_POINT and the three figures of the lexicons were chosen inside the train
split: folds by document, with a teacher that had not seen the held-out documents; the student's r of valence there and the
share of GoEmotions' dev comments on the right side: no lexicon 0.623, 0.809; LEXICON 0.8 with LEXICON_SCALE 1 0.619, 0.809;
2 0.640, 0.813; 2 and WORDS 1 0.651, 0.818; 3 and WORDS 1 0.643, 0.820. STIFF_PULL, how far a reading is opened, and how
strongly a named emotion and a denial count were chosen earlier while dev was watched, so the bench's figures on dev are
somewhat flattering.

The same bytes come of every clean run on one machine: one thread adds in one order, and what the teacher says is
rounded, so that last bits do not matter. About half an hour of one core.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import sys
from collections import Counter
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from scipy import linalg, sparse

sys.path.insert(0, str(Path(__file__).parents[1] / "packages/kmidi/src"))
from packing import write_arrays

from kmidi.affect import background, modifiers
from kmidi.affect.denial import denied
from kmidi.affect.pared import pare
from kmidi.affect.sentence_model import SentenceModel
from kmidi.affect.tokens import tokenize

TABLE = Path(__file__).parents[1] / "packages/kmidi/src/kmidi/tables/words.npz"
TEXT = Path(os.environ.get("KMIDI_SHARED", "shared")) / "data/text"
LEAST = {0: 2, 1: 6, 2: 8}  # how often a phrase of one, two, three words must occur
PLANE = 0.7  # EmoBank points from the middle (of 2) that count as 1 on the plane
GOLD, GOEMOTIONS, WORDS = (
    0.4,
    0.6,
    (1.0, 0.4),
)  # share of people in the target; weights of the teacher's texts and words
LEXICON, LEXICON_SCALE = 0.8, 2.0  # share of the lexicons in a word's valence, and their spread in that of the teacher
LABMT_MIDDLE, LABMT_SPREAD, VADER_SPREAD = 5.375, 1.09, 1.46  # where and how wide the lexicons' figures lie
LEAST_PUSH = 0.04  # a phrase of more words that moves a reading by less is left out
WIDTH, RIDGE = 1.0, 0.6  # of the teacher's kernel
STIFF_POINT, STIFF_PULL, STEPS = 8e-6, 1e-6, 80  # see above
DENY = (modifiers.DENIED_VALENCE, modifiers.DENIED_AROUSAL)


def embed(model: SentenceModel, texts: list[str], cache: Path) -> np.ndarray:
    """The vectors of texts, of half precision; kept in the cache folder, which must be empty for a clean run."""
    if not cache.exists():
        vectors = [model.embed(texts[i : i + 256]) for i in range(0, len(texts), 256)]
        np.save(cache, np.concatenate(vectors).astype(np.float16))
    found = np.load(cache).astype(np.float32)
    if len(found) != len(texts):
        raise SystemExit(f"{cache.name} holds {len(found)} vectors for {len(texts)} texts; empty the cache folder")
    return found


def keyed(texts: list[str]) -> list[list[tuple[str, bool]]]:
    """For each text its phrases and whether the last word of each is denied."""
    out = []
    for text in texts:
        tokens = tokenize(pare(text).text)
        no = denied(tokens)
        out.append([(key, no[at + length - 1]) for at, length, key in background.grams(tokens)])
    return out


def counts(keys: list[list[tuple[str, bool]]], index: dict[str, int], deny: float) -> sparse.csr_matrix:
    """How often each phrase occurs; a denied one counts `deny`."""
    rows, columns, values = [], [], []
    for row, text in enumerate(keys):
        for key, no in text:
            if key in index:
                rows.append(row)
                columns.append(index[key])
                values.append(deny if no else 1.0)
    return sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=(len(keys), len(index)))


def lexicons() -> dict[str, float]:
    """How pleasant people find single words, spread about 1: the mean of labMT and VADER where both know a word."""
    found: dict[str, list[float]] = {}
    for line in _file("labMTsimple", "data/LabMT/labMT1.txt").splitlines()[1:]:
        word, _, happiness, _, _, books, news, _ = line.split("\t")
        if word.isalpha() and (books, news) != (
            "--",
            "--",
        ):  # what stands on Twitter or in lyrics alone is often not English
            found.setdefault(word, []).append((float(happiness) - LABMT_MIDDLE) / LABMT_SPREAD)
    for line in _file("vaderSentiment", "vader_lexicon.txt").splitlines():
        word, sentiment, *_ = line.split("\t")
        if word.isalpha():
            found.setdefault(word.casefold(), []).append(float(sentiment) / VADER_SPREAD)
    return {word: sum(values) / len(values) for word, values in sorted(found.items())}


def _file(package: str, path: str) -> str:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {package} is not here; see the first lines of this script")
    return (Path(spec.origin).parent / path).read_text(encoding="utf-8")


def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    far = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.exp(-WIDTH * np.maximum(0, far)).astype(np.float32)


def teach(x_people: np.ndarray, truth: np.ndarray, others: list[np.ndarray]) -> list[np.ndarray]:
    """What the teacher reads, about the middle: the people's texts, each left out of its own reading, and the others."""
    middle = truth.mean(0)
    own = kernel(x_people, x_people).astype(np.float64)
    own[np.diag_indices(len(own))] += RIDGE
    inverse = linalg.inv(own, overwrite_a=True, check_finite=False)
    weights = inverse @ (truth - middle)
    read = [truth - middle - weights / np.diag(inverse)[:, None]]
    for texts in others:
        blocks = [
            kernel(texts[i : i + 2000], x_people) @ weights.astype(np.float32) for i in range(0, len(texts), 2000)
        ]
        read.append(np.concatenate(blocks))
    return [np.round(points, 3) for points in read]


def fit(signed, plain, target, weight, start):
    """Points and log pulls of the phrases: Adam on the weighted squared error of the weighted mean."""
    signed_t, plain_t = signed.T.tocsr(), plain.T.tocsr()
    weight = weight / weight.sum()
    params = [np.zeros(signed.shape[1], np.float32), start.copy()]
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    for step in range(1, STEPS + 1):
        pull = np.exp(params[1])
        top, bottom = signed @ (pull * params[0]), plain @ pull + background.STILL
        reading = top / bottom
        error = 2 * weight * (reading - target)
        to_top, to_bottom = signed_t @ (error / bottom), plain_t @ (-error * reading / bottom)
        slopes = (
            pull * to_top + 2 * STIFF_POINT * params[0],
            pull * (params[0] * to_top + to_bottom) + 2 * STIFF_PULL * (params[1] - start),
        )
        rate = 0.05 * min(1.0, 2 * (1 - step / STEPS) + 0.02)
        for i, slope in enumerate(slopes):
            first[i] = 0.9 * first[i] + 0.1 * slope
            second[i] = 0.98 * second[i] + 0.02 * slope * slope
            params[i] -= rate * (first[i] / (1 - 0.9**step)) / (np.sqrt(second[i] / (1 - 0.98**step)) + 1e-8)
    return params


def main(minilm: str, cache: str) -> None:
    model, store = SentenceModel.open(Path(minilm)), Path(cache)
    with (TEXT / "emobank_train_dev.csv").open(encoding="utf-8") as file:
        train = [row for row in csv.DictReader(file) if row["split"] == "train"]
    people = [row["text"] for row in train]
    truth = np.array([[float(row["V"]), float(row["A"])] for row in train])
    lines = [line.rstrip("\n").split("\t") for line in (TEXT / "goemotions_train.tsv").open(encoding="utf-8")]
    comments = [line[0] for line in lines]
    labels = np.zeros((len(lines), 28), np.float32)
    for row, line in enumerate(lines):
        labels[row, [int(label) for label in line[1].split(",")]] = 1

    people_keys, comment_keys = keyed(people), keyed(comments)
    tally = Counter(key for text in people_keys + comment_keys for key in {key for key, _ in text})
    pleasant = lexicons()
    known = {key for key, n in tally.items() if n >= LEAST[key.count(" ")]}
    phrases = sorted(known | {word for word in pleasant if keyed([word])[0]})
    index = {key: i for i, key in enumerate(phrases)}
    words = [key for key in phrases if " " not in key and key[0].isalpha()]

    x_people, x_comments, x_words = (
        embed(model, texts, store / f"{name}.npy")
        for name, texts in (("people", people), ("comments", comments), ("words", words))
    )
    one = np.hstack([x_comments, np.ones((len(comments), 1), np.float32)]).astype(np.float64)
    emotion = linalg.solve(one.T @ one + 3 * np.eye(one.shape[1]), one.T @ labels, assume_a="pos")
    seen = [np.hstack([x, x @ emotion[:-1] + emotion[-1]]).astype(np.float32) for x in (x_people, x_comments, x_words)]
    taught = store / "taught.npz"
    if not taught.exists():
        own, of_comments, of_words = teach(seen[0], truth, seen[1:])
        np.savez(taught, own=own, of_comments=of_comments, of_words=of_words)
    own, of_comments, of_words = (np.load(taught)[name] for name in ("own", "of_comments", "of_words"))
    of_words = of_words.copy()
    spread = float(of_words[:, 0].std())
    for row, word in enumerate(words):
        if word in pleasant:
            of_words[row, 0] = (1 - LEXICON) * of_words[row, 0] + LEXICON * LEXICON_SCALE * spread * pleasant[word]

    often = np.array([tally[key] for key in phrases]) / (len(people) + len(comments)) / 20
    start = np.log(1e-3 / (1e-3 + often) + 0.05).astype(np.float32)
    word_keys = [[(word, False)] for word in words]
    plain = sparse.vstack([counts(k, index, 1.0) for k in (people_keys, comment_keys, word_keys)]).tocsr()
    points, pulls = [], []
    for axis in (0, 1):
        weight = np.r_[np.ones(len(people)), np.full(len(comments), GOEMOTIONS), np.full(len(words), WORDS[axis])]
        gold = truth[:, axis] - truth[:, axis].mean()
        target = np.r_[GOLD * gold + (1 - GOLD) * own[:, axis], of_comments[:, axis], of_words[:, axis]]
        signed = sparse.vstack([counts(k, index, DENY[axis]) for k in (people_keys, comment_keys, word_keys)]).tocsr()
        point, pull = fit(signed, plain, (target / PLANE).astype(np.float32), weight.astype(np.float32), start)
        points.append(point)
        pulls.append(pull)
    save(phrases, np.stack(points, 1), np.stack(pulls, 1))


def save(phrases: list[str], points: np.ndarray, pulls: np.ndarray) -> None:
    pushes = np.abs(points * np.exp(pulls)).max(1)
    keep = [i for i, phrase in enumerate(phrases) if " " not in phrase or pushes[i] > LEAST_PUSH]
    shares, others = background.shortened([phrases[i] for i in keep])
    arrays = {
        "shares": np.frombuffer(shares.encode(), np.uint8),
        "others": np.frombuffer(others.encode(), np.uint8),
        "points": np.clip(np.rint(points[keep].T * background.POINT_STEPS), -127, 127).astype(np.int8),
        "strengths": np.clip(np.rint(pulls[keep].T * background.STRENGTH_STEPS), -127, 127).astype(np.int8),
    }
    write_arrays(TABLE, arrays)
    print(f"{len(keep)} of {len(phrases)} phrases, {TABLE.stat().st_size} bytes")
    print("points beyond 1:", (np.abs(points) > 1).mean(0))


if __name__ == "__main__":
    main(*sys.argv[1:])
