"""The key, from the notes: the one a piece calls home, its mode, and the keys of its sections."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..score import ChordSpan
from ..tables.load import table_path, table_text
from ..theory import MODES, Chord, Key
from .heard import LEAST_CLASSES, Floats, Heard, Ints
from .key_areas import SIGNATURE, KeyAreas, before_rise, find_rise, in_bars, runs, settled, told_by_rise
from .key_cues import (
    HEARD_MODES,
    IS_MINOR,
    KINDS,
    MODAL_PROFILES,
    STRETCHES,
    TUNE_KINDS,
    TURN,
    correlations,
    exchange,
    is_tune,
    key_cues,
    stretch_times,
    tune_cues,
)
from .result import KeySpan

LEAST_NOTES = 4
SURE_BARS = 4  # bars of a section that its confidence speaks of
PLAIN_SHARE = 0.02  # a degree that sounds for less is passing
AT_REST = 2  # how many times as often the tonic chord of another key must come
CLEAR = 1.25  # how many times longer a mode's own degree must sound than the plain one
# semitones up to the major scales with the tones of ionian, lydian, mixolydian; of aeolian, dorian, phrygian, locrian
_SHADES = (0, 7, 5), (0, 7, 5, 10)
_PLAIN = {"harmonic_minor": "aeolian", "melodic_minor": "aeolian"}
_MAJOR = {frozenset(Key.of(tonic, "ionian").pitch_classes): tonic for tonic in range(12)}


def find_key(heard: Heard, lowest: Ints, chords: Sequence[ChordSpan], areas: KeyAreas) -> tuple[Key | None, float]:
    """(The key of the whole piece, confidence 0..1); (None, 0) on fewer than four notes, three pitch classes, or
    pitch classes all alike.

    Albrecht-Shanahan profiles of the whole, its thirds and its opening (where the piece moves away, home is where it
    began), with what bass, long notes, chords, cadences, first and last chord say on top, weighed by logistic
    regression on pop songs, chorales and modal pieces; a tune alone by its own tones, on tunes (scripts/train_keys.py).
    The mode is told by the degrees that set it apart, in the sections that are in a mode of the tonic. Where the end of
    a song is lifted, what went before tells (key_areas.told_by_rise). Where all together have the notes of a key that
    no section is in, home is likely in one scale's sections alone too.
    """
    told = _told(heard, lowest, chords)
    if told is None:
        return None, 0.0
    key, sure = _likeliest(*told, heard, areas)
    rise = find_rise(areas)
    if rise and told_by_rise(rise, key.pitch_class, key.is_minor):
        before = before_rise(heard, lowest, chords, rise)
        told = _told(*before)
        return _likeliest(*told) if told else (None, 0.0)
    scales = settled(areas)
    if not (scales == SIGNATURE[key.pitch_class + 12 * key.is_minor]).any() and (scales != scales[0]).any():
        alone = [_told(*in_bars(heard, lowest, chords, scales == scale)) for scale in np.unique(scales)]
        both = [(told[0] + scores - scores.max(), times) for scores, times in filter(None, alone)]
        return _likeliest(*max(both, key=lambda each: float(each[0].max()))) if both else (key, sure)
    return key, sure


def _likeliest(
    scores: Floats, histogram: Floats, heard: Heard | None = None, areas: KeyAreas | None = None
) -> tuple[Key, float]:
    """The key of such scores, its mode by the time that each degree sounds for, and the chance of its tonic and third."""
    best, tonic = divmod(int(scores.argmax()), 12)
    if heard is not None and areas is not None:
        histogram = _at_home(heard, areas, tonic, MODES[HEARD_MODES[best]][2] == 3, histogram)
    key = Key.of(tonic, mode_of(histogram, tonic, HEARD_MODES[best]))
    odds = np.exp(scores - scores.max())
    return key, float(odds[:, tonic][key.is_minor == IS_MINOR].sum() / odds.sum())


def _told(heard: Heard, lowest: Ints, chords: Sequence[ChordSpan]) -> tuple[Floats, Floats] | None:
    """Log-odds (modes, tonics) up to a constant, and ticks that each pitch class sounds for; None where no key is told."""
    if len(heard) < LEAST_NOTES:
        return None
    times = stretch_times(heard)
    fit = correlations(times, MODAL_PROFILES)
    if fit[0].max() <= 0 or np.count_nonzero(times[0]) < LEAST_CLASSES:
        return None
    alone = is_tune(heard)
    cues = tune_cues(heard) if alone else key_cues(heard, lowest, chords)
    return score_keys(fit, cues, _shipped(alone)), times[0]


def _at_home(heard: Heard, areas: KeyAreas, tonic: int, minor: bool, whole: Floats) -> Floats:
    """Ticks that each pitch class sounds for, without the sections on a scale that is no mode of such a third on the tonic."""
    scales = [(int(SIGNATURE[tonic + 12 * minor]) + step) % 12 for step in _SHADES[minor]]
    here = (settled(areas)[:, None] == scales).any(1)
    return whole if here.all() or not here.any() else heard.within(heard.bar_beats)[here].sum(0)


def score_keys(fit: Floats, cues: Floats, table: dict[str, Floats]) -> Floats:
    """Log-odds (modes, tonics) up to a constant; fit: (stretches, modes in the order of HEARD_MODES * tonics)."""
    modes = len(HEARD_MODES)
    stretches = fit.reshape(len(STRETCHES), modes, 12).transpose(1, 0, 2)
    told = table["weights"].reshape(modes, -1) @ cues.reshape(12, -1).T
    return (table["fit"][:, None] @ stretches)[:, 0] + told + table["bias"][:, None]


@lru_cache(maxsize=2)
def _shipped(tune: bool) -> dict[str, Floats]:
    """For each of HEARD_MODES: weight of the profile's fit in each of STRETCHES, of each cue by degree, and the constant."""
    stored = json.loads(table_text(table_path("keys.json.gz")))["tune" if tune else "harmony"]
    kinds = TUNE_KINDS if tune else KINDS
    fits: list[Floats] = []
    weights: list[Floats] = []
    for mode, minor in zip(HEARD_MODES, IS_MINOR, strict=True):
        blocks = [stored["minor" if minor else "major"]]
        if mode not in HEARD_MODES[:2]:  # a church mode adds to the major or minor that it is a shade of
            blocks.append(stored["church_minor" if minor else "church_major"])
        fits.append(np.sum([block["fit"] for block in blocks], 0))
        weights.append(
            np.sum([[block[kind] for kind in kinds] for block in blocks], 0)[:, exchange(np.arange(12), mode)]
        )
    bias = np.array([stored["bias"][mode] for mode in HEARD_MODES])
    return {"fit": np.array(fits), "weights": np.array(weights), "bias": bias}


