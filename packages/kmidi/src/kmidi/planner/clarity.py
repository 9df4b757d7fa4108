"""How clearly a progression says major or minor: a strong feeling leaves no doubt about its third."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import starmap
from operator import mul

from ..theory import MODES, Key, roman_to_chord
from ..theory.profiles import MAJOR, MINOR
from .grammar import Bars

_C = Key("C")
_PLAIN = 0.16  # near the clarity of I IV V I: nothing need be clearer
_FIRST = 0.12  # of all bars: what begins is heard as home


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
    """How much better the chords fit their own tonic and third than any other major or minor key, -2..2.

    Correlation of their tones with the profiles of Albrecht & Shanahan, the first chord lengthened.
    """
    total = [0.0] * 12
    lengths = [(roman, 1 / len(bar)) for bar in bars for roman in bar]
    for roman, length in ((bars[0][0], _FIRST * len(bars)), *lengths):
        for tone, weight in _weights(roman):
            total[tone] += weight * length
    heard = 2 * _centred(tuple(total))  # twice round, to begin on any tonic

    def fit(third: int, tonic: int) -> float:
        return sum(map(mul, _PROFILES[third], heard[tonic : tonic + 12]))

    own = MODES[mode][2]
    others = [(third, tonic) for third in _PROFILES for tonic in range(12) if tonic or third != own]
    return fit(own, 0) - max(starmap(fit, others))


def wanted(valence: float) -> float:
    """The clarity that a feeling asks for: none where it is mixed, plain where it is plain."""
    return min(_PLAIN, 0.35 * max(0.0, abs(valence) - 0.15))
