"""kmidi: a feeling, in a person's own words, becomes music; a MIDI file is understood, diagnosed and changed."""

from .errors import IntentError, KmidiError, MidiError, NotFound, StudioUnavailable, TableError, TooLittleMusic
from .intent import Affect, Feeling, HitPoint, Intent, SectionWish
from .plan import Plan
from .score import Part, Score

__all__ = [
    "Affect",
    "Feeling",
    "HitPoint",
    "Intent",
    "IntentError",
    "KmidiError",
    "MidiError",
    "NotFound",
    "Part",
    "Plan",
    "Score",
    "SectionWish",
    "StudioUnavailable",
    "TableError",
    "TooLittleMusic",
]
