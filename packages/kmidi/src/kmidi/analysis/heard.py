"""The pitched notes of a score as flat arrays over its grid of beats: what every reading of pitch starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..score import MeterChange, Score
from ..theory import Meter

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[Any]  # of float64; numpy's stubs take weighted counts for whole numbers

# A file may claim a length of years: past this grid nothing is heard.
MAX_BEATS = 8_192  # over an hour at 120 bpm
SPARSE_BEATS = 256  # so long any file is heard, and so many beats more for each note
BEATS_A_NOTE = 32
LEAST_CLASSES = 3  # pitch classes: two have no mode, and their chords no thirds but guessed ones
MAX_SOUNDING = 200_000  # beats that all notes last together: where thousands never end, the longest fade
CELLS_AT_ONCE = 4_096  # in which the highest pitch is looked for together: memory does not grow with the notes
GRID_PLACES = 24  # places in a beat at which strokes are counted
LEAST_STROKES = 32


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: what is asked for again is kept beside the fields
class Heard:
    """Pitched notes in onset order (drums and sounds without pitch left out) and the grid they stand on, all in ticks.

    onset, end, pitch, part: one row a note, `part` its index in Score.parts; ends lie after onsets.
    The grid is the file's, moved as a whole where the piece plainly lags behind it; it may then begin before tick 0.
    beats: onsets of the beats up to the end of the music, with that end as the last value (one more than beats);
    beat_in_bar: the beat's number in its bar, from 0; bars: onsets of the bars, the end as the last value.
    """

    ppq: int
    onset: Ints
    end: Ints
    pitch: Ints
    part: Ints
    beats: Ints
    beat_in_bar: Ints
    bars: Ints

    @classmethod
    def of(cls, score: Score) -> Heard:
        """The pitched notes of a score; arrays are empty where it has none."""
        pitched = [(at, score.parts[at].notes) for at in score.sounding if score.parts[at].is_pitched]

        def column(name: str) -> Ints:
            return np.concatenate([np.zeros(0, np.int64), *(notes[name] for _, notes in pitched)], dtype=np.int64)

        onset, duration, pitch = (column(name) for name in ("onset", "duration", "pitch"))
        part = np.array([at for at, _ in pitched], np.int64).repeat([len(notes) for _, notes in pitched])
        order = np.argsort(onset, kind="stable")
        end = onset + np.minimum(np.maximum(duration, 1), longest_held(duration, MAX_SOUNDING * score.ppq))
        last = int(end.max()) if len(end) else 0
        grid = min(MAX_BEATS, SPARSE_BEATS + BEATS_A_NOTE * len(onset))
        beats, beat_in_bar, bars = beat_grid(score.meters_from_start, score.ppq, last, grid)
        late = grid_lateness(onset, pitch, int(beats[1] - beats[0]))
        beats, bars = beats + late, bars + late
        return cls(
            ppq=score.ppq, onset=onset.take(order), end=end.take(order), pitch=pitch.take(order),
            part=part.take(order), beats=beats, beat_in_bar=beat_in_bar, bars=bars,
        )  # fmt: skip

    def on(self, beats: Ints, per_bar: int, first: int) -> Heard:
        """The same notes on other beats (ticks, two or more, ascending), the first of which to begin a bar is `first`.

        The grid goes on at the pace of its ends until it holds all notes or MAX_BEATS; ppq becomes the median beat.
        """
        step = max(int(np.median(np.diff(beats))), 1)
        ahead = max(0, -(-int(beats[0] - self.onset.min(initial=0)) // step))
        behind = max(1, -(-int(self.end.max(initial=0) - beats[-1]) // step))
        ahead = min(ahead, MAX_BEATS)
        behind = max(1, min(behind, MAX_BEATS - ahead - len(beats)))
        beats = np.concatenate([
            beats[0] + step * np.arange(-ahead, 0), beats, beats[-1] + step * np.arange(1, behind + 1)
        ])  # fmt: skip
        beats = beats.compress(steps_up(beats))
        number = (np.arange(len(beats)) - ahead - first) % per_bar
        bars = beats[number == 0]
        if not len(bars) or bars[0] > beats[0]:
            bars = np.append(beats[0], bars)
        if bars[-1] < beats[-1]:
            bars = np.append(bars, beats[-1])
        return replace(self, ppq=step, beats=beats, beat_in_bar=number[:-1], bars=bars)

    def __len__(self) -> int:
        return len(self.onset)

    @cached_property
    def in_beats(self) -> tuple[Ints, Ints, Ints]:
        """Which note sounds in which beat, as `sounding` says it: chords and remarks all ask for it."""
        return self.sounding(self.beats)

    @cached_property
    def pitch_class(self) -> Ints:
        """Of each note."""
        return self.pitch % 12

    @cached_property
    def chroma(self) -> Floats:
        """Ticks that each pitch class sounds for in each beat: (beats, 12), whole numbers."""
        cells, (cell, note, overlap) = len(self.beats) - 1, self.in_beats
        return np.bincount(cell * 12 + self.pitch_class.take(note), overlap, cells * 12).reshape(cells, 12)

    @cached_property
    def bar_beats(self) -> Ints:
        """The beat that begins each bar, and the end: every bar line is a beat."""
        return self.beats.searchsorted(self.bars)

    @cached_property
    def _sums(self) -> Floats:
        return running(self.chroma)

    def between(self, first: Ints | int, end: Ints | int) -> Floats:
        """Ticks that each pitch class sounds for from some beats up to others: (those, 12)."""
        return self._sums.take(end, axis=0) - self._sums.take(first, axis=0)

    def within(self, edges: Ints) -> Floats:
        """The same from each of some beats up to the next: (one less, 12)."""
        sums = self._sums.take(edges, axis=0)
        return sums[1:] - sums[:-1]

    def cells(self, edges: Ints) -> tuple[Floats, Ints]:
        """Ticks of each pitch class in each cell between `edges` (cells, 12), and its lowest pitch, -1 in silence."""
        count = len(edges) - 1
        heard = int(edges[:-1].searchsorted(self.end.max(initial=0)))  # cells that begin before all is silent
        at = np.append(self.beats.searchsorted(edges[:heard]), len(self.beats) - 1)
        first = at[:-1]
        if heard and (self.beats[first] == edges[:heard]).all() and (first < at[1:]).all():  # they are whole beats
            chroma, lowest = np.zeros((count, 12)), np.full(count, -1)
            chroma[:heard] = self.within(at)
            # without a sign, the -1 of silence is above all pitches
            lowest[:heard] = np.minimum.reduceat(self.lowest.view(np.uint64), first).view(np.int64)
            return chroma, lowest
        cell, note, overlap = self.sounding(edges)
        chroma = np.bincount(cell * 12 + self.pitch_class[note], overlap, count * 12).reshape(count, 12)
        return chroma, lowest_pitches(count, cell, self.pitch[note])

    @cached_property
    def lowest(self) -> Ints:
        """The lowest pitch that sounds in each beat, -1 where none does."""
        cell, note, _ = self.in_beats
        return lowest_pitches(len(self.beats) - 1, cell, self.pitch.take(note))

    @cached_property
    def on_top(self) -> Flags:
        """Whether nothing higher sounds where a note begins: the tune, and single lines; the others lie under it."""
        begins = steps_up(self.onset)
        strokes = self.onset.compress(begins)
        cells, first, last = len(strokes), begins.cumsum() - 1, strokes.searchsorted(self.end)
        rising = self.pitch.astype(np.uint8).argsort(kind="stable")  # eight bits: a radix sort
        pitch = self.pitch.take(rising)
        # the strokes that each note sounds over, without those that an earlier one of its pitch does
        ahead = pitch * (cells + 1)
        start, stop = first.take(rising), np.maximum.accumulate(last.take(rising) + ahead) - ahead
        start[1:] = np.maximum(start[1:], stop[:-1] + ahead[:-1] - ahead[1:])
        highest = np.zeros(cells, np.int64)
        for at in range(0, cells, CELLS_AT_ONCE):
            here = ((start < at + CELLS_AT_ONCE) & (stop > np.maximum(start, at))).nonzero()[0]
            low = np.maximum(start.take(here), at)
            count = np.minimum(stop.take(here), at + CELLS_AT_ONCE) - low
            below = count.cumsum() - count
            cell = np.arange(int(count.sum())) + (low - below).repeat(count)
            highest[cell] = pitch.take(here).repeat(count)  # of a stroke's pitches the last one stays
        return self.pitch >= highest.take(first)

    def sounding(self, edges: Ints) -> tuple[Ints, Ints, Ints]:
        """Which note sounds in which cell between `edges` (ascending): rows of (cell, note, overlap in ticks)."""
        return overlaps(self.onset, self.end, edges)


def lowest_pitches(cells: int, cell: Ints, pitch: Ints) -> Ints:
    """The lowest pitch that sounds in each cell, -1 where none does."""
    lowest = np.full(cells, -1)
    falling = (127 - pitch).astype(np.uint8).argsort(kind="stable")  # eight bits: a radix sort
    lowest[cell.take(falling)] = pitch.take(falling)  # of a cell's pitches the last one stays
    return lowest


def news(chroma: Floats, span: int) -> Floats:
    """How much the pitch classes (beats, 12) of the `span` beats from each beat on differ from those before it, 0..1."""
    padded = np.zeros((len(chroma) + 2 * span, 12))
    padded[span:-span] = chroma
    spans = padded[:-span].copy()  # the one before each beat, then those up to the last
    for later in range(1, span):
        spans += padded[later : later - span]
    squares = np.vecdot(spans, spans)
    sizes = np.sqrt(squares[span:] * squares[:-span])
    return np.where(sizes > 0, 1 - np.vecdot(spans[span:], spans[:-span]) / np.maximum(sizes, 1e-9), 0)


def running(rows: Floats) -> Floats:
    """The sums of the rows up to each, and of all: one row more."""
    sums = np.zeros((len(rows) + 1, rows.shape[1]))
    rows.cumsum(0, out=sums[1:])
    return sums


def steps_up(rising: NDArray[Any]) -> Flags:
    """True for the first of each run of equal values."""
    steps = np.empty(len(rising), np.bool_)
    steps[:1] = True
    np.greater(rising[1:], rising[:-1], out=steps[1:])
    return steps


def middle(values: NDArray[Any]) -> float:
    """The median of one value or more; numpy's takes many times as long for as few as a piece has."""
    half = len(values) // 2
    values = values.copy()
    values.partition((half - 1, half))  # both, even where one is asked for: by another way, a fifth of the time
    upper = float(values[half])
    return upper if len(values) % 2 else (float(values[half - 1]) + upper) / 2


