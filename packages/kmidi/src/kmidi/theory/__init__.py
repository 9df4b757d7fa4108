"""Facts and arithmetic of music: pitch, key, chord, Roman numeral, meter."""

from .chord import QUALITIES, Chord
from .key import MODES, Key
from .meter import Meter
from .pitch import pitch_class, pitch_name
from .roman import chord_to_roman, roman_to_chord

__all__ = [
    "MODES",
    "QUALITIES",
    "Chord",
    "Key",
    "Meter",
    "chord_to_roman",
    "pitch_class",
    "pitch_name",
    "roman_to_chord",
]
