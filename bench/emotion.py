"""What a judge trained on human clips hears in our solo piano, and whether its belief follows the dials."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from bench.table import figure, show
from kmidi import Intent
from kmidi.cli.main import cli
from kmidi.studio import LocalStudio

PLACES = {1: (0.7, 0.7), 2: (-0.7, 0.7), 3: (-0.7, -0.7), 4: (0.7, -0.7)}
SEEDS = 50
STEPS = 11
SWEEP_SEEDS = 20
HAPPY, STIRRED = (1, 4), (1, 2)

Table = NDArray[np.float64]


def _yardstick() -> tuple[Any, Any]:
    """(features module, human clips) of the measure folder."""
    shared = Path(os.environ["KMIDI_SHARED"])
    spec = importlib.util.spec_from_file_location("features", shared / "measure/features.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(shared / "measure/features.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, np.load(shared / "data/emotion/emopia_a.npz")


def _heard(module: Any, places: list[tuple[float, float, int]]) -> Table:
    """Features of our pieces: (valence, arousal, seed) each."""
    studio, rows = LocalStudio(), []
    with tempfile.TemporaryDirectory() as folder:
        for valence, arousal, seed in places:
            intent = Intent(valence=valence, arousal=arousal, genre="solo_piano", seconds=40, seed=seed)
            path = Path(folder) / "piece.mid"
            path.write_bytes(studio.compose(intent).midi)
            rows.append(module.features(path, seconds=40))
    return np.array(rows)


def _commanded(places: list[tuple[float, float, int]]) -> int:
    """Of how many of our pieces the command writes the same bytes."""
    studio, same = LocalStudio(), 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "piece.mid"
        for valence, arousal, seed in places:
            said = (
                f"compose --valence={valence} --arousal={arousal} --genre=solo_piano --seconds=40 --seed={seed}".split()
            )
            CliRunner().invoke(cli, [*said, "-o", str(path)], catch_exceptions=False)
            intent = Intent(valence=valence, arousal=arousal, genre="solo_piano", seconds=40, seed=seed)
            same += path.read_bytes() == studio.compose(intent).midi
    return same


def _trees() -> Any:
    return ExtraTreesClassifier(500, random_state=0, n_jobs=2, min_samples_leaf=2)


def _agree(meant: NDArray[np.int64], heard: NDArray[np.int64]) -> tuple[float, float, float]:
    """Shares of pieces heard in the quadrant, on the side of arousal, on the side of valence that was meant."""
    sides = [float(np.mean(np.isin(meant, side) == np.isin(heard, side))) for side in (STIRRED, HAPPY)]
    return float(np.mean(meant == heard)), sides[0], sides[1]


def _ranks(values: Table) -> Table:
    return np.argsort(np.argsort(values)).astype(np.float64)


def main() -> None:
    """Print the judge's agreement on 200 pieces, other judges' on the same, and both sweeps."""
    module, human = _yardstick()
    known, labels, song = human["X"], human["q"], human["song"]
    quiet = [column for column in range(known.shape[1]) if column not in module.LOUDNESS]
    meant = np.repeat(np.array(list(PLACES)), SEEDS)
    places = [(*PLACES[q], seed) for q in PLACES for seed in range(SEEDS)]
    ours = _heard(module, places)
    judge = _trees().fit(known, labels)
    quadrant, arousal, valence = _agree(meant, judge.predict(ours))
    silent = _agree(meant, _trees().fit(known[:, quiet], labels).predict(ours[:, quiet]))[0]
    low, high = np.percentile(known, [5, 95], axis=0)
    rows = [
        figure(f"quadrant heard as meant, {len(meant)} pieces", quadrant, 0.85),
        figure("arousal", arousal, 0.97),
        figure("valence", valence, 0.90),
        figure("quadrant without loudness", silent, 0.75),
        figure("pieces whose very bytes the command writes", _commanded(places), len(places), digits=0),
        figure("values within the human 5th-95th percentile", float(np.mean((ours >= low) & (ours <= high))), 0.92),
    ]
    steps = np.linspace(-1, 1, STEPS)
    for name, side, place in (
        ("valence", HAPPY, lambda s, seed: (s, 0.3 if seed % 2 else -0.3, seed)),
        ("arousal", STIRRED, lambda s, seed: (0.5 if seed % 2 else -0.5, s, seed)),
    ):
        swept = _heard(module, [place(float(s), seed) for s in steps for seed in range(SWEEP_SEEDS)])
        belief = judge.predict_proba(swept)[:, [k - 1 for k in side]].sum(1).reshape(STEPS, SWEEP_SEEDS).mean(1)
        follows = float(np.corrcoef(_ranks(belief), _ranks(steps))[0, 1])
        rows.append(figure(f"belief in {name} over {STEPS} steps, Spearman", follows, 0.9))
        rows.append((f"  {name} belief", " ".join(f"{b:.2f}" for b in belief), "", ""))
    show(rows, ("the yardstick's judge", "figure", "bar", "met"))
    print()
    show(_others(known, labels, song, quiet, meant, ours), ("other judges", "quadrant", "arousal", "valence"))


def _others(known: Table, labels: Any, song: Any, quiet: list[int], meant: Any, ours: Table) -> list[tuple[str, ...]]:
    """Other kinds of judges, and judges that know only half of the songs."""
    kinds: dict[str, Callable[[], Any]] = {
        "logistic regression": lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000)),
        "support vectors": lambda: make_pipeline(StandardScaler(), SVC()),
        "boosted trees": lambda: HistGradientBoostingClassifier(max_iter=80, random_state=0),
    }
    rows: list[tuple[str, ...]] = []

    def add(name: str, heard: Any) -> None:
        rows.append((name, *(f"{share:.3f}" for share in _agree(meant, heard))))

    for name, made in kinds.items():
        add(name, made().fit(known, labels).predict(ours))
        add(f"{name}, no loudness", made().fit(known[:, quiet], labels).predict(ours[:, quiet]))
    songs, order = np.unique(song), np.random.default_rng(0)
    for half in range(3):
        inside = np.isin(song, order.permutation(songs)[: len(songs) // 2])
        add(f"trees on half of the songs, {half + 1}", _trees().fit(known[inside], labels[inside]).predict(ours))
    return rows


if __name__ == "__main__":
    main()
