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
from .heard import Floats, Heard, Ints, mean_and_spread, news, running

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
OWN_BARS = 0.24  # standard deviations of news by which another beat must be newer than the file's first
LOW = 60  # pitches below carry the accompaniment
WAVES = 7  # of a circle of twelve: none to six to the round
TOGETHER = 72  # beats heard together: what more of them say is out of the processor's reach before it is used
AT_ONCE = 24  # beats of all roots in one product: no linear algebra library wakes its threads for so few
_SCALES = (np.arange(12)[:, None] + np.array([0, 2, 4, 5, 7, 9, 11])) % 12  # tonic -> the pitch classes of its major
ONSET_SHARE = 8  # notes that begin within the first eighth of a quarter begin with the beat


_ANGLES = 2 * np.pi * np.outer(np.arange(12), np.arange(WAVES)) / 12
# pitch classes -> real and imaginary parts of their waves, and waves -> what each root hears
_WAVES = np.concatenate([np.cos(_ANGLES), -np.sin(_ANGLES)], 1).astype(np.float32)
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
        (parts, 2 * blocks, hidden): the real parts of all waves, the imaginary ones of those that have one.
        """
        spectrum: NDArray[np.complex128] = np.conj(np.fft.rfft(self.first, axis=1)).transpose(1, 0, 2)
        real, imaginary = np.real(spectrum), np.imag(spectrum)
        parts = np.concatenate([real, -imaginary], 1), np.concatenate([imaginary, real], 1)[1:-1]
        return np.concatenate(parts).astype(np.float32)


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
    beats, kinds = len(view), net.second_bias.size
    scores = np.empty((beats, 12, kinds), np.float32)
    bias = 12 * (net.place + net.bias)
    for at in range(0, beats, TOGETHER):
        here = slice(at, at + TOGETHER)
        np.add(_scores(net, turned, view[here], bias[place[here]]), net.second_bias, out=scores[here])
    scores = scores.reshape(beats, -1)
    scores -= scores.max(1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(1, keepdims=True))
    return scores.reshape(beats, 12, kinds)


def _scores(net: Net, turned: Singles, view: Singles, bias: Singles) -> Singles:
    """What the net says of some beats, before its last bias: (beats, roots, qualities)."""
    beats, hidden = bias.shape
    waves = (view.reshape(-1, 12) @ _WAVES).reshape(beats, -1, 2, WAVES)
    waves = waves.transpose(3, 0, 2, 1).reshape(WAVES, beats, -1)
    parts = np.empty((len(turned), beats, hidden), np.float32)
    np.matmul(waves, turned[:WAVES], out=parts[:WAVES])
    np.matmul(waves[1:-1], turned[WAVES:], out=parts[WAVES:])
    parts[0] += bias  # the wave that goes round not at all is heard alike by all twelve roots, a twelfth by each
    seen = np.empty((12, beats * hidden), np.float32)
    for at in range(0, beats * hidden, AT_ONCE * hidden):
        here = slice(at, at + AT_ONCE * hidden)
        np.matmul(_ROOTS, parts.reshape(len(turned), -1)[:, here], out=seen[:, here])
    np.maximum(seen, np.zeros_like(seen[0]), out=seen)  # a third of the time that an array and a number take
    return (seen.reshape(12, beats, hidden) @ net.second).transpose(1, 0, 2)


def views(heard: Heard) -> tuple[Singles, Ints]:
    """(What the net sees of each beat: (beats, BLOCKS * 12), values 0..about 1; the beat's place in its bar, 0..3)."""
    edges, every, lowest = heard.beats, heard.chroma, heard.lowest
    beats = len(every)
    cell, note, overlap = heard.in_beats
    slot = heard.slots
    starting = heard.onset[note] - edges[cell] < heard.ppq // ONSET_SHARE

    def chroma(weights: Ints) -> Floats:
        return np.bincount(slot, weights, beats * 12).reshape(beats, 12)

    place = harmonic_places(every, heard.beat_in_bar)
    half, bar = _halves(place)
    (of_half, half_end), (of_bar, bar_end) = ((of.searchsorted(of), of.searchsorted(of, "right")) for of in (half, bar))
    under = chroma(overlap * ~heard.on_top[note])
    under_sums = running(under)
    around = every.copy()
    for apart in (1, 2):
        around[apart:] += every[:-apart]
        around[:-apart] += every[apart:]
    view = np.zeros((beats, BLOCKS, 12), np.float32)
    unit = _unit(np.concatenate([
        every, chroma(np.minimum(overlap, heard.ppq) * starting), chroma(overlap * (heard.pitch < LOW)[note]), around,
        heard.between(of_half, half_end), heard.between(of_bar, bar_end), under,
        under_sums[half_end] - under_sums[of_half],
    ])).reshape(-1, beats, 12)  # fmt: skip
    tonic = signature_tonic(unit[0].sum(0))
    view[:, 0] = np.sqrt(unit[0])
    for at, rows in zip((1, 8, 12, 13, 16, 17), unit[[1, 3, 4, 5, 6, 7]], strict=True):
        view[:, at] = rows
    bass = np.zeros((beats, 12), np.float32)
    sounding = (lowest >= 0).nonzero()[0]
    bass[sounding, lowest[sounding] % 12] = 1
    whole, low = unit[0].astype(np.float32), unit[2].astype(np.float32)
    view[:, 2], view[:, 3] = low, bass
    for at, rows in ((4, whole), (6, bass), (9, low)):
        view[1:, at], view[:-1, at + 1] = rows[:-1], rows[1:]  # the beat before and the beat after
    view[:, 11, tonic] = 1
    view[:, 14], view[:, 15] = bass.take(of_half, axis=0), bass.take(of_bar, axis=0)
    view[:, 18] = _unit(every.sum(0)[None])
    return view.reshape(beats, -1), np.minimum(place, PLACES - 1)


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
    worth = new[:whole].reshape(-1, per_bar).mean(0)
    worth[0] += OWN_BARS * mean_and_spread(new)[1]
    return (beat_in_bar - int(worth.argmax())) % per_bar


def _halves(beat_in_bar: Ints) -> tuple[Ints, Ints]:
    """(The half bar, the bar) that each beat stands in, counted from 0; bars of three beats are not halved."""
    bar = (beat_in_bar == 0).cumsum()
    bar -= bar[0]
    per_bar = int(beat_in_bar.max()) + 1
    return 2 * bar + (per_bar != 3) * (beat_in_bar >= (per_bar + 1) // 2), bar


def signature_tonic(histogram: Floats) -> int:
    """The major tonic whose seven scale notes carry most of a pitch-class histogram."""
    return int(histogram[_SCALES].sum(1).argmax())


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.sqrt(np.vecdot(rows, rows)), 1e-9)[:, None]
