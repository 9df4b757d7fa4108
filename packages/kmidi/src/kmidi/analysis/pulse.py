"""The pulse as it is played: beats and bars from the strokes alone, for music that follows no grid of its file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..score import Part, Score
from ..tables.load import table_path, table_text
from .heard import Floats, Ints, news, steps_up
from .result import HeardPulse

RATE = 50  # frames a second
SPREAD = 0.025  # seconds by which strokes that belong together differ
LEAST_STROKES, LEAST_SECONDS, LEAST_BEATS = 24, 6.0, 8
MOST_SECONDS = 900.0  # what comes later is heard in the tempo of what came before
SLOWEST, FASTEST = 45.0, 220.0  # beats per minute
USUAL, OCTAVES = 110.0, 0.8  # beats per minute that people tap most, and the spread around it
TIGHT = 250.0  # how dearly a beat pays for leaving the tempo
CANDIDATES = 5
ON_GRID = 0.3  # strokes gather so much around the file's own beats or their parts
GATHERED = 6.0  # the concentration of few strokes on a grid
ANYWHERE = float(np.log(np.i0(GATHERED)))
FEW_ON = (1, 2, 3, 4, 12)
CHORD = 12  # strokes within this part of a beat are one
ON_BEAT = 0.2  # of a beat
SURE = 0.4  # a pulse that is less likely than that is not told
AFTER = (1, 2, 3, 4, 6, 8)  # beats after which what was struck may come again
PLACES = 4  # in a beat at which strokes are compared
RARE_THREE = 0.6  # three in a bar must stand out so much more than four
DOWNBEAT = 0.5  # standard deviations by which downbeats must outweigh the next best beats, else no bars are told
LOW_SHARE, KICKS = 30, (35, 36)
CUES = (
    "whole", "halves", "thirds", "quarters", "bass_alternates", "harmony_alternates", "octave", "octave_squared",
    *(f"again_after_{beats}" for beats in AFTER), "any",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pulse:
    """Beats in seconds, ascending; bpm: beats per minute; per_bar beats make a bar, the first on beat `first` (None
    where bars can't be told); confidence 0..1.
    """

    beats: Floats
    bpm: float
    per_bar: int | None
    first: int
    confidence: float

    def told(self) -> HeardPulse:
        """The reading that an Analysis carries, times to the millisecond."""
        beats = tuple(np.round(self.beats, 3).tolist())
        downbeats = beats[self.first :: self.per_bar] if self.per_bar else ()
        return HeardPulse(bpm=self.bpm, beats=beats, downbeats=downbeats, confidence=self.confidence)


def _sounding(score: Score) -> list[Part]:
    return [score.parts[at] for at in score.sounding]


def grid_confidence(score: Score) -> float:
    """How surely the strokes stand on the file's beats or their parts: 1 or 0 by the mean resultant of their phases;
    of few, by the odds of von Mises against any place. Mardia & Jupp, Directional Statistics, ch. 2 and 3.
    """
    onset = np.concatenate([np.zeros(0, np.int64), *(p.notes["onset"] + p.notes["shift"] for p in _sounding(score))])
    moments = np.sort(onset, kind="stable")  # each part rises already
    apart = np.empty(len(moments), np.bool_)
    apart[:1] = True
    np.greater(moments[1:] - moments[:-1], score.ppq // CHORD, out=apart[1:])
    moments = moments.compress(apart)
    if len(moments) < LEAST_STROKES:
        phase = 2 * np.pi * moments[moments > 0] / score.ppq  # every file has a first tick
        odds = max(float((GATHERED * np.cos(parts * phase) - ANYWHERE).sum()) for parts in FEW_ON)
        return 1 / (1 + len(FEW_ON) * float(np.exp(-odds)))
    strokes = np.bincount(onset % score.ppq)
    places = np.flatnonzero(strokes)  # few, where a grid is followed
    phase, share = 2j * np.pi * places / score.ppq, strokes[places] / len(onset)
    return float(any(abs((np.exp(parts * phase) * share).sum()) >= ON_GRID for parts in (4, 3, 2, 1)))


def find_pulse(score: Score) -> Pulse | None:
    """The pulse of the strokes, whatever grid the file has; None where there is too little or none is plain.

    Onset strength, its autocorrelation under a preference for usual tempos, and dynamic programming: Ellis, "Beat
    tracking by dynamic programming", JNMR 2007; candidates judged by the strokes on their beats: Dixon, "Automatic
    extraction of tempo and beat from expressive performances", JNMR 2001; weights by scripts/train_pulse.py.
    """
    at, weight, low = strokes(score)
    if len(at) < LEAST_STROKES or at[-1] - at[0] < LEAST_SECONDS:
        return None
    tracked = candidates(at, weight)
    if not tracked:
        return None
    weights = _shipped()
    worths = np.array([float(beat_cues(score, frames, at, weight, low) @ weights) for frames in tracked])
    best = int(np.argmax(worths))
    # that there is none is worth 0
    confidence = float(1 / np.exp(np.append(worths, 0) - worths[best]).sum())
    if confidence < SURE:
        return None
    frames = tracked[best]
    beats = _on_strokes(frames, at, weight)
    per_bar, first = _bars(score, beats, at, weight, low)
    bpm = 60 / float(np.median(np.diff(beats)))
    return Pulse(beats=beats, bpm=bpm, per_bar=per_bar, first=first, confidence=confidence)


@lru_cache(maxsize=1)
def _shipped() -> Floats:
    stored = json.loads(table_text(table_path("pulse.json.gz")))["weights"]
    return np.array([stored[cue] for cue in CUES])


def candidates(at: Floats, weight: Floats) -> list[Floats]:
    """The best chains of beats, in seconds, at each of the likeliest tempos."""
    strength = _strength(at, weight, float(at[-1]))
    chains = [_beats(strength, period) for period in _periods(strength)]
    return [chain for chain in chains if len(chain) >= LEAST_BEATS]


def beat_cues(score: Score, beats: Floats, at: Floats, weight: Floats, low: Floats) -> Floats:
    """What speaks for a chain of beats, in the order of CUES: how strokes gather on it and on its parts (the real parts
    of their mean resultants), how low notes and new harmony alternate along it, how usual its tempo is, how much of it
    comes again AFTER so many beats, and a constant: what speaks for there being any pulse.
    """
    phase = np.interp(at, beats, np.arange(len(beats)))
    inside = (at >= beats[0]) & (at <= beats[-1])
    heavy = weight[inside] / max(float(weight[inside].sum()), 1e-9)
    parts = [float((heavy * np.cos(2 * np.pi * k * phase[inside])).sum()) for k in (1, 2, 3, 4)]
    near = np.rint(phase[inside])
    on = np.abs(phase[inside] - near) < ON_BEAT
    bass = np.bincount(near[on].astype(np.int64), (weight * low)[inside][on], len(beats))
    octave = float(np.log2(60 / np.median(np.diff(beats)) / USUAL))
    again = _again(phase[inside], weight[inside], low[inside], len(beats))
    return np.array([
        *parts, _alternates(bass), _alternates(_news(score, beats)), octave, octave * octave, *again, 1.0
    ])  # fmt: skip


def _again(phase: Floats, weight: Floats, low: Floats, beats: int) -> list[float]:
    """How alike beats are to those AFTER so many beats, by the strokes at their PLACES, low ones apart: 0..about 1."""
    place = np.rint(phase * PLACES).astype(np.int64)
    struck = np.sqrt([np.bincount(place, each, beats * PLACES) for each in (weight * low, weight * (1 - low))])
    rows = struck.reshape(2, beats, PLACES)
    whole = max(float((rows * rows).mean()), 1e-9)
    return [float((rows[:, k:] * rows[:, :-k]).mean()) / whole if k < beats else 0.0 for k in AFTER]


def _alternates(values: Floats) -> float:
    """How unlike every other value is: 0 (all alike) .. 1."""
    even, odd = float(values[::2].mean()), float(values[1::2].mean())
    return abs(even - odd) / max(even + odd, 1e-9)


def strokes(score: Score) -> tuple[Floats, Floats, Floats]:
    """(Seconds, weight, how low 0..1) of each note in time order: loud, long and low notes weigh more."""
    parts = _sounding(score)
    if not parts:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    notes = np.concatenate([part.notes for part in parts])
    drums = np.repeat([part.is_drums for part in parts], [len(part.notes) for part in parts])
    at = np.maximum(score.to_seconds(notes["onset"] + notes["shift"]), 0)
    lasting = np.where(
        drums, 0.1, score.to_seconds(notes["onset"] + notes["duration"]) - score.to_seconds(notes["onset"])
    )
    pitch = notes["pitch"].astype(np.float64)
    low = np.where(drums, np.isin(pitch, KICKS), np.clip((60 - pitch) / LOW_SHARE, 0, 1))
    weight = (notes["velocity"] / 64.0) * (0.5 + np.sqrt(np.clip(lasting, 0, 1)) + low)
    order = np.argsort(at, kind="stable")
    keep = order[at[order] <= MOST_SECONDS]
    return at[keep], weight[keep], low[keep]


def _strength(at: Floats, weight: Floats, end: float) -> Floats:
    """Onset strength by frame, compressed so that a thick chord weighs little more than a bare stroke."""
    frames = np.bincount(np.rint(at * RATE).astype(np.int64), weight, int(end * RATE) + 2)
    width = SPREAD * RATE
    bell = np.exp(-0.5 * (np.arange(-4, 5) / width) ** 2)
    smooth = np.sqrt(np.convolve(frames, bell / bell.sum(), mode="same"))
    return smooth / max(float(smooth.std()), 1e-9)


def _periods(strength: Floats) -> list[float]:
    """The likeliest beat lengths in frames, best first."""
    centred = strength - strength.mean()
    size = 1 << (2 * len(centred) - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    alike = np.fft.irfft(spectrum)[: len(centred)]
    lags = np.arange(0, min(len(alike) // 2, int(60 * RATE / SLOWEST) + 2))
    shortest = int(60 * RATE / FASTEST)
    if len(lags) <= shortest + 2:
        return [60 * RATE / USUAL]
    doubled = np.interp(lags * 2, np.arange(len(alike)), alike)
    fourfold = np.interp(np.minimum(lags * 4, len(alike) - 1), np.arange(len(alike)), alike)
    worth = alike[lags] + 0.7 * doubled + 0.4 * fourfold
    worth[1:] *= np.exp(-0.5 * (np.log2(60 * RATE / lags[1:] / USUAL) / (1.5 * OCTAVES)) ** 2)
    inside = np.arange(shortest, len(lags) - 1)
    peaks = inside[(worth[inside] >= worth[inside - 1]) & (worth[inside] > worth[inside + 1])]
    best = peaks[np.argsort(-worth[peaks])][:CANDIDATES]
    return [_vertex(alike, int(peak)) for peak in best] or [60 * RATE / USUAL]


def _vertex(values: Floats, at: int) -> float:
    """Where the parabola through a peak and its neighbours is highest; a slope is followed half a step."""
    left, middle, right = values[at - 1 : at + 2].tolist()
    bend = left - 2 * middle + right
    return at + (float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0)


def _beats(strength: Floats, period: float) -> Floats:
    """The best chain of beats near a period, in seconds.

    A frame looks back half a period at least, so frames within half a period are decided together.
    """
    near, far = max(1, round(period / 2)), round(period * 2)
    price = -TIGHT * np.log(np.arange(far, near - 1, -1) / period) ** 2
    total = np.concatenate([np.full(far, -1e9), strength])
    back, gain = np.zeros(len(total), np.int64), np.zeros(len(total))
    looked_at = sliding_window_view(total, len(price))
    for frame in range(far, len(total), near):
        block = slice(frame, frame + near)
        ways = looked_at[frame - far : min(frame + near, len(total)) - far] + price
        back[block], gain[block] = ways.argmax(1), ways.max(1)
        total[block] += np.maximum(gain[block], 0)
    came = np.where(gain > 0, np.arange(len(total)) - far + back, -1)
    frame = len(total) - far + int(total[-far:].argmax())
    chain = [frame]
    while came[frame] >= 0:
        frame = int(came[frame])
        chain.append(frame)
    return (np.array(chain[::-1]) - far) / RATE


def _on_strokes(beats: Floats, at: Floats, weight: Floats) -> Floats:
    """Beats moved to the strokes that they meant: by the weighted mean of what sounds within two spreads."""
    moved = beats.copy()
    first, last = np.searchsorted(at, beats - 2 * SPREAD), np.searchsorted(at, beats + 2 * SPREAD)
    for index, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        if high > low:
            moved[index] = np.average(at[low:high], weights=weight[low:high])
    return np.maximum.accumulate(moved)


def _bars(score: Score, beats: Floats, at: Floats, weight: Floats, low: Floats) -> tuple[int | None, int]:
    """(Beats in a bar, the first downbeat), by where low notes, weight and new harmony fall; (None, 0) if not plain."""
    near = np.rint(np.interp(at, beats, np.arange(len(beats)))).astype(np.int64)
    on = np.abs(beats[near] - at) <= 3 * SPREAD
    evidence = _standard(np.bincount(near[on], (weight * low)[on], len(beats)))
    if any(part.is_pitched for part in _sounding(score)):
        accent = np.bincount(near[on], weight[on], len(beats))
        evidence += _standard(np.minimum(accent, 3 * np.median(accent))) + _standard(_news(score, beats, 2))
    best = (DOWNBEAT, 0, 0)
    for per_bar in (4, 3):
        means = np.array([evidence[first::per_bar].mean() for first in range(per_bar)])
        second, most = np.sort(means)[-2:].tolist()
        stands = (most - second) * (1 if per_bar == 4 else RARE_THREE)
        best = max(best, (stands, per_bar, int(means.argmax())))
    _, per_bar, first = best
    return (per_bar or None, first)


def _standard(values: Floats) -> Floats:
    return (values - values.mean()) / max(float(values.std()), 1e-9)


def _news(score: Score, beats: Floats, span: int = 1) -> Floats:
    """How much the pitch classes struck in the `span` beats from each beat on differ from those before it, 0..1."""
    pitched = [part.notes for part in _sounding(score) if part.is_pitched]
    if not pitched:
        return np.zeros(len(beats))
    notes = np.concatenate(pitched)
    onset = score.to_seconds(notes["onset"] + notes["shift"])
    beat = np.searchsorted(beats, onset + 2 * SPREAD, side="right") - 1
    inside = beat >= 0
    chroma = np.bincount(beat[inside] * 12 + notes["pitch"][inside] % 12, minlength=len(beats) * 12).reshape(-1, 12)
    return news(chroma, span)


def to_ticks(score: Score, seconds: Floats) -> Ints:
    """Ticks at times in seconds, the tempo map turned round; the last tempo goes on."""
    starts = score.clock.starts
    ticks = np.append(starts, max(score.length, 1, int(starts[-1]) + 1))
    ticks = ticks.compress(steps_up(ticks))
    known = score.to_seconds(ticks)
    slope = (ticks[-1] - ticks[-2]) / max(known[-1] - known[-2], 1e-9)
    beyond = np.maximum(seconds - known[-1], 0) * slope
    return np.rint(np.interp(seconds, known, ticks) + beyond).astype(np.int64)
