"""Train the net that hears chords on expert labels of pop songs, and write its weights as a table of figures.

    KMIDI_SHARED=... uv run python -m scripts.train_chords           # writes tables/chords.npz
    KMIDI_SHARED=... uv run python -m scripts.train_chords --folds 4 # prints how right it is on songs it was not trained on

Reads the songs of POP909-CL (Wang et al., "POP909", ISMIR 2020, with expert-corrected chords; MIT) through bench.truth.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bench.truth import Song, beat_labels, pop_songs
from kmidi.analysis.chord_net import BLOCKS, PLACES, READ, Net, Singles, fits_of, views
from kmidi.analysis.heard import Heard, Ints

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "chords.npz"
HIDDEN, EPOCHS, BATCH, RATE, DECAY = 64, 16, 512, 3e-3, 3e-4
Rows = tuple[Singles, Ints, Ints]


def rows_of(song: Song) -> Rows:
    """(views, places, label) of the beats that the experts labelled; label = root * qualities + quality."""
    heard = Heard.of(song.score)
    view, place = views(heard)
    label = beat_labels(song, heard.beats)
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
    mean, square = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    above = (np.arange(12)[:, None] + np.arange(12)) % 12  # root, distance -> pitch class
    places = np.eye(PLACES, dtype=np.float32)
    steps, step = EPOCHS * (count // BATCH), 0
    for _ in range(EPOCHS):
        order = rng.permutation(count)
        for at in range(0, count - BATCH + 1, BATCH):
            take = order[at : at + BATCH]
            turned = view[take].reshape(-1, BLOCKS, 12)[:, :, above].transpose(0, 2, 1, 3).reshape(BATCH, 12, -1)
            x = np.concatenate([turned, np.repeat(places[place[take]][:, None], 12, 1)], 2).reshape(BATCH * 12, inputs)
            seen = np.maximum(x @ weights[0] + weights[1], 0)
            scores = (seen @ weights[2] + weights[3]).reshape(BATCH, -1)
            odds = np.exp(scores - scores.max(1, keepdims=True))
            odds /= odds.sum(1, keepdims=True)
            odds[np.arange(BATCH), label[take]] -= 1
            error = (odds / BATCH).reshape(-1, kinds)
            behind = (error @ weights[2].T) * (seen > 0)
            slopes = [
                x.T @ behind + DECAY * weights[0],
                behind.sum(0),
                seen.T @ error + DECAY * weights[2],
                error.sum(0),
            ]
            step += 1
            rate = RATE * (1 - step / steps) + 1e-5
            for j, slope in enumerate(slopes):
                mean[j] = 0.9 * mean[j] + 0.1 * slope
                square[j] = 0.999 * square[j] + 0.001 * slope * slope
                weights[j] -= rate * (mean[j] / (1 - 0.9**step)) / (np.sqrt(square[j] / (1 - 0.999**step)) + 1e-8)
    first, bias, second, second_bias = weights
    return Net(
        first=first[: BLOCKS * 12].reshape(BLOCKS, 12, HIDDEN), place=first[BLOCKS * 12 :], bias=bias,
        second=second, second_bias=second_bias,
    )  # fmt: skip


def main(folds: int) -> None:
    """Train on everything and write the table, or print the beatwise figures of each fold."""
    songs = [rows_of(song) for song in pop_songs() if song.chords]
    if not folds:
        net = train(songs)
        np.savez_compressed(TABLE, **{name: getattr(net, name).astype(np.float16) for name in Net.__slots__})
        return
    for fold in range(folds):
        net = train([rows for i, rows in enumerate(songs) if i % folds != fold])
        turned = net.turned()
        right = [fits_of(net, turned, v, p).reshape(len(v), -1).argmax(1) == y for v, p, y in songs[fold::folds]]
        print(f"fold {fold}: exact {np.concatenate(right).mean():.3f} of beats, before smoothing", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[2]) if sys.argv[1:2] == ["--folds"] else 0)
