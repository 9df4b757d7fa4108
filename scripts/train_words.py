"""Train words.npz: how words and short phrases pull a reading (valence, arousal) and how hard.

    KMIDI_SHARED=… KMIDI_RATED=… uv run --group bench --with labmtsimple python -m scripts.train_words MINILM_FOLDER
    CACHE_FOLDER

It learns from texts that people gave a point (EmoBank's train split; tweets, news and reviews of Hutto and Gilbert 2014), from
what people say of their lives (said.tsv: written and given its points by a language model, which nobody has checked line by
line), from GoEmotions' comments and from single words, the last two as the teachers of word_teacher.py read them. Of single
words people say more: their happiness (labMT 1.0, Dodds et al. 2011, CC BY; the VADER lexicon, Hutto and Gilbert 2014, MIT)
makes most of a word's valence where it is known.

The student is what ships: reading = sum(pull * point) / (STILL + sum(pull)), a weighted mean, so each word's share is exact.
It is trained as it reads: feelings that are named, denial, degree and what stands before a "but" count as they will.

EmoBank's dev split, each fifth of the rated texts and the bench's held-out sentences are never trained on. The weights were
chosen while their r was watched: more weight for what people say reads it better (0.68 of the held-out sentences' valence at
0.593 of EmoBank's dev split) and EmoBank's news and novels worse.

A run repeated on one cache gives the same bytes: one thread adds in one order, and what the teachers say is rounded. About
forty minutes of one core where the cache is empty, ten where it is filled.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
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
from scripts.word_teacher import embed, near, wide, with_labels
from scripts.word_texts import RATED_KINDS, comments, lexicons, people, rated, said

TABLE = Path(__file__).parents[1] / "packages/kmidi/src/kmidi/tables/words.npz"
LEAST, LEAST_SAID = {0: 2, 1: 6, 2: 8}, {0: 1, 1: 3, 2: 3}  # how often a phrase of one, two, three words must occur
GOLD = 0.4  # share of people in the target of their texts, the rest is the teacher's
# weights of a text, on each axis
PEOPLE, COMMENTS, SAID, WORDS = (2.5, 1.5), (0.6, 0.6), (0.5, 2.0), (1.0, 0.2)
RATED = dict(zip(RATED_KINDS, ((1.0, 0.6), (0.7, 0.42), (0.6, 0.36), (0.3, 0.18)), strict=True))
RATED_GOLD = dict(
    zip(RATED_KINDS, (1.0, 0.5, 0.2, 0.5), strict=True)
)  # share of people in their valence: reviews praise sad films
WIDE_COMMENTS, WIDE_WORDS = 0.2, 0.5  # share of the teacher that has seen what is said
LEXICON, LEXICON_SCALE = 0.8, 2.0  # share of the lexicons in a word's valence, and their spread in that of the teacher
LEAST_PUSH = 0.18  # a phrase of more words that moves a reading by less is left out
LONGER = -0.2  # log pull that a phrase begins with for each word after its first
STIFF_POINT, STIFF_PULL, STEPS = 3e-6, 1e-6, 300
STIFFER = (1.0, 2.0)  # on each axis, times as stiff for each word of a phrase after its first
DENY = (modifiers.DENIED_VALENCE, modifiers.DENIED_AROUSAL)
_SIDE = 1e-6  # a phrase that is being trained says its side, and hardly more


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Texts, the points (texts, 2) that they are to be read at, and the weight of each on either axis.

    `named`: on which axes a named feeling counts while the words beside it are learned. EmoBank's readers find sad words
    stirring, who asks for sad music means slow and soft: words must not learn to take that back. Teachers read comments and
    words as plain text.
    """

    texts: list[str]
    points: np.ndarray
    weight: tuple[float, float]
    named: tuple[bool, bool]


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


def fit(
    gathered: list[Gathering], lessons: list[Lesson], axis: int, start: np.ndarray, longer: np.ndarray
) -> list[np.ndarray]:
    """Points and log pulls of the phrases, `longer` by so many words than one: Adam on the weighted squared error of
    the weighted mean.
    """
    both = [texts.matrices(axis) for texts in gathered]
    signed, plain = (sparse.vstack([pair[i] for pair in both]).tocsr() for i in (0, 1))
    fixed = np.concatenate([texts.fixed for texts in gathered])
    fixed_top, fixed_bottom = fixed[:, 2 * axis], fixed[:, 2 * axis + 1]
    signed_t, plain_t = signed.T.tocsr(), plain.T.tocsr()
    target = np.concatenate([lesson.points[:, axis] for lesson in lessons]).astype(np.float32)
    weight = np.repeat([lesson.weight[axis] for lesson in lessons], [len(lesson.texts) for lesson in lessons])
    weight = (weight / weight.sum()).astype(np.float32)
    stiff_point, stiff_pull = (2 * stiff * STIFFER[axis] ** longer for stiff in (STIFF_POINT, STIFF_PULL))
    params = [np.zeros(signed.shape[1], np.float32), start.copy()]
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    for step in range(1, STEPS + 1):
        pull = np.exp(params[1])
        top, bottom = signed @ (pull * params[0]) + fixed_top, plain @ pull + background.STILL + fixed_bottom
        reading = top / bottom
        error = 2 * weight * (reading - target)
        to_top, to_bottom = signed_t @ (error / bottom), plain_t @ (-error * reading / bottom)
        slopes = (
            pull * to_top + stiff_point * params[0],
            pull * (params[0] * to_top + to_bottom) + stiff_pull * (params[1] - start),
        )
        rate = 0.05 * min(1.0, 2 * (1 - step / STEPS) + 0.02)
        for i, slope in enumerate(slopes):
            first[i] = 0.9 * first[i] + 0.1 * slope
            second[i] = 0.98 * second[i] + 0.02 * slope * slope
            params[i] -= rate * (first[i] / (1 - 0.9**step)) / (np.sqrt(second[i] / (1 - 0.98**step)) + 1e-8)
    return params


