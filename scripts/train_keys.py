"""Weigh what speaks for a key: in harmony on pop songs, Bach's chorales and modal pieces composed, in tunes on tunes.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_keys    # writes tables/keys.json.gz

Multinomial logistic regression over the keys of seven modes, one weight a degree and kind of evidence, held small by a
ridge; church modes add weights of their own to those of major and minor. People's labels know major and minor only:
any mode of that third is right under them, and what tells the church modes is learned from pieces that the composer
wrote in them. POP909-CL (Wang et al., ISMIR 2020; MIT) through bench.truth; chorales and tunes of music21's corpus
through bench.old_music. Tunes alone have a table of their own: fiddle tunes of two collections, and the melodies of all
that the other is learned on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bench.old_music import AIRD, RYAN, chorales, tunes
from bench.plans import composed
from bench.truth import pop_songs, shared
from kmidi.analysis.chord_net import fits
from kmidi.analysis.chords import hear_chords
from kmidi.analysis.form import compared, phrase_odds
from kmidi.analysis.heard import Floats, Heard, Ints
from kmidi.analysis.key_areas import Rise, before_rise, find_rise, key_areas, told_by_rise
from kmidi.analysis.key_cues import (
    HEARD_MODES,
    IS_MINOR,
    KINDS,
    MODAL_PROFILES,
    STRETCHES,
    TUNE_KINDS,
    correlations,
    exchange,
    is_tune,
    key_cues,
    stretch_times,
    tune_cues,
)
from kmidi.midi import read
from kmidi.score import ChordSpan, Score, notes_array
from kmidi.theory import Key
from scripts.packing import gzipped

TABLE = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables" / "keys.json.gz"
RIDGE = 5e-3
WEIGHT = {  # of a piece: chorales are as many as pop songs, and their keys are plainer
    "pop909": 1.0, "chorales": 0.4, "composed": 0.3,
    "pop909 melodies": 0.5, "sopranos": 0.3, "composed lines": 0.3, AIRD: 1.0, RYAN: 1.0,
}  # fmt: skip
COMPOSED_TOO = ("composed", "composed lines")  # their labels tell the very mode; nothing is measured on them
COMPOSED = 345  # pieces
BLOCKS = ("major", "minor", "church_major", "church_minor")
Told = tuple[str, Score, Key]  # corpus, music, key
PLAIN = {"harmonic_minor": "aeolian", "melodic_minor": "aeolian"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lessons:
    """Of pieces whose keys are told: evidence (pieces, modes, tonics, cues), `number`s of keys, names of corpora.

    lower, rises: the evidence before a rise, and that rise; the same evidence and None where there is none.
    """

    rows: Floats
    label: Ints
    corpus: Floats
    lower: Floats
    rises: tuple[Rise | None, ...]

    @classmethod
    def of(cls, told: Iterable[Told]) -> Lessons:
        """What each piece says for each key."""
        corpus, scores, keys = zip(*told, strict=True)
        rows, lower, rises = zip(*(rows_of(score) for score in scores), strict=True)
        return cls(
            rows=np.array(rows), label=np.array([number(key) for key in keys]), corpus=np.array(corpus),
            lower=np.array(lower), rises=rises,
        )  # fmt: skip


def number(key: Key) -> int:
    """The key's place among HEARD_MODES times twelve tonics; 0..11 major, 12..23 minor."""
    return HEARD_MODES.index(PLAIN.get(key.mode, key.mode)) * 12 + key.pitch_class


def rows_of(score: Score) -> tuple[Floats, Floats, Rise | None]:
    """What speaks for a key in the whole and in what sounds before a rise, and that rise; twice the whole where none is."""
    heard = Heard.of(score)
    bars = compared(heard)
    spans, _, lowest = hear_chords(heard, fits(heard), bars and bars.returns)
    whole, rise = row_of(heard, lowest, spans), find_rise(key_areas(heard, phrase_odds(bars) if bars else None))
    return whole, row_of(*before_rise(heard, lowest, spans, rise)) if rise else whole, rise


