"""What the tunes of pop songs do: rhythm cells, phrase schemes, steps, chord tones, how long notes are held."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from scripts.pop_song import Song, mask_of, shared

SCALES = {0: (0, 2, 4, 5, 7, 9, 11), 1: (0, 2, 3, 5, 7, 8, 10)}


def count_melody(songs: dict[str, Song]) -> dict[str, Any]:
    """Rhythm cells, phrase schemes, intervals in scale steps, chord tones by weight of the beat, gaps."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    beats: dict[str, Counter[str]] = defaultdict(Counter)
    follow: dict[str, Counter[str]] = defaultdict(Counter)
    schemes: dict[str, Counter[str]] = defaultdict(Counter)
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    tones = {level: [0, 0] for level in ("bar", "half", "beat", "eighth", "sixteenth")}
    first_step: Counter[str] = Counter()
    held: dict[str, list[float]] = defaultdict(list)
    pauses: Counter[str] = Counter()
    same_pitch = [[0, 0], [0, 0], [0, 0], [0, 0]]
    over_root: Counter[str] = Counter()
    for name, song in songs.items():
        notes = sorted(song.tracks["MELODY"])
        by_bar: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for onset, _, pitch, _ in notes:
            by_bar[onset // 16].append((onset % 16, pitch))
        for bar_notes in by_bar.values():
            mask = mask_of({slot for slot, _ in bar_notes})
            cells[mask][name] += 1
            for beat in range(4):
                beats[mask[4 * beat : 4 * beat + 4]][name] += 1
                if beat:
                    follow[mask[4 * beat - 4 : 4 * beat]][mask[4 * beat : 4 * beat + 4]] += 1
        _schemes(song, by_bar, schemes, same_pitch, name)
        _steps(song, notes, steps, tones, over_root)
        for (onset, length, _, _), (following, _, _, _) in itertools.pairwise(notes):
            gap = following - onset
            if 0 < gap <= 16:
                held[str(gap)].append(min(1.0, length / gap))
            if gap > length:
                pauses[str(min(16, gap - length))] += 1
        if notes:
            first_step[str((notes[0][2] - song.tonic) % 12)] += 1
    return {
        "melody_cells": shared(cells),
        "beat_cells": shared(beats),
        "beat_follows": {
            a: {k: v for k, v in sorted(b.items()) if v >= 20}
            for a, b in sorted(follow.items())
            if sum(b.values()) >= 60
        },
        "phrase_schemes": shared(schemes),
        "steps": {a: {k: v for k, v in sorted(b.items()) if v >= 10} for a, b in sorted(steps.items())},
        "chord_tone_share": {k: round(a / max(1, b), 3) for k, (a, b) in tones.items()},
        "over_root": dict(over_root.most_common()),
        "held_share": {k: round(float(np.mean(v)), 3) for k, v in sorted(held.items(), key=lambda kv: int(kv[0]))},
        "same_rhythm_same_pitches": [round(a / max(1, b), 3) for a, b in same_pitch],
    }


def _alike(a: str, b: str) -> bool:
    """True where two bars share at least three quarters of their onsets."""
    first, second = ({i for i, c in enumerate(x) if c == "x"} for x in (a, b))
    return bool(first | second) and len(first & second) / len(first | second) >= 0.75


def _schemes(song: Song, by_bar: dict[int, list[tuple[int, int]]], schemes: Any, same_pitch: Any, name: str) -> None:
    bar = 0
    for letter, bars in song.phrases:
        if letter.isupper() and bars % 4 == 0:
            for four in range(bar, bar + bars, 4):
                masks = [mask_of({s for s, _ in by_bar.get(b, [])}) for b in range(four, four + 4)]
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
                    if like is not None and masks[like] == mask:
                        pair = [[p for _, p in by_bar[four + x]] for x in (like, at)]
                        moves = [np.diff(p).tolist() for p in pair]
                        same_pitch[at - like][0] += pair[0] == pair[1]
                        same_pitch[at - like][1] += 1
                        same_pitch[0][0] += moves[0] == moves[1]
                        same_pitch[0][1] += 1
                schemes["".join(text)][name] += 1
        bar += bars


def _steps(song: Song, notes: Any, steps: Any, tones: Any, over_root: Any) -> None:
    scale = SCALES[song.minor]
    spans = {}
    for onset, length, roman, root in song.chords:
        for slot in range(onset, onset + length):
            spans[slot] = (roman, root)
    before = ""
    for (onset, _, pitch, _), (following, _, target, _) in itertools.pairwise(notes):
        here, there = (_degree(p - song.tonic, scale) for p in (pitch, target))
        if here is None or there is None or following - onset > 16:
            before = ""
            continue
        move = max(-9, min(9, there - here))
        steps[before][str(move)] += 1
        before = str(max(-4, min(4, move)))
    for onset, length, pitch, _ in notes:
        slot = onset % 16
        level = (
            "bar"
            if slot == 0
            else "half"
            if slot == 8
            else "beat"
            if slot % 4 == 0
            else "eighth"
            if slot % 2 == 0
            else "sixteenth"
        )
        span = spans.get(onset)
        if span:
            classes = {0, 3 if span[0].lower() == span[0] else 4, 7}
            tones[level][1] += 1
            tones[level][0] += (pitch - span[1]) % 12 in classes
            over_root[str((pitch - span[1]) % 12)] += length


def _degree(step: int, scale: tuple[int, ...]) -> int | None:
    """The note's place on the staff of the scale, counted from the tonic; None where it is off the scale."""
    octave, rest = divmod(step, 12)
    return octave * 7 + scale.index(rest) if rest in scale else None
