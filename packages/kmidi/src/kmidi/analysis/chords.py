"""Chords with their true onsets and durations."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..score import ChordSpan
from ..theory import QUALITIES, Chord, Key, chord_to_roman
from .chord_net import READ, Singles, lowest_pitches
from .heard import Floats, Heard, Ints
from .result import KeySpan, key_at

STAY = 0.7  # log-odds that a chord outlasts the beat, on top of what the beats say
HELD = 0.9  # a pitch class that sounds for this share of a chord belongs to it,
STRAY = 0.02  # one that sounds for less than this does not
RESTING = 5.0  # log-odds that the harmony rests where nothing is struck


def hear_chords(heard: Heard, fit: Singles) -> tuple[tuple[ChordSpan, ...], tuple[float, ...], Ints]:
    """(Chords in time order without numerals, a confidence 0..1 for each, the lowest pitch of each beat or -1).

    fit: the log-probability of each chord in each beat, from chord_net.fits.

    A net hears each beat, Viterbi smooths over beats; where the tones of a chord are held plainly, they name it (so
    sixths, ninths and altered chords are found). The lowest note of the chord's first beat makes the inversion.
    A beat in which nothing sounds belongs to no chord; a chord never changes within a beat.
    The method in outline: Boulanger-Lewandowski, Bengio & Vincent, "Audio chord recognition with recurrent neural
    networks", ISMIR 2013 (frame net and smoothing); labels: Wang et al., "POP909", ISMIR 2020.
    """
    cell, note, _ = heard.sounding(heard.beats)
    if not len(cell):
        return (), (), np.full(len(heard.beats) - 1, -1)
    beats = len(heard.beats) - 1
    lowest = lowest_pitches(beats, cell, heard.pitch[note])
    fit = fit.reshape(beats, -1)
    state = np.where(lowest >= 0, smoothed(fit, _struck(heard)), -1)
    starts = np.flatnonzero(np.append(True, state[1:] != state[:-1]))
    ends = np.append(starts[1:], beats)
    starts, ends = starts[state[starts] >= 0], ends[state[starts] >= 0]
    held = _held_shares(heard, heard.beats[starts], heard.beats[ends])
    plain = np.all((held >= HELD) | (held <= STRAY), axis=1)
    total = np.append(0, np.cumsum(fit[np.arange(beats), state], dtype=np.float64))
    sure = np.exp((total[ends] - total[starts]) / (ends - starts))
    spans: list[ChordSpan] = []
    for at, (first, last) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        root, kind = divmod(int(state[first]), len(READ))
        chord = _named(held[at], root, READ[kind]) if plain[at] else Chord(root, READ[kind])
        onset = max(int(heard.beats[first]), 0)
        spans.append(ChordSpan(onset, int(heard.beats[last]) - onset, _with_bass(chord, int(lowest[first]) % 12)))
    return tuple(spans), tuple(sure.tolist()), lowest


def _struck(heard: Heard) -> NDArray[np.bool_]:
    """Whether a note begins within each beat: where none does, the harmony rests."""
    at = np.searchsorted(heard.onset, heard.beats)
    return at[1:] > at[:-1]


def smoothed(fit: Singles, struck: NDArray[np.bool_]) -> Ints:
    """The best path of states (beats,) through log-probabilities (beats, states), STAY favouring no change.

    A beat in which nothing is struck all but keeps the state before it.
    """
    bonus = np.where(struck, STAY, RESTING).tolist()
    states = np.unique(np.argpartition(fit, -3, axis=1)[:, -3:])  # what is never among the three best is never right
    fit = np.ascontiguousarray(fit[:, states])
    stays = np.zeros(fit.shape, bool)
    leaps = np.zeros(len(fit), np.int64)
    best = fit[0]
    for beat in range(1, len(fit)):
        leap = int(best.argmax())
        stay = best + bonus[beat]
        leaps[beat] = leap
        moved = best[leap]
        np.greater_equal(stay, moved, out=stays[beat])
        best = np.maximum(stay, moved) + fit[beat]
    path = [int(best.argmax())]
    for beat in range(len(fit) - 1, 0, -1):
        path.append(path[-1] if stays[beat, path[-1]] else int(leaps[beat]))
    return states[path[::-1]]


def _held_shares(heard: Heard, onsets: Ints, ends: Ints) -> Floats:
    """The share of each chord's time for which each pitch class sounds: (chords, 12), 1 for a held note."""
    edges = np.unique(np.concatenate([onsets, ends]))
    cell, note, overlap = heard.sounding(edges)
    sounds = np.bincount(cell * 12 + heard.pitch[note] % 12, overlap, len(edges) * 12).reshape(-1, 12)
    return np.minimum(sounds[np.searchsorted(edges, onsets)] / (ends - onsets)[:, None], 1)


@lru_cache(maxsize=1)
def _by_tones() -> dict[tuple[int, ...], tuple[str, ...]]:
    """Semitones above the root, sorted -> qualities with exactly these tones."""
    found: dict[tuple[int, ...], tuple[str, ...]] = {}
    for quality in QUALITIES:
        tones = tuple(sorted({step % 12 for step in Chord(0, quality).intervals}))
        found[tones] = (*found.get(tones, ()), quality)
    return found


def _named(held: Floats, root: int, quality: str) -> Chord:
    """The chord whose tones are exactly those plainly held, if there is one; else what the net heard."""
    tones = tuple(sorted(((np.flatnonzero(held >= HELD) - root) % 12).tolist()))
    exact = _by_tones().get(tones, ())
    return Chord(root, exact[0] if exact and len(tones) > 2 and quality not in exact else quality)


def _with_bass(chord: Chord, bass: int) -> Chord:
    return Chord(chord.root, chord.quality, bass) if bass in chord.pitch_classes else chord


def with_numerals(
    chords: tuple[ChordSpan, ...], home: Key | None, sections: tuple[KeySpan, ...]
) -> tuple[ChordSpan, ...]:
    """The chords with their Roman numerals, each in the key of the section it begins in, else in the home key."""
    named: list[ChordSpan] = []
    for span in chords:
        key = key_at(span.onset, sections, home)
        named.append(replace(span, roman=chord_to_roman(span.chord, key)) if key else span)
    return tuple(named)
