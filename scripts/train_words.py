"""Train words.npz: how words and short phrases pull a reading (valence, arousal) and how hard.

    KMIDI_SHARED=… uv run --group bench --with labmtsimple python -m scripts.train_words MINILM_FOLDER CACHE_FOLDER

It learns from texts that people gave a point (EmoBank's train split), from what people say of their lives (said.tsv: written
and given its points by a language model, which nobody has checked line by line), from GoEmotions' comments and from single
words, the last two as the teachers of word_teacher.py read them. Of single words people say more: their happiness (labMT 1.0,
Dodds et al. 2011, CC BY; the VADER lexicon, Hutto and Gilbert 2014, MIT) makes most of a word's valence where it is known.

The student is what ships: reading = sum(pull * point) / (STILL + sum(pull)), a weighted mean, so each word's share is exact.
It is trained as it reads: feelings that are named, denial, degree and what stands before a "but" count as they will.

EmoBank's dev split and the bench's held-out sentences are never trained on. The weights were chosen while their r was
watched: more weight for what people say reads them better (0.69 and 0.75 of the held-out halves at 0.54 of EmoBank's dev
split) and EmoBank's news and novels worse.

A run repeated on one cache gives the same bytes: one thread adds in one order, and what the teachers say is rounded. About
half an hour of one core where the cache is empty, five minutes where it is filled.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from scipy import sparse

from kmidi.affect import background, modifiers
from kmidi.affect.background import Pull, Pulls
from kmidi.affect.gathered import gather
from kmidi.affect.pared import pare
from kmidi.affect.sentence_model import SentenceModel
from kmidi.affect.tokens import tokenize
from scripts.packing import write_arrays
from scripts.word_teacher import embed, teach
from scripts.word_texts import comments, lexicons, people, said

TABLE = Path(__file__).parents[1] / "packages/kmidi/src/kmidi/tables/words.npz"
LEAST, LEAST_SAID = {0: 2, 1: 6, 2: 8}, {0: 1, 1: 3, 2: 3}  # how often a phrase of one, two, three words must occur
GOLD = 0.4  # share of people in the target of their texts, the rest is the teacher's
PEOPLE, COMMENTS, SAID, WORDS = (2.0, 1.5), (0.6, 0.6), (0.33, 1.5), (0.6, 0.2)  # weights of a text, on each axis
WIDE_COMMENTS, WIDE_WORDS = 0.2, 0.5  # share of the teacher that has seen what is said
LEXICON, LEXICON_SCALE = 0.8, 2.0  # share of the lexicons in a word's valence, and their spread in that of the teacher
LEAST_PUSH = 0.18  # a phrase of more words that moves a reading by less is left out
LONGER = -0.2  # log pull that a phrase begins with for each word after its first
STIFF_POINT, STIFF_PULL, STEPS = 3e-6, 1e-6, 80
DENY = (modifiers.DENIED_VALENCE, modifiers.DENIED_AROUSAL)
# On which axes a named feeling counts while the words beside it are learned. EmoBank's readers find sad words stirring, who asks
# for sad music means slow and soft: words must not learn to take that back. Teachers read comments and words as plain text.
NAMED = {"people": (True, False), "comments": (False, False), "said": (True, True), "words": (False, False)}
_SIDE = 1e-6  # a phrase that is being trained says its side, and hardly more


class Learning(Pulls):
    """The phrases that are being trained: what `get` finds pulls by 1, and by its number on the other axis."""

    def __init__(self, phrases: list[str], sides: dict[str, float]) -> None:
        super().__init__(phrases, np.zeros((len(phrases), 4)))
        self._side = sides

    def get(self, phrase: str) -> Pull | None:
        """A pull by which the phrase is known again among the hits of a text."""
        at = self._at.get(phrase)
        return None if at is None else Pull(-_SIDE if self._side.get(phrase, 0) < 0 else _SIDE, 1.0, 1.0, at + 1.0)


class Gathering:
    """What pulls in texts: `fixed` (texts, 4), the sums of the named feelings (point times pull and pull of valence, then of
    arousal; of the axes in `named`); and of each phrase where it stands, its number, its weight, its degree, whether denied.
    """

    def __init__(self, texts: list[str], table: Learning, named: tuple[bool, bool]) -> None:
        self.fixed = np.zeros((len(texts), 4), np.float32)
        self.shape = (len(texts), len(table))
        rows: list[int] = []
        found: list[tuple[int, float, float, bool]] = []
        for row, text in enumerate(texts):
            for hit in gather(text, table).hits:
                if hit.emotion or hit.note:
                    valence, arousal = hit.felt(hit.degree)
                    self.fixed[row] += (hit.for_valence * valence, hit.for_valence, hit.for_arousal * arousal, hit.for_arousal)  # fmt: skip
                elif hit.for_valence:
                    rows.append(row)
                    number = round(hit.for_arousal / hit.for_valence) - 1
                    found.append((number, hit.for_valence, hit.degree, hit.arousal != 1.0))
        self.fixed[:, ~np.repeat(named, 2)] = 0
        self.rows = np.array(rows)
        self.phrases, self.weights, self.degrees, self.denied = (
            np.array(column) for column in zip(*found, strict=True)
        )

    def matrices(self, axis: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Weights of the phrases with degree and denial, and without."""
        said = self.weights * self.degrees * np.where(self.denied, DENY[axis], 1.0)
        at = (self.rows, self.phrases)
        signed, plain = (sparse.csr_matrix((w.astype(np.float32), at), self.shape) for w in (said, self.weights))
        return signed, plain