def main(minilm: str, cache: str) -> None:
    """Train the table and write it."""
    store = Path(cache)
    bank, talk, lives, pleasant = people(), comments(), said(), lexicons()
    counted, told = tally(bank.texts) + tally(talk.texts), tally(lives.texts)
    often_enough = {key for key, n in counted.items() if n >= LEAST[key.count(" ")]}
    often_enough |= {key for key, n in told.items() if n >= LEAST_SAID[key.count(" ")]}
    phrases = sorted(often_enough | {word for word in pleasant if tally([word])})
    words = [key for key in phrases if " " not in key and key[0].isalpha()]

    texts = {"people": bank.texts, "comments": talk.texts, "said": lives.texts, "words": words}
    texts["rated"] = [text for kind in RATED_KINDS for text in rated(kind, held_out=False).texts]
    model = SentenceModel.open(Path(minilm))
    vectors = {name: embed(model, list_, store / f"{name}.npy") for name, list_ in texts.items()}
    seen = with_labels(vectors, talk)
    of_people, left_out = near(seen["people"], bank)
    of_lives = wide(seen["people"], bank, seen["said"], lives)

    def taught(name: str, share: float) -> np.ndarray:
        return share * of_lives.read(seen[name]) + (1 - share) * of_people.read(seen[name])

    lessons = [
        Lesson(texts=bank.texts, points=GOLD * bank.truth + (1 - GOLD) * left_out, weight=PEOPLE, named=(True, False)),
        Lesson(texts=talk.texts, points=taught("comments", WIDE_COMMENTS), weight=COMMENTS, named=(False, False)),
        Lesson(texts=lives.texts, points=lives.truth, weight=SAID, named=(True, True)),
        Lesson(texts=words, points=_listed(words, taught("words", WIDE_WORDS), pleasant), weight=WORDS, named=(False, False)),
        *of_rated(of_people.read(seen["rated"])),
    ]  # fmt: skip

    often = np.array([counted[key] + told[key] for key in phrases]) / (len(bank.texts) + len(talk.texts)) / 20
    longer = np.array([key.count(" ") for key in phrases], np.float32)
    start = (np.log(1e-3 / (1e-3 + often) + 0.05) + LONGER * longer).astype(np.float32)
    sides = pleasant
    # what contradicts a name is passed over when a text is read: the second time it is known what does
    for _ in range(2):
        table = Learning(phrases, sides)
        gathered = [Gathering(lesson.texts, table, lesson.named) for lesson in lessons]
        fitted = [fit(gathered, lessons, axis, start, longer) for axis in (0, 1)]
        sides = dict(zip(phrases, fitted[0][0].tolist(), strict=True))
    points, pulls = ([params[i] for params in fitted] for i in (0, 1))
    save(phrases, np.stack(points, 1), np.stack(pulls, 1))


def _listed(words: list[str], points: np.ndarray, pleasant: dict[str, float]) -> np.ndarray:
    """The points of single words, their valence mostly the lexicons' where those know a word."""
    spread = LEXICON_SCALE * float(points[:, 0].std())
    for row, word in enumerate(words):
        if word in pleasant:
            points[row, 0] = (1 - LEXICON) * points[row, 0] + LEXICON * spread * pleasant[word]
    return points


def of_rated(taught: np.ndarray) -> list[Lesson]:
    """The lessons of rated texts: people's valence and the teacher's, the teacher's arousal; `taught` has all kinds
    in their order.
    """
    lessons: list[Lesson] = []
    for kind in RATED_KINDS:
        texts = rated(kind, held_out=False)
        points, taught = taught[: len(texts.texts)].copy(), taught[len(texts.texts) :]
        points[:, 0] = RATED_GOLD[kind] * texts.truth[:, 0] + (1 - RATED_GOLD[kind]) * points[:, 0]
        lessons.append(Lesson(texts=texts.texts, points=points, weight=RATED[kind], named=(True, True)))
    return lessons


def save(phrases: list[str], points: np.ndarray, pulls: np.ndarray) -> None:
    """Write the words, and the longer phrases that move a reading."""
    pushes = np.abs(points * np.exp(pulls)).max(1)
    keep = [i for i, phrase in enumerate(phrases) if " " not in phrase or pushes[i] > LEAST_PUSH]
    shares, others = background.shortened([phrases[i] for i in keep])
    arrays = {
        "shares": np.frombuffer(shares.encode(), np.uint8),
        "others": np.frombuffer(others.encode(), np.uint8),
        "points": np.clip(
            np.rint(points[keep].T * background.POINT_STEPS), -background.POINT_STEPS, background.POINT_STEPS
        ).astype(np.int8),
        "strengths": np.clip(np.rint(pulls[keep].T * background.STRENGTH_STEPS), -127, 127).astype(np.int8),
    }
    write_arrays(TABLE, arrays)
    print(f"{len(keep)} of {len(phrases)} phrases, {TABLE.stat().st_size} bytes")
    print("points beyond 1:", (np.abs(points) > 1).mean(0))


if __name__ == "__main__":
    main(*sys.argv[1:])
