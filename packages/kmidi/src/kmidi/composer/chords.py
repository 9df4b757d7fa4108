"""The chord part and the pad: patterns over voicings that move as little as they can."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ..plan import PartPlan
from ..tables import QUANTILES, Pattern, counts, patterns
from ..theory import Chord
from .cells import SLOT, Bar, pattern_bars
from .hands import Slots, by_bar, free_bars, rungs, strokes, touch_of
from .stage import Heard, Passage, Row, Stage
from .voicing import Voicing, ladder, voice

Held = Mapping[str, tuple[tuple[int, ...], ...]]  # hand: 16ths to the next stroke: lengths in 16ths


def write_chords(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The chords in the part's pattern, fuller with energy; sections of one kind share their cells."""
    pattern = patterns()[part.pattern if part.pattern in patterns() else "comping"]
    rows: list[Row] = []
    placed: Voicing = ()
    free = not pattern.levels
    tune = by_bar(heard.get("melody", []), stage.bar_ticks) if free else {}
    bass = by_bar(heard.get("bass", []), stage.bar_ticks) if free else {}
    kind = touch_of(stage, part)
    held = {hand: kinds[kind] for hand, kinds in counts().touch.items()}
    for passage in stage.played(part):
        bars = _bars(stage, passage, part, pattern, tune, bass)
        placed = _write(passage, part, pattern, bars, placed, stage.closing(), held, rows)
    return rows


def write_pad(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Each chord held; a tone that the next chord shares is tied where the pattern holds in full."""
    row = patterns().get(part.pattern)
    tied = row is None or row.hold == "full"
    kind = row.voicing if row is not None and row.voicing != "ladder" else "open"
    voices = row.notes if row is not None else 4
    rows: list[Row] = []
    previous: Voicing = ()
    open_notes: dict[int, tuple[int, int]] = {}
    end = 0
    for passage in stage.played(part):
        velocity = loudness(part, passage, 34, 40)
        for span in passage.chords:
            if span.onset != end:
                rows += [(at, end - at, pitch, v) for pitch, (at, v) in open_notes.items()]
                open_notes = {}
            previous = voice(span.chord, *part.register, voices, previous, kind)
            for pitch in [p for p in open_notes if not tied or p not in previous or span.onset == passage.start]:
                at, v = open_notes.pop(pitch)
                rows.append((at, span.onset - at, pitch, v))
            for pitch in previous:
                open_notes.setdefault(pitch, (span.onset, velocity))
            end = span.onset + span.duration
    rows += [(at, end - at, pitch, v) for pitch, (at, v) in open_notes.items()]
    return rows


def loudness(part: PartPlan, passage: Passage, least: int, reach: int) -> int:
    """The velocity that a part's loudness and the section's energy ask for."""
    return round(least + reach * part.loudness * (0.6 + 0.4 * passage.section.energy))


def fullness(part: PartPlan, passage: Passage) -> float:
    """How much a part plays in a section, 0..1: its density and the section's energy."""
    return min(0.999, max(0.0, 0.45 * part.density + 0.55 * passage.section.energy))


def _bars(
    stage: Stage, passage: Passage, part: PartPlan, pattern: Pattern, tune: Slots, bass: Slots
) -> tuple[Bar, ...]:
    """The bars that the section cycles through."""
    # what a kind of section plays first it plays whenever it returns
    full = fullness(part, next(p for p in stage.passages if p.section.kind == passage.section.kind))
    meter = stage.plan.meter
    if pattern.levels or meter.is_compound:
        levels = pattern.compound if meter.is_compound else pattern.levels
        return pattern_bars(pattern, int(full * len(levels)), meter)
    return free_bars(stage, passage, part, full, tune, bass)


def _write(
    passage: Passage,
    part: PartPlan,
    pattern: Pattern,
    bars: tuple[Bar, ...],
    placed: Voicing,
    closing: int,
    held: Held,
    rows: list[Row],
) -> Voicing:
    low, high = part.register
    spans = passage.chords
    index, span = 0, spans[0]
    end = span.onset + span.duration
    velocity = loudness(part, passage, 36, 46)
    on_rungs = pattern.voicing == "ladder"
    now = _place(span.chord, low, high, pattern, placed, rung=on_rungs)
    for bar in range(passage.section.bars):
        start = passage.bar_start(bar)
        cell, hold = bars[bar % len(bars)], pattern.hold
        if start >= closing:
            changes = sorted({0, *((s.onset - start) // SLOT for s in spans if s.onset > start)})
            cell, hold = tuple((slot, "0,2,3,4" if on_rungs else "*") for slot in changes), "full"
        fingers = strokes(cell) if hold == "ring" else ()
        for at, (slot, what) in enumerate(cell):
            onset = start + slot * SLOT
            while onset >= end:
                index += 1
                span = spans[index]
                end = span.onset + span.duration
                now = _place(span.chord, low, high, pattern, now, rung=on_rungs)
            following = start + cell[at + 1][0] * SLOT if at + 1 < len(cell) else start + passage.bar_ticks
            left = end - onset
            gap = following - onset if following < end else left
            loud = velocity + (6 if slot == 0 else 2 if slot % 4 == 0 else -3)
            if hold != "ring":
                length = _length(hold, gap, left, part.legato)
                rows += [(onset, length, pitch, loud) for pitch in _struck(what, now)]
                continue
            top, place = len(now) - 1, onset // SLOT * 37
            for rung, hand, until in fingers[at]:
                pitch = now[rung if rung < top else top]
                ring = SLOT * held[hand][until][(place + pitch * 11) % QUANTILES]
                rows.append((onset, left if ring > left else ring, pitch, loud))
    return now


def _place(chord: Chord, low: int, high: int, pattern: Pattern, previous: Voicing, *, rung: bool) -> Voicing:
    if rung:
        return ladder(chord, low, high, previous[0] if previous else low + 5)
    return voice(chord, low, high, pattern.notes, previous, pattern.voicing)


@lru_cache(maxsize=1024)
def _struck(what: str, voicing: Voicing) -> Voicing:
    if what == "*":
        return voicing
    if what == "u":
        return voicing[1:] or voicing
    top = len(voicing) - 1
    return tuple(dict.fromkeys(voicing[min(rung, top)] for rung in rungs(what)))


def _length(hold: str, gap: int, left: int, legato: float) -> int:
    if hold == "short":
        return max(60, min(gap, round(70 + 110 * legato)))
    if hold == "full":
        return left
    return max(60, round(gap * (0.55 + 0.43 * legato)))
