"""Chords with their true onsets and durations, from the notes that sound in each beat."""

from __future__ import annotations

import numpy as np

from ..score import ChordSpan
from ..theory import Chord, Key, chord_to_roman
from .heard import Floats, Heard, Ints

READ = ("", "m", "dim", "aug", "7", "maj7", "m7", "sus4", "sus2")
STAY = 0.25
BASS = 0.35


def _templates() -> Floats:
    rows = np.zeros((len(READ), 12, 12))
    for q, quality in enumerate(READ):
        for root in range(12):
            tones = list(Chord(root, quality).pitch_classes)
            rows[q, root, tones] = 1 / np.sqrt(len(tones))
    return rows.reshape(-1, 12)


TEMPLATES = _templates()


def find_chords(heard: Heard, key: Key | None) -> tuple[tuple[ChordSpan, ...], tuple[float, ...]]:
    """(Chords in time order, a confidence 0..1 for each): templates on the chroma of each beat, smoothed by Viterbi.

    A beat where nothing sounds belongs to no chord. Fujishima, "Realtime chord recognition", ICMC 1999 (templates);
    Sheh & Ellis, "Chord segmentation and recognition using EM-trained hidden Markov models", ISMIR 2003 (smoothing).
    """
    cell, note, overlap = heard.sounding(heard.beats)
    beats = len(heard.beats) - 1
    chroma = np.bincount(cell * 12 + heard.pitch[note] % 12, weights=overlap, minlength=beats * 12).reshape(beats, 12)
    lowest = np.full(beats, 999)
    np.minimum.at(lowest, cell, heard.pitch[note])
    size = np.linalg.norm(chroma, axis=1)
    fit = chroma / np.maximum(size, 1e-9)[:, None] @ TEMPLATES.T
    roots = np.arange(len(TEMPLATES)) % 12
    fit += BASS * (lowest[:, None] % 12 == roots) * (lowest < 999)[:, None]
    path = _smoothed(fit)
    return _spans(heard, path, lowest, size > 0, fit, key)


def _smoothed(fit: Floats) -> Ints:
    back = np.zeros(fit.shape, np.int64)
    best = fit[0]
    for step in range(1, len(fit)):
        leap = int(best.argmax())
        moved = best[leap]
        stay = best + STAY
        back[step] = np.where(stay >= moved, np.arange(len(best)), leap)
        best = np.maximum(stay, moved) + fit[step]
    path = np.zeros(len(fit), np.int64)
    path[-1] = int(best.argmax())
    for step in range(len(fit) - 1, 0, -1):
        path[step - 1] = back[step, path[step]]
    return path


def _spans(
    heard: Heard, path: Ints, lowest: Ints, sounds: Ints, fit: Floats, key: Key | None
) -> tuple[tuple[ChordSpan, ...], tuple[float, ...]]:
    state = np.where(sounds, path, -1)
    starts = np.flatnonzero(np.append(True, np.diff(state) != 0))
    ends = np.append(starts[1:], len(state))
    spans: list[ChordSpan] = []
    sure: list[float] = []
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        if state[first] < 0:
            continue
        quality, root = READ[state[first] // 12], int(state[first] % 12)
        bass = int(lowest[first:last].min()) % 12
        plain = Chord(root, quality)
        chord = Chord(root, quality, bass) if bass in plain.pitch_classes else plain
        onset = int(heard.beats[first])
        roman = chord_to_roman(chord, key) if key else ""
        spans.append(ChordSpan(onset, int(heard.beats[last]) - onset, chord, roman))
        sure.append(float(np.clip(fit[first:last, state[first]].mean() / (1 + BASS), 0, 1)))
    return tuple(spans), tuple(sure)
