"""Chords: a root, a quality and a bass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ..errors import IntentError, nearest
from .pitch import FLAT_NAMES, LETTERS, spell, split_name
from .pitch import pitch_class as pc_of

_DEGREES = {"1": 0, "b2": 1, "2": 2, "b3": 3, "3": 4, "4": 5, "b5": 6, "5": 7, "#5": 8, "b6": 8, "6": 9, "bb7": 9, "b7": 10, "7": 11,
            "b9": 13, "9": 14, "#9": 15, "11": 17, "#11": 18, "b13": 20, "13": 21}  # fmt: skip

# Quality id -> chord tones as musicians write them. The id is what stands behind the root in a chord symbol.
QUALITIES: dict[str, tuple[str, ...]] = {
    "": ("1", "3", "5"), "m": ("1", "b3", "5"), "dim": ("1", "b3", "b5"), "aug": ("1", "3", "#5"), "5": ("1", "5"),
    "sus2": ("1", "2", "5"), "sus4": ("1", "4", "5"),
    "6": ("1", "3", "5", "6"), "m6": ("1", "b3", "5", "6"),
    "7": ("1", "3", "5", "b7"), "maj7": ("1", "3", "5", "7"), "m7": ("1", "b3", "5", "b7"), "mmaj7": ("1", "b3", "5", "7"),
    "m7b5": ("1", "b3", "b5", "b7"), "dim7": ("1", "b3", "b5", "bb7"), "7#5": ("1", "3", "#5", "b7"), "7b5": ("1", "3", "b5", "b7"),
    "maj7#5": ("1", "3", "#5", "7"), "7sus4": ("1", "4", "5", "b7"),
    "add9": ("1", "3", "5", "9"), "madd9": ("1", "b3", "5", "9"), "6/9": ("1", "3", "5", "6", "9"),
    "9": ("1", "3", "5", "b7", "9"), "maj9": ("1", "3", "5", "7", "9"), "m9": ("1", "b3", "5", "b7", "9"),
    "7b9": ("1", "3", "5", "b7", "b9"), "7#9": ("1", "3", "5", "b7", "#9"), "9sus4": ("1", "4", "5", "b7", "9"),
    "maj7#11": ("1", "3", "5", "7", "#11"), "7#11": ("1", "3", "5", "b7", "#11"), "11": ("1", "3", "5", "b7", "9", "11"),
    "m11": ("1", "b3", "5", "b7", "9", "11"), "13": ("1", "3", "5", "b7", "9", "13"), "maj13": ("1", "3", "5", "7", "9", "13"),
    "7b13": ("1", "3", "5", "b7", "b13"),
}  # fmt: skip
ALIASES = {"maj": "", "M": "", "min": "m", "-": "m", "°": "dim", "o": "dim", "+": "aug", "M7": "maj7", "Δ": "maj7", "Δ7": "maj7",
           "min7": "m7", "-7": "m7", "ø": "m7b5", "ø7": "m7b5", "m7-5": "m7b5", "°7": "dim7", "o7": "dim7", "+7": "7#5", "sus": "sus4",
           "mM7": "mmaj7", "min6": "m6", "min9": "m9", "M9": "maj9", "2": "add9", "69": "6/9"}  # fmt: skip


def quality_id(text: str) -> str:
    """The quality id of what people write behind a root; IntentError names the nearest."""
    word = ALIASES.get(text, text)
    if word not in QUALITIES:
        raise IntentError(f"unknown chord quality {text!r}{nearest(word, QUALITIES)}")
    return word


@dataclass(frozen=True, slots=True, order=True)
class Chord:
    """A root and a bass (pitch classes) and a quality id from QUALITIES; bass == root in root position."""

    root: int
    quality: str = ""
    bass: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.root % 12)
        object.__setattr__(self, "quality", quality_id(self.quality))
        object.__setattr__(self, "bass", self.root if self.bass < 0 else self.bass % 12)

    @classmethod
    def parse(cls, symbol: str) -> Chord:
        """A chord from its symbol: "Bbm7", "F/A", "C6/9". IntentError where it is none."""
        letter, alteration, rest = split_name(symbol.strip())
        root = pc_of(letter + ("#" * alteration if alteration > 0 else "b" * -alteration))
        slash = re.fullmatch(r"(.*)/([A-G][#b♯♭]*)", rest)
        return cls(root, slash[1], pc_of(slash[2])) if slash else cls(root, rest)

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones of the chord tones above the root, lowest first; ninths and above exceed 12."""
        return _intervals(self.quality)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes of the chord tones from the root up, the bass not added."""
        return _pitch_classes(self.root, self.quality)

    @property
    def family(self) -> str:
        """maj, min, dim, aug or sus: what the third and fifth say."""
        return _family(self.quality)

    def transpose(self, semitones: int) -> Chord:
        """The same chord, so many semitones higher."""
        return Chord(self.root + semitones, self.quality, (self.bass + semitones) % 12)

    def symbol(self, names: tuple[str, ...] = FLAT_NAMES) -> str:
        """The chord symbol, with `names` spelling the twelve pitch classes; a chord tone in the bass is spelled from
        the root.
        """
        root = names[self.root]
        if self.bass == self.root:
            return f"{root}{self.quality}"
        return f"{root}{self.quality}/{_tone_name(root, self.quality, self.bass) or names[self.bass]}"

    def __str__(self) -> str:
        return self.symbol()


@cache
def _intervals(quality: str) -> tuple[int, ...]:
    return tuple(_DEGREES[d] for d in QUALITIES[quality])


@cache
def _family(quality: str) -> str:
    steps = set(_intervals(quality))
    if 3 in steps:
        return "dim" if 6 in steps else "min"
    if 4 in steps:
        return "aug" if 8 in steps and 7 not in steps else "maj"
    return "sus"


@lru_cache(maxsize=1024)
def _tone_name(root: str, quality: str, pitch_class: int) -> str:
    """How a chord tone is spelled over such a root: E's third is G#. Empty for other tones, and where that takes two signs."""
    letters, above = [*LETTERS], (pitch_class - pc_of(root)) % 12
    for degree in QUALITIES[quality]:
        if _DEGREES[degree] % 12 == above:
            letter = letters[(letters.index(root[0]) + int(degree.lstrip("b#")) - 1) % 7]
            name = spell(letter, pitch_class)
            return name if len(name) <= 2 else ""
    return ""


@lru_cache(maxsize=1024)
def _pitch_classes(root: int, quality: str) -> tuple[int, ...]:
    return tuple((root + step) % 12 for step in _intervals(quality))
