"""What is heard in a score: analyze(score) -> Analysis. Each reading cites its method and carries a confidence."""

from __future__ import annotations

from ..errors import TooLittleMusic
from ..score import Score
from .chord_net import fits
from .chords import hear_chords, with_numerals
from .describe import describe
from .diagnosis import Piece, diagnose
from .feeling import find_feeling
from .form import find_form
from .grooves import find_grooves
from .heard import Heard
from .keys import find_key, find_sections
from .lines import find_melody, find_textures
from .result import Analysis, Finding, Fix
from .tempo import lasting_bpm, lasting_meter

__all__ = ["Analysis", "Finding", "Fix", "analyze", "describe"]


def analyze(score: Score) -> Analysis:
    """Everything heard in a score. TooLittleMusic where it has not one note."""
    if not any(len(part.notes) for part in score.parts):
        raise TooLittleMusic("the score has no notes; at least one is needed to say anything about it")
    heard = Heard.of(score)
    chords, chord_confidences, lowest = hear_chords(heard, fits(heard))
    key, key_confidence = find_key(heard, lowest, chords)
    keys = find_sections(heard, key)
    chords = with_numerals(chords, key, keys)
    textures = find_textures(score)
    melody = find_melody(score, textures)
    meter, meter_confidence = lasting_meter(score)
    bpm, bpm_confidence = lasting_bpm(score)
    return Analysis(
        key=key,
        key_confidence=key_confidence,
        keys=keys,
        stated_key=score.keys[0].key if score.keys else None,
        meter=meter,
        meter_confidence=meter_confidence,
        bpm=bpm,
        bpm_confidence=bpm_confidence,
        chords=chords,
        chord_confidences=chord_confidences,
        form=find_form(heard),
        melody=melody,
        textures=textures,
        grooves=find_grooves(score),
        feeling=find_feeling(score),
        findings=diagnose(Piece(score=score, heard=heard, key=key, chords=chords, melody=melody, textures=textures)),
    )
