"""Train the net that hears where phrases begin, on phrases that people marked, and count how long phrases last.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_form    # writes tables/form.npz

Reads POP909-CL's scores and two people's phrases of each song (Dai, Zhang & Dannenberg, "Automatic analysis and
influence of hierarchical structure on melody, rhythm and harmony in popular music", CSMC 2020; MIT).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.truth import boundary_f1, phrase_starts, pop_songs
from kmidi.analysis.form import LONGEST, SEEN, Bars, FormNet, best_cut, compared, start_odds
from kmidi.analysis.heard import Heard, Ints
from kmidi.analysis.products import Singles
from kmidi.tables.weights import packed

from .descent import Weights, descend
from .packing import write_arrays

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "form.npz"
HIDDEN, BATCH, RATE, DECAY = 32, 128, 2e-3, 2e-3
TEACHERS, TAUGHT = 6, 0.8  # nets whose mean the net learns from beside people, and their share in what it learns
EPOCHS, DROPPED = (16, 24), (0.4, 0.3)  # of the teachers; of the net
UNLIT = 1e-3  # a unit whose weights all fell below this hears nothing, and numbers near nothing are slow to multiply
GRAIN = 2  # of 126 steps 63 are as good: F1 of phrase starts on songs not trained on is the same to 0.001


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marked:
    """A song's bars beside each other, and where phrases start in it as each of two people heard it, in bars."""

    bars: Bars
    starts: list[list[int]]

    @property
    def share(self) -> Singles:
        """For each bar the share of the people who start a phrase there."""
        share = np.zeros(len(self.bars.view), np.float32)
        for starts in self.starts:
            share[[s for s in starts if 0 < s < len(share)]] += 1 / len(self.starts)
        return share


def marked_songs() -> list[Marked]:
    """The songs whose bars and marks can be laid over each other."""
    marked = ((compared(Heard.of(song.score)), phrase_starts(song)) for song in pop_songs())
    return [Marked(bars=bars, starts=starts) for bars, starts in marked if bars and starts]


def train(songs: list[Marked]) -> FormNet:
    """Weights by Adam on the cross-entropy to the share of people, features dropped at random.

    Nets of few songs differ, and their mean hears better than one. The net learns that mean, and so is as good and small:
    Hinton, Vinyals & Dean, "Distilling the knowledge in a neural network", 2015.
    """
    view, share = np.concatenate([s.bars.view for s in songs]), np.concatenate([s.share for s in songs])
    mean, sd = view.mean(0), view.std(0) + 1e-3
    seen = np.clip((view - mean) / sd, -SEEN, SEEN)
    nets = [_weights(seen, share, seed, 0) for seed in range(TEACHERS)]
    odds = np.mean([np.maximum(seen @ first + bias, 0) @ second + last for first, bias, second, last in nets], 0)
    taught = TAUGHT / (1 + np.exp(-odds)) + (1 - TAUGHT) * share
    first, bias, second, second_bias = _weights(seen, taught.astype(np.float32), TEACHERS, 1)
    lit = np.abs(first).max(0) > UNLIT
    return FormNet(
        mean=mean, sd=sd, first=first[:, lit], bias=bias[lit], second=second[lit],
        second_bias=second_bias, lengths=lengths(songs),
    )  # fmt: skip


def _weights(seen: Singles, share: Singles, seed: int, taught: int) -> Weights:
    """Of a teacher (taught: 0) or the net that is taught (1)."""
    inputs, rng, dropped = seen.shape[1], np.random.default_rng(seed), DROPPED[taught]

    def slopes(weights: Weights, rows: Ints) -> Weights:
        first, bias, second, second_bias = weights
        x = seen[rows] * (rng.random((len(rows), inputs), np.float32) >= dropped) / (1 - dropped)
        hidden = np.maximum(x @ first + bias, 0)
        error = (1 / (1 + np.exp(-(hidden @ second + second_bias))) - share[rows]) / len(rows)
        behind = np.outer(error, second) * (hidden > 0)
        return [
            x.T @ behind + DECAY * first,
            behind.sum(0),
            hidden.T @ error + DECAY * second,
            error.sum(keepdims=True),
        ]

    begin = [
        (rng.standard_normal((inputs, HIDDEN)) / np.sqrt(inputs)).astype(np.float32), np.zeros(HIDDEN, np.float32),
        (rng.standard_normal(HIDDEN) / np.sqrt(HIDDEN)).astype(np.float32), np.zeros(1, np.float32),
    ]  # fmt: skip
    return descend(begin, slopes, len(seen), epochs=EPOCHS[taught], batch=BATCH, rate=RATE, rng=rng)


def lengths(songs: list[Marked]) -> Singles:
    """The log-chance that a phrase lasts n bars, n from 0 to LONGEST."""
    lasting = np.concatenate([np.diff(starts) for song in songs for starts in song.starts])
    counts = np.bincount(lasting[lasting <= LONGEST], minlength=LONGEST + 1) + 1.0
    chance = np.log(counts / counts.sum())
    chance[0] = -99
    return chance.astype(np.float32)


def folded(folds: int = 5) -> tuple[float, float, int]:
    """(F1 of phrase starts against either person on songs not trained on, F1 between the two people, songs)."""
    songs = marked_songs()
    scores: list[float] = []
    for fold in range(folds):
        net = train([song for i, song in enumerate(songs) if i % folds != fold])
        for song in songs[fold::folds]:
            found = best_cut(start_odds(net, song.bars), net.lengths)[1:-1]
            scores += [boundary_f1(found, starts) for starts in song.starts]
    people = np.mean([boundary_f1(*song.starts) for song in songs])
    return float(np.mean(scores)), float(people), len(songs)


def main() -> None:
    """Train on every song and write the table."""
    net = train(marked_songs())
    write_arrays(TABLE, packed({name: getattr(net, name) for name in FormNet.__slots__}, GRAIN))


if __name__ == "__main__":
    main()