def mode_of(histogram: Floats, tonic: int, mode: str) -> str:
    """The mode on a tonic, from the one it was heard in: a degree that plainly outweighs its neighbour moves it."""
    share = histogram[TURN[tonic]] / histogram.sum()

    def instead(own: int, usual: int) -> bool:
        return bool(share[own] > max(PLAIN_SHARE, CLEAR * share[usual]))

    if MODES[mode][2] != 3:
        if instead(6, 5):
            return "lydian"
        return "mixolydian" if instead(10, 11) else "ionian"
    if instead(1, 2) and not instead(9, 8):
        diminished = instead(6, 7) or (mode == "locrian" and share[6] > PLAIN_SHARE)
        return "locrian" if diminished else "phrygian"
    if instead(11, 10):
        return "melodic_minor" if instead(9, 8) else "harmonic_minor"
    return "dorian" if instead(9, 8) else "aeolian"


def find_sections(heard: Heard, home: Key | None, chords: Sequence[ChordSpan], areas: KeyAreas) -> tuple[KeySpan, ...]:
    """The stretches of eight bars or more that stay in one key, in order; none where the home key can't be told.

    Those of key_areas; a stretch on home's signature counts as home, so relatives do not alternate. A home in a church
    mode that is none of them was heard as a plain key: the longest is home, what is like it has its mode.
    """
    if home is None or not len(heard):
        return ()
    fit, states = areas.fit, areas.states.copy()
    own = home.pitch_class + (12 if home.is_minor else 0)
    scale = frozenset(Key.of(home.pitch_class, _PLAIN.get(home.mode, home.mode)).pitch_classes)
    states[SIGNATURE[states] == _MAJOR[scale]] = own
    found = runs(states)
    if len(found) == 1:
        states[:] = own
    church = home.mode in HEARD_MODES[2:]
    away = church and own not in states
    if away:
        own = int(np.bincount(states).argmax())
    spans: list[KeySpan] = []
    for first, last in found:
        state, begin, end = int(states[first]), int(heard.bars[first]), int(heard.bars[last])
        if state == own or (away and state // 12 == own // 12):
            key = Key.of(home.pitch_class + state - own, home.mode)
        else:
            others = [Key.of(int(SIGNATURE[state]) + 9, "aeolian")]
            if church:
                others.append(Key.of(home.pitch_class + int(SIGNATURE[state]) - _MAJOR[scale], home.mode))
            plain = Key.of(state % 12, "aeolian" if state >= 12 else "ionian")
            key = _at_rest([span.chord for span in chords if begin <= span.onset < end], plain, others)
        mean = np.add.reduce(fit[first:last], 0) / (last - first)
        odds = np.exp((mean - mean[key.pitch_class + 12 * key.is_minor]) * SURE_BARS)
        onset = max(begin, 0)
        spans.append(KeySpan(onset=onset, duration=end - onset, key=key, confidence=float(1 / odds.sum())))
    return tuple(spans)


def _at_rest(chords: Sequence[Chord], key: Key, others: Sequence[Key]) -> Key:
    """That of other keys whose tonic chord comes AT_REST times as often as that of `key`, else `key`."""
    tonics = Counter((chord.root, chord.family == "min") for chord in chords)
    often = [tonics[other.pitch_class, other.is_minor] for other in (key, *others)]
    return others[often.index(max(often)) - 1] if max(often) > AT_REST * often[0] else key
