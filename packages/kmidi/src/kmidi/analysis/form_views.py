"""What is seen of each bar line when phrases are looked for: how alike bars are, where repeats begin and end, harmony."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .chord_net import lowest_pitches, signature_tonic
from .heard import Heard

Singles = NDArray[np.float32]

SLOTS = 16  # places of a bar in which strokes are compared
RUNS = (2, 4, 8)  # bars that are compared at a stretch
LAGS = (1, 2, 4, 8, 16)  # bars back to which a bar is compared
AROUND = (-2, -1, 0, 1)  # bars around the line whose lags are seen
SMALL = 200_000  # multiplications in one product
NEAR = 4  # bars this close do not count as a return
EDGE = 16  # bars of silence around the piece, so that every stretch is defined
ABOUT = 3  # bars before and after two bars that say whether one is the other again
AGAIN = 0.65  # how alike they are all in all where it may be
LONG = 32  # bars after which a piece's beginning and end are out of sight


def form_views(heard: Heard) -> tuple[Singles, Singles]:
    """(What speaks for a phrase to begin at each bar: (bars, features); how alike bars are: (bars, bars), 0..1).

    Alike in rhythm, strokes, tune and harmony, each as cosines. Novelty: Foote, "Automatic audio segmentation using a
    measure of audio novelty", ICME 2000; edges of repeats: Goto, "A chorus section detection method", IEEE TASLP 2006.
    """
    bars = len(heard.bars) - 1
    harmony, bass, strokes, rhythm, tune = _bar_rows(heard)
    padded = np.zeros((5, bars + 2 * EDGE, bars + 2 * EDGE), np.float32)
    alike = padded[:, EDGE:-EDGE, EDGE:-EDGE]
    for at, rows in enumerate((rhythm, strokes, tune, harmony.reshape(bars, 24))):
        unit = _unit(rows)
        alike[at] = product(unit, np.ascontiguousarray(unit.T))
    alike[4] = (alike[0] + alike[1] + alike[2] + alike[3]) / 4
    count = np.arange(bars) - (int(np.searchsorted(heard.bars, heard.onset[0], side="right")) - 1)
    left = bars - np.arange(bars)
    counts = [*(count % 4 == beat for beat in range(4)), count % 8 == 0, count % 8 == 4, count == 0, left % 4 == 0,
              np.minimum(count, LONG) / LONG, np.minimum(left, LONG) / LONG]  # fmt: skip
    tonal = np.concatenate([_unit(harmony).reshape(bars, 24), bass.reshape(bars, 24), rhythm], 1)
    before = np.zeros_like(tonal)
    before[1:] = tonal[:-1]
    columns = (_turns(alike), _lagged(padded), _returns(padded), np.array(counts), before.T, tonal.T)
    return np.concatenate(columns).T.astype(np.float32), alike[4]


def returns(alike: Singles) -> Singles:
    """How far each bar is each other again, by what stands around both: (bars, bars), 0..1, 1 for the bar itself."""
    bars, width = len(alike), 2 * ABOUT + 1
    padded = np.pad(alike, ABOUT)
    around = np.zeros_like(alike)
    for at in range(width):
        around += padded[at : at + bars, at : at + bars]
    again = (np.maximum(around / width - AGAIN, 0) / (1 - AGAIN)).astype(np.float32)
    np.fill_diagonal(again, 1)
    return again


def _bar_rows(heard: Heard) -> tuple[Singles, Singles, Singles, Singles, Singles]:
    """Of each bar: harmony and bass of its halves (2 * bars, 12) above the signature's tonic; strokes by place and
    pitch class, strokes by place (two at most), the top strokes by place and pitch class (bars, …).
    """
    edges, pitch = heard.bars, heard.pitch
    bars = len(edges) - 1
    halves = np.append(np.stack([edges[:-1], (edges[:-1] + edges[1:]) // 2], 1).ravel(), edges[-1])
    cell, note, overlap = heard.sounding(halves)
    harmony = np.bincount(cell * 12 + pitch[note] % 12, overlap, bars * 24).reshape(-1, 12)
    harmony = np.roll(harmony, -(tonic := signature_tonic(harmony.sum(0))), 1).astype(np.float32)
    lowest = lowest_pitches(2 * bars, cell, pitch[note])
    bass = (np.arange(12) == (lowest[:, None] - tonic) % 12) & (lowest[:, None] >= 0)
    slots = np.append(
        (edges[:-1, None] + (edges[1:] - edges[:-1])[:, None] * np.arange(SLOTS) // SLOTS).ravel(), edges[-1]
    )
    half = (edges[1] - edges[0]) // (2 * SLOTS)  # a stroke just ahead of its place belongs to it
    slot = np.clip(np.searchsorted(slots, heard.onset + half, side="right") - 1, 0, bars * SLOTS - 1)
    places = np.bincount(slot * 12 + pitch % 12, minlength=bars * SLOTS * 12).astype(np.float32)
    rhythm = np.minimum(np.bincount(slot, minlength=bars * SLOTS), 2).astype(np.float32)
    sung = heard.on_top & (pitch >= np.median(pitch))
    tune = np.zeros((bars * SLOTS, 12), np.float32)
    tune[slot[sung], pitch[sung] % 12] = 1
    return (
        harmony,
        bass.astype(np.float32),
        places.reshape(bars, -1),
        rhythm.reshape(bars, -1),
        tune.reshape(bars, -1),
    )


def product(left: Singles, right: Singles) -> Singles:
    """left @ right in pieces too small to wake the threads of a linear algebra library, which cost more than they do."""
    step = max(1, SMALL // right.size)
    return np.concatenate([left[at : at + step] @ right for at in range(0, len(left), step)])


def _unit(rows: Singles) -> Singles:
    return rows / np.maximum(np.sqrt((rows * rows).sum(1, keepdims=True)), 1e-6)


def _turns(alike: Singles) -> Singles:
    """How much the bars before and after each line differ, against themselves; and how far that stands out."""
    bars = alike.shape[1]
    sums = _running(alike)
    at = np.arange(bars)
    here = sums[:, at, at]
    rows: list[Singles] = []
    for span in (1, *RUNS):
        low, high = np.maximum(at - span, 0), np.minimum(at + span, bars)
        before, after = np.maximum(at - low, 1), high - at
        back, ahead = sums[:, low, at], sums[:, at, high]
        past = (here - 2 * back + sums[:, low, low]) / (before * before)
        future = (sums[:, high, high] - 2 * ahead + here) / (after * after)
        across = (ahead - sums[:, low, high] - here + back) / (before * after)
        turn = (past + future) / 2 - across
        turn[:, 0] = 0
        beside = np.pad(turn, ((0, 0), (1, 1)), mode="edge")
        rows += [turn, turn - np.maximum(beside[:, :-2], beside[:, 2:])]
    return np.concatenate(rows)


def _running(alike: Singles) -> Singles:
    """The sum of all that stands before a row and a column: (views, bars + 1, bars + 1).

    As cumsum along both axes, but a row of all views at a time: sums along a row can't be told to the processor at once.
    """
    views, bars = alike.shape[:2]
    down = alike.copy()
    for bar in range(1, bars):
        down[:, bar] += down[:, bar - 1]
    across = np.zeros((bars + 1, views, bars + 1), np.float32)
    across[1:, :, 1:] = down.transpose(2, 0, 1)
    for before, here in pairwise(across):
        here += before
    return across.transpose(1, 2, 0)


def _lagged(padded: Singles) -> Singles:
    """How much each bar around the line is like those LAGS bars before it."""
    at = np.arange(EDGE, padded.shape[1] - EDGE)
    rows = [padded[:, at + k, np.maximum(at + k - lag, 0)] for lag in LAGS for k in AROUND]
    return np.concatenate(rows)


def _returns(padded: Singles) -> Singles:
    """How well the bars after the line (and those before it) occur elsewhere, and where such returns begin and end.

    One view of the bars at a time: all at once are most of what an analysis holds in memory.
    """
    bars = padded.shape[1] - 2 * EDGE
    gap = np.arange(bars)
    far = (np.abs(gap[:, None] - gap) >= NEAR).astype(np.float32)
    nothing = np.zeros_like(far)  # two arrays are compared in a third of the time of an array and a number
    rows = np.empty((len(RUNS), 8, len(padded), bars), np.float32)
    for view, runs in enumerate(padded):
        for at, length in enumerate(RUNS):
            half = length // 2
            runs = runs[:-half, :-half] + runs[half:, half:]
            first = EDGE - length
            after = runs[EDGE : EDGE + bars, EDGE : EDGE + bars] * far
            before = runs[first : first + bars, first : first + bars] * far
            rows[at, 0, view], rows[at, 1, view] = after.max(1), before.max(1)
            begins = np.subtract(after, before, out=after)
            rows[at, 2, view], rows[at, 3, view] = begins.max(1), -begins.min(1)
            plus = np.maximum(begins, nothing, out=before)
            minus = np.subtract(plus, begins, out=begins)
            for place, each in enumerate((plus, minus)):
                rows[at, 4 + place, view] = each.sum(1) / bars
                rows[at, 6 + place, view] = np.einsum("ij,ij->i", each, each) / length
        rows[:, :, view] /= np.array(RUNS, np.float32)[:, None, None]
    return rows.reshape(-1, bars)
