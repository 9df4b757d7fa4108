"""Keys: a tonic and a mode, spelled as musicians spell them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..errors import IntentError, nearest
from .pitch import FLAT_NAMES, LETTERS, SHARP_NAMES, pitch_class, spell, split_name

# Semitones above the tonic. The seven church modes, and the two minors that move their upper degrees.
MODES: dict[str, tuple[int, ...]] = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic_minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic_minor": (0, 2, 3, 5, 7, 9, 11),
}
ALIASES = {
    "major": "ionian", "maj": "ionian", "minor": "aeolian", "min": "aeolian", "m": "aeolian", "natural_minor": "aeolian",
    "harmonic": "harmonic_minor", "melodic": "melodic_minor",
}  # fmt: skip
_SHARPS_OF_MAJOR = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F#": 6, "C#": 7, "F": -1, "Bb": -2, "Eb": -3, "Ab": -4, "Db": -5, "Gb": -6, "Cb": -7}  # fmt: skip


def mode_id(text: str) -> str:
    """The id of a mode from what people write ("Major", "harmonic minor"); IntentError names the nearest."""
    word = "_".join(text.strip().casefold().replace("-", " ").split())
    word = ALIASES.get(word, word)
    if word not in MODES:
        raise IntentError(f"unknown mode {text!r}{nearest(word, [*MODES, *ALIASES])}", field="mode")
    return word


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A tonic name ("Bb") and a mode id ("dorian"). Tonics that no signature of seven accidentals carries are respelled."""

    tonic: str
    mode: str = "ionian"

    def __post_init__(self) -> None:
        mode = mode_id(self.mode)
        try:
            letter, alteration, rest = split_name(self.tonic.strip())
        except IntentError as error:
            raise IntentError(f"unknown key {self.tonic!r}: {error}", field="key") from None
        if rest or abs(alteration) > 1:
            raise IntentError(f"unknown key {self.tonic!r}; legal: A to G, each with #, b or nothing", field="key")
        name = letter + ("#" if alteration > 0 else "b" if alteration < 0 else "")
        object.__setattr__(self, "mode", mode)
        object.__setattr__(self, "tonic", _legal_spelling(name, mode))

    @classmethod
    def parse(cls, text: str) -> Key:
        """A key from what people write: "D", "D minor", "F#m", "Bb dorian". A bare tonic is major."""
        text = text.strip()
        try:
            letter, alteration, rest = split_name(text)
        except IntentError as error:
            raise IntentError(f"unknown key {text!r}: {error}", field="key") from None
        tonic = letter + ("#" * alteration if alteration > 0 else "b" * -alteration)
        rest = rest.strip()
        return cls(tonic, "ionian" if not rest or rest == "M" else rest)

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, pitch_class: int, mode: str) -> Key:
        """The key on a pitch class, in the spelling with the fewest accidentals (flats on a tie)."""
        flat, sharp = FLAT_NAMES[pitch_class % 12], SHARP_NAMES[pitch_class % 12]
        both = [name for name in (flat, sharp) if _accidentals(name, mode_id(mode)) is not None]
        return cls(min(both, key=lambda name: abs(_accidentals(name, mode_id(mode)) or 0)), mode)

    @property
    def pitch_class(self) -> int:
        """The tonic as 0..11."""
        return pitch_class(self.tonic)

    @property
    def scale(self) -> tuple[int, ...]:
        """Semitones of the seven degrees above the tonic."""
        return MODES[self.mode]

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The seven pitch classes from the tonic up."""
        return _pitch_classes(self.tonic, self.mode)

    @property
    def is_minor(self) -> bool:
        """True where the third degree is minor."""
        return self.scale[2] == 3

    @property
    def sharps(self) -> int:
        """Accidentals of the nearest key signature that keeps the tonic: -7 (flats) .. 7 (sharps)."""
        return _accidentals(self.tonic, self.mode) or 0

    def name_of(self, pitch_class: int) -> str:
        """How this key spells a pitch class: scale notes on their letters, others on the nearest degree's side."""
        return _names(self.tonic, self.mode)[pitch_class % 12]

    def pitch_name(self, pitch: int) -> str:
        """How this key spells a MIDI pitch, with its octave: 70 is "Bb4" in G minor, 59 is "Cb4" in Gb major."""
        name = self.name_of(pitch)
        return f"{name}{(pitch - name.count('#') + name.count('b')) // 12 - 1}"

    @property
    def names(self) -> tuple[str, ...]:
        """How this key spells the twelve pitch classes, from C."""
        return _names(self.tonic, self.mode)

    def __str__(self) -> str:
        word = {"ionian": "major", "aeolian": "minor"}.get(self.mode, self.mode.replace("_", " "))
        return f"{self.tonic} {word}"


def _accidentals(tonic: str, mode: str) -> int | None:
    """Sharps of the major or minor signature on this tonic, None where it needs more than seven."""
    sharps = _SHARPS_OF_MAJOR.get(tonic)
    if sharps is None:
        letter, alteration, _ = split_name(tonic)
        sharps = _SHARPS_OF_MAJOR[letter] + 7 * alteration
    if MODES[mode][2] == 3:
        sharps -= 3
    return sharps if abs(sharps) <= 7 else None


def _legal_spelling(tonic: str, mode: str) -> str:
    if _accidentals(tonic, mode) is not None:
        return tonic
    wanted = pitch_class(tonic)
    return next(n for n in (FLAT_NAMES[wanted], SHARP_NAMES[wanted]) if _accidentals(n, mode) is not None)


@lru_cache(maxsize=256)
def _names(tonic: str, mode: str) -> tuple[str, ...]:
    letters = list(LETTERS)
    start, root = letters.index(tonic[0]), pitch_class(tonic)
    names: dict[int, str] = {}
    for degree, step in enumerate(MODES[mode]):
        names[(root + step) % 12] = spell(letters[(start + degree) % 7], (root + step) % 12)
    # b2 b3 b6 b7 are lowered degrees, #4 a raised one, 3 6 7 in minor raised ones
    for step, degree in ((1, 1), (3, 2), (6, 3), (8, 5), (10, 6), (2, 1), (4, 2), (5, 3), (7, 4), (9, 5), (11, 6)):
        names.setdefault((root + step) % 12, spell(letters[(start + degree) % 7], (root + step) % 12))
    return tuple(names[p] for p in range(12))


@lru_cache(maxsize=256)
def _pitch_classes(tonic: str, mode: str) -> tuple[int, ...]:
    root = pitch_class(tonic)
    return tuple((root + step) % 12 for step in MODES[mode])
