"""The counter-melody: answers in the melody's gaps, guide-tone lines under it, or an inner voice of four."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

import numpy as np

from ..plan import INNER, PartPlan
from ..score import ChordSpan
from .cells import SLOT
from .chords import loudness, under
from .leading import Sounding, is_parallel
from .melody import frame, sing, staff_line
from .phrasing import breathe
from .stage import Heard, Passage, Row, Stage, chord_at, table_of
from .telling import heard_in, telling
from .voicing import pitches_of


def write_counter(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """The part's pattern: "answer" fills the melody's rests, "inner" is a voice of a four-part texture, "chorale" one that
    sings each beat's syllable anew, else guide tones.
    """
    rows: list[Row] = []
    if part.pattern in INNER:
        return _inner(stage, part, heard)
    near = sum(part.register) // 2
    leads: list[Row] = []
    melody = heard.get("melody", [])
    line = staff_line(stage.plan.key, *part.register)
    for passage in stage.played(part):
        velocity = loudness(part, passage, 40, 42)
        silent = bisect_left(melody, (passage.start,)) == bisect_left(melody, (passage.end,))
        if part.pattern == "answer" and silent:  # nobody sings: this part does
            sing(stage, passage, passage, part, line, stage.stream(passage.section.kind, part.name), leads)
            continue
        before = len(rows)
        if part.pattern == "answer":
            _answer(stage, passage, part, melody, velocity, rows)
        # a full section wants a second line even where the tune leaves no gap
        if part.pattern != "answer" or (len(rows) == before and passage.section.energy > 0.85):
            near = _guide(passage, part, melody, near, velocity, rows)
    if not any(row[0] < stage.length for row in rows + leads):  # the tune left no room: a part that is there is heard
        for passage in stage.played(part):
            near = _guide(passage, part, melody, near, loudness(part, passage, 40, 42), rows)
    return sorted(rows) if part.pattern != "answer" else _one_line(sorted(rows + breathe(leads, part, stage)))


def _guide(passage: Passage, part: PartPlan, tune: list[Row], near: int, velocity: int, rows: list[Row]) -> int:
    """Thirds and sevenths under the tune, each the nearest to the one before; a tone that stays is tied."""
    low, high = under(tune, passage, part)
    for span in passage.chords:
        tones: tuple[int, ...] = span.chord.pitch_classes
        wanted = tones[1:4:2] if len(tones) > 3 else tones[1:]
        pitch = _nearest(wanted, near, low, high)
        if rows and rows[-1][2] == pitch and rows[-1][0] + rows[-1][1] == span.onset and span.onset != passage.start:
            onset, length, _, v = rows[-1]
            rows[-1] = (onset, length + span.duration, pitch, v)
        else:
            rows.append((span.onset, span.duration, pitch, velocity))
        near = pitch
    return near


def _nearest(classes: tuple[int, ...], near: int, low: int, high: int) -> int:
    middle, options = (low + high) / 2, pitches_of(classes, low, high)
    at = bisect_left(options, near)  # the nearest lies beside it, however far from the middle
    return min(options[max(0, at - 1) : at + 1] or (near,), key=lambda p: (abs(p - near) + 0.2 * abs(p - middle), p))


_CROSSED = 15.0  # what a crossing costs an inner voice, in semitones that it would go to keep its place
_RUNS = (
    (1, 1, 1),
    (-1, -1, 2),
    (2, -1, -1),
    (1, 1, -2, 1),
    (-1, -1, -1, 2),
    (1, 1, 1, 1, -1),
    (-1, 1, 1, 1),
    (0, 1, 0, -1, -1),
)  # staff steps


def _answer(stage: Stage, passage: Passage, part: PartPlan, melody: list[Row], velocity: int, rows: list[Row]) -> None:
    """Short runs over the chord wherever the melody leaves three quarters of a bar or more."""
    low, high = part.register
    tune = melody[bisect_left(melody, (passage.start,)) : bisect_left(melody, (passage.end,))]
    ends = [passage.start, *[onset + length for onset, length, _, _ in tune]]
    starts = [*[onset for onset, _, _, _ in tune], passage.end]
    least = min(stage.bar_ticks, 1920) * 3 // 8
    gaps = [
        (begin, start)
        for end, start in zip(ends, starts, strict=True)
        if start - end >= least and start - (begin := -(-end // (2 * SLOT)) * 2 * SLOT) >= least
    ]
    if not gaps:
        return
    stream = stage.stream(passage.section.kind, part.name)
    key = stage.plan.key
    for begin, start in gaps:
        if not stream.chance(0.85):
            continue
        steps = stream.choice(_RUNS)
        chord = chord_at(passage.chords, begin)
        framed = frame(key, chord)
        pitch = _nearest(chord.pitch_classes, (low + high) // 2 + 3, low, high)
        step = next((d for d, pc in enumerate(key.pitch_classes) if (pc + framed.bent[d]) % 12 == pitch % 12), 0)
        base = pitch - key.scale[step] - framed.bent[step]
        for index, move in enumerate((0, *steps)):
            step += move
            octave, degree = divmod(step, 7)
            tone = base + 12 * octave + key.scale[degree] + framed.bent[degree]
            onset = begin + index * 2 * SLOT
            if onset + 2 * SLOT <= start and low <= tone <= high:
                rows.append(
                    (onset, 2 * SLOT if index < len(steps) else min(start - onset, 8 * SLOT), tone, velocity + 6)
                )


def _one_line(rows: list[Row]) -> list[Row]:
    """The rows with each cut where the next begins; of two at once the later written (louder) stays."""
    out: list[Row] = []
    for row in rows:
        if out and out[-1][0] == row[0]:
            out[-1] = max(out[-1], row, key=lambda r: r[3])
            continue
        if out and out[-1][0] + out[-1][1] > row[0]:
            onset, _, pitch, velocity = out[-1]
            out[-1] = (onset, row[0] - onset, pitch, velocity)
        out.append(row)
    return out


def _inner(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """A voice that completes each chord, moves least and makes no parallel fifths or octaves with the voices it hears.

    Where all others hold it goes to another tone, oftener in full sections, and by steps over thirds.
    """
    bass = [Sounding(heard["bass"])] if heard.get("bass") else []
    above = [Sounding(heard["melody"])] if heard.get("melody") else []
    above += [Sounding(own) for own in _own_lines(heard.get("counter", []))]
    voices = [*bass, *above]
    moved = {onset for voice in voices for onset in voice.onsets}
    sings, closing = part.pattern == "chorale", stage.closing()
    low, high = part.register
    rows: list[Row] = []
    near, before = (low + high) // 2, -1
    beside = table_of([heard.get(role, []) for role in ("bass", "melody", "counter")])
    struck = np.zeros(beside.shape[1], bool)  # what others only touch tells no chord
    for passage in stage.played(part):
        velocity = loudness(part, passage, 44, 40)
        bits = heard_in(passage.chords, beside, struck)
        told = {span.onset: each for span, each in zip(passage.chords, bits, strict=True)}
        stream = stage.stream(passage.section.kind, f"{part.name}/moves")
        still = 0.7 * (1.0 - passage.section.energy)
        free = {
            start + beat
            for start in range(passage.start, min(passage.end, closing), stage.bar_ticks)
            for beat in stage.beats
            if not sings and start + beat not in moved and stream.unit() > still
        }
        moments = sorted({*free, *(tick for tick in moved if not sings or tick % (4 * SLOT) == 0)})
        for onset, length, span in _pieces(passage, moments):
            now = [voice.at(onset) for voice in voices]
            then = [voice.at(before) for voice in voices] if before >= 0 else []
            begins = onset == span.onset
            wanted = [tone for tone in telling(span.chord) if begins and not told[onset] >> tone & 1][:1]
            floor, over = (now[0], now[1:]) if bass else (0, now)
            leaves = near if onset in free and not begins else 0
            near = _choose(span, near, low, high, floor, over, then if before >= 0 else now, now, wanted, leaves)
            before = onset
            rows.append((onset, length, near, velocity))
    return rows if sings else _walked(_tied(rows), voices, moved, stage)


def _own_lines(rows: list[Row]) -> list[list[Row]]:
    """The lines of the counter parts that were written before: each starts where time goes back."""
    lines: list[list[Row]] = []
    for row in rows:
        if not lines or row[0] < lines[-1][-1][0]:
            lines.append([])
        lines[-1].append(row)
    return lines


def _pieces(passage: Passage, moments: list[int]) -> list[tuple[int, int, ChordSpan]]:
    """(onset, length, chord) between the changes of chord of a passage and moments (ticks) in order."""
    out: list[tuple[int, int, ChordSpan]] = []
    for span in passage.chords:
        end = span.onset + span.duration
        inside = moments[bisect_right(moments, span.onset) : bisect_left(moments, end)]
        out += [(a, b - a, span) for a, b in pairwise((span.onset, *inside, end))]
    return out


def _choose(span: ChordSpan, near: int, low: int, high: int, floor: int, over: list[int], then: list[int], now: list[int],
            wanted: list[int], leaves: int) -> int:  # fmt: skip
    """The chord tone nearest to the last pitch, `wanted` and missing tones first; perfect parallels are never taken
    where any other is.

    It keeps under the melody and the inner voices written before it, and above the bass. It `leaves` a pitch, not 0,
    where it may.
    """
    there = {p % 12 for p in now if p}
    best, best_cost = near, 1e9
    for pitch in range(low, high + 1):
        if pitch % 12 not in span.chord.pitch_classes:
            continue
        cost = abs(pitch - near) + (0.0 if pitch % 12 not in there else 1.5) + 0.08 * abs(pitch - (low + high) / 2)
        cost += 6.0 if wanted and pitch % 12 not in wanted else 0.0
        cost += 6.0 if pitch == leaves else 0.0
        cost += sum(_CROSSED for above in over if above and pitch > above)
        if pitch != near:
            cost += sum(40.0 for a, b in zip(then, now, strict=True) if is_parallel(near, pitch, a, b))
        cost += _CROSSED if pitch < floor else 0.0
        cost += 8.0 if pitch in now else 0.0
        if cost < best_cost:
            best, best_cost = pitch, cost
    return best


def _walked(rows: list[Row], voices: list[Sounding], moved: set[int], stage: Stage) -> list[Row]:
    """A line that takes a third by the step between, an eighth long, where nobody else moves and none goes in parallel."""
    scale, eighth = stage.plan.key.pitch_classes, 2 * SLOT
    out: list[Row] = []
    for row, coming in zip(rows, [*rows[1:], None], strict=True):
        onset, length, pitch, velocity = row
        tick = onset + length - eighth
        out.append(row)
        if coming is None or coming[0] != onset + length or length < 2 * eighth or tick in moved:
            continue
        way = 1 if coming[2] > pitch else -1
        between = next((pitch + way * n for n in (1, 2) if (pitch + way * n) % 12 in scale), pitch)
        held, then = [v.at(tick) for v in voices], [v.at(coming[0]) for v in voices]
        rubs = any(abs(between - other) in (1, 11, 13) or between == other for other in held)
        parallel = any(is_parallel(between, coming[2], a, b) for a, b in zip(held, then, strict=True))
        if abs(coming[2] - pitch) in (3, 4) and between != pitch and not rubs and not parallel:
            out[-1:] = (onset, length - eighth, pitch, velocity), (tick, eighth, between, velocity - 4)
    return out


def _tied(rows: list[Row]) -> list[Row]:
    out: list[Row] = []
    for row in rows:
        if out and out[-1][2] == row[2] and out[-1][0] + out[-1][1] == row[0]:
            out[-1] = (out[-1][0], out[-1][1] + row[1], row[2], out[-1][3])
        else:
            out.append(row)
    return out
