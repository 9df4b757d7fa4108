"""What is heard in a score: analyze(score) -> Analysis. Each reading cites its method and carries a confidence."""

from __future__ import annotations

import numpy as np

from ..errors import TooLittleMusic
from ..score import Score
from ..theory import Meter
from .chord_net import fits
from .chords import hear_chords, with_numerals
from .describe import chord_symbols, describe, repaired, said_once
from .diagnosis import diagnose
from .feeling import find_feeling
from .form import compared, find_form, phrase_odds
from .grooves import find_grooves
from .heard import Heard
from .key_areas import key_areas
from .keys import find_key, find_sections
from .lines import find_melody, find_textures
from .piece import Piece
from .pulse import SURE, find_pulse, grid_confidence, to_ticks
from .reach import past_grid, within_reach
from .result import Analysis, Finding, Fix
from .tempo import lasting_bpm, lasting_meter

USUAL_BEATS = 4  # in a bar whose beats can't be counted
AT_HAND = 1 << 21  # bytes, more than a song's arrays take at once

# The GNU C library gives back to the system at once what is freed beyond twice the largest block freed so far, and asks
# for it anew for the next array: a fifth of an analysis. One block freed here, never written to, keeps that at hand.
np.empty(AT_HAND, np.uint8)

__all__ = ["Analysis", "Finding", "Fix", "analyze", "chord_symbols", "describe", "said_once"]


def analyze(score: Score) -> Analysis:
    """Everything heard in a score. TooLittleMusic where it has not one note."""
    if not score.sounding:
        raise TooLittleMusic("the score has no notes; at least one is needed to say anything about it")
    score, unheard = within_reach(score)
    written = heard = Heard.of(score)
    grid = grid_confidence(score)
    free = not grid
    # what looks at notes alone comes first, one behind the other: the large arrays below would push it out of the caches
    textures = find_textures(score)
    melody = find_melody(score, textures)
    grooves = () if grid < SURE else find_grooves(score)  # without a grid nothing is late, and no half is longer
    feeling = find_feeling(score)
    pulse = find_pulse(score) if free else None
    if pulse:
        heard = heard.on(to_ticks(score, pulse.beats), pulse.per_bar or USUAL_BEATS, pulse.first)
    bars = compared(heard)
    chords, chord_confidences, lowest = hear_chords(heard, fits(heard), bars and bars.returns)
    starts = phrase_odds(bars) if bars else None
    areas = key_areas(heard, starts)
    key, key_confidence = find_key(heard, lowest, chords, areas)
    keys = find_sections(heard, key, chords, areas)
    chords = with_numerals(chords, key, keys)
    meter, meter_confidence = lasting_meter(score)
    bpm, bpm_confidence = lasting_bpm(score)
    meter_confidence, bpm_confidence = grid * meter_confidence, grid * bpm_confidence
    if free:
        meter, meter_confidence = (
            (Meter(pulse.per_bar, 4), pulse.confidence) if pulse and pulse.per_bar else (None, 0.0)
        )
        bpm, bpm_confidence = (pulse.bpm, pulse.confidence) if pulse else (None, 0.0)
    piece = Piece(
        score=score, heard=written, key=key, keys=keys, chords=chords, melody=melody, textures=textures,
        bar_starts=written.bars.tolist(), on_grid=grid >= SURE,
    )  # fmt: skip
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
        pulse=pulse.told() if pulse else None,
        form=find_form(heard, bars, starts) if bars and starts is not None else None,
        melody=melody,
        textures=textures,
        grooves=grooves,
        feeling=feeling,
        findings=unheard + past_grid(heard) + diagnose(piece),
        repairs=tuple(repaired(score)),
    )
