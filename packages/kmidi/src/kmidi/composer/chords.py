"""The chord part and the pad: patterns over voicings that move as little as they can."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from ..plan import PartPlan
from ..tables import QUANTILES, TOUCHES, Pattern, counts, instruments, patterns
from ..theory import Chord
from .cells import SLOT, Bar, pattern_bars
from .habits import MOVED
from .hands import by_bar, free_hands, rungs, strokes, touch_of
from .leading import Sounding
from .stage import Heard, Passage, Row, Stage
from .voicing import MUD, Voicing, climbed, ladder, voice

_ROOM = 14  # semitones that chords keep where the tune lies low
_CLIMB = 24  # and that arpeggios climb through
_DIPS = 8  # one in so many notes of the tune may dip into them
_LONG = 8 * SLOT  # a low note may lie where its chord has more than so long to go
# 16ths by which it is then let go before its chord goes, as counted
_EARLY = (1, 2, 3, 2, 4, 3, 5, 3, 2, 1, 4, 3, 2, 6, 3, 2)
Held = Mapping[str, tuple[tuple[int, ...], ...]]  # hand: 16ths to the next stroke: lengths in ticks


def write_chords(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The chords in the part's pattern, fuller with energy; sections of one kind share their cells."""
    pattern = patterns()[part.pattern if part.pattern in patterns() else "comping"]
    rows: list[Row] = []
    placed: Voicing = ()
    free = not pattern.levels and not stage.plan.meter.is_compound
    fulls = _fulls(stage, part)
    freely: dict[str, tuple[Bar, ...]] = {}
    places: dict[str, float] = {}
    if free:
        tune, bass = (by_bar(heard.get(role, []), stage.bar_ticks) for role in ("melody", "bass"))
        freely = free_hands(stage, part, fulls, tune, bass)
        places = {
            kind: stage.habits.roams * stage.stream(kind, f"{part.name}/place").bell()
            for kind in {p.section.kind for p in stage.passages}
        }
    (low, high), tool = part.register, instruments()[part.instrument]
    fixed = free or pattern.voicing == "guitar"  # shapes lie where hands find them
    room = _CLIMB if pattern.voicing == "ladder" else _ROOM
    kind, scale = touch_of(stage, part), stage.plan.key.pitch_classes
    held = _held(kind)
    bottom = low
    for passage in stage.played(part):
        bars = freely.get(passage.section.name) or _bars(stage, passage, pattern, fulls)
        if free:  # the hands lie elsewhere in each kind of section, not over the tune
            bottom = max(tool.low, round(low + min(places[passage.section.kind], 4)))
        register = bottom, high
        if not fixed:
            register = under(heard.get("melody", []), passage, part, room)
        placed = _write(
            passage, part, register, pattern, bars, placed, stage.closing(), held, stage.habits.lies, scale, rows
        )
    return rows


