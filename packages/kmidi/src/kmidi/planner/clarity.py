"""How clearly a progression says major or minor: a strong feeling leaves no doubt about its third."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from operator import mul

from ..theory import MODES, Key, roman_to_chord
from ..theory.profiles import MAJOR, MINOR
from .grammar import Bars

_C = Key("C")
_PLAIN = 0.19  # the clarity of I IV V I: nothing need be clearer


def _centred(weights: tuple[float, ...]) -> tuple[float, ...]:
    mean = sum(weights) / 12
    size = sum((w - mean) ** 2 for w in weights) ** 0.5
    return tuple((w - mean) / size for w in weights) if size else (0.0,) * 12


_PROFILES = {3: _centred(MINOR), 4: _centred(MAJOR)}


@lru_cache(maxsize=512)
def _weights(roman: str) -> tuple[tuple[int, int], ...]:
    """What a chord adds to which pitch classes: its tones once, its bass twice, for hands and basses double it."""
    chord = roman_to_chord(roman, _C)
    return tuple(Counter((*chord.pitch_classes, chord.bass)).items())


@lru_cache(maxsize=256)
def clarity(bars: Bars, mode: str) -> float:
    """How much better the chords fit their own tonic and third than any key of the other third, -2..2.

    Correlation of their tones with the profiles of Albrecht & Shanahan.
    """
    total = [0.0] * 12
    for bar in bars:
        for roman in bar:
            for tone, weight in _weights(roman):
                total[tone] += weight / len(bar)
    heard = 2 * _centred(tuple(total))  # twice round, to begin on any tonic
    third = MODES[mode][2]

    def fit(profile: tuple[float, ...], tonic: int) -> float:
        return sum(map(mul, profile, heard[tonic : tonic + 12]))

    other = _PROFILES[7 - third]
    return fit(_PROFILES[third], 0) - max(fit(other, tonic) for tonic in range(12))


def wanted(valence: float) -> float:
    """The clarity that a feeling asks for: none where it is mixed, plain where it is plain."""
    return min(_PLAIN, 0.35 * max(0.0, abs(valence) - 0.15))


def is_clear(bars: Bars, mode: str, valence: float) -> bool:
    """True where a progression is as clear as the feeling asks."""
    return clarity(bars, mode) >= wanted(valence)
