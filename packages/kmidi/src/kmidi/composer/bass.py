"""The bass: the chord's bass where the kick is, other chord tones between, a step into the next chord."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import inf

from ..plan import PartPlan
from ..score import ChordSpan
from ..tables import QUANTILES, counts, patterns
from .cells import SLOT, Bar, pattern_bars
from .chords import fullness, loudness
from .hands import touch_of
from .stage import Heard, Passage, Row, Stage

KICKS = (35, 36)


def write_bass(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The part's pattern on each chord; patterns that leave room put their roots where the kick drum strikes."""
    pattern = patterns()[part.pattern if part.pattern in patterns() else "roots"]
    kicks = (
        {onset for onset, _, pitch, _ in heard.get("drums", ()) if pitch in KICKS}
        if pattern.id == "roots"
        else set[int]()
    )
    rows: list[Row] = []
    low, high = part.register
    part = replace(
        part, register=(min(high - 12, low + round(9 * stage.habits.depth)) if high - low > 12 else low, high)
    )
    at_pitch = part.register[0] + 7
    levels = pattern.compound if stage.plan.meter.is_compound else pattern.levels
    for passage in stage.played(part):
        bars = pattern_bars(pattern, int(fullness(part, passage) * len(levels)), stage.plan.meter)
        at_pitch = _write(stage, passage, part, pattern.hold, bars, kicks, at_pitch, rows)
    return rows


def _write(
    stage: Stage, passage: Passage, part: PartPlan, hold: str, bars: tuple[Bar, ...], kicks: set[int], at_pitch: int, rows: list[Row]
) -> int:  # fmt: skip
    low, high = part.register
    velocity = loudness(part, passage, 48, 50)
    held = counts().touch["low"][touch_of(stage, part)] if kicks else ()
    changes, scale = {span.onset for span in passage.chords}, stage.plan.key.pitch_classes
    walks = 32 * stage.habits.walks
    spans = passage.chords
    index, span = 0, spans[0]
    end = span.onset + span.duration
    coming = spans[1] if len(spans) > 1 else passage.next_chord
    struck = _struck(stage, passage, bars, kicks, changes)
    onsets = sorted(struck)
    stop = passage.start  # the end of the bar
    for onset, following in zip(onsets, [*onsets[1:], passage.end], strict=True):
        while onset >= stop:
            stop += passage.bar_ticks
        while onset >= end:
            index += 1
            span = spans[index]
            end = span.onset + span.duration
            coming = spans[index + 1] if index + 1 < len(spans) else passage.next_chord
        until = following if following < stop else stop
        what = struck[onset]
        if kicks and what == "R" and until >= end and onset not in changes and onset // SLOT * 7 % 32 < walks:
            what = "A"  # a step into the next chord
        if what == "A" and (until < end or coming is None or coming.chord.bass == span.chord.bass):
            what = "5"
        if what == "R":
            pitch = at_pitch = _root(span.chord.bass, at_pitch, low, high)
        else:
            pitch = _pitch(what, span, coming, scale, at_pitch, low, high)
        gap = min(until, end) - onset
        if hold == "short":
            length = min(gap, 150)
        elif held:  # as players of low notes hold them
            sixteenths = held[min(16, (until - onset) // SLOT)][(onset // SLOT * 37 + pitch * 11) % QUANTILES]
            length = min(SLOT * sixteenths, gap)
        elif hold == "tenuto":
            length = max(60, round(gap * (0.7 + 0.28 * part.legato)))
        else:
            length = end - onset if hold == "full" and until >= end else gap
        rows.append((onset, length, pitch, velocity + (5 if onset in changes else 0)))
    return at_pitch


def _struck(
    stage: Stage, passage: Passage, bars: tuple[Bar, ...], kicks: set[int], changes: set[int]
) -> dict[int, str]:
    """What a section's bass strikes by onset: its pattern, with the kicks, the root where the chord changes."""
    if kicks and passage.section.energy <= stage.habits.calm:
        bars, kicks = ((),), set()
    struck = {
        start + slot * SLOT: what
        for bar, start in enumerate(range(passage.start, passage.end, passage.bar_ticks))
        for slot, what in bars[bar % len(bars)]
    }
    if kicks:
        struck = {onset: what for onset, what in struck.items() if onset in kicks or what != "R" or onset in changes}
        if passage.section.energy > 0.35:
            for onset in kicks.intersection(range(passage.start, passage.end, SLOT)):
                struck.setdefault(onset, "R")
    struck.update(dict.fromkeys(changes, "R"))
    held = passage.start + -(-(stage.closing() - passage.start) // passage.bar_ticks) * passage.bar_ticks
    if held >= passage.end:
        return struck
    return {onset: what for onset, what in struck.items() if onset < held or onset in changes}


def _pitch(
    what: str, span: ChordSpan, coming: ChordSpan | None, scale: tuple[int, ...], near: int, low: int, high: int
) -> int:
    root = _root(span.chord.bass, near, low, high)
    if what == "A" and coming is not None:
        goal = _root(coming.chord.bass, root, low, high)
        step = goal - 1 if goal > root else goal + 1
        wide = goal - 2 if goal > root else goal + 2
        choice = wide if wide % 12 in scale and step % 12 not in scale else step
        return choice if low <= choice <= high else step if low <= step <= high else root
    steps = {s % 12 for s in span.chord.intervals}
    above = (span.chord.root - span.chord.bass) % 12
    options = {"5": (7, 6, 8), "3": (4, 3, 5, 2), "7": (10, 11, 9, 7), "8": (0,)}[what]
    step = next((s for s in options if s in steps), 0)
    pitch = root + (above + step) % 12
    if what == "8" or (step == 0 and above == 0):
        pitch = root + 12
    return pitch if pitch <= high else pitch - 12 if pitch - 12 >= low else root


@lru_cache(maxsize=1024)
def _root(pitch_class: int, near: int, low: int, high: int) -> int:
    """The pitch of a class in low..high nearest to a pitch, the lower half of the register preferred; low if none is."""
    best, least = low, inf
    for pitch in range(low + (pitch_class - low) % 12, high + 1, 12):
        away = abs(pitch - near) + 0.35 * max(0, pitch - (low + 14))
        if away < least:
            best, least = pitch, away
    return best
