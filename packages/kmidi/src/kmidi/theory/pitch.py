"""Names and numbers of pitches: 60 = C4, pitch classes 0..11 from C."""

from __future__ import annotations

from functools import lru_cache

from ..errors import IntentError

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_ACCIDENTALS = {"#": 1, "♯": 1, "b": -1, "♭": -1, "x": 2, "𝄪": 2}


def split_name(text: str) -> tuple[str, int, str]:
    """(letter, alteration in semitones, rest of the text); IntentError where no note name starts the text."""
    letter = text[:1].upper()
    if letter not in LETTERS:
        raise IntentError(
            f"{text!r} starts with no note name; legal: A to G, each with #, b or nothing (B is the German H)"
        )
    alteration, at = 0, 1
    while at < len(text) and text[at] in _ACCIDENTALS:
        alteration += _ACCIDENTALS[text[at]]
        at += 1
    return letter, alteration, text[at:]


@lru_cache(maxsize=256)
def pitch_class(name: str) -> int:
    """The pitch class of a note name: "Bb" is 10. IntentError where it is no note name."""
    letter, alteration, rest = split_name(name)
    if rest:
        raise IntentError(f"{name!r} is no note name; legal: A to G, each with #, b or nothing")
    return (LETTERS[letter] + alteration) % 12


def pitch_name(pitch: int, *, flats: bool = False) -> str:
    """The name of a pitch with its octave: 61 is "C#4", with flats "Db4"."""
    return f"{(FLAT_NAMES if flats else SHARP_NAMES)[pitch % 12]}{pitch // 12 - 1}"


def spell(letter: str, pitch_class: int) -> str:
    """The name of a pitch class on a given letter: ("B", 10) is "Bb"; at most two accidentals, else the plainest name."""
    difference = (pitch_class - LETTERS[letter] + 6) % 12 - 6
    if abs(difference) > 2:
        return FLAT_NAMES[pitch_class % 12]
    return letter + ("#" * difference if difference >= 0 else "b" * -difference)
