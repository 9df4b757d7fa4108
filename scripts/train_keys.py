"""Weigh what speaks for a key, on the expert keys of pop songs, the keys of Bach's chorales and modal pieces composed.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_keys    # writes tables/keys.json

Multinomial logistic regression over the keys of seven modes, one weight a degree and kind of evidence, held small by a
ridge; church modes add weights of their own to those of major and minor. People's labels know major and minor only:
any mode of that third is right under them, and what tells the church modes is learned from pieces that the composer wrote in them.
POP909-CL (Wang et al., ISMIR 2020; MIT) and the chorales of music21's corpus, through bench.truth.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.plans import composed
from bench.truth import chorales, pop_songs
from kmidi.analysis.chord_net import fits
from kmidi.analysis.chords import hear_chords
from kmidi.analysis.form import compared
from kmidi.analysis.heard import Floats, Heard, Ints
from kmidi.analysis.key_areas import Rise, before_rise, find_rise, key_areas, told_by_rise
from kmidi.analysis.key_cues import (
    HEARD_MODES,
    IS_MINOR,
    KINDS,
    MODAL_PROFILES,
    STRETCHES,
    correlations,
    exchange,
    key_cues,
    stretch_times,
)
from kmidi.score import ChordSpan, Score
from kmidi.theory import Key

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "keys.json"
RIDGE = 5e-3
WEIGHT = {
    "pop909": 1.0,
    "chorales": 0.4,
    "composed": 0.3,
}  # of a piece: chorales are as many, and their keys are plainer
COMPOSED = 345  # pieces
BLOCKS = ("major", "minor", "church_major", "church_minor")
WIDTH = len(STRETCHES) + len(KINDS) * 12  # the profile's fits, and the cues by degree
PLAIN = {"harmonic_minor": "aeolian", "melodic_minor": "aeolian"}


def number(key: Key) -> int:
    """The key's place among HEARD_MODES times twelve tonics; 0..11 major, 12..23 minor."""
    return HEARD_MODES.index(PLAIN.get(key.mode, key.mode)) * 12 + key.pitch_class


def rows_of(score: Score) -> tuple[Floats, Floats, Rise | None]:
    """What speaks for a key in the whole and in what sounds before a rise, and that rise; twice the whole where none is."""
    heard = Heard.of(score)
    bars = compared(heard)
    spans, _, lowest = hear_chords(heard, fits(heard), bars and bars.returns)
    whole, rise = row_of(heard, lowest, spans), find_rise(key_areas(heard))
    return whole, row_of(*before_rise(heard, lowest, spans, rise)) if rise else whole, rise


def row_of(heard: Heard, lowest: Ints, spans: tuple[ChordSpan, ...]) -> Floats:
    """(modes, tonics, WIDTH): what speaks for a key, the profile's fits and the cues by degree."""
    fit = 10 * correlations(stretch_times(heard), MODAL_PROFILES).reshape(len(STRETCHES), -1, 12).transpose(1, 2, 0)
    cues = key_cues(heard, lowest, spans)
    turned = [cues[:, :, exchange(np.arange(12), mode)].reshape(12, -1) for mode in HEARD_MODES]
    return np.concatenate([fit, np.array(turned)], 2).astype(np.float32)


def shared_by() -> Floats:
    """Which of BLOCKS each mode's weights are the sum of: (modes, blocks) of 0 and 1."""
    share = np.zeros((len(HEARD_MODES), len(BLOCKS)), np.float32)
    for at, minor in enumerate(IS_MINOR):
        share[at, int(minor)] = 1
        share[at, 2 + int(minor)] = at > 1
    return share


