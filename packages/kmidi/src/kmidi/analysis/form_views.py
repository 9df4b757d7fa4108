"""What is seen of each bar line when phrases are looked for: how alike bars are, where repeats begin and end, harmony."""

from __future__ import annotations

import numpy as np

from .chord_net import signature_tonic
from .heard import Heard, Ints, middle_pitch
from .products import Singles, product

SLOTS = 16  # places of a bar in which strokes are compared
SPANS = (1, 2, 4, 8)  # bars that are compared at a stretch, each twice the one before
RUNS = SPANS[1:]
LAGS = (1, 2, 4, 8, 16)  # bars back to which a bar is compared
AROUND = (-2, -1, 0, 1)  # bars around the line whose lags are seen
WIDE = 3 << 16  # places of the comparisons looked at together: those of a song, still at hand in a processor
NEAR = 4  # bars this close do not count as a return
EDGE = 16  # bars of silence around the piece, so that every stretch is defined
ABOUT = 3  # bars before and after two bars that say whether one is the other again
AGAIN = 0.65  # how alike they are all in all where it may be
LONG = 32  # bars after which a piece's beginning and end are out of sight
_WHOLE = np.array(SPANS)[:, None, None]
_FOUR, _EIGHT = np.arange(4)[:, None], np.array([[0], [4]])  # bars of a group that are told apart


def form_views(heard: Heard) -> tuple[Singles, Singles]:
    """(What speaks for a phrase to begin at each bar: (bars, features); how alike bars are: (bars, bars), 0..1).

    Alike in rhythm, strokes, tune and harmony, each as cosines. Novelty: Foote, "Automatic audio segmentation using a
    measure of audio novelty", ICME 2000; edges of repeats: Goto, "A chorus section detection method", IEEE TASLP 2006.
    """
    bars = len(heard.bars) - 1
    harmony, bass, strokes, rhythm, tune = _bar_rows(heard)
    padded = np.zeros((5, bars + 2 * EDGE, bars + 2 * EDGE), np.float32)
    alike = padded[:, EDGE:-EDGE, EDGE:-EDGE]
    for rows, out in zip((rhythm, strokes, tune, harmony.reshape(bars, 24)), alike[:4], strict=True):
        unit = _unit(rows)
        product(unit, unit.T.copy(), out)
    np.add.reduce(alike[:4], 0, out=alike[4])
    alike[4] /= 4
    at = np.arange(bars)
    count = at - (int(heard.bars.searchsorted(heard.onset[0], side="right")) - 1)
    left = bars - at
    counts = np.empty((10, bars), np.float32)
    counts[:4], counts[4:6] = count % 4 == _FOUR, count % 8 == _EIGHT
    counts[6], counts[7] = count == 0, left % 4 == 0
    counts[8], counts[9] = np.minimum(count, LONG) / LONG, np.minimum(left, LONG) / LONG
    tonal = np.concatenate([_unit(harmony).reshape(bars, 24), bass.reshape(bars, 24), rhythm], 1)
    before = np.zeros_like(tonal)
    before[1:] = tonal[:-1]
    slants = _slants(padded)
    columns = (_turns(slants, at), _lagged(slants, at), _returns(padded), counts, before.T, tonal.T)
    return np.concatenate(columns, dtype=np.float32).T, alike[4]


def returns(alike: Singles) -> Singles:
    """How far each bar is each other again, by what stands around both: (bars, bars), 0..1, 1 for the bar itself."""
    bars, width = len(alike), 2 * ABOUT + 1
    padded = np.zeros((bars + 2 * ABOUT, bars + 2 * ABOUT), np.float32)
    padded[ABOUT:-ABOUT, ABOUT:-ABOUT] = alike
    around = np.zeros_like(alike)
    for at in range(width):
        around += padded[at : at + bars, at : at + bars]
    again = (np.maximum(around / width - AGAIN, 0) / (1 - AGAIN)).astype(np.float32)
    again.ravel()[:: bars + 1] = 1  # the diagonal
    return again


