"""What feeling the notes carry: the quadrant of valence and arousal that listeners would name."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..intent import Feeling
from ..score import Score
from ..tables.load import table_path
from .heard import Floats, mean_and_spread, middle, percentile, steps_up
from .key_cues import TURN, correlations
from .result import HeardFeeling

NAMES = ("density", "onset_density", "ioi_median", "ioi_sd", "pitch_mean", "pitch_sd", "pitch_min", "pitch_max", "pitch_p10", "pitch_p90",
         "velocity_mean", "velocity_sd", "velocity_max", "dur_median", "dur_mean", "dur_sd", "polyphony", "minor", "pc_entropy",
         *(f"degree_{i}" for i in range(12)), "third", "sixth", "seventh", "busy_sd", "busy_max", "low_share", "high_share")  # fmt: skip
LEAST_NOTES = 8
CHORD_SECONDS = 0.05  # onsets this close are one stroke
DULLED = 0.1  # that each standard deviation beyond the training clips takes from log-odds: right on held-out ones
MOST_SECONDS = 3600  # past an hour, density by the second is no longer counted


def find_feeling(score: Score) -> HeardFeeling | None:
    """The feeling that listeners would most likely name; None on fewer than eight pitched notes.

    Multinomial logistic regression on 38 features of performance, trained on piano clips that people labelled by
    quadrant; valence and arousal are the probabilities of the two halves, each -1..1. scripts/train_feeling.py;
    Hung et al., "EMOPIA", ISMIR 2021. Features outside the range of the training clips count as its nearest value,
    and the farther outside the less sure: the clips are piano alone, and a band is denser than any of them.
    """
    features = performance_features(score)
    if features is None:
        return None
    table = _shipped()
    held = np.minimum(np.maximum(features, table["low"]), table["high"])
    seen, beyond = (held - table["mean"]) / table["sd"], float((np.abs(features - held) / table["sd"]).sum())
    scores = table["weights"] @ seen + table["bias"]
    scores -= scores.max()
    odds = np.exp(scores)
    odds /= odds.sum()
    happy, tense, sad, calm = odds.tolist()
    best = int(odds.argmax())
    return HeardFeeling(
        feeling=Feeling(valence=round(happy + calm - tense - sad, 4), arousal=round(happy + tense - sad - calm, 4)),
        quadrant=best + 1,
        confidence=1 / float(np.exp(scores / (1 + DULLED * beyond)).sum()),
        because=_reasons(table["weights"][best], seen),
    )


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Floats]:
    with np.load(table_path("feelings.npz")) as stored:
        return {name: stored[name].astype(np.float64) for name in stored.files}


def _reasons(weights: Floats, seen: Floats) -> tuple[tuple[str, float], ...]:
    """The five features that spoke most for or against the quadrant, with what each added to its log-odds."""
    shares = weights * seen
    order = (-np.abs(shares)).argsort(kind="stable")[:5]
    return tuple((NAMES[i], round(float(shares[i]), 3)) for i in order.tolist())


def performance_features(score: Score) -> Floats | None:
    """The features of NAMES, in order, of a score's pitched notes; None on fewer than eight notes.

    Times in seconds, velocities 1..127, degrees as shares of sounding time above the tonic of the plain
    Albrecht-Shanahan key; `third`, `sixth`, `seventh` are minor less major share.
    """
    parts = [score.parts[at].notes for at in score.sounding if score.parts[at].is_pitched]
    if sum(len(notes) for notes in parts) < LEAST_NOTES:
        return None
    start = np.concatenate([n["onset"] + n["shift"] for n in parts])
    onset = score.to_seconds(start)
    lasting = score.to_seconds(start + np.concatenate([n["duration"] for n in parts])) - onset
    pitch = np.concatenate([n["pitch"] for n in parts])
    velocity = np.concatenate([n["velocity"] for n in parts]).astype(np.float64)
    strokes = np.sort(onset, kind="stable")  # each part rises already
    begin = strokes[0]
    total = max(float(np.maximum.reduce(onset + lasting) - begin), 1e-3)
    gaps = strokes[1:] - strokes[:-1]
    gaps = gaps.compress(gaps > 0.03)
    ranks = np.bincount(pitch, minlength=128).cumsum()
    histogram = np.bincount(pitch % 12, lasting, 12)
    histogram = histogram / max(float(histogram.sum()), 1e-9)
    best = int(correlations(histogram).argmax())
    degrees = histogram[TURN[best % 12]]
    busy = np.bincount(np.minimum(strokes - begin, MOST_SECONDS).astype(np.int64))
    heard = histogram[histogram > 0]
    (_, gap_sd), (high, high_sd), (loud, loud_sd), (long, long_sd), (_, busy_sd) = (
        mean_and_spread(values) for values in (gaps, pitch, velocity, lasting, busy)
    )
    return np.array([
        len(onset) / total, np.count_nonzero(steps_up(np.rint(strokes / CHORD_SECONDS))) / total,
        middle(gaps) if len(gaps) else 1, gap_sd,
        high, high_sd, pitch.min(), pitch.max(), percentile(ranks, 10), percentile(ranks, 90), loud, loud_sd, velocity.max(),
        middle(lasting), long, long_sd, lasting.sum() / total, float(best >= 12),
        -(heard * np.log2(heard)).sum(), *degrees, degrees[3] - degrees[4], degrees[8] - degrees[9],
        degrees[10] - degrees[11], busy_sd, busy.max(),
        ranks[47] / len(pitch), 1 - ranks[72] / len(pitch),
    ])  # fmt: skip