def fit_weights(rows: Floats, label: Ints, corpus: Floats) -> Floats:
    """The weights that make the labelled keys likeliest, less RIDGE times their squares: constants of modes, then BLOCKS."""
    heavy = np.array([WEIGHT[name] for name in corpus.tolist()])
    heavy /= heavy.sum()
    share, states = shared_by(), np.arange(len(HEARD_MODES) * 12)
    exact = label[:, None] == states
    third = np.repeat(IS_MINOR, 12)
    alike = (label[:, None] % 12 == states % 12) & (third[label][:, None] == third)
    meant = np.where((corpus == "composed")[:, None], exact, alike)
    by_mode = np.ascontiguousarray(rows.transpose(1, 0, 2, 3))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = scores_of(by_mode, weights)
        odds = np.exp(scores - scores.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        right = odds * meant
        told = right.sum(1, keepdims=True) + 1e-12
        missed = float(-(heavy * np.log(told[:, 0])).sum())
        odds -= right / told
        odds = (odds * heavy[:, None]).astype(rows.dtype).reshape(len(label), len(HEARD_MODES), 12)
        modes = np.array([np.tensordot(odds[:, mode], by_mode[mode], 2) for mode in range(len(HEARD_MODES))])
        slope = np.append(odds.sum((0, 2)), share.T @ modes)
        return missed + RIDGE * float(weights @ weights), slope + 2 * RIDGE * weights

    start = np.zeros(len(HEARD_MODES) + len(BLOCKS) * WIDTH)
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x


def scores_of(by_mode: Floats, weights: Floats) -> Floats:
    """Log-odds (pieces, modes * tonics) up to a constant, from rows with the modes first."""
    modes = len(HEARD_MODES)
    own = shared_by() @ weights[modes:].reshape(len(BLOCKS), WIDTH).astype(by_mode.dtype)
    scores = [
        row @ each + constant for row, each, constant in zip(by_mode, own, weights.astype(by_mode.dtype), strict=False)
    ]
    return np.stack(scores, 1).reshape(by_mode.shape[1], -1)


def folded(folds: int = 5) -> dict[str, tuple[float, int]]:
    """For each corpus: the share of keys right (tonic, major or minor) on songs that were not trained on, and songs."""
    rows, label, corpus, lower, rises = labelled()
    third = np.repeat(IS_MINOR, 12)
    right = np.zeros(len(label), bool)
    for fold in range(folds):
        out = (np.arange(len(label)) % folds == fold) & (corpus != "composed")
        weights = fit_weights(rows[~out], label[~out], corpus[~out])
        said, below = (scores_of(part[out].transpose(1, 0, 2, 3), weights).argmax(1) for part in (rows, lower))
        doubtful = [
            rise is not None and told_by_rise(rise, key % 12, bool(third[key]))
            for rise, key in zip(rises[out], said.tolist(), strict=True)
        ]
        said = np.where(doubtful, below, said)
        right[out] = (said % 12 == label[out] % 12) & (third[said] == third[label[out]])
    return {name: (float(right[corpus == name].mean()), int((corpus == name).sum())) for name in ("pop909", "chorales")}


def labelled() -> tuple[Floats, Ints, Floats, Floats, Floats]:
    """(Rows, labels, name of the corpus, rows before a rise, rises) of every piece whose key people told."""
    told = [("pop909", song.score, song.keys[0]) for song in pop_songs() if song.keys]
    told += [("chorales", score, key) for _, score, key in chorales()]
    told += [("composed", score, made.key) for made, score in composed(COMPOSED, "train")]
    rows, lower, rises = zip(*(rows_of(score) for _, score, _ in told), strict=True)
    label, corpus = np.array([number(key) for *_, key in told]), np.array([name for name, *_ in told])
    return np.array(rows), label, corpus, np.array(lower), np.array(rises, object)


def main() -> None:
    """Fit on everything and write the table."""
    weights = np.round(fit_weights(*labelled()[:3]), 3)
    stretches = len(STRETCHES)
    blocks = weights[len(HEARD_MODES) :].reshape(len(BLOCKS), WIDTH)
    table = {
        "source": "POP909-CL keys (Wang et al., ISMIR 2020; MIT), Bach chorales of music21, own modal pieces, scripts/train_keys.py",
        "bias": dict(zip(HEARD_MODES, weights.tolist(), strict=False)),
        **{
            name: {
                "fit": np.round(10 * block[:stretches], 2).tolist(),
                **dict(zip(KINDS, block[stretches:].reshape(-1, 12).tolist(), strict=True)),
            }
            for name, block in zip(BLOCKS, blocks, strict=True)
        },
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
