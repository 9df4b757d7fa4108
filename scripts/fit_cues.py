"""Fits the additive cue model: how much a feeling's valence and arousal move each musical cue.

    KMIDI_SHARED=... uv run --with scikit-learn python scripts/fit_cues.py > packages/kmidi/src/kmidi/tables/cues.toml
    uv run --group bench python -m scripts.packing packages/kmidi/src/kmidi/tables/cues.toml

Each cue is base + a * valence + b * arousal. Most are counted from 534 clips of human piano playing that people put in the four
quadrants (EMOPIA 1.0, CC BY 4.0; features in measure/features.py), the quadrants placed at valence, arousal = +-0.7;
songs weigh alike. `spread` is the standard deviation between performers who meant the same quadrant. Tempo and
dissonance, which recordings of notes do not tell, are fitted to the mood tables of the predecessor
(facts/predecessor.md, sections 2 and 3). Eerola, Friberg & Bresin 2013 (Front. Psychol. 4:487) found cues linear and
additive; quadratic terms gain at most 0.03 of R2 here. Slopes below their own standard error are left out.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
EMOPIA = "counted by scripts/fit_cues.py from 534 human clips of EMOPIA 1.0 (CC BY 4.0)"
MOODS = "fitted by scripts/fit_cues.py to the predecessor's mood tempo ranges; places on the plane: house"
PRESETS = "fitted by scripts/fit_cues.py to the predecessor's six parameter presets; places on the plane: house"
LADDER = "house: the predecessor's mood -> mode lists set on a line; doubt between people about as wide as in EMOPIA"
# cue: (column of the features, unit, lowest, highest, decimals): 0 and 1 of a plan's dial are lowest and highest
COUNTED = {
    "contrast": (11, "velocity, standard deviation", 4, 20, 1),
    "density": (0, "notes a second", 0.8, 13, 2),
    "loudness": (10, "mean velocity", 20, 112, 0),
    "onset_rate": (1, "onsets a second", 0.8, 6.6, 2),
    "register": (4, "mean pitch", 48, 76, 1),
    "ring": (14, "seconds a note lasts, mean", 0.2, 2.2, 2),
    "unevenness": (34, "notes a second, standard deviation", 0.8, 5, 2),
    "width": (5, "semitones, standard deviation of the pitches", 6, 18, 1),
}  # fmt: skip
# mood: valence, arousal, slowest and fastest bpm
TEMPO = [
    (-0.8, -0.4, 50, 80), (0.8, 0.5, 100, 140), (-0.5, 0.6, 90, 130), (-0.1, 0.7, 110, 150), (0.7, 0.5, 100, 130), (-0.3, -0.3, 60, 90),
    (-0.8, 0.9, 130, 180), (0.4, -0.4, 70, 100), (0.1, -0.4, 70, 100), (-0.5, -0.5, 60, 90), (0.8, 0.6, 100, 130), (0.0, -0.2, 70, 100),
    (-0.6, -0.5, 50, 80), (0.9, 0.8, 120, 150), (-0.8, 0.6, 90, 130), (0.6, -0.7, 60, 90), (-0.4, 0.3, 80, 120), (0.2, 0.6, 100, 130),
]  # fmt: skip
# grief, anxiety, nostalgia, anger, calm, tension: valence, arousal, chords a bar, dissonance 0..1, legato (1 - notes' gap)
PRESET = [
    (-0.8, -0.4, 1.0, 0.3, 0.9), (-0.6, 0.7, 2.0, 0.6, 0.5), (0.1, -0.4, 1.5, 0.25, 0.8),
    (-0.7, 0.8, 2.0, 0.5, 0.3), (0.6, -0.7, 0.5, 0.1, 0.95), (-0.4, 0.4, 1.5, 0.5, 0.6),
]  # fmt: skip


def fit(feelings: Vector, values: Vector, weights: Vector) -> tuple[Vector, float]:
    """(base, per valence, per arousal) by weighted least squares with a ridge of 1 % on the slopes, and the residuals' sd."""
    design = np.column_stack([np.ones(len(feelings)), feelings])
    gram = design.T @ (design * weights[:, None])
    gram[1:, 1:] += np.eye(2) * 0.01 * weights.sum()
    coefficients = np.linalg.solve(gram, design.T @ (values * weights))
    residuals = values - design @ coefficients
    spread = float(np.sqrt(np.average(residuals**2, weights=weights)))
    # a slope smaller than its own standard error says nothing: left out
    doubt = spread / np.sqrt(np.average(feelings**2, axis=0, weights=weights) * weights.sum())
    coefficients[1:] *= np.abs(coefficients[1:]) > doubt
    return coefficients.astype(np.float64), spread


# cues that one performer moves together: what is busier rings shorter
TOGETHER = {"density": ("busy", 1), "onset_rate": ("busy", 1), "ring": ("busy", -1)}


def row(name: str, unit: str, low: float, high: float, decimals: int, fitted: tuple[Vector, float], source: str) -> str:
    """A row of the table."""
    (base, valence, arousal), spread = fitted
    taste, sign = TOGETHER.get(name, (name, 1))
    cells = {"base": base, "valence": valence, "arousal": arousal, "spread": sign * spread, "low": low, "high": high}
    digits = max(decimals, 2)
    lines = [f"{cell} = {round(float(value) + 0.0, digits) + 0.0}" for cell, value in cells.items()]
    return "\n".join(
        [
            f"[{name}]",
            f'unit = "{unit}"',
            *lines,
            f"decimals = {decimals}",
            f'taste = "{taste}"',
            f'source = "{source}"\n',
        ]
    )


def main() -> None:
    """Prints the table."""
    data = np.load(Path(os.environ["KMIDI_SHARED"]) / "data/emotion/emopia_a.npz")
    features, quadrant, song = data["X"], data["q"], data["song"]
    feelings = 0.7 * np.column_stack(
        [np.where(np.isin(quadrant, [1, 4]), 1, -1), np.where(np.isin(quadrant, [1, 2]), 1, -1)]
    )
    _, which, clips = np.unique(song, return_inverse=True, return_counts=True)
    by_song = 1 / clips[which]
    rows = {
        name: row(name, unit, low, high, decimals, fit(feelings, features[:, column], by_song), EMOPIA)
        for name, (column, unit, low, high, decimals) in COUNTED.items()
    }
    moods, presets = np.array(TEMPO), np.array(PRESET)
    tempo = fit(moods[:, :2], moods[:, 2:].mean(1), np.ones(len(moods)))
    rows["bpm"] = row("bpm", "quarter notes a minute", 40, 160, 0, tempo, MOODS)
    for column, (name, unit, low, high) in enumerate((("dissonance", "0..1", 0, 1), ("legato", "0..1", 0, 1)), start=3):
        rows[name] = row(name, unit, low, high, 2, fit(presets[:, :2], presets[:, column], np.ones(6)), PRESETS)
    rows["brightness"] = row(
        "brightness", "place on the ladder of modes", -1.3, 1.3, 2, (np.array([0.0, 1.0, -0.1]), 0.8), LADDER
    )
    print(
        "# The additive cue model: a cue is base + valence * V + arousal * A (V, A from -1 to 1), kept within low..high."
    )
    print(
        "# spread: the standard deviation between people who mean the same (negative: against its taste); cues of one taste"
    )
    print("# move together. Written by scripts/fit_cues.py.\n")
    print("\n".join(rows[name] for name in sorted(rows)), end="")


if __name__ == "__main__":
    main()