def tally(texts: list[str]) -> Counter[str]:
    """In how many texts each phrase occurs."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update({key for _, _, key in background.grams(tokenize(pare(text).text))})
    return found


def fit(gathered: list[Gathering], axis: int, target: np.ndarray, weight: np.ndarray, start: np.ndarray):
    """Points and log pulls of the phrases: Adam on the weighted squared error of the weighted mean."""
    both = [texts.matrices(axis) for texts in gathered]
    signed, plain = (sparse.vstack([pair[i] for pair in both]).tocsr() for i in (0, 1))
    fixed = np.concatenate([texts.fixed for texts in gathered])
    fixed_top, fixed_bottom = fixed[:, 2 * axis], fixed[:, 2 * axis + 1]
    signed_t, plain_t = signed.T.tocsr(), plain.T.tocsr()
    target, weight = target.astype(np.float32), (weight / weight.sum()).astype(np.float32)
    params = [np.zeros(signed.shape[1], np.float32), start.copy()]
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    for step in range(1, STEPS + 1):
        pull = np.exp(params[1])
        top, bottom = signed @ (pull * params[0]) + fixed_top, plain @ pull + background.STILL + fixed_bottom
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
    """Train the table and write it."""
    model, store = SentenceModel.open(Path(minilm)), Path(cache)
    bank, talk, lives, pleasant = people(), comments(), said(), lexicons()
    counted, told = tally(bank.texts) + tally(talk.texts), tally(lives.texts)
    often_enough = {key for key, n in counted.items() if n >= LEAST[key.count(" ")]}
    often_enough |= {key for key, n in told.items() if n >= LEAST_SAID[key.count(" ")]}
    phrases = sorted(often_enough | {word for word in pleasant if tally([word])})
    words = [key for key in phrases if " " not in key and key[0].isalpha()]

    texts = {"people": bank.texts, "comments": talk.texts, "said": lives.texts, "words": words}
    vectors = {name: embed(model, list_, store / f"{name}.npy") for name, list_ in texts.items()}
    taught = teach(vectors, bank, talk, lives)
    of_comments = WIDE_COMMENTS * taught.comments_wide + (1 - WIDE_COMMENTS) * taught.comments_near
    of_words = WIDE_WORDS * taught.words_wide + (1 - WIDE_WORDS) * taught.words_near
    spread = float(of_words[:, 0].std())
    for row, word in enumerate(words):
        if word in pleasant:
            of_words[row, 0] = (1 - LEXICON) * of_words[row, 0] + LEXICON * LEXICON_SCALE * spread * pleasant[word]

    often = np.array([counted[key] + told[key] for key in phrases]) / (len(bank.texts) + len(talk.texts)) / 20
    longer = LONGER * np.array([key.count(" ") for key in phrases])
    start = (np.log(1e-3 / (1e-3 + often) + 0.05) + longer).astype(np.float32)
    targets = np.concatenate([GOLD * bank.truth + (1 - GOLD) * taught.people, of_comments, lives.truth, of_words])
    sides = pleasant
    # what contradicts a name is passed over when a text is read: the second time it is known what does
    for _ in range(2):
        table = Learning(phrases, sides)
        gathered = [Gathering(list_, table, NAMED[name]) for name, list_ in texts.items()]
        fitted = []
        for axis in (0, 1):
            shares = (PEOPLE, COMMENTS, SAID, WORDS)
            rows = [np.full(len(list_), w[axis]) for list_, w in zip(texts.values(), shares, strict=True)]
            fitted.append(fit(gathered, axis, targets[:, axis], np.concatenate(rows), start))
        sides = dict(zip(phrases, fitted[0][0].tolist(), strict=True))
    points, pulls = ([params[i] for params in fitted] for i in (0, 1))
    save(phrases, np.stack(points, 1), np.stack(pulls, 1))


def save(phrases: list[str], points: np.ndarray, pulls: np.ndarray) -> None:
    """Write the words, and the longer phrases that move a reading."""
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