def _bar_rows(heard: Heard) -> tuple[Singles, Singles, Singles, Singles, Singles]:
    """Of each bar: harmony and bass of its halves (2 * bars, 12) above the signature's tonic; strokes by place and
    pitch class, strokes by place (two at most), the top strokes by place and pitch class (bars, …).
    """
    edges, pitch = heard.bars, heard.pitch
    bars = len(edges) - 1
    halves = np.empty(2 * bars + 1, np.int64)
    halves[::2], halves[1::2] = edges, (edges[:-1] + edges[1:]) // 2
    harmony, lowest = heard.cells(halves)
    tonic = signature_tonic(harmony.sum(0))
    harmony = harmony.take((np.arange(12) + tonic) % 12, axis=1).astype(np.float32)
    bass = (np.arange(12) == (lowest[:, None] - tonic) % 12) & (lowest[:, None] >= 0)
    strokes = heard.onset + (edges[1] - edges[0]) // (2 * SLOTS)  # one just ahead of its place belongs to it
    bar = np.minimum(np.maximum(edges.searchsorted(strokes, side="right") - 1, 0), bars - 1)
    # place k of a bar of so many ticks begins k * ticks // SLOTS ticks into it
    place = ((strokes - edges.take(bar) + 1) * SLOTS - 1) // (edges[1:] - edges[:-1]).take(bar)
    slot = bar * SLOTS + np.minimum(np.maximum(place, 0), SLOTS - 1)
    places = np.bincount(slot * 12 + heard.pitch_class, minlength=bars * SLOTS * 12).astype(np.float32)
    rhythm = np.minimum(np.bincount(slot, minlength=bars * SLOTS), 2).astype(np.float32)
    sung = heard.on_top & (pitch >= middle_pitch(pitch))
    tune = np.zeros((bars * SLOTS, 12), np.float32)
    tune[slot[sung], heard.pitch_class[sung]] = 1
    return (
        harmony,
        bass.astype(np.float32),
        places.reshape(bars, -1),
        rhythm.reshape(bars, -1),
        tune.reshape(bars, -1),
    )


def _unit(rows: Singles) -> Singles:
    return rows / np.maximum(np.sqrt(np.vecdot(rows, rows)), 1e-6)[:, None]


def _slants(padded: Singles) -> Singles:
    """How alike each bar is to those 0, 1, 2 … bars after it, from EDGE bars before the first on: (views, bars after
    it, bars).
    """
    views, wide = padded.shape[:2]
    starts = (wide + 1) * np.arange(wide - EDGE + SPANS[-1] - 1)
    return padded.reshape(views, -1).take(starts + np.arange(LAGS[-1] + 1)[:, None], axis=1)


def _turns(slants: Singles, at: Ints) -> Singles:
    """How much the bars before and after each line differ, against themselves; and how far that stands out.

    Summed over squares of comparisons, each of four half its size: among the bars on one side of a line, and across it.
    """
    bars = len(at)
    inside = slants[:, 0]
    beside = slants[:, 1 : 2 * SPANS[-1]]  # squares off the diagonal, by how many of their own sizes
    past, future, across = np.empty((3, len(SPANS), len(slants), bars), np.float32)
    for row, span in enumerate(SPANS):
        past[row], future[row] = inside[:, EDGE - span : EDGE - span + bars], inside[:, EDGE : EDGE + bars]
        across[row] = beside[:, 0, EDGE - span : EDGE - span + bars]
        if span < SPANS[-1]:
            inside = inside[:, :-span] + inside[:, span:] + 2 * beside[:, 0, :-span]
            odd = beside[:, 1::2]
            beside = odd[:, :, :-span] + beside[:, :-1:2, span:] + beside[:, 2::2, :-span] + odd[:, :, span:]
    below, above = np.maximum(np.minimum(at, _WHOLE), 1), np.minimum(bars - at, _WHOLE)
    rows = ((past / (below * below) + future / (above * above)) / 2 - across / (below * above)).astype(np.float32)
    rows[:, :, 0] = 0
    nearby = np.concatenate([rows[:, :, :1], rows, rows[:, :, -1:]], 2)
    return np.concatenate([rows, rows - np.maximum(nearby[:, :, :-2], nearby[:, :, 2:])], 1).reshape(-1, bars)


