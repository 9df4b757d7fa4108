"""The composer's figures: like people, parallels, variety, change where the words change, speed. Needs KMIDI_SHARED."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from types import ModuleType

import mido
import numpy as np

from bench.table import figure, medians, show
from kmidi import Intent
from kmidi.affect import feel
from kmidi.composer import compose
from kmidi.midi import write
from kmidi.planner import plan
from kmidi.score import Part, Score

FEELINGS = (
    "grief",
    "joy",
    "a quiet hope",
    "rage",
    "longing for home",
    "nothing matters today",
    "calm water",
    "dread",
    "pride",
    "tenderness",
)
THINGS = ("after the funeral", "in an empty kitchen", "on the last train", "when she laughed", "before the exam", "under the summer stars", "since you left", "at the edge of the sea", "as the crowd roars", "while it snows")  # fmt: skip


def sentence(at: int) -> str:
    """One of a hundred sentences, by number."""
    return f"{FEELINGS[at % 10]} {THINGS[at // 10 % 10]}"


def composed(intent: Intent) -> Score:
    """The score of an intent."""
    return compose(plan(intent, feel(intent)))


def pop(count: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of pop pieces of 64 bars in 4/4, each from its own sentence and seed."""
    for at in range(count):
        yield f"{at:03d}.mid", write(composed(Intent(text=sentence(at), bars=64, meter="4/4", seed=at)))


def measure(name: str) -> ModuleType:
    """A yardstick of KMIDI_SHARED/measure as a module."""
    path = Path(os.environ["KMIDI_SHARED"]) / "measure" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def like_people(count: int) -> tuple[float, float]:
    """(share in the human range, AUC of telling from people) over so many pop pieces."""
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        for name, data in pop(count):
            (Path(folder) / name).write_bytes(data)
        with contextlib.redirect_stdout(said):
            measure("like_people").main(folder)
    found = re.search(r"in range ([\d.]+); told from people: AUC ([\d.]+)", said.getvalue())
    assert found is not None
    return float(found[1]), float(found[2])


def sounding(part: Part, ticks: np.ndarray) -> np.ndarray:
    """The pitch a line sounds at each tick, the highest where there are more; -1 where it rests."""
    out = np.full(len(ticks), -1)
    for onset, duration, pitch in zip(part.notes["onset"], part.notes["duration"], part.notes["pitch"], strict=True):
        mask = (ticks >= onset) & (ticks < onset + duration)
        out[mask] = np.maximum(out[mask], pitch)
    return out


def parallels(scores: list[Score]) -> tuple[float, float]:
    """Parallel fifths, and octaves or unisons, per 100 changes of sonority between four lines."""
    changes = fifths = octaves = 0
    for score in scores:
        ticks = np.unique(np.concatenate([part.notes["onset"] for part in score.parts]))
        lines = [sounding(part, ticks) for part in score.parts]
        changes += len(ticks) - 1
        for a, b in combinations(lines, 2):
            for (p, q), (r, s) in pairwise(zip(a.tolist(), b.tolist(), strict=True)):
                before, after = abs(p - q) % 12, abs(r - s) % 12
                if min(p, q, r, s) >= 0 and p != r and q != s and before == after:
                    fifths += before == 7
                    octaves += before == 0
    return 100 * fifths / changes, 100 * octaves / changes


def variety(seeds: int) -> tuple[int, int]:
    """(different melodies, different progressions) over seeds of one sentence."""
    tunes, chords = set[bytes](), set[str]()
    for seed in range(seeds):
        intent = Intent(text="missing someone who is still here", bars=32, seed=seed)
        decided = plan(intent, feel(intent))
        tunes.add(next(p for p in compose(decided).parts if p.role == "melody").notes["pitch"].tobytes())
        kinds = {section.kind: " ".join(c.roman for c in section.chords) for section in decided.sections}
        chords.add(kinds.get("chorus") or next(iter(kinds.values())))
    return len(tunes), len(chords)


def speed() -> tuple[float, float]:
    """(seconds from sentence to bytes of 64 bars with five parts or more, seconds in which mido reads them)."""
    intents = iter([Intent(text=sentence(at), bars=64, seed=at) for at in range(10_000)])
    data = write(composed(Intent(text="grief hidden as love", bars=64, seed=1)))
    work = {"ours": lambda: write(composed(next(intents))), "mido": lambda: mido.MidiFile(file=io.BytesIO(data))}
    taken = medians(work, 15)
    return taken["ours"], taken["mido"]


def main(count: int = 200) -> None:
    """Print the table."""
    quartets = [
        composed(Intent(text=sentence(at), genre="string_quartet", bars=32, seed=at, rule_breaks=()))
        for at in range(40)
    ]
    fifths, octaves = parallels(quartets)
    tunes, chords = variety(100)
    ours, theirs = speed()
    rows = [
        figure("parallel fifths per 100 changes, 40 quartets", fifths, 0.17, at_least=False),
        figure("parallel octaves per 100 changes", octaves, 0.12, at_least=False),
        figure("different melodies over 100 seeds", tunes, 100, digits=0),
        figure("different progressions over 100 seeds", chords, 40, digits=0),
        figure(f"sentence to bytes ({1000 * ours:.1f} ms) against mido's reading ({1000 * theirs:.1f} ms)", ours / theirs, 0.5, at_least=False, digits=2),
    ]  # fmt: skip
    if "KMIDI_SHARED" in os.environ:
        inside, auc = like_people(count)
        rows += [
            figure(f"like people: in range, {count} pieces", inside, 0.70),
            figure("like people: told apart, AUC", auc, 0.85, at_least=False),
        ]
    show(rows, ("what", "figure", "bar", ""))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
