"""What speaks for each key: profile, bass, chords, cadences, beginning and end; in a tune alone, its own tones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..score import ChordSpan
from ..theory import MODES
from ..theory.profiles import MAJOR, MINOR
from .heard import Floats, Heard, Ints, steps_up

KINDS = (
    "bass",
    "long",
    *(f"{what}_{third}" for what in ("chords", "arrivals", "last", "first") for third in ("major", "minor")),
)
TUNE_KINDS = ("time", "long", "last", "last_but_one", "first")
ALONE = 1.25  # notes at a time, while any sounds, up to which a piece is a tune alone: legato overlaps
DEEP = 50  # under this mean pitch a line is a bass, which tells of chords
STEPWISE = 0.25  # share of its moves that are steps, under which a line is a chord broken up
# of a piece of 24 parts: all, its first and last thirds, its opening
STRETCHES = np.array([(0, 24), (0, 8), (16, 24), (0, 3)])
STRAY = 0.01  # of each degree's share, on top: what any key may let slip
SCALE = 10.0  # shares of the whole piece weigh in tenths
LONG = 1.5  # quarters from which a note of the tune is one it rests on
FEW = 16  # quarters of such notes that say half of what very many say
SUNG = 60  # the lowest pitch that a tune rests on
_FAMILIES = ("maj", "aug", "sus", "min", "dim")
_MAJ, _MIN, _DIM = (_FAMILIES.index(family) for family in ("maj", "min", "dim"))
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


def _shares() -> Floats:
    rows: list[Floats] = []
    for mode in EXCHANGED:
        profile = exchange(np.array(MINOR if MODES[mode][2] == 3 else MAJOR), mode)
        rows += [np.roll(profile, tonic) for tonic in range(12)]
    return np.array(rows)


def _profiles(shares: Floats) -> Floats:
    centred = shares - shares.mean(1, keepdims=True)
    return centred / np.sqrt((centred * centred).sum(1, keepdims=True))


MODAL_PROFILES = _profiles(_shares())
PROFILES = MODAL_PROFILES[:24]
# (24, 12): the log-chance of each pitch class in each major key, then minor.
LOG_CHANCES = np.log((_shares()[:24] + STRAY) / (1 + 12 * STRAY))


def correlations(histogram: Floats, profiles: Floats = PROFILES) -> Floats:
    """Pearson correlation of pitch-class weights (…, 12) with the 24 profiles (…, 24): major tonics, then minor.

    With MODAL_PROFILES, (…, 84): twelve tonics for each of HEARD_MODES.
    """
    centred = histogram - np.add.reduce(histogram, -1, keepdims=True) / 12
    size = np.sqrt(np.vecdot(centred, centred))
    return centred @ profiles.T / (size + (size == 0))[..., None]


def key_cues(heard: Heard, lowest: Ints, chords: Sequence[ChordSpan]) -> Floats:
    """Evidence by degree for each tonic: (12 tonics, KINDS, 12 degrees above the tonic), from a piece with notes.

    bass: share of beats; long: share of the time of long top notes; chords: share of time on each root, by its third;
    arrivals: how often a major chord falls a fifth onto it; last, first: 1 at the root of that chord. `lowest` is the
    lowest pitch of each beat, -1 in silence.
    """
    rows = np.zeros((len(KINDS), 12))
    low = lowest[lowest >= 0]
    rows[0] = SCALE * np.bincount(low % 12, minlength=12) / max(len(low), 1)
    rows[1] = SCALE * _long_notes(heard)
    chord_rows = rows[2:]
    if chords:
        said = [c.chord for c in chords]
        few = {id(chord): chord for chord in said}  # said again and again
        numbers = {key: 12 * _FAMILIES.index(chord.family) + chord.root for key, chord in few.items()}
        families, roots = np.divmod(np.array([numbers[id(chord)] for chord in said]), 12)
        slots = 12 * (families >= _MIN) + roots  # by third
        lasting = np.array([c.duration for c in chords], np.float64)
        falls = ((roots[1:] - roots[:-1]) % 12 == 5) & (families[:-1] == _MAJ)
        counted = chord_rows.reshape(4, 24)
        counted[0] = SCALE / lasting.sum() * np.bincount(slots, lasting * (families != _DIM), 24)
        counted[1] = SCALE / len(chords) * np.bincount(slots[1:][falls], minlength=24)
        counted[[2, 3], slots[[-1, 0]]] = 1
    return rows[:, TURN].transpose(1, 0, 2)


def is_tune(heard: Heard) -> bool:
    """Whether notes sound one at a time nearly throughout, neither deep nor mostly in leaps: sung, whistled, fiddled."""
    lasting = heard.end - heard.onset
    total, until = int(lasting.sum()), np.maximum.accumulate(heard.end)
    if total > ALONE * (int(until[-1]) - int(heard.onset[0])):  # more than if any sounded all the time
        return False
    began = np.maximum(heard.onset[1:], until[:-1])
    sounding = int((until[1:] - began)[until[1:] > began].sum() + lasting[0])
    return (
        total <= ALONE * sounding
        and int((heard.pitch * lasting).sum()) >= DEEP * total
        and int((np.abs(np.diff(heard.pitch)) <= 2).sum()) >= STEPWISE * (len(heard) - 1)
    )


def tune_cues(heard: Heard) -> Floats:
    """Evidence by degree in a tune alone: (12 tonics, TUNE_KINDS, 12 degrees above the tonic), from a piece with notes.

    time, long: share of all its time, and of that of its long notes; last, last_but_one, first: 1 at that note.
    Bar lines say nothing here: a file often counts them from an upbeat.
    """
    rows = np.zeros((len(TUNE_KINDS), 12))
    times = pitch_class_time(heard)
    rows[0] = SCALE * times / times.sum()
    rows[1] = SCALE * _long_notes(heard)
    rows[[2, 3, 4], heard.pitch_class[[-1, max(len(heard) - 2, 0), 0]]] = 1
    return rows[:, TURN].transpose(1, 0, 2)


def _long_notes(heard: Heard) -> Floats:
    """The share of each pitch class in the time of top notes of LONG quarters or more, less where they are few: (12,)."""
    strokes = steps_up(heard.onset).nonzero()[0]
    lasting = heard.end - heard.onset
    bits = int(lasting.max()).bit_length()
    top = np.maximum.reduceat(heard.pitch << bits | lasting, strokes)
    pitch, lasting = top >> bits, top & (1 << bits) - 1
    rests = (lasting >= LONG * heard.ppq) & (pitch >= SUNG)
    return np.bincount(pitch[rests] % 12, lasting[rests], 12) / (int(lasting[rests].sum()) + FEW * heard.ppq)


def stretch_times(heard: Heard) -> Floats:
    """Ticks that each pitch class sounds for in each of STRETCHES of a piece with notes: (stretches, 12)."""
    begin, last = int(heard.onset[0]), int(heard.end.max())
    edges = begin + (last - begin) * STRETCHES // 24
    inside = np.minimum(heard.end, edges[:, 1:]) - np.maximum(heard.onset, edges[:, :1])
    slot = heard.pitch_class + 12 * np.arange(len(STRETCHES))[:, None]
    return np.bincount(slot.ravel(), np.maximum(inside, 0).ravel(), 12 * len(STRETCHES)).reshape(-1, 12)


def pitch_class_time(heard: Heard) -> Floats:
    """Ticks that each pitch class sounds for: (12,)."""
    return np.bincount(heard.pitch_class, heard.end - heard.onset, 12)
