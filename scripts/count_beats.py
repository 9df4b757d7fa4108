"""Count how songs divide a bar between chords, and how many end in a higher key: uv run --group bench python -m
scripts.count_beats

Prints the numbers that stand in `planner/passing.py` (bars in a thousand by the beats on which a chord comes in), in
`composer/chords.py` (how long before its chord a low note that lies is let go) and in `planner/raising.py` (songs by
semitones between their first half's key and their end's). Reads KMIDI_SHARED/data/pop909.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import symusic

from scripts.pop_song import Song

_MAJOR = np.array([[(k - t) % 12 in (0, 2, 4, 5, 7, 9, 11) for k in range(12)] for t in range(12)], float)
_CLEARER = 0.08  # share of notes by which the end must fit another key better


def main() -> None:
    """Print the counts."""
    data = Path(os.environ["KMIDI_SHARED"]) / "data" / "pop909"
    shapes, early, raised = Counter[str](), Counter[int](), Counter[int]()
    for path in sorted((data / "score").glob("*.mid")):
        raised[_raised(path)] += 1
        try:
            song = Song(data, path.stem)
        except (ValueError, KeyError, IndexError):
            continue
        cuts: dict[int, set[int]] = defaultdict(set)
        for onset, *_ in song.chords:
            cuts[round(onset / 4) // 4].add(round(onset / 4) % 4)
        bars = sum(many for _, many in song.phrases)
        shapes.update("".join("x" if beat in cuts[bar] else "." for beat in range(4)) for bar in range(bars))
        early.update(_early(song))
    print("bars in a thousand, x where a chord comes in:")
    print({shape: round(1000 * many / shapes.total()) for shape, many in shapes.most_common(12)})
    print("16ths before the end of a chord of four beats at which its low note is let go, where it lasts nine or more:")
    print(dict(sorted(early.items())))
    print("songs by semitones from their first half to their end:", dict(sorted(raised.items())))


def _early(song: Song) -> Counter[int]:
    starts = [onset for onset, *_ in song.chords]
    lowest: dict[int, tuple[int, int]] = {}
    for onset, length, pitch, _ in song.tracks.get("PIANO", []):
        lowest[onset] = min(lowest.get(onset, (128, 0)), (pitch, length))
    out = Counter[int]()
    for onset, (pitch, length) in lowest.items():
        at = bisect_right(starts, onset) - 1
        if at >= 0 and onset == starts[at] and pitch < 53 and song.chords[at][1] == 16 and 9 <= length <= 16:
            out[16 - length] += 1
    return out


def _raised(path: Path) -> int:
    score: Any = symusic.Score(str(path))
    notes = [t.notes.numpy() for t in score.tracks if len(t.notes) and "chord" not in t.name.lower()]
    time, pitch = (np.concatenate([n[name] for n in notes]) for name in ("time", "pitch"))
    bars = time // (score.ticks_per_quarter * 4)
    heard = np.zeros((int(bars.max()) + 1, 12))
    np.add.at(heard, (bars, pitch % 12), 1)
    fits = heard @ _MAJOR.T / np.maximum(1, heard.sum(1))[:, None]
    home, end = int(fits[: len(fits) // 2].mean(0).argmax()), fits[-max(6, len(fits) // 6) :].mean(0)
    best = int(end.argmax())
    return (best - home) % 12 if end[best] - end[home] > _CLEARER else 0


if __name__ == "__main__":
    main()
