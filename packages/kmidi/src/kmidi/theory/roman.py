"""Roman numerals, always counted on the major scale of the tonic: in A minor F is bVI and G is bVII, in every mode.

So one numeral is one distance from the tonic whatever the mode, a borrowed chord is spelled alike where it is borrowed
and where it is at home, and no numeral changes meaning with the key's mode.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..errors import IntentError
from .chord import Chord, quality_id
from .key import Key

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_DEGREE_OF_STEP = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_PATTERN = re.compile(r"(?P<accidental>[#b♯♭]?)(?P<numeral>VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?P<rest>.*)")
_FIGURES = {"6": 1, "64": 2, "65": 1, "43": 2, "42": 3}
_MINOR_QUALITIES = {"": "m", "7": "m7", "maj7": "mmaj7", "6": "m6", "9": "m9", "11": "m11", "add9": "madd9"}

_PLAIN_QUALITIES = {minor: plain for plain, minor in _MINOR_QUALITIES.items()}


@lru_cache(maxsize=512)
def roman_to_chord(roman: str, key: Key) -> Chord:
    """The chord of a numeral in a key: "iv" in F is Bbm, "V7/V" in C is D7, "I/3" has its third in the bass.

    A quality id may follow the numeral ("IVmaj7", "viiø7", "Vsus4"); a lower-case numeral is minor; "/3", "/5", "/7"
    is an inversion; "/V" a secondary function; "64", "65", "43", "42" after a dot are figured bass ("V.65").
    IntentError where it can't be read.
    """
    head, _, tail = roman.partition("/")
    if tail == "9" and head.endswith("6"):
        head, tail = roman, ""
    if "/" in tail:
        tail, _, inversion = tail.partition("/")
        return _inverted(roman_to_chord(f"{head}/{tail}", key), inversion, roman)
    if tail and tail not in ("3", "5", "7", "2", "4"):
        target = roman_to_chord(tail, key)
        return roman_to_chord(head, Key.of(target.root, "aeolian" if target.family == "min" else "ionian"))
    match = _PATTERN.fullmatch(head)
    if not match:
        raise IntentError(
            f"{roman!r} is no Roman numeral; legal: I..VII or i..vii, with b or # before and a quality behind"
        )
    step = _MAJOR[_NUMERALS.index(match["numeral"].upper())] + {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(
        match["accidental"], 0
    )
    rest, _, figure = match["rest"].partition(".")
    if figure and figure not in _FIGURES:
        raise IntentError(f"{roman!r}: unknown figure {figure!r}; legal: {', '.join(_FIGURES)}")
    quality = quality_id(rest)
    if figure in ("65", "43", "42") and quality == "":
        quality = "7"
    if match["numeral"].islower():
        quality = _MINOR_QUALITIES.get(quality, quality)
    chord = Chord(key.pitch_class + step, quality)
    if figure:
        return Chord(chord.root, quality, (chord.root + chord.intervals[_FIGURES[figure]]) % 12)
    return _inverted(chord, tail, roman) if tail else chord


def _inverted(chord: Chord, inversion: str, roman: str) -> Chord:
    names = {"2": (2, 14), "3": (4, 3), "4": (5,), "5": (7, 6, 8), "7": (11, 10, 9)}
    for step in names.get(inversion, ()):
        if step in chord.intervals:
            return Chord(chord.root, chord.quality, (chord.root + step) % 12)
    raise IntentError(f"{roman!r}: the chord has no {inversion!r} to put in the bass")


@lru_cache(maxsize=4096)
def chord_to_roman(chord: Chord, key: Key) -> str:
    """The numeral of a chord in a key, the inverse of roman_to_chord for chords without secondary function."""
    numeral = _DEGREE_OF_STEP[(chord.root - key.pitch_class) % 12]
    quality = chord.quality
    if quality in _PLAIN_QUALITIES:
        numeral, quality = numeral.replace("V", "v").replace("I", "i"), _PLAIN_QUALITIES[quality]
    elif chord.family == "dim":
        numeral = numeral.replace("V", "v").replace("I", "i")
    if chord.bass == chord.root:
        return numeral + quality
    step = (chord.bass - chord.root) % 12
    degree = {2: "2", 3: "3", 4: "3", 5: "4", 6: "5", 7: "5", 8: "5", 9: "7", 10: "7", 11: "7"}.get(step)
    known = degree and step in {s % 12 for s in chord.intervals}
    return f"{numeral}{quality}/{degree}" if known else f"{numeral}{quality}"
