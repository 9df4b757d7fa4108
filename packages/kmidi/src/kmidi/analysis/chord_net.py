"""How well each chord fits each beat: a small net that hears the beat and its neighbours relative to a candidate root.

One set of weights serves all twelve roots (the net sees pitch classes as distances from the root), so it knows every
key alike. Trained by scripts/train_chords.py; how far it is right is printed by bench/ear.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..tables.weights import read_weights
from .heard import Floats, Heard, Ints

Singles = NDArray[np.float32]

READ = (
    "",
    "m",
    "dim",
    "aug",
    "7",
    "maj7",
    "m7",
    "m7b5",
    "dim7",
    "sus4",
    "sus2",
    "7sus4",
    "mmaj7",
)  # the classes, in order
BLOCKS = 19  # blocks of twelve pitch classes that the net sees of a beat
PLACES = 4  # beats of the bar that it tells apart
LOW = 60  # pitches below carry the accompaniment
WAVES = 7  # of a circle of twelve: none to six to the round
AT_ONCE = 24  # beats in one product: small enough that no linear algebra library wakes its threads for it
ONSET_SHARE = 8  # notes that begin within the first eighth of a quarter begin with the beat


_ANGLES = 2 * np.pi * np.outer(np.arange(12), np.arange(WAVES)) / 12
# pitch classes -> real and imaginary parts of their waves, and waves -> what each root hears
_WAVES = np.concatenate([np.cos(_ANGLES), -np.sin(_ANGLES)], 1).astype(np.float32)
_TWICE = np.array([1, 2, 2, 2, 2, 2, 1]) / 12
_ROOTS = np.concatenate([_TWICE * np.cos(_ANGLES), -_TWICE * np.sin(_ANGLES)], 1).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Net:
    """Weights of one hidden layer (`hidden` wide): first (blocks, pitch class above the root, hidden), place, second."""

    first: Singles
    place: Singles
    bias: Singles
    second: Singles
    second_bias: Singles

    def turned(self) -> Singles:
        """The first layer for all twelve roots at once, as its spectrum over the circle of pitch classes.

        Hearing relative to each root is a correlation around the circle, so a product of spectra: a quarter of the work.
        (waves, 2 * blocks, 2 * hidden), real and imaginary parts beside each other.
        """
        spectrum: NDArray[np.complex128] = np.conj(np.fft.rfft(self.first, axis=1)).transpose(1, 0, 2)
        real, imaginary = np.real(spectrum), np.imag(spectrum)
        return np.block([[real, imaginary], [-imaginary, real]]).astype(np.float32)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Net, Singles]:
    net = Net(**read_weights("chords.npz"))
    return net, net.turned()


def fits(heard: Heard) -> Singles:
    """Log-probability of each chord in each beat: (beats, 12 roots, qualities in the order of READ)."""
    net, turned = _shipped()
    return fits_of(net, turned, *views(heard))


def fits_of(net: Net, turned: Singles, view: Singles, place: Ints) -> Singles:
    """Log-probabilities (beats, roots, qualities) under given weights, from what views() gives."""
    bias = (net.place + net.bias)[:, None]
    pieces = [
        _fits_of(net, turned, view[at : at + AT_ONCE], bias[place[at : at + AT_ONCE]])
        for at in range(0, len(view), AT_ONCE)
    ]
    return np.concatenate(pieces)


def _fits_of(net: Net, turned: Singles, view: Singles, bias: Singles) -> Singles:
    beats, hidden = len(view), net.bias.size
    waves = (view.reshape(-1, 12) @ _WAVES).reshape(beats, -1, 2 * WAVES).transpose(2, 0, 1)
    turns = np.matmul(np.concatenate([waves[:WAVES], waves[WAVES:]], 2), turned)
    parts = turns.reshape(WAVES, beats, 2, hidden).transpose(1, 2, 0, 3).reshape(beats, 2 * WAVES, hidden)
    seen = np.matmul(_ROOTS, parts)
    seen += bias
    np.maximum(seen, np.zeros_like(seen), out=seen)  # a third of the time that an array and a number take
    scores = (seen.reshape(-1, hidden) @ net.second + net.second_bias).reshape(beats, -1)
    scores -= scores.max(1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(1, keepdims=True))
    return scores.reshape(beats, 12, -1)


def views(heard: Heard) -> tuple[Singles, Ints]:
    """(What the net sees of each beat: (beats, BLOCKS * 12), values 0..about 1; the beat's place in its bar, 0..3)."""
    edges = heard.beats
    beats = len(edges) - 1
    cell, note, overlap = heard.in_beats
    pitch = heard.pitch[note]
    slot = cell * 12 + pitch % 12
    starting = heard.onset[note] - edges[cell] < heard.ppq // ONSET_SHARE

    def chroma(weights: Ints) -> Floats:
        return np.bincount(slot, weights, beats * 12).reshape(beats, 12)

    every = chroma(overlap)
    whole = _unit(every)
    first = _unit(chroma(np.minimum(overlap, heard.ppq) * starting))
    low = _unit(chroma(overlap * (pitch < LOW)))
    under = chroma(overlap * ~heard.on_top[note])
    bass = np.zeros((beats, 12))
    lowest = lowest_pitches(beats, cell, pitch)
    sounding = np.flatnonzero(lowest >= 0)
    bass[sounding, lowest[sounding] % 12] = 1
    around = _unit(every + _at(every, 1) + _at(every, -1) + _at(every, 2) + _at(every, -2))
    signature = np.zeros((beats, 12))
    signature[:, signature_tonic(whole.sum(0))] = 1
    half, bar = _halves(heard.beat_in_bar)
    blocks = (np.sqrt(whole), first, low, bass, _at(whole, 1), _at(whole, -1), _at(bass, 1), _at(bass, -1), around,
              _at(low, 1), _at(low, -1), signature, _pooled(every, half), _pooled(every, bar), bass[_begun(half)],
              bass[_begun(bar)], _unit(under), _pooled(under, half),
              np.broadcast_to(_unit(every.sum(0)[None]), every.shape))  # fmt: skip
    return np.concatenate(blocks, 1, dtype=np.float32), np.minimum(heard.beat_in_bar, PLACES - 1)


def _halves(beat_in_bar: Ints) -> tuple[Ints, Ints]:
    """(The half bar, the bar) that each beat stands in, counted from 0; bars of three beats are not halved."""
    bar = np.cumsum(beat_in_bar == 0)
    bar -= bar[0]
    per_bar = int(beat_in_bar.max()) + 1
    return 2 * bar + (per_bar != 3) * (beat_in_bar >= (per_bar + 1) // 2), bar


def _pooled(rows: Floats, group: Ints) -> Floats:
    """Each beat's row replaced by the sum of the rows of its group, at length one; groups ascend."""
    begun = _begun(group)
    return _unit(np.add.reduceat(rows, np.unique(begun)))[np.cumsum(begun == np.arange(len(rows))) - 1]


def _begun(group: Ints) -> Ints:
    """The first beat of each beat's group; groups ascend."""
    return np.searchsorted(group, group)


def lowest_pitches(cells: int, cell: Ints, pitch: Ints) -> Ints:
    """The lowest pitch that sounds in each cell, -1 where none does."""
    lowest = np.full(cells, -1)
    falling = (127 - pitch).astype(np.uint8).argsort(kind="stable")  # eight bits: a radix sort
    lowest[cell[falling]] = pitch[falling]  # of a cell's pitches the last one stays
    return lowest


def signature_tonic(histogram: Floats) -> int:
    """The major tonic whose seven scale notes carry most of a pitch-class histogram."""
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    return int(np.argmax(histogram[(np.arange(12)[:, None] + scale) % 12].sum(1)))


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.sqrt((rows * rows).sum(1, keepdims=True)), 1e-9)


def _at(rows: Floats, later: int) -> Floats:
    """Each beat's row replaced by that of `later` beats before it (negative: after it), zeros past the ends."""
    moved = np.zeros_like(rows)
    if later > 0:
        moved[later:] = rows[:-later]
    else:
        moved[:later] = rows[-later:]
    return moved
