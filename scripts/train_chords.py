"""Train the net that hears chords on expert labels of pop songs and on composed pieces, and write its weights as a table of figures.

    KMIDI_SHARED=... uv run python -m scripts.train_chords    # writes tables/chords.npz

Reads the songs of POP909-CL (Wang et al., "POP909", ISMIR 2020, with expert-corrected chords; MIT) through bench.truth.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.plans import composed
from bench.truth import beat_labels, pop_songs
from kmidi.analysis.chord_net import BLOCKS, PLACES, READ, Net, Singles, views
from kmidi.analysis.heard import Heard, Ints
from kmidi.score import ChordSpan, Score
from kmidi.tables.weights import packed

from .descent import Weights, descend

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "chords.npz"
HIDDEN, EPOCHS, BATCH, RATE, DECAY = 64, 16, 512, 3e-3, 3e-4
COMPOSED = 300  # pieces
Rows = tuple[Singles, Ints, Ints]


def rows_of(score: Score, chords: tuple[ChordSpan, ...]) -> Rows:
    """(views, places, label) of the beats whose chord is known; label = root * qualities + quality."""
    heard = Heard.of(score)
    view, place = views(heard)
    label = beat_labels(chords, heard.beats)
    known = label >= 0
    return view[known], place[known], label[known]


def train(rows: list[Rows], seed: int = 0) -> Net:
    """Weights by Adam on the cross-entropy over all roots and qualities, one pass order a seed."""
    view, place, label = (np.concatenate(column) for column in zip(*rows, strict=True))
    count, kinds = len(label), len(READ)
    rng = np.random.default_rng(seed)
    inputs = BLOCKS * 12 + PLACES
    weights = [
        (rng.standard_normal((inputs, HIDDEN)) / np.sqrt(inputs / 3)).astype(np.float32), np.zeros(HIDDEN, np.float32),
        (rng.standard_normal((HIDDEN, kinds)) / np.sqrt(HIDDEN)).astype(np.float32), np.zeros(kinds, np.float32),
    ]  # fmt: skip
    above = (np.arange(12)[:, None] + np.arange(12)) % 12  # root, distance -> pitch class
    places = np.eye(PLACES, dtype=np.float32)

    def slopes(weights: Weights, take: Ints) -> Weights:
        turned = view[take].reshape(-1, BLOCKS, 12)[:, :, above].transpose(0, 2, 1, 3).reshape(len(take), 12, -1)
        x = np.concatenate([turned, np.repeat(places[place[take]][:, None], 12, 1)], 2).reshape(-1, inputs)
        seen = np.maximum(x @ weights[0] + weights[1], 0)
        scores = (seen @ weights[2] + weights[3]).reshape(len(take), -1)
        odds = np.exp(scores - scores.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        odds[np.arange(len(take)), label[take]] -= 1
        error = (odds / len(take)).reshape(-1, kinds)
        behind = (error @ weights[2].T) * (seen > 0)
        return [
            x.T @ behind + DECAY * weights[0], behind.sum(0), seen.T @ error + DECAY * weights[2], error.sum(0),
        ]  # fmt: skip

    first, bias, second, second_bias = descend(weights, slopes, count, epochs=EPOCHS, batch=BATCH, rate=RATE, rng=rng)
    return Net(
        first=first[: BLOCKS * 12].reshape(BLOCKS, 12, HIDDEN), place=first[BLOCKS * 12 :], bias=bias,
        second=second, second_bias=second_bias,
    )  # fmt: skip


def composed_rows() -> list[Rows]:
    """Beats of pieces in every genre, meter and mode: rootless voicings and walking basses that no pop song has."""
    return [rows_of(score, score.chords) for _, score in composed(COMPOSED, "train")]


def main() -> None:
    """Train on everything and write the table; bench/ear.py says how right it is on songs it was not trained on."""
    net = train([rows_of(song.score, song.chords) for song in pop_songs() if song.chords] + composed_rows())
    np.savez_compressed(TABLE, **packed({name: getattr(net, name) for name in Net.__slots__}))


if __name__ == "__main__":
    main()
