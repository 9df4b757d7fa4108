"""Train the net that hears chords on expert labels of pop songs and on composed pieces, and write its weights as a
table of figures.

    KMIDI_SHARED=... uv run python -m scripts.train_chords    # writes tables/chords.npz

Reads the songs of POP909-CL (Wang et al., "POP909", ISMIR 2020, with expert-corrected chords; MIT) through bench.truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.plans import composed
from bench.truth import beat_labels, pop_songs
from kmidi.analysis.chord_net import BLOCKS, PLACES, READ, Net, fits_of, views
from kmidi.analysis.heard import Heard, Ints
from kmidi.analysis.products import Singles
from kmidi.score import ChordSpan, Score
from kmidi.tables.weights import packed

from .descent import Weights, descend
from .packing import write_arrays

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "chords.npz"
BATCH, RATE, DECAY = 512, 3e-3, 1e-5
HIDDEN, EPOCHS = (72, 32), (16, 32)  # units and passes: of a teacher; of the net, as right and a third of the work
TEACHERS, TAUGHT = 5, 0.8  # nets whose mean it learns from beside people, and their share in what it learns
COMPOSED = 600  # pieces
HEARD = 2  # one beat in so many of a composed piece is learned: many pieces, without outweighing people's
_DISTANCE = (np.arange(12)[:, None] - np.arange(12)) % 12  # pitch class, root -> distance above it
_ABOVE = (np.arange(12)[:, None] + np.arange(12)) % 12  # root, distance -> pitch class


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """A piece, what the net sees of each beat, and its label there: root * qualities + quality, -1 where none is."""

    heard: Heard
    view: Singles
    place: Ints
    label: Ints

    @classmethod
    def of(cls, score: Score, chords: tuple[ChordSpan, ...]) -> Lesson:
        """The beats of a score under its chords."""
        heard = Heard.of(score)
        view, place = views(heard)
        return cls(heard=heard, view=view, place=place, label=beat_labels(chords, heard.beats))


def train(lessons: list[Lesson], seed: int = 0) -> Net:
    """A small net that learns from the mean of larger ones beside the labels (Hinton, Vinyals & Dean, 2015).

    Weights by Adam on the cross-entropy over all roots and qualities, one pass order a seed.
    """
    known = [lesson.label >= 0 for lesson in lessons]
    view = np.concatenate([lesson.view[:, :, k] for lesson, k in zip(lessons, known, strict=True)], 2)
    view = view.transpose(2, 1, 0).reshape(-1, BLOCKS * 12)
    place = np.concatenate([lesson.place[k] for lesson, k in zip(lessons, known, strict=True)])
    label = np.concatenate([lesson.label[k] for lesson, k in zip(lessons, known, strict=True)])
    taught = np.zeros((len(label), 12 * len(READ)), np.float32)
    for at in range(TEACHERS):
        teacher = _trained(view, place, label, seed=seed + at)
        turned = teacher.turned()
        for begin in range(0, len(label), 1 << 14):
            some = slice(begin, begin + (1 << 14))
            rows = view[some].reshape(-1, BLOCKS, 12).transpose(2, 1, 0).copy()
            taught[some] += np.exp(fits_of(teacher, turned, rows, place[some])).reshape(-1, 12 * len(READ)) / TEACHERS
    return _trained(view, place, label, taught, seed=seed + TEACHERS)


def _trained(view: Singles, place: Ints, label: Ints, taught: Singles | None = None, *, seed: int) -> Net:
    """A teacher, which learns labels, or the net, which learns too what it is taught of each beat: chances of all chords."""
    kinds, inputs = len(READ), BLOCKS * 12 + PLACES
    rng = np.random.default_rng(seed)
    told, hidden, epochs = (1, HIDDEN[0], EPOCHS[0]) if taught is None else (1 - TAUGHT, HIDDEN[1], EPOCHS[1])

    def drawn(*shape: int) -> Singles:
        return (rng.standard_normal(shape) / np.sqrt(inputs / 3)).astype(np.float32)

    weights = [
        drawn(BLOCKS, 12, hidden), drawn(PLACES, hidden), np.zeros(hidden, np.float32),
        (rng.standard_normal((hidden, kinds)) / np.sqrt(hidden)).astype(np.float32), np.zeros(kinds, np.float32),
    ]  # fmt: skip
    places = np.eye(PLACES, dtype=np.float32)

    def slopes(weights: Weights, take: Ints) -> Weights:
        first, at_place, bias, second, second_bias = weights
        count, x, here = len(take), view[take], places[place[take]]
        around = first[:, _DISTANCE].reshape(BLOCKS * 12, -1)  # what each pitch class says to each root
        seen = (x @ around).reshape(count, 12, hidden) + (here @ at_place + bias)[:, None]
        lit = np.maximum(seen, 0).reshape(-1, hidden)
        scores = (lit @ second + second_bias).reshape(count, -1)
        odds = np.exp(scores - scores.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        odds[np.arange(count), label[take]] -= told
        if taught is not None:
            odds -= TAUGHT * taught[take]
        error = (odds / count).reshape(-1, kinds)
        behind = (error @ second.T).reshape(count, 12, hidden) * (seen > 0)
        slope = (x.T @ behind.reshape(count, -1)).reshape(BLOCKS, 12, 12, hidden)
        # each distance gathers over the roots
        turned = slope[:, _ABOVE, np.arange(12)[:, None]].sum(1)
        summed = behind.sum(1)
        return [
            turned + DECAY * first, here.T @ summed + DECAY * at_place, summed.sum(0),
            lit.T @ error + DECAY * second, error.sum(0),
        ]  # fmt: skip

    first, at_place, bias, second, second_bias = descend(
        weights, slopes, len(view), epochs=epochs, batch=BATCH, rate=RATE, rng=rng
    )
    return Net(first=first, place=at_place, bias=bias, second=second, second_bias=second_bias)


def composed_lessons() -> list[Lesson]:
    """Pieces in every genre, meter and mode: rootless voicings and walking basses that no pop song has."""
    lessons = [Lesson.of(score, score.chords) for _, score in composed(COMPOSED, "train")]
    for at, lesson in enumerate(lessons):
        lesson.label[np.arange(len(lesson.label)) % HEARD == at % HEARD] = -1
    return lessons


def main() -> None:
    """Train on everything and write the table; bench/ear.py says how right it is on songs it was not trained on."""
    net = train([Lesson.of(song.score, song.chords) for song in pop_songs() if song.chords] + composed_lessons())
    write_arrays(TABLE, packed({name: getattr(net, name) for name in Net.__slots__}))


if __name__ == "__main__":
    main()