def row_of(heard: Heard, lowest: Ints, spans: tuple[ChordSpan, ...]) -> Floats:
    """(modes, tonics, fits + 12 * kinds): what speaks for a key, the profile's fits and the cues by degree."""
    fit = 10 * correlations(stretch_times(heard), MODAL_PROFILES).reshape(len(STRETCHES), -1, 12).transpose(1, 2, 0)
    cues = tune_cues(heard) if is_tune(heard) else key_cues(heard, lowest, spans)
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
    meant = np.where(np.isin(corpus, COMPOSED_TOO)[:, None], exact, alike)
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

    start = np.zeros(len(HEARD_MODES) + len(BLOCKS) * rows.shape[-1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x


def scores_of(by_mode: Floats, weights: Floats) -> Floats:
    """Log-odds (pieces, modes * tonics) up to a constant, from rows with the modes first."""
    modes = len(HEARD_MODES)
    own = shared_by() @ weights[modes:].reshape(len(BLOCKS), -1).astype(by_mode.dtype)
    scores = [
        row @ each + constant for row, each, constant in zip(by_mode, own, weights.astype(by_mode.dtype), strict=False)
    ]
    return np.stack(scores, 1).reshape(by_mode.shape[1], -1)


def folded(lessons: Lessons, folds: int = 5) -> dict[str, tuple[float, int]]:
    """For each corpus of people's: the share of keys right (tonic, third) on pieces that were not trained on, and pieces."""
    label, corpus = lessons.label, lessons.corpus
    third = np.repeat(IS_MINOR, 12)
    right = np.zeros(len(label), bool)
    for fold in range(folds):
        out = (np.arange(len(label)) % folds == fold) & ~np.isin(corpus, COMPOSED_TOO)
        weights = fit_weights(lessons.rows[~out], label[~out], corpus[~out])
        said, below = (
            scores_of(part[out].transpose(1, 0, 2, 3), weights).argmax(1) for part in (lessons.rows, lessons.lower)
        )
        doubtful = [
            rise is not None and told_by_rise(rise, key % 12, bool(third[key]))
            for rise, key in zip(np.array(lessons.rises, object)[out], said.tolist(), strict=True)
        ]
        said = np.where(doubtful, below, said)
        right[out] = (said % 12 == label[out] % 12) & (third[said] == third[label[out]])
    people = [name for name in dict.fromkeys(corpus.tolist()) if name not in COMPOSED_TOO]
    return {name: (float(right[corpus == name].mean()), int((corpus == name).sum())) for name in people}


def harmony() -> Iterator[Told]:
    """Pieces of several voices whose keys are told."""
    yield from (("pop909", song.score, song.keys[0]) for song in pop_songs() if song.keys)
    yield from (("chorales", score, key) for _, score, key in chorales())
    yield from (("composed", score, made.key) for made, score in composed(COMPOSED, "train"))


def melodies() -> Iterator[Told]:
    """Tunes alone whose keys are told: of songs, of chorales, of composed pieces, and tunes that are nothing else."""
    for song in pop_songs():
        if song.keys:
            arranged = read((shared() / "data" / "pop909" / "song" / f"{song.name}.mid").read_bytes())
            tune = tuple(part for part in arranged.parts if part.name == "MELODY")
            yield "pop909 melodies", replace(arranged, parts=tune, source=None), song.keys[0]
    yield from (("sopranos", highest(score), key) for _, score, key in chorales())
    for made, score in composed(COMPOSED, "train"):
        for line in (replace(score, parts=(part,)) for part in score.parts if part.notes.size and not part.is_drums):
            if is_tune(Heard.of(line)):
                yield "composed lines", line, made.key
    for collection in (AIRD, RYAN):
        for _, score, key in tunes(collection):
            if is_tune(Heard.of(score)):  # some are set for two, some leap about
                yield collection, score, key


def highest(score: Score) -> Score:
    """The highest voice of one part: a note under one that still sounds is left out."""
    part = score.parts[0]
    kept: list[tuple[int, int, int, int, int]] = []
    for note in sorted(part.notes.tolist(), key=lambda note: (note[0], -note[2])):
        if not kept or note[0] >= kept[-1][0] + kept[-1][1] or (note[2] > kept[-1][2] and note[0] > kept[-1][0]):
            kept.append(note)
    return replace(score, parts=(replace(part, notes=notes_array(kept)),))


def stored(lessons: Lessons, kinds: tuple[str, ...]) -> dict[str, object]:
    """Weights fitted on everything, by name."""
    weights = np.round(fit_weights(lessons.rows, lessons.label, lessons.corpus), 3)
    stretches = len(STRETCHES)
    blocks = weights[len(HEARD_MODES) :].reshape(len(BLOCKS), -1)
    return {
        "bias": dict(zip(HEARD_MODES, weights.tolist(), strict=False)),
        **{
            name: {
                "fit": np.round(10 * block[:stretches], 2).tolist(),
                **dict(zip(kinds, block[stretches:].reshape(-1, 12).tolist(), strict=True)),
            }
            for name, block in zip(BLOCKS, blocks, strict=True)
        },
    }


def main() -> None:
    """Fit on everything and write the tables."""
    table = {
        "source": "POP909-CL keys (Wang et al., ISMIR 2020; MIT); Bach chorales, Aird's Airs and Ryan's Mammoth Collection "
        "of music21; own modal pieces; scripts/train_keys.py",
        "harmony": stored(Lessons.of(harmony()), KINDS),
        "tune": stored(Lessons.of(melodies()), TUNE_KINDS),
    }
    TABLE.write_bytes(gzipped((json.dumps(table, separators=(",", ":")) + "\n").encode()))


if __name__ == "__main__":
    main()
