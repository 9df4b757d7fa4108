"""What the pianists of pop songs do: cells of half a bar, touch, and how players differ."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from statistics import NormalDist
from typing import Any

import numpy as np

from kmidi.tables.counts import QUANTILES, draw, table
from scripts.pop_song import Song, shared, simple

TOUCHES = 5  # kinds of players, from those who let go early to those who let notes lie over each other
LONGEST = 16  # sixteenths
TEMPER = ("onsets", "off_beat", "fine", "notes", "repeats", "contrast", "empty", "touch")
AT = [step / 2 for step in range(-5, 6)]  # standard deviations at which a habit's spread is kept


def count_accompaniment(songs: dict[str, Song]) -> dict[str, Any]:
    """Half-bar cells of the piano: per onset which rungs of the chord's ladder are struck, and for how long."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    follow: dict[str, Counter[str]] = defaultdict(Counter)
    for name, song in songs.items():
        ladder_at: dict[int, list[int]] = {}
        for onset, length, roman, root in song.chords:
            third = 3 if simple(roman).lower() == simple(roman) else 4
            classes = sorted({root % 12, (root + third) % 12, (root + 7) % 12})
            for slot in range(onset, onset + length):
                ladder_at[slot] = classes
        halves: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for onset, length, pitch, _ in song.tracks.get("PIANO", []):
            halves[onset // 8].append((onset % 8, length, pitch))
        before = ("", -9)
        for half in sorted(halves):
            notes = halves[half]
            classes = ladder_at.get(half * 8 + 2)
            if classes is None:
                continue
            bottom = min(p for _, _, p in notes)
            ladder = [p for p in range(bottom, 100) if p % 12 in classes] or [bottom]
            cell: dict[int, set[int]] = defaultdict(set)
            for slot, _, pitch in notes:
                rung = min(range(len(ladder)), key=lambda r, p=pitch: abs(ladder[r] - p))
                cell[slot].add(rung)
            text = " ".join(f"{slot}:{','.join(map(str, sorted(rungs)))}" for slot, rungs in sorted(cell.items()))
            cells[text][name] += 1
            if before[1] == half - 1:
                follow[before[0]][text] += 1
            before = (text, half)
    kept = shared(cells)
    at = {text: str(place) for place, text in enumerate(kept)}  # cells are named by their places
    return {
        "piano_cells": {_by_slot(text): count for text, count in kept.items()},
        "piano_follows": {
            at[a]: f
            for a, b in sorted(follow.items())
            if a in kept and (f := {at[k]: v for k, v in sorted(b.items()) if v >= 4 and k in kept})
        },
    }


def _by_slot(text: str) -> str:
    """A cell as it is stored: what stands in each of its slots, "0:0 2:2,4" as "0  24"."""
    rungs = dict(stroke.replace(",", "").split(":") for stroke in text.split())
    return " ".join(rungs.get(str(slot), "") for slot in range(8)).rstrip()


def count_touch(songs: dict[str, Song]) -> dict[str, Any]:
    """How long pianists hold a note against the time to the next: kind of player -> time in 16ths -> how many of QUANTILES
    notes are held for one 16th, for two, and so on.

    A low note (the lowest of its stroke, under the middle) against the next low one, the others against the next
    stroke. Players are ranked by how much longer than the time to the next stroke they hold, and cut into equal fifths.
    """
    rows: dict[str, list[tuple[str, int, int]]] = {}
    for name, song in songs.items():
        notes = song.tracks.get("PIANO", [])
        bottom: dict[int, int] = {}
        for onset, _, pitch, _ in notes:
            bottom[onset] = min(bottom.get(onset, 128), pitch)
        lows = {o for o, p in bottom.items() if p < 53}
        after = {k: dict(itertools.pairwise(sorted(v))) for k, v in (("low", lows), ("up", set(bottom)))}
        rows[name] = [
            (hand, min(LONGEST, after[hand][onset] - onset), min(LONGEST, length))
            for onset, length, pitch, _ in notes
            for hand in ("low" if onset in lows and pitch == bottom[onset] else "up",)
            if onset in after[hand]
        ]
    held = {n: np.mean([np.log2(d / g) for hand, g, d in r if hand == "up" and g <= 4]) for n, r in rows.items()}
    order = sorted(held, key=lambda name: (held[name], name))
    hands: dict[str, list[dict[str, str]]] = {"low": [], "up": []}
    for kind in range(TOUCHES):
        players = order[kind * len(order) // TOUCHES : (kind + 1) * len(order) // TOUCHES]
        for hand, kinds in hands.items():
            lengths: dict[int, Counter[int]] = defaultdict(Counter)
            for name in players:
                for which, gap, length in rows[name]:
                    if which == hand:
                        lengths[gap][length] += 1
            kinds.append({
                str(gap): _held(c) for gap, c in sorted(lengths.items()) if sum(c.values()) >= 60
            })  # fmt: skip
    return {"touch": hands}


def _held(lengths: Counter[int]) -> str:
    """How many of QUANTILES notes have each length from one on, as the counted ones have, as signs from "0" on."""
    items = table({str(length): count for length, count in sorted(lengths.items())})
    drawn = Counter(int(draw((place + 0.5) / QUANTILES, items)) for place in range(QUANTILES))
    return "".join(chr(48 + drawn[length]) for length in range(1, max(drawn) + 1))


def count_temper(songs: dict[str, Song]) -> dict[str, Any]:
    """How songs differ in what their players do, and what of it goes together: no song's own numbers are kept.

    Of the melody, bridge and piano of a song: onsets a quarter; the share of them off the beat and off the eighths; notes
    an onset; the share of bars whose rhythm comes again; the deviation of notes a bar against their mean; the share of
    quarters in which nothing is struck; and how long the piano holds against the next stroke (log 2). Kept are each
    habit's values at AT, and the lower triangle whose product with itself are the correlations of their ranks.
    """
    rows: list[list[float]] = []
    for song in songs.values():
        notes = np.array([n[0] for name in ("MELODY", "BRIDGE", "PIANO") for n in song.tracks.get(name, [])])
        at = notes - notes.min() // 16 * 16
        bars, onsets = at.max() // 16 + 1, np.unique(at)
        grid = np.zeros((bars, 16), bool)
        grid[at // 16, at % 16] = True
        seen = Counter(bar.tobytes() for bar in grid if bar.any())
        per_bar = np.bincount(at // 16, minlength=bars)
        piano = song.tracks.get("PIANO", [])
        after = dict(itertools.pairwise(sorted({o for o, *_ in piano})))
        held = [np.log2(min(LONGEST, d) / (after[o] - o)) for o, d, *_ in piano if o in after and after[o] - o <= 4]
        rows.append([
            len(onsets) / bars / 4, float(np.mean(onsets % 4 != 0)), float(np.mean(onsets % 2 != 0)), len(at) / len(onsets),
            sum(n for n in seen.values() if n > 1) / seen.total(), float(per_bar.std() / per_bar.mean()),
            1 - len(np.unique(onsets // 4)) / (int(at.max()) // 4 + 1), float(np.mean(held)),
        ])  # fmt: skip
    table = np.array(rows)
    ranks = table.argsort(0, kind="stable").argsort(0, kind="stable")
    shares = [NormalDist().cdf(z) for z in AT]
    lower = np.linalg.cholesky(np.corrcoef(ranks.T))
    return {
        "temper": {
            "at": AT,
            "values": {name: np.quantile(table[:, i], shares).round(4).tolist() for i, name in enumerate(TEMPER)},
            "lower": [row[: i + 1].round(4).tolist() for i, row in enumerate(lower)],
        }
    }
