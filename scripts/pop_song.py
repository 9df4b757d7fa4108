"""Pop songs on a grid of 16ths, from the first bar of their form: what is counted in them starts from here."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import symusic

MIN_SONGS = 3
SLOT = 120  # ticks of a 16th at 480 a quarter
NUMERALS = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
SHAPES = {
    (0, 4, 7): "", (0, 3, 7): "m", (0, 3, 6): "dim", (0, 4, 8): "aug", (0, 5, 7): "sus4", (0, 2, 7): "sus2", (0, 4, 7, 10): "7",
    (0, 4, 7, 11): "maj7", (0, 3, 7, 10): "m7", (0, 3, 6, 10): "m7b5", (0, 3, 6, 9): "dim7", (0, 4, 7, 9): "6", (0, 2, 4, 7): "add9",
    (0, 5, 7, 10): "7sus4", (0, 2, 4, 7, 10): "9", (0, 2, 3, 7, 10): "m9", (0, 2, 4, 7, 11): "maj9",
}  # fmt: skip


class Song:
    """One song on a grid of 16ths from the first bar of its form: notes by track, chords, section letters."""

    def __init__(self, data: Path, name: str) -> None:
        score = symusic.Score(str(data / f"score/{name}.mid"))
        if len(score.tracks) < 2 or [(t.numerator, t.denominator) for t in score.time_signatures] != [(4, 4)]:
            raise ValueError("no chord track, or not in 4/4")
        whole, chords = (track.notes.numpy() for track in score.tracks[:2])
        played = {t.name: t.notes.numpy() for t in symusic.Score(str(data / f"song/{name}.mid")).tracks if len(t.notes)}
        shift = _shift(whole, played)
        form = re.findall(r"([A-Za-z])(\d+)", (data / f"phrases/{name}.1.txt").read_text())
        self.letters = [letter for letter, bars in form for _ in range(int(bars))]
        self.phrases = [(letter, int(bars)) for letter, bars in form]
        onsets = np.unique(chords["time"]) / SLOT
        melody = (played["MELODY"]["time"] + shift) / SLOT
        first, fit = _first_bar(onsets, melody, self.letters)
        if fit < 0.85:
            raise ValueError("the form does not fit the notes")
        self.tracks = {
            name: [
                (round((t + shift) / SLOT - first), max(1, round(d / SLOT)), int(p), int(v))
                for t, d, p, v in zip(n["time"], n["duration"], n["pitch"], n["velocity"], strict=True)
            ]
            for name, n in played.items()
        }
        key = score.key_signatures[0]
        self.minor = int(key.tonality)
        self.tonic = int((key.key * 7 + (9 if self.minor else 0)) % 12)
        self.chords = _chords(chords, first, self.tonic)


def _shift(whole: dict[str, Any], played: dict[str, dict[str, Any]]) -> int:
    """Ticks from the played song to the score: the commonest distance between equal pitches."""
    at = defaultdict(list)
    for time, pitch in zip(whole["time"][:300].tolist(), whole["pitch"][:300].tolist(), strict=True):
        at[pitch].append(time)
    distances = Counter(
        there - time
        for notes in played.values()
        for time, pitch in zip(notes["time"][:300].tolist(), notes["pitch"][:300].tolist(), strict=True)
        for there in at.get(pitch, ())
        if abs(there - time) < 8000
    )
    return distances.most_common(1)[0][0]


def _first_bar(onsets: Any, melody: Any, letters: list[str]) -> tuple[int, float]:
    """(16th at which the form starts, how well sung letters have melody) over every start on an eighth."""
    sung = np.array([letter.isupper() and letter != "X" for letter in letters])
    best = (-1.0, 0, 0.0)
    for start in range(-32, 80, 2):
        bar = np.floor((melody - start) / 16).astype(int)
        has = np.bincount(bar[(bar >= 0) & (bar < len(sung))], minlength=len(sung)) > 1
        fit = float(np.mean(has == sung))
        total = fit + 0.5 * float(np.mean((np.round(onsets) - start) % 16 == 0))
        if total > best[0] + 1e-9:
            best = (total, start, fit)
    return best[1], best[2]


def _chords(notes: dict[str, Any], first: int, tonic: int) -> list[tuple[int, int, str, int]]:
    """(onset, length, numeral with quality, root pitch class) of each chord, in 16ths from the first bar."""
    groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for time, length, pitch in zip(
        notes["time"].tolist(), notes["duration"].tolist(), notes["pitch"].tolist(), strict=True
    ):
        groups[time].append((pitch, length))
    rows = []
    for time in sorted(groups):
        pitches = sorted(p for p, _ in groups[time])
        classes = {p % 12 for p in pitches}
        for root in [pitches[0] % 12, *sorted(classes)]:
            quality = SHAPES.get(tuple(sorted((c - root) % 12 for c in classes)))
            if quality is not None:
                rows.append(
                    (round(time / SLOT) - first, round(groups[time][0][1] / SLOT), numeral(root - tonic, quality), root)
                )
                break
    return rows


def numeral(step: int, quality: str) -> str:
    """A Roman numeral as the composer writes it: minor and diminished in lower case."""
    name = NUMERALS[step % 12]
    if quality.startswith("m") and not quality.startswith("maj"):
        head = name[0] + name[1:].lower() if name[0] in "b#" else name.lower()
        return head + {"m": "", "m7": "7", "m9": "9", "m7b5": "m7b5"}[quality]
    if quality.startswith("dim"):
        return (name[0] + name[1:].lower() if name[0] in "b#" else name.lower()) + quality
    return name + quality


def simple(roman: str) -> str:
    """The numeral with its third and fifth only."""
    return re.sub(r"(maj7|maj9|7sus4|sus4|sus2|add9|6|7|9)$", "", re.sub("m7b5", "dim", re.sub("dim7", "dim", roman)))


def mask_of(slots: set[int]) -> str:
    """A bar's onsets as text: x an onset, . none."""
    return "".join("x" if slot in slots else "." for slot in range(16))


def shared(counts: dict[Any, Counter[str]], least: int = MIN_SONGS) -> dict[Any, int]:
    """Counts of what at least `least` songs have, commonest first. `counts` is thing -> songs."""
    kept = {thing: sum(songs.values()) for thing, songs in counts.items() if len(songs) >= least}
    return dict(sorted(kept.items(), key=lambda kv: (-kv[1], str(kv[0]))))
