"""What speaks for each of the 24 keys: profile, bass, chords, cadences, how the piece begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..score import ChordSpan
from ..theory import MODES
from .heard import Floats, Heard, Ints

# Share of each scale degree (semitones above the tonic) in common-practice music.
# Albrecht & Shanahan, "The use of large corpora to develop a new type of key-finding algorithm", Music Perception 2013.
MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
KINDS = (
    "bass",
    *(f"{what}_{third}" for what in ("chords", "arrivals", "last", "first") for third in ("major", "minor")),
)
SCALE = 10.0  # shares of the whole piece weigh in tenths
TURN = (np.arange(12)[:, None] + np.arange(12)) % 12  # tonic, degree -> pitch class


# A church mode is heard as its major or minor with degrees exchanged: dorian is minor with its sixths swapped.
EXCHANGED = {"ionian": (), "aeolian": (), "mixolydian": ((10, 11),), "lydian": ((5, 6),), "dorian": ((8, 9),),
             "phrygian": ((1, 2),), "locrian": ((1, 2), (6, 7))}  # fmt: skip
HEARD_MODES = tuple(EXCHANGED)  # the first is major, the second minor
IS_MINOR = np.array([MODES[mode][2] == 3 for mode in HEARD_MODES])


def exchange(degrees: Floats, mode: str) -> Floats:
    """Twelve values by degree with those that tell a mode from plain major or minor exchanged."""
    values = degrees.copy()
    for one, other in EXCHANGED[mode]:
        values[[one, other]] = values[[other, one]]
    return values


def _profiles() -> Floats:
    rows: list[Floats] = []
    for mode in EXCHANGED:
        profile = exchange(np.array(MINOR if MODES[mode][2] == 3 else MAJOR), mode)
        rows += [np.roll(profile, tonic) for tonic in range(12)]
    centred = np.array(rows) - np.mean(rows, 1, keepdims=True)
    return centred / np.sqrt((centred * centred).sum(1, keepdims=True))


MODAL_PROFILES = _profiles()
PROFILES = MODAL_PROFILES[:24]


def correlations(histogram: Floats, profiles: Floats = PROFILES) -> Floats:
    """Pearson correlation of pitch-class weights (…, 12) with the 24 profiles (…, 24): major tonics, then minor.

    With MODAL_PROFILES, (…, 84): twelve tonics for each of HEARD_MODES.
    """
    centred = histogram - histogram.mean(-1, keepdims=True)
    size = np.sqrt((centred * centred).sum(-1, keepdims=True))
    return centred @ profiles.T / np.where(size > 0, size, 1)


def key_cues(lowest: Ints, chords: Sequence[ChordSpan]) -> Floats:
    """Evidence by degree for each tonic: (12 tonics, KINDS, 12 degrees above the tonic), from a piece with notes.

    bass: share of beats; chords: share of time on each root, by its third; arrivals: how often a major chord falls a
    fifth onto it; last, first: 1 at the root of that chord. `lowest` is the lowest pitch of each beat, -1 in silence.
    """
    rows = np.zeros((len(KINDS), 12))
    low = lowest[lowest >= 0]
    rows[0] = SCALE * np.bincount(low % 12, minlength=12) / max(len(low), 1)
    if chords:
        roots = np.array([c.chord.root for c in chords])
        families = [c.chord.family for c in chords]
        thirds = np.array([family in ("min", "dim") for family in families]).astype(np.int64)
        lasting = np.array([c.duration for c in chords], np.float64)
        plain = np.array([family != "dim" for family in families])
        np.add.at(rows, (1 + thirds[plain], roots[plain]), SCALE * lasting[plain] / lasting.sum())
        falls = ((roots[1:] - roots[:-1]) % 12 == 5) & np.array([family == "maj" for family in families[:-1]], bool)
        np.add.at(rows, (3 + thirds[1:][falls], roots[1:][falls]), SCALE / len(chords))
        rows[5 + thirds[-1], roots[-1]] = 1
        rows[7 + thirds[0], roots[0]] = 1
    return rows[:, TURN].transpose(1, 0, 2)


def pitch_class_time(heard: Heard) -> Floats:
    """Ticks that each pitch class sounds for: (12,)."""
    return np.bincount(heard.pitch % 12, heard.end - heard.onset, 12)