def middle_pitch(pitch: Ints) -> float:
    """The median of one pitch or more, counted."""
    return percentile(np.bincount(pitch).cumsum(), 50)


def percentile(ranks: Ints, percent: int) -> float:
    """A percentile of whole numbers, between the two nearest to it; ranks: how many of them are no more than each number."""
    at, part = divmod(percent * (int(ranks[-1]) - 1), 100)
    lower, upper = ranks.searchsorted((at, at + (part > 0)), side="right").tolist()
    return lower + (upper - lower) * part / 100


def mean_and_spread(values: Floats) -> tuple[float, float]:
    """The mean and the standard deviation of values, 0 of none; numpy's second begins with the first anew."""
    count = max(len(values), 1)
    mean = float(np.add.reduce(values)) / count
    apart = values - mean
    apart *= apart
    return mean, sqrt(float(np.add.reduce(apart)) / count)


def longest_held(duration: Ints, room: int) -> int:
    """How long a note may last so that all together last no longer than `room`: the longest of them where they do."""
    if not len(duration) or int(duration.sum()) <= room:
        return int(duration.max(initial=1))
    rising = np.sort(duration)
    longer = np.arange(len(rising))[::-1]
    spent = np.cumsum(rising)
    at = int(np.searchsorted(spent + rising * longer, room, side="right"))
    return max(1, (room - int(spent[at] - rising[at])) // (int(longer[at]) + 1))


def grid_lateness(onset: Ints, pitch: Ints, beat: int) -> int:
    """Ticks by which the whole piece lags behind the file's beats: -beat/2 .. beat/2, 0 unless it is plain.

    Plain where one place in the beat holds a quarter or more of the low strokes and half as many again as the beat
    itself: a file cut off its grid, or a played one that a sequencer moved. The lower half of the notes is looked at.
    """
    low = onset[pitch <= middle_pitch(pitch)] if len(onset) else onset
    if len(low) < LEAST_STROKES or beat < GRID_PLACES:
        return 0
    inside = low % beat
    place = inside * GRID_PLACES // beat
    strokes = np.bincount(place, minlength=GRID_PLACES).tolist()
    most = max(strokes)
    if most < 0.25 * len(low) or most < 1.5 * (strokes[0] + strokes[-1]):
        return 0
    late = int(np.bincount(inside[place == strokes.index(most)]).argmax())
    return late if 2 * late <= beat else late - beat


def overlaps(onset: Ints, end: Ints, edges: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows of (cell, note, overlap in ticks) for spans laid over the cells between ascending edges."""
    cells = len(edges) - 1
    if cells < 1 or not len(onset):
        none = np.zeros(0, np.int64)
        return none, none, none
    first = np.minimum(np.maximum(edges.searchsorted(onset, side="right") - 1, 0), cells)
    last = np.minimum(edges.searchsorted(end) - 1, cells - 1)
    count = np.maximum(last - first + 1, 0)
    note = np.arange(len(onset)).repeat(count)
    cell = np.arange(len(note)) + (first - count.cumsum() + count).take(note)
    overlap = np.minimum(end.take(note), edges[1:].take(cell)) - np.maximum(onset.take(note), edges.take(cell))
    return cell, note, np.maximum(overlap, 0)


def beat_grid(meters: tuple[MeterChange, ...], ppq: int, end: int, room: int = MAX_BEATS) -> tuple[Ints, Ints, Ints]:
    """(beats, beat in bar, bars) from tick 0 to `end` through a meter map that begins at tick 0.

    beats and bars carry the end of the last bar as one more value. At most `room` beats.
    """
    stops = [change.tick for change in meters[1:]] + [max(end, 1)]
    beats: list[Ints] = []
    numbers: list[Ints] = []
    bars: list[Ints] = []
    for change, stop in zip(meters, stops, strict=True):
        if stop <= change.tick or not room:
            continue
        bar_ticks, offsets = _bar(change.meter, ppq)
        count = min(-(-(stop - change.tick) // bar_ticks), room // len(offsets))
        if count <= 0:
            continue
        room -= count * len(offsets)
        starts = change.tick + np.arange(count, dtype=np.int64) * bar_ticks
        inside = (starts[:, None] + offsets).ravel()
        inside = inside[: inside.searchsorted(stop)]
        bars.append(starts)
        beats.append(inside)
        numbers.append(np.arange(len(inside)) % len(offsets))
    final = max(int(bars[-1][-1]) + meters[-1].meter.bar_ticks(ppq), int(beats[-1][-1]) + 1)
    end_of_all = np.array([final])
    return np.concatenate([*beats, end_of_all]), np.concatenate(numbers), np.concatenate([*bars, end_of_all])


@lru_cache(maxsize=256)
def _bar(meter: Meter, ppq: int) -> tuple[int, Ints]:
    """The ticks of a bar, and of the beats in it: where a quarter has few ticks, those that fall on one or on the next
    bar line are left out, so that each has a length.
    """
    bar_ticks = max(meter.bar_ticks(ppq), 1)
    return bar_ticks, np.array(sorted({at for at in meter.beat_ticks(ppq) if at < bar_ticks}))
