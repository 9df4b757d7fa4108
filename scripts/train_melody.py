"""Weigh what tells the part that carries the melody: on pop songs whose melody people named, quartets, pieces composed.

    KMIDI_SHARED=... uv run --group bench python -m scripts.train_melody    # prints the weights for analysis/lines.py

Conditional logistic regression: of the parts of each piece, nameless, one is the melody. POP909 (Wang et al., ISMIR 2020;
MIT) has its melody in a track of its own, quartets of music21's corpus have it in the first violin; few enough signs are
weighed that they hold for music of no such kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from bench.old_music import quartets
from bench.plans import composed
from bench.truth import shared
from kmidi.analysis.heard import Floats
from kmidi.analysis.lines import find_textures, melody_signs
from kmidi.midi import read
from kmidi.score import Score

COMPOSED = 400  # pieces
RIDGE = 3e-3
Told = tuple[Score, int]  # nameless parts, and which of them is the melody


def nameless(score: Score, melody: int) -> Told:
    """The score without names and roles."""
    parts = (replace(part, name=f"part {number}", role="") for number, part in enumerate(score.parts))
    return replace(score, parts=tuple(parts), source=None), melody


def arranged() -> Iterator[Told]:
    """Pop songs arranged for piano, the melody a track beside two others."""
    for path in sorted((shared() / "data" / "pop909" / "song").glob("*.mid")):
        score = read(path.read_bytes())
        named = [number for number, part in enumerate(score.parts) if part.name == "MELODY"]
        if named:
            yield nameless(score, named[0])


def ours(count: int = COMPOSED, seed: str = "melody") -> Iterator[Told]:
    """Pieces composed, those with a melody."""
    for _, score in composed(count, seed):
        led = [number for number, part in enumerate(score.parts) if part.role == "melody" and part.notes.size]
        if led:
            yield nameless(score, led[0])


def signs_of(told: Iterable[Told]) -> list[tuple[Floats, int]]:
    """The signs of each piece's pitched parts, and the melody's place among them."""
    pieces: list[tuple[Floats, int]] = []
    for score, melody in told:
        textures = find_textures(score)
        pieces.append((melody_signs(score, textures), [t.part for t in textures].index(melody)))
    return pieces


def fit_weights(corpora: list[list[tuple[Floats, int]]]) -> Floats:
    """The weights that make the melodies likeliest, each corpus as heavy as another: (signs,)."""
    every = [(signs, melody, 1 / len(corpus)) for corpus in corpora for signs, melody in corpus]
    spread = np.concatenate([signs for signs, *_ in every]).std(0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        missed, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for signs, melody, heavy in every:
            seen = signs / spread
            odds = np.exp(seen @ weights - (seen @ weights).max())
            odds /= odds.sum()
            missed -= heavy * float(np.log(odds[melody] + 1e-12))
            slope += heavy * (odds @ seen - seen[melody])
        return missed, slope

    return minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B").x / spread


def right(corpus: list[tuple[Floats, int]], weights: Floats) -> float:
    """The share of pieces whose melody comes first."""
    return float(np.mean([int((signs @ weights).argmax()) == melody for signs, melody in corpus]))


def main() -> None:
    """Fit on all corpora; print the weights, and how each corpus fares under them and under those of the others."""
    corpora = {
        "pop": signs_of(arranged()),
        "quartets": signs_of(nameless(score, 0) for score in quartets()),
        "composed": signs_of(ours()),
    }
    weights = fit_weights(list(corpora.values()))
    print("THICK, HIGH, THERE, RUSHED =", ", ".join(f"{weight:.2f}" for weight in weights.tolist()))
    for name, corpus in corpora.items():
        others = fit_weights([other for each, other in corpora.items() if each != name])
        print(f"{name}: {right(corpus, weights):.3f}, fitted on the others alone {right(corpus, others):.3f}")


if __name__ == "__main__":
    main()
