"""Which part carries the melody, and which notes: against tracks that people named, first violins, and pieces composed.

uv run --group bench python -m bench.melody
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from kmidi.analysis.lines import find_melody, find_textures
from kmidi.score import Score, notes_array
from scripts.train_melody import Told, arranged, nameless, ours

from .old_music import quartets
from .table import figure, show

Row = tuple[str, str, str, str]
FRESH = 200  # pieces composed with seeds that nothing is fitted on


def rows() -> list[Row]:
    """Shares of pieces whose melody's part is found, names and roles unknown; and its notes where all are in one part."""
    corpora = {
        "pop songs (fitted on)": list(arranged()),
        "composed, fresh seeds": list(ours(FRESH, "melody/fresh")),
        "string quartets, first violin (fitted on)": [nameless(score, 0) for score in quartets()],
    }
    parts = [
        figure(f"melody's part, {len(told)} {name} (highest single line: {_right(told, _highest):.3f})", _right(told, _found), 0.9)
        for name, told in corpora.items()
    ]  # fmt: skip
    scores = np.array([_f1(score, melody) for score, melody in corpora["pop songs (fitted on)"]]).mean(0)
    f1, precision, recall = scores.tolist()
    name = f"melody's notes, pop songs as one part, F1 (precision {precision:.3f}, recall {recall:.3f})"
    return [*parts, (name, f"{f1:.3f}", "", "")]


def _found(score: Score) -> int:
    melody = find_melody(score, find_textures(score))
    return -1 if melody is None else melody.part


def _highest(score: Score) -> int:
    lines = [t for t in find_textures(score) if t.kind == "single line"]
    return max(lines, key=lambda t: t.lowest + t.highest).part if lines else -1


def _right(told: Iterable[Told], heard: Callable[[Score], int]) -> float:
    return float(np.mean([heard(score) == melody for score, melody in told]))


def _f1(score: Score, melody: int) -> tuple[float, float, float]:
    """F1, precision and recall of the notes heard as melody where the parts are made one."""
    rows = sorted(note for part in score.parts if not part.is_drums for note in part.notes.tolist())
    together = replace(score, parts=(replace(score.parts[melody], notes=notes_array(rows)),))
    found = find_melody(together, find_textures(together))
    said = {(onset, pitch) for onset, _, pitch in found.notes} if found else set[tuple[int, int]]()
    told = {(onset, pitch) for onset, _, pitch, *_ in score.parts[melody].notes.tolist()}
    both = len(said & told)
    return 2 * both / max(len(said) + len(told), 1), both / max(len(said), 1), both / max(len(told), 1)


if __name__ == "__main__":
    show(rows(), ("melody", "figure", "bar", "met"))
