"""What the tunes of pop songs do: rhythm cells, phrase schemes, steps."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import Any

from scripts.pop_song import Song, mask_of, shared

SCALES = {0: (0, 2, 4, 5, 7, 9, 11), 1: (0, 2, 3, 5, 7, 8, 10)}


def count_melody(songs: dict[str, Song]) -> dict[str, Any]:
    """Rhythm cells of bars and beats, phrase schemes, intervals in scale steps by the step before."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    beats: dict[str, Counter[str]] = defaultdict(Counter)
    follow: dict[str, Counter[str]] = defaultdict(Counter)
    schemes: dict[str, Counter[str]] = defaultdict(Counter)
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    for name, song in songs.items():
        notes = sorted(song.tracks["MELODY"])
        by_bar: dict[int, set[int]] = defaultdict(set)
        for onset, _, _, _ in notes:
            by_bar[onset // 16].add(onset % 16)
        for slots in by_bar.values():
            mask = mask_of(slots)
            cells[mask][name] += 1
            for beat in range(4):
                beats[mask[4 * beat : 4 * beat + 4]][name] += 1
                if beat:
                    follow[mask[4 * beat - 4 : 4 * beat]][mask[4 * beat : 4 * beat + 4]] += 1
        _schemes(song, by_bar, schemes, name)
        _steps(song, notes, steps)
    return {
        "melody_cells": {cell.rstrip("."): count for cell, count in shared(cells).items()},
        "beat_cells": shared(beats),
        "beat_follows": {
            a: {k: v for k, v in sorted(b.items()) if v >= 20}
            for a, b in sorted(follow.items())
            if sum(b.values()) >= 60
        },
        "phrase_schemes": shared(schemes),
        "steps": {a: {k: v for k, v in sorted(b.items()) if v >= 10} for a, b in sorted(steps.items())},
    }


def _alike(a: str, b: str) -> bool:
    """True where two bars share at least three quarters of their onsets."""
    first, second = ({i for i, c in enumerate(x) if c == "x"} for x in (a, b))
    return bool(first | second) and len(first & second) / len(first | second) >= 0.75


def _schemes(song: Song, by_bar: dict[int, set[int]], schemes: Any, name: str) -> None:
    bar = 0
    for letter, bars in song.phrases:
        if letter.isupper() and bars % 4 == 0:
            for four in range(bar, bar + bars, 4):
                masks = [mask_of(by_bar.get(b, set())) for b in range(four, four + 4)]
                text: list[str] = []
                for at, mask in enumerate(masks):
                    like = next((j for j in range(at) if _alike(masks[j], mask)), None)
                    text.append(
                        "-"
                        if "x" not in mask
                        else text[like]
                        if like is not None
                        else chr(ord("A") + len({t for t in text if t != "-"}))
                    )
                schemes["".join(text)][name] += 1
        bar += bars


def _steps(song: Song, notes: Any, steps: Any) -> None:
    scale = SCALES[song.minor]
    before = ""
    for (onset, _, pitch, _), (following, _, target, _) in itertools.pairwise(notes):
        here, there = (_degree(p - song.tonic, scale) for p in (pitch, target))
        if here is None or there is None or following - onset > 16:
            before = ""
            continue
        move = max(-9, min(9, there - here))
        steps[before][str(move)] += 1
        before = str(max(-4, min(4, move)))


def _degree(step: int, scale: tuple[int, ...]) -> int | None:
    """The note's place on the staff of the scale, counted from the tonic; None where it is off the scale."""
    octave, rest = divmod(step, 12)
    return octave * 7 + scale.index(rest) if rest in scale else None