def write_pad(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """Each chord held, between bass and tune; a tone that the next chord shares is tied where the pattern holds in full."""
    row = patterns().get(part.pattern)
    tied = row is None or row.hold == "full"
    kind = row.voicing if row is not None and row.voicing != "ladder" else "open"
    voices = row.notes if row is not None else 4
    rows: list[Row] = []
    previous: Voicing = ()
    open_notes: dict[int, tuple[int, int]] = {}
    end = 0
    tune, bass = heard.get("melody", []), Sounding(heard.get("bass", []))
    for passage in stage.played(part):
        velocity = loudness(part, passage, 34, 40)
        low, high = under(tune, passage, part)
        for span in passage.chords:
            if span.onset != end:
                rows += [(at, end - at, pitch, v) for pitch, (at, v) in open_notes.items()]
                open_notes = {}
            previous = _above(bass.at(span.onset), voice(span.chord, low, high, voices, previous, kind))
            for pitch in [p for p in open_notes if not tied or p not in previous or span.onset == passage.start]:
                at, v = open_notes.pop(pitch)
                rows.append((at, span.onset - at, pitch, v))
            for pitch in previous:
                open_notes.setdefault(pitch, (span.onset, velocity))
            end = span.onset + span.duration
    rows += [(at, end - at, pitch, v) for pitch, (at, v) in open_notes.items()]
    return rows


def _above(bass: int, voicing: Voicing) -> Voicing:
    """A voicing in which what lies below the bass, and would be one itself, sounds an octave higher."""
    return tuple(sorted({pitch + 12 if pitch < bass else pitch for pitch in voicing}))


def under(tune: list[Row], passage: Passage, part: PartPlan, room: int = _ROOM) -> tuple[int, int]:
    """A part's register, or what of it lies under the tune of a passage; where that is less than a room (semitones) it
    reaches down, as far as sounds clear, before it goes over the tune.
    """
    low, high = part.register
    sung = sorted(row[2] for row in tune[bisect_left(tune, (passage.start,)) : bisect_left(tune, (passage.end,))])
    if not sung:
        return low, high
    roof, tool = sung[len(sung) // _DIPS] - 1, instruments()[part.instrument]
    if tool.family != "guitar":  # its low strings lie a fourth apart, too far for close chords
        low = min(low, max(MUD, tool.low, roof - room))
    return low, min(high, max(low + _ROOM, roof))


def loudness(part: PartPlan, passage: Passage, least: int, reach: int) -> int:
    """The velocity that a part's loudness and the section's energy ask for."""
    return round(least + reach * part.loudness * (0.23 + passage.section.energy))


def fullness(part: PartPlan, passage: Passage) -> float:
    """How much a part plays in a section, 0..1: its density and the section's energy."""
    return min(0.999, max(0.0, 0.45 * part.density + 0.55 * passage.section.energy))


def _fulls(stage: Stage, part: PartPlan) -> dict[str, float]:
    """How full each section (by name) is: what a kind plays first it plays whenever it returns, unless the story moved on."""
    first: dict[str, Passage] = {}
    fulls: dict[str, float] = {}
    for passage in stage.passages:
        section = passage.section
        if abs(section.energy - first.setdefault(section.kind, passage).section.energy) > MOVED:
            first[section.kind] = passage
        fulls[section.name] = fullness(part, first[section.kind])
    return fulls


def _bars(stage: Stage, passage: Passage, pattern: Pattern, fulls: Mapping[str, float]) -> tuple[Bar, ...]:
    """The bars that the section cycles through."""
    meter = stage.plan.meter
    levels = pattern.compound if meter.is_compound else pattern.levels
    return pattern_bars(pattern, int(fulls[passage.section.name] * len(levels)), meter)


def _write(
    passage: Passage, part: PartPlan, register: tuple[int, int], pattern: Pattern, bars: tuple[Bar, ...],
    placed: Voicing, closing: int, held: Held, lies: float, scale: tuple[int, ...], rows: list[Row]
) -> Voicing:  # fmt: skip
    low, high = register
    spans = passage.chords
    index, span = 0, spans[0]
    end = span.onset + span.duration
    velocity = loudness(part, passage, 36, 46)
    on_rungs = pattern.voicing == "ladder"
    tones = [*[each.chord.pitch_classes for each in spans], ()]
    now = _place(span.chord, low, high, pattern, placed, rung=on_rungs)
    tells, reach, coming = _tells(tones[index], scale), climbed(now), tones[index + 1]
    up, under = held["up"], held["low"]
    lain = 0  # when the low note that lies ends
    for bar in range(passage.section.bars):
        start = passage.bar_start(bar)
        cell, hold = bars[bar % len(bars)], pattern.hold
        if start >= closing:
            changes = sorted({0, *((s.onset - start) // SLOT for s in spans if s.onset > start)})
            cell, hold = tuple((slot, "0,2,3,4" if on_rungs else "*") for slot in changes), "full"
        elif hold != "ring":
            cell = _with_changes(
                cell, [(s.onset - start) // SLOT for s in spans if start <= s.onset < start + passage.bar_ticks]
            )
        fingers = strokes(cell) if hold == "ring" else ()
        for at, (slot, what) in enumerate(cell):
            onset = start + slot * SLOT
            while onset >= end:
                index += 1
                span = spans[index]
                end = span.onset + span.duration
                now = _place(span.chord, low, high, pattern, now, rung=on_rungs)
                tells, reach, coming = _tells(tones[index], scale), climbed(now), tones[index + 1]
            left = end - onset
            loud = velocity + (6 if slot == 0 else 2 if slot % 4 == 0 else -3)
            if hold != "ring":
                length = _length(hold, min(left, _gap(cell, at, passage)), left, part.legato)
                rows += [(onset, length, pitch, loud) for pitch in _struck(what, now)]
                continue
            place = onset // SLOT * 37
            if tells:  # what is off the scale in a chord is heard where it comes in
                gap, struck = min(left, _gap(cell, at, passage)), {reach[rung] % 12 for rung, _ in fingers[at]}
                rows += [(onset, gap, p, loud) for p in now[1:] if p % 12 in tells and p % 12 not in struck][:1]
                tells = ()
            for rung, until in fingers[at]:
                pitch = reach[rung]
                if rung:
                    ring = up[until][(place + pitch * 11) % QUANTILES]
                elif onset < lain:  # the low note lies still: another finger strikes, if none else does
                    if len(fingers[at]) > 1:
                        continue
                    ring = under[until][(place + pitch * 11) % QUANTILES]
                    pitch = reach[2]
                elif left > _LONG and onset <= span.onset + 2 * SLOT and (place + pitch * 29) % 64 < lies * 64:
                    ring = left - SLOT * _EARLY[(place + pitch) % 16]
                    lain = onset + ring
                else:
                    ring = under[until][(place + pitch * 11) % QUANTILES]
                if ring > left and pitch % 12 not in coming:  # what the next chord has too may ring into it
                    ring = left
                rows.append((onset, ring, pitch, loud))
    return now


@lru_cache(maxsize=TOUCHES)
def _held(kind: int) -> Held:
    """How long a kind of players holds a note in each hand."""
    return {
        hand: tuple(tuple(SLOT * length for length in lengths) for lengths in kinds[kind])
        for hand, kinds in counts().touch.items()
    }


def _gap(cell: Bar, at: int, passage: Passage) -> int:
    """Ticks from a stroke of a bar to the next, or to the end of the bar."""
    return (cell[at + 1][0] * SLOT if at + 1 < len(cell) else passage.bar_ticks) - cell[at][0] * SLOT


@lru_cache(maxsize=1024)
def _tells(tones: tuple[int, ...], scale: tuple[int, ...]) -> tuple[int, ...]:
    """The pitch classes of a chord above its root that are off a scale."""
    return tuple(p for p in tones[1:] if p not in scale)


def _place(chord: Chord, low: int, high: int, pattern: Pattern, previous: Voicing, *, rung: bool) -> Voicing:
    if rung:
        return ladder(chord, low, high, previous[0] if previous else low + 5)
    return voice(chord, low, high, pattern.notes, previous, pattern.voicing)


def _with_changes(cell: Bar, changes: Sequence[int]) -> Bar:
    """A bar's strokes, and one more, as its first is, on each change (a slot) of chord that would pass without a stroke."""
    passed = [at for at, end in pairwise((*changes, 1 << 16)) if not any(at <= slot < end for slot, _ in cell)]
    return tuple(sorted((*cell, *((at, cell[0][1]) for at in passed)))) if cell and passed else cell


@lru_cache(maxsize=256)
def _struck(what: str, voicing: Voicing) -> Voicing:
    if what == "*":
        return voicing
    if what == "u":
        return voicing[1:] or voicing
    return tuple(dict.fromkeys(climbed(voicing)[rung] for rung in rungs(what)))


def _length(hold: str, gap: int, left: int, legato: float) -> int:
    if hold == "short":
        return max(60, min(gap, round(70 + 110 * legato)))
    if hold == "full":
        return left
    return max(60, round(gap * (0.55 + 0.43 * legato)))
