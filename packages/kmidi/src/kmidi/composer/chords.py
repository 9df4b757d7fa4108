"""The chord part and the pad: patterns over voicings that move as little as they can."""

from __future__ import annotations

from functools import lru_cache

from ..plan import PartPlan
from ..streams import Stream
from ..tables import Pattern, patterns
from .cells import SLOT, Bar, counted_bar, pattern_bars, slots_of
from .stage import Heard, Passage, Row, Stage
from .voicing import Voicing, ladder, voice


def write_chords(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The chords in the part's pattern, fuller with energy; sections of one kind share their cells."""
    pattern = patterns()[part.pattern if part.pattern in patterns() else "comping"]
    rows: list[Row] = []
    placed: Voicing = ()
    for passage in stage.played(part):
        bars = _bars(stage, passage, part, pattern, heard)
        placed = _write(passage, part, pattern, bars, placed, stage.closing(), stage.habits.pedal, rows)
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


def _bars(stage: Stage, passage: Passage, part: PartPlan, pattern: Pattern, heard: Heard) -> tuple[Bar, ...]:
    """The bars that the section cycles through."""
    # what a kind of section plays first it plays whenever it returns
    full = fullness(part, next(p for p in stage.passages if p.section.kind == passage.section.kind))
    meter = stage.plan.meter
    if pattern.levels or meter.is_compound:
        levels = pattern.compound if meter.is_compound else pattern.levels
        return pattern_bars(pattern, int(full * len(levels)), meter)
    tune, bass = (
        [onset for onset, _, _, _ in heard.get(role, ()) if passage.start <= onset < passage.end]
        for role in ("melody", "bass")
    )
    return _played_freely(stage, passage, part, full, tune, bass)


def _played_freely(
    stage: Stage, passage: Passage, part: PartPlan, full: float, tune: list[int], bass: list[int]
) -> tuple[Bar, ...]:
    """A bar for each bar of the section: the kind's own cells, varied as often as the players are loose, calm at closes.

    Where the tune sings, a share of the strokes between its onsets stays out of its way; the hands strike with the bass.
    """
    habits, slots = stage.habits, slots_of(stage.plan.meter)
    own = stage.stream(passage.section.kind, part.name)
    once = stage.stream(passage.section.name, part.name)
    full = min(0.999, max(0.0, 2.2 * full - 0.6))
    thick = min(1.0, max(0.0, 1.05 * habits.thick - 0.33 + 0.6 * (full - 0.5)))

    fine, many = own.chance(habits.fine), max(0.55, 1.0 + 0.2 * habits.busy)

    def fresh(stream: Stream, share: float = 1.0, like: Bar = ()) -> Bar:
        onsets = share * many * ((1.5 + 6.5 * full) if fine else (1.2 + 3.3 * full))
        new = counted_bar(onsets, fine, slots, thick, stream)
        return (*(s for s in like if s[0] < 8), *(s for s in new if s[0] >= 8)) if like and stream.chance(0.6) else new

    sung, low = _by_bar(tune, passage), _by_bar(bass, passage)
    home = fresh(own)
    away = fresh(own, like=home)
    changes = habits.loose * (0.3 + 0.7 * habits.loose)
    bars: list[Bar] = []
    for bar in range(passage.section.bars):
        # what varies within a section comes again when the section does; returns differ where the players are loose
        varied, again, closes = own.unit(), once.unit(), bar % 4 == 3
        if closes and varied < 0.4:
            chosen = fresh(own, 0.4)
        elif varied > 1 - changes:
            chosen = fresh(own, like=home)
        else:
            chosen = away if closes or (bar % 2 and habits.busy > 0.3) else home
        if passage.section.variation and again < 0.2 * habits.loose * habits.loose:
            chosen = fresh(once, like=home)
        with_tune = sung.get(bar)
        if with_tune:
            chosen = tuple(
                s for s in chosen if s[0] in with_tune or s[0] % 8 == 0 or (s[0] * 5 + 3) % 16 >= habits.aside * 16
            )
        alone = low.get(bar, set[int]()) - {slot for slot, _ in chosen} - (with_tune or set[int]())
        if alone:
            chosen = tuple(sorted((*chosen, *((slot, "2,3") for slot in alone))))
        bars.append(chosen)
    return tuple(bars)


def _by_bar(onsets: list[int], passage: Passage) -> dict[int, set[int]]:
    """The slots of onsets in each bar of a passage that has some."""
    out: dict[int, set[int]] = {}
    for onset in onsets:
        bar, rest = divmod(onset - passage.start, passage.bar_ticks)
        out.setdefault(bar, set()).add(rest // SLOT)
    return out


def _write(
    passage: Passage,
    part: PartPlan,
    pattern: Pattern,
    bars: tuple[Bar, ...],
    placed: Voicing,
    closing: int,
    pedal: float,
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
        for at, (slot, what) in enumerate(cell):
            onset = start + slot * SLOT
            while onset >= end:
                index += 1
                span = spans[index]
                end = span.onset + span.duration
                now = _place(span.chord, low, high, pattern, now, rung=on_rungs)
            following = start + cell[at + 1][0] * SLOT if at + 1 < len(cell) else start + passage.bar_ticks
            gap = min(following, end) - onset
            stress = 6 if slot == 0 else 2 if slot % 4 == 0 else -3
            length = _length(hold, gap, end - onset, part.legato)
            if hold != "ring":
                rows += [(onset, length, pitch, velocity + stress) for pitch in _struck(what, now)]
                continue
            for rung, until in _rings(cell, at):
                # a share of the struck voices rings on until its finger is needed again
                # fingers differ: some stay until they are needed again, some leave early, some overlap the next stroke
                finger = (slot * 7 + rung * 5 + bar * 3) % 16
                pitch = now[min(rung, len(now) - 1)]
                held = (until * SLOT * (16 - finger)) // 16 if finger < pedal * 16 else round(length * _TOUCH[finger])
                rows.append((onset, max(60, min(end - onset, held)), pitch, velocity + stress))
    return now


# how long a finger stays against what is written: most as written, some leave early, some lie over the next strokes
_TOUCH = (1.0, 1.5, 1.0, 0.5, 2.0, 1.0, 3.0, 0.5, 1.0, 1.25, 0.75, 1.0, 2.5, 0.5, 1.5, 4.0)


@lru_cache(maxsize=16384)
def _rings(cell: Bar, at: int) -> tuple[tuple[int, int], ...]:
    """(voice, slots until it is struck again or the bar ends) of an onset of a bar."""
    slot, what = cell[at]
    out: list[tuple[int, int]] = []
    for rung in what.split(","):
        until = next((s for s, others in cell[at + 1 :] if rung in others.split(",")), 16)
        out.append((int(rung), until - slot))
    return tuple(out)


def _place(chord: object, low: int, high: int, pattern: Pattern, previous: Voicing, *, rung: bool) -> Voicing:
    if rung:
        return ladder(chord, low, high, previous[0] if previous else low + 5)  # type: ignore[arg-type]
    return voice(chord, low, high, pattern.notes, previous, pattern.voicing)  # type: ignore[arg-type]


def _struck(what: str, voicing: Voicing) -> Voicing:
    if what == "*":
        return voicing
    if what == "u":
        return voicing[1:] or voicing
    top = len(voicing) - 1
    return tuple({voicing[min(int(n), top)]: None for n in what.split(",")})


def _length(hold: str, gap: int, left: int, legato: float) -> int:
    if hold == "short":
        return max(60, min(gap, round(70 + 110 * legato)))
    if hold == "full":
        return left
    if hold == "ring":
        return max(60, round(gap * (0.7 + 0.3 * legato)))
    return max(60, round(gap * (0.55 + 0.43 * legato)))
