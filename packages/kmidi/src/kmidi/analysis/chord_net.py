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
from .heard import Floats, Heard, Ints, mean_and_spread, news
from .products import Singles, product

# the classes, in order
READ = ("", "m", "dim", "aug", "7", "maj7", "m7", "m7b5", "dim7", "sus4", "sus2", "7sus4", "mmaj7")
BLOCKS = 19  # blocks of twelve pitch classes that the net sees of a beat
PLACES = 4  # beats of the bar that it tells apart
OWN_BARS = 0.24  # standard deviations of news by which another beat must be newer than the file's first
LOW = 60  # pitches below carry the accompaniment
WAVES = 7  # of a circle of twelve: none to six to the round
TOGETHER = 320  # beats heard together, in whole registers: no product is too large for one thread (products.SMALL)
_SCALES = (np.arange(12)[:, None] + np.array([0, 2, 4, 5, 7, 9, 11])) % 12  # tonic -> the pitch classes of its major
ONSET_SHARE = 8  # notes that begin within the first eighth of a quarter begin with the beat


_ANGLES = 2 * np.pi * np.outer(np.arange(12), np.arange(WAVES)) / 12
# pitch classes -> real and imaginary parts of their waves, and waves -> what each root hears
_WAVES = np.stack([np.cos(_ANGLES), -np.sin(_ANGLES)], 2).astype(np.float32).reshape(12, -1).T.copy()
_TWICE = np.array([1, 2, 2, 2, 2, 2, 1]) / 12
_ROOTS = np.concatenate([_TWICE * np.cos(_ANGLES), (-_TWICE * np.sin(_ANGLES))[:, 1:-1]], 1).astype(np.float32)


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
        (parts, hidden, 2 * blocks): the real parts of all waves, the imaginary ones of those that have one.
        """
        spectrum: NDArray[np.complex128] = np.conj(np.fft.rfft(self.first, axis=1)).transpose(1, 0, 2)
        real, imaginary = np.real(spectrum), np.imag(spectrum)
        parts = np.concatenate([real, -imaginary], 1), np.concatenate([imaginary, real], 1)[1:-1]
        return np.concatenate(parts).transpose(0, 2, 1).astype(np.float32, order="C")


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
    beats, kinds = len(place), net.second_bias.size
    scores = np.empty((12, kinds, beats), np.float32)
    bias = 12 * (net.place + net.bias).T
    for at in range(0, beats, TOGETHER):
        here = slice(at, at + TOGETHER)
        _score(net, turned, view[:, :, here], bias[:, place[here]], scores[:, :, here])
    scores += net.second_bias[:, None]
    rows = scores.reshape(-1, beats)
    rows -= rows.max(0)
    rows -= np.log(np.exp(rows).sum(0))
    return rows.T.copy().reshape(beats, 12, kinds)


def _score(net: Net, turned: Singles, view: Singles, bias: Singles, out: Singles) -> None:
    """What the net says of some beats, before its last bias, into `out`: (roots, qualities, beats)."""
    hidden, beats = bias.shape
    waves = product(_WAVES, view.reshape(12, -1)).reshape(WAVES, -1, beats)
    parts = np.empty((len(turned), hidden, beats), np.float32)
    np.matmul(turned[:WAVES], waves, out=parts[:WAVES])
    np.matmul(turned[WAVES:], waves[1:-1], out=parts[WAVES:])
    parts[0] += bias  # the wave that goes round not at all is heard alike by all twelve roots, a twelfth by each
    seen = product(_ROOTS, parts.reshape(len(turned), -1))
    np.maximum(seen, np.zeros_like(seen[0]), out=seen)  # a third of the time that an array and a number take
    np.matmul(net.second.T, seen.reshape(12, hidden, beats), out=out)


def views(heard: Heard) -> tuple[Singles, Ints]:
    """(What the net sees of each beat: (12 pitch classes, BLOCKS, beats), values 0..about 1; the beat's place in its
    bar, 0..3). Few long rows are gone over several times as fast as many of twelve.
    """
    edges, every, lowest = heard.beats, heard.chroma.T, heard.lowest
    beats = len(lowest)
    cell, note, overlap = heard.in_beats
    slot = heard.pitch_class.take(note) * beats + cell
    starting = heard.onset.take(note) - edges.take(cell) < heard.ppq // ONSET_SHARE

    def chroma(weights: Ints) -> Floats:
        return np.bincount(slot, weights, 12 * beats).reshape(12, beats)

    place = harmonic_places(heard.chroma, heard.beat_in_bar)
    (half, half_edges), (bar, bar_edges) = _halves(place)
    half_begins, bar_begins = half_edges[:-1], bar_edges[:-1]
    unit = np.empty((12, 8, beats), np.float32)
    at = np.arange(beats)
    unit[:, 0], unit[:, 3] = every, heard.between(np.maximum(at - 2, 0), np.minimum(at + 3, beats)).T
    unit[:, 1] = chroma(np.minimum(overlap, heard.ppq) * starting)
    unit[:, 2] = chroma(overlap * (heard.pitch < LOW).take(note))
    unit[:, 4] = heard.within(half_edges).T.take(half, axis=1)
    unit[:, 5] = heard.within(bar_edges).T.take(bar, axis=1)
    unit[:, 6] = chroma(overlap * ~heard.on_top.take(note))
    unit[:, 7] = np.add.reduceat(unit[:, 6], half_begins, axis=1).take(half, axis=1)
    unit = _unit(unit)
    view = np.zeros((12, BLOCKS, beats), np.float32)
    tonic = signature_tonic(unit[:, 0].sum(1))
    view[:, 0] = np.sqrt(unit[:, 0])
    view[:, 1:3], view[:, 8], view[:, 12:14], view[:, 16:18] = unit[:, 1:3], unit[:, 3], unit[:, 4:6], unit[:, 6:]
    bass = np.zeros((12, beats), np.float32)
    sounding = (lowest >= 0).nonzero()[0]
    bass[lowest[sounding] % 12, sounding] = 1
    view[:, 3] = bass
    for at, rows in ((4, unit[:, 0]), (6, bass), (9, unit[:, 2])):
        view[:, at, 1:], view[:, at + 1, :-1] = rows[:, :-1], rows[:, 1:]  # the beat before and the beat after
    view[tonic, 11] = 1
    view[:, 14], view[:, 15] = bass.take(half_begins[half], axis=1), bass.take(bar_begins[bar], axis=1)
    view[:, 18] = _unit(heard.between(0, beats))[:, None]
    return view, np.minimum(place, PLACES - 1)


def harmonic_places(every: Floats, beat_in_bar: Ints) -> Ints:
    """Each beat's place in the bars of the harmony, from 0, which may begin on another beat than the file's bar lines.

    They begin where the two beats from a beat on differ most from the two before it; every: ticks of each pitch class
    in each beat (beats, 12). Of people's pop files four in ten have bar lines a beat or more beside the harmony's: by
    this rule one in fifteen (where the experts' chords begin: bench/pulse.py). A piece in several meters keeps its own.
    """
    beats, per_bar = len(beat_in_bar), int(beat_in_bar.max()) + 1
    if beats < 4 * per_bar or (beat_in_bar != np.arange(beats) % per_bar).any():
        return beat_in_bar
    new = news(every, 2)
    whole = beats - beats % per_bar
    worth = np.add.reduce(new[:whole].reshape(-1, per_bar), 0) / (whole // per_bar)
    worth[0] += OWN_BARS * mean_and_spread(new)[1]
    return (beat_in_bar - int(worth.argmax())) % per_bar


def _halves(beat_in_bar: Ints) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Of half bars, and of bars: which each beat stands in, from 0, and the beats that begin them, with the end as the
    last value; three beats are not halved.
    """
    opens = np.empty(len(beat_in_bar) + 1, np.bool_)
    opens[:-1] = beat_in_bar == 0
    opens[0] = opens[-1] = True
    per_bar = int(beat_in_bar.max()) + 1
    halved = opens.copy()
    if per_bar != 3:
        halved[:-1] |= beat_in_bar == (per_bar + 1) // 2
    return (halved[:-1].cumsum() - 1, halved.nonzero()[0]), (opens[:-1].cumsum() - 1, opens.nonzero()[0])


def signature_tonic(histogram: Floats) -> int:
    """The major tonic whose seven scale notes carry most of a pitch-class histogram."""
    return int(histogram[_SCALES].sum(1).argmax())


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.sqrt(np.add.reduce(rows * rows, 0)), 1e-9)