def _lagged(slants: Singles, at: Ints) -> Singles:
    """How much each bar around the line is like those LAGS bars before it."""
    views, bars = len(slants), len(at)
    rows = np.empty((len(LAGS), len(AROUND), views, bars), np.float32)
    across, down, along = slants.strides
    for row, lag in zip(rows, LAGS, strict=True):
        first = lag * down + (EDGE + AROUND[0] - lag) * along  # it may lie in the silence behind the lag before
        row[:] = np.ndarray((len(AROUND), views, bars), slants.dtype, slants, first, (along, across, along))
    return rows.reshape(-1, bars)


def _near(rows: Singles, above: int, bars: int) -> Singles:
    """A view of what each bar is to those less than NEAR from it, or to the silence behind the row before: (bars,
    views, those).
    """
    down, across, along = rows.strides
    first = above * down - (NEAR - 1) * along
    return np.ndarray((bars, rows.shape[1], 2 * NEAR - 1), rows.dtype, rows, first, (down + along, across, along))


def _sides(line: Singles, start: int, back: int, shape: tuple[int, int]) -> Singles:
    """A view of two arrays of such a shape in one line of values: the one from `start` on, and the one so far before it."""
    size = line.itemsize
    return np.ndarray((2, *shape), line.dtype, line, start * size, (-back * size, shape[1] * size, size))


def _returns(padded: Singles) -> Singles:
    """How well the bars after the line (and those before it) occur elsewhere, and where such returns begin and end.

    Bars are as alike one way as the other, so what is asked of a row is asked of a column, of all columns at once.
    As many views together as are at hand in a processor; all of a long piece are most of what an analysis would hold.
    """
    bars = padded.shape[1] - 2 * EDGE
    # silence around the longest run: behind a row it is also before the next
    above, wide = RUNS[-1] + 1, bars + RUNS[-1]
    seen = padded[:, EDGE - above : EDGE + wide, EDGE : EDGE + wide]
    rows = np.empty((len(RUNS), 8, len(padded), wide), np.float32)
    together = max(1, WIDE // (bars * wide))
    for first in range(0, len(padded), together):
        views = seen[first : first + together].transpose(1, 0, 2)
        row = views.shape[1] * wide
        runs = views.copy()
        _near(runs, above, bars)[:] = 0
        runs = runs.ravel()  # one line: a bar on in both bars is row + 1 places on in it
        longer, changes = np.empty_like(runs), np.empty((2, bars, row), np.float32)
        begins, stops = changes
        nothing = np.zeros(row, np.float32)  # two arrays are compared in a third of the time of an array and a number
        for at, length in enumerate(RUNS):
            step = length // 2 * (row + 1)
            runs, longer = np.add(runs[:-step], runs[step:], out=longer[: len(runs) - step]), runs
            sides = _sides(runs, above * row, length * (row + 1), (bars, row))
            after, before = sides
            np.subtract(after, before, out=stops)
            np.maximum(stops, nothing, out=begins)
            np.subtract(begins, stops, out=stops)
            here, each = rows[at, :, first : first + together], changes.reshape(2, bars, -1, wide)
            np.maximum.reduce(sides.reshape(each.shape), 1, out=here[:2])
            np.maximum.reduce(each, 1, out=here[2:4])
            np.add.reduce(each, 1, out=here[4:6])
            np.multiply(each, each, out=each)
            np.add.reduce(each, 1, out=here[6:])
    rows[:, 4:6] /= bars
    lengths = np.array(RUNS, np.float32)[:, None, None, None]
    rows[:, 6:] /= lengths
    rows /= lengths
    return rows[..., :bars].reshape(-1, bars)
