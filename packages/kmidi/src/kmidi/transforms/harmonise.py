"""Harmonise: chords found for a melody, and a part that plays them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError, TooLittleMusic, counted
from ..score import ChordSpan, Notes, Part, Score, find_part, notes_array
from ..theory import Chord, Key, roman_to_chord
from .parts import free_channels

Ints = NDArray[np.int64]
_MINOR = ("i", "bIII", "iv", "V", "bVI", "bVII", "V7", "v")
# The chords of each mode; minor borrows the raised seventh of its dominant where the tune has none of its own there.
_CHORDS = {
    "ionian": ("I", "ii", "iii", "IV", "V", "vi", "V7"), "lydian": ("I", "II", "iii", "V", "vi", "vii"),
    "mixolydian": ("I", "ii", "IV", "v", "vi", "bVII"), "dorian": ("i", "ii", "bIII", "IV", "v", "bVII"),
    "aeolian": _MINOR, "harmonic_minor": _MINOR, "melodic_minor": ("i", "ii", "IV", "V", "V7", "bIII", "iv", "bVII"),
    "phrygian": ("i", "bII", "bIII", "iv", "bVI", "bvii"), "locrian": ("idim", "bII", "biii", "iv", "bV", "bVI", "bvii"),
}  # fmt: skip
# How gladly one chord follows another: steps of the root in semitones, falling fifths first (Piston, Harmony, 1941).
_MOVES = {0: -0.3, 5: 0.6, 7: 0.2, 9: 0.2, 3: 0.2, 2: 0.3, 10: 0.1, 8: 0.0, 4: 0.0, 1: -0.2, 11: -0.2, 6: -0.6}

MOST_CHORDS = 8  # a bar
FEWEST_BARS, BARS_A_NOTE = 64, 16  # a melody with more bars than these for its notes is mostly silence


def harmonise(score: Score, *, melody: str, key: Key, chords_per_bar: int = 1) -> Score:
    """The score with chords under a melody and a piano part that holds them, chosen over the whole by dynamic programming.

    Chords are those of the key's mode, one or more a bar; each is weighed by how much of the melody's sounding time it
    holds, less where a raised tone of it meets the plain one, by how gladly it follows the one before, and by closing
    on the tonic after a dominant. Raises TooLittleMusic where
    the melody has no notes, or hardly any for its bars.
    """
    if not 1 <= chords_per_bar <= MOST_CHORDS:
        raise IntentError(f"chords_per_bar is {chords_per_bar}; legal: 1 to {MOST_CHORDS}", field="chords_per_bar")
    at = find_part(score, melody)
    tune, label = score.parts[at], score.labels[at]
    if not len(tune.notes) or not tune.is_pitched:
        raise TooLittleMusic(f"{label!r} has no pitched notes to harmonise")
    bars = score.bar_starts()
    if len(bars) > FEWEST_BARS + BARS_A_NOTE * len(tune.notes):
        raise TooLittleMusic(
            f"{label!r} has {counted(len(tune.notes), 'note')} in {len(bars)} bars: too few to harmonise"
        )
    edges = np.unique(np.concatenate([_cuts(bars, score.length, chords_per_bar), [score.length]]))
    if len(edges) < 2:
        raise TooLittleMusic(f"the score is {score.length} ticks long: no time for chords")
    names = _CHORDS[key.mode]
    palette = [roman_to_chord(name, key) for name in names]
    fit = _fits(tune.notes, edges, palette, key)
    chosen = _path(fit, palette, key)
    spans = [
        ChordSpan(int(a), int(b - a), palette[c], names[c]) for a, b, c in zip(edges, edges[1:], chosen, strict=False)
    ]
    return replace(score, chords=tuple(spans), parts=(*score.parts, _held(spans, score)))


def _cuts(bars: Ints, length: int, count: int) -> Ints:
    ends = np.concatenate([bars[1:], [length]])
    return np.concatenate([bars + (ends - bars) * part // count for part in range(count)])


def _fits(notes: Notes, edges: Ints, palette: list[Chord], key: Key) -> NDArray[np.float64]:
    """For each cell between edges and each chord, the share of the melody's sounding time that it holds, first notes twice.

    What sounds a semitone under a tone of the chord that the scale lacks counts against it as much.
    """
    weight = _sounding(notes, edges).astype(np.float64)
    total = weight.sum(axis=1)
    held = (weight / np.where(total > 0, total, 1.0)[:, None]).T
    scale = frozenset(Key(key.tonic, "aeolian").pitch_classes if key.mode.endswith("_minor") else key.pitch_classes)
    return np.stack([
        sum(held[p] if p in scale else held[p] - held[p - 1] for p in {*chord.pitch_classes}) + 0.2 * held[chord.root]
        for chord in palette
    ], axis=1)  # fmt: skip


def _sounding(notes: Notes, edges: Ints) -> Ints:
    """Ticks that each pitch class sounds in each cell between edges, twice those of notes that begin with it: (cells, 12)."""
    onset, end, pitch_class = notes["onset"], notes["onset"] + notes["duration"], notes["pitch"].astype(np.int64) % 12
    ticks = np.zeros((len(edges) - 1, 12), np.int64)
    for one in range(12):
        mine = pitch_class == one
        ticks[:, one] = np.diff(_past(onset[mine], edges) - _past(end[mine], edges))
    cell = np.searchsorted(edges[:-1], onset, side="right") - 1
    first = (cell >= 0) & (edges[cell] == onset)
    cell, inside = cell[first], np.minimum(end[first], edges[cell[first] + 1]) - onset[first]
    np.add.at(ticks, (cell, pitch_class[first]), inside)
    return ticks


def _past(ticks: Ints, edges: Ints) -> Ints:
    """How far each edge lies past all of such ticks that it is past, in sum."""
    rising = np.sort(ticks)
    sums = np.concatenate([[0], rising.cumsum()])
    before = rising.searchsorted(edges)
    return edges * before - sums[before]


def _path(fit: NDArray[np.float64], palette: list[Chord], key: Key) -> list[int]:
    move = np.array([[_MOVES[(b.root - a.root) % 12] for b in palette] for a in palette]) * 0.25
    tonic = np.array([0.35 if chord.root == key.pitch_class else 0.0 for chord in palette])
    best, back = fit[0] + tonic, []
    for step in range(1, len(fit)):
        through = best[:, None] + move
        back.append(through.argmax(axis=0))
        best = through.max(axis=0) + fit[step]
    best = best + 2 * tonic
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def _held(spans: list[ChordSpan], score: Score) -> Part:
    rows: list[tuple[int, int, int, int, int]] = []
    pitches: tuple[int, ...] = ()
    for span in spans:
        pitches = _led(pitches, tuple(span.chord.pitch_classes))
        rows += [(span.onset, span.duration, pitch, 60, 0) for pitch in sorted(set(pitches))]
    return Part(
        name="Harmony", channel=_channel(score), notes=notes_array(rows), program=0, instrument="piano", role="chords"
    )


@lru_cache(maxsize=1024)
def _led(previous: tuple[int, ...], tones: tuple[int, ...]) -> tuple[int, ...]:
    """The pitch of each tone that lies nearest to the pitches before, the middle of the hand where there are none."""

    def far(pitch: int) -> int:
        return min((abs(pitch - other) for other in previous), default=abs(pitch - 57))

    return tuple(min((p for p in range(48, 72) if p % 12 == tone), key=far) for tone in tones)


def _channel(score: Score) -> int:
    """A channel that no part is on, else one that only pianos are on: a program on it changes what sounds there."""
    others = [part for part in score.parts if part.program != 0]
    channel = next(chain(free_channels(score.parts), free_channels(others)), None)
    if channel is None:
        raise IntentError(
            "all 16 channels have other instruments; merge parts until a channel is free, then harmonise",
            field="melody",
        )
    return channel
