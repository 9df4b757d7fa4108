"""What a good teacher would remark: colours named, troubles shown with a fix, ranked by how plainly they are heard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..errors import counted
from ..score import CONTROL_CHANGE, ChordSpan, Part
from ..tables import Instrument, instruments
from ..techniques import MOVING, changed_chords
from ..theory import chord_to_roman, pitch_name
from .bar_lines import beside_the_bars
from .colours import find_colours, strangers
from .heard import mean_and_spread
from .piece import Piece, part_name
from .result import Finding, Fix, key_at, keys_at
from .voices import clashes, mud, parallels

SWITCHES_BELOW = 24  # C1: keys there, two octaves under a range or more, switch how a sampled instrument plays
SWITCHES_UNDER = 24
ENDLESS = "synth"  # a family of instruments without a range
STRUNG_DOWN = {"guitar": 5, "bass": 5}  # semitones that seven- and five-stringed ones go lower, to B
FLAT_SD = 3.0  # velocities that differ less are one velocity; people at the piano differ by 10 to 15
SWELLS = (2, 7, 11)  # controllers (breath, volume, expression) that shape loudness in velocity's place
UNTOUCHED = frozenset((6, *range(16, 21)))  # programs that sound alike however they are struck: harpsichord, organs
STILL_BARS, STILL_QUARTERS = 8, 24  # on one chord, both: some files call every beat a bar
LEAST_LOOPS = 8  # times that one loop of chords comes round
LEAST_NOTES = 16


def diagnose(piece: Piece) -> tuple[Finding, ...]:
    """All remarks, the most audible first, then by bar. Each says where, why, what to do, and on whose word."""
    found = [finding for remark in REMARKS for finding in remark(piece)]
    return tuple(sorted(found, key=lambda f: (-f.audible, f.bar, f.part, f.id)))


def _colours(piece: Piece) -> Iterator[Finding]:
    heard, chords = piece.heard, piece.chords
    keys = keys_at([chord.onset for chord in chords], piece.keys, piece.key)
    outside = strangers(chords, keys)
    begins = np.array([chords[at].onset for at in outside], np.int64)
    ends = begins + np.array([chords[at].duration for at in outside], np.int64)  # a chord is heard over whole beats
    beats = heard.beats  # those of the file: a pulse may begin before them, and end after them
    first = np.maximum(beats.searchsorted(begins, side="right") - 1, 0)
    ticks = heard.between(first, np.minimum(beats.searchsorted(ends), len(beats) - 1))
    yield from find_colours(chords, keys, outside, ticks > 0, piece.bar)


def _ending(piece: Piece) -> Iterator[Finding]:
    """An end on another root than that of the piece's key, and of the key it has moved to by then."""
    if piece.key is None or len(piece.chords) < 4:
        return
    last = piece.chords[-1]
    home = key_at(last.onset, piece.keys, piece.key) or piece.key
    step = (last.chord.root - home.pitch_class) % 12
    if step and last.chord.root != piece.key.pitch_class:
        where = "on the dominant, a question" if step == 7 else f"on {chord_to_roman(last.chord, home)}, away from home"
        yield Finding(
            id="open_ending", kind="colour", bar=piece.bar(last.onset), part=-1, what=f"the piece ends {where}",
            why="the ear waits on for home", audible=0.55,
            source="Caplin, Classical Form, ch. 2 (closure)",
        )  # fmt: skip


def _range(piece: Piece) -> Iterator[Finding]:
    rows = instruments()
    for index in piece.score.sounding:
        part = piece.score.parts[index]
        if not part.is_pitched:
            continue
        row = rows.get(part.instrument) or (_of_program(part.program) if part.program else None)
        if row is None or row.family == ENDLESS:
            continue
        pitch, floor = part.notes["pitch"], row.low - STRUNG_DOWN.get(row.family, 0)
        sounding = SWITCHES_BELOW if floor - SWITCHES_UNDER >= SWITCHES_BELOW else 0
        for outside, limit, word, step in (
            ((pitch < floor) & (pitch >= sounding), floor, "below", 12),
            (pitch > row.high, row.high, "above", -12),
        ):
            if not outside.any():
                continue
            first = int(np.flatnonzero(outside)[0])
            semitones = step * -(-int(np.abs(pitch[outside].astype(np.int64) - limit).max()) // 12)
            # what so wide a move would take out of the range at its other end stays, for a smaller one
            edge = (
                {"lowest": sounding, "highest": min(floor - 1, max(row.high, floor + 11) - semitones)}
                if step > 0
                else {"lowest": max(row.high + 1, min(floor, row.high - 11) - semitones)}
            )
            yield Finding(
                id="out_of_range", kind="trouble", bar=piece.bar(int(part.notes["onset"][first])), part=index,
                what=f"{counted(int(outside.sum()), 'note')} of {part_name(piece.score, index)} {'lies' if outside.sum() == 1 else 'lie'} {word} {pitch_name(limit)}",
                why=f"the range of {row.name.lower()} ends there", audible=0.5, source=row.source,
                fix=Fix(transform="move_notes", arguments={"part": piece.score.labels[index], "semitones": semitones, **edge}),
            )  # fmt: skip


def _of_program(program: int) -> Instrument | None:
    """The last instrument of a program."""
    rows = reversed([*instruments().values()])
    return next((row for row in rows if row.family != "drums" and row.program == program), None)


def _monotony(piece: Piece) -> Iterator[Finding]:
    """One chord for long, or one loop all through, where some part plays harmony: a lone line only hints at it."""
    if len(piece.textures) == 1 and piece.textures[0].kind == "single line":
        return
    chords = piece.chords
    bars = len(piece.heard.bars) - 1
    still = STILL_QUARTERS * piece.score.ppq
    for span in [span for span in chords if span.duration >= still]:
        begin, end = np.interp([span.onset, span.onset + span.duration], piece.heard.bars, np.arange(bars + 1)).tolist()
        lasting = int(end - begin)
        if lasting >= STILL_BARS:
            yield Finding(
                id="still_harmony", kind="trouble", bar=piece.bar(span.onset), part=-1, what=f"{span.roman or span.chord} for {lasting} bars",
                why="the ear stops expecting anything of the harmony", audible=0.45, source="Huron, Sweet Anticipation, ch. 14",
                fix=_reharmonize(piece, piece.file_bar(span.onset), lasting, span.duration * STILL_BARS // lasting + 1),
            )  # fmt: skip
            break
    names = [(c.chord.root, c.chord.quality) for c in chords]
    for length in (2, 3, 4):
        rounds = len(names) // length
        if rounds >= LEAST_LOOPS and bars >= 16 and names[: rounds * length] == names[:length] * rounds:
            back = piece.bar(chords[(rounds - 1) * length].onset)
            yield Finding(
                id="one_loop", kind="colour", bar=0, part=-1, what=f"one loop of {length} chords all through, {rounds} times",
                why="constancy can be trance or numbness; one changed chord at a return would be heard at once",
                audible=0.4, source="Huron, Sweet Anticipation, ch. 14", fix=_reharmonize(piece, back, bars - back, piece.score.length + 1),
            )  # fmt: skip
            break


def _dynamics(piece: Piece) -> Iterator[Finding]:
    """Parts whose notes are all about as loud; where none has more, that is said once."""
    score = piece.score
    told = [index for index in score.sounding if len(score.parts[index].notes) >= LEAST_NOTES]
    uneven = {texture.part for texture in piece.textures if texture.velocity_sd > FLAT_SD + 0.01}  # it is rounded
    flat = [(index, found) for index in told if index not in uneven and (found := _flat(score.parts[index]))]
    arguments: dict[str, str | float] = {"amount": 1.0}
    if len(flat) == len(told) > 1:
        said = [(-1, f"each of the {len(flat)} parts plays every note about as loud", arguments)]
    else:
        said = [
            (index, f"{part_name(score, index)} plays every note about as loud ({loud:.0f} ± {spread:.1f})", arguments | {"part": score.labels[index]})
            for index, (loud, spread) in flat
        ]  # fmt: skip
    for number, (part, what, how) in enumerate(said):  # of the second such part the ear learns little
        yield Finding(
            id="flat_velocities", kind="trouble", bar=0, part=part, what=f"{what}, and no controller shapes it",
            why="players' strokes differ by 10 and more; accents tell the listener where the beat and the phrase are",
            audible=0.3 if number else 0.65, source="Gillick et al., Groove MIDI Dataset, ICML 2019 (velocity sd 14 to 30)",
            fix=Fix(transform="humanize", arguments=how),
        )  # fmt: skip


def _flat(part: Part) -> tuple[float, float] | None:
    """The mean and spread of a part's velocities where they are one, and nothing else shapes how loud it is."""
    loud, spread = mean_and_spread(part.notes["velocity"].astype(np.float64))
    if spread >= FLAT_SD:
        return None
    controls = part.controls
    swells = controls["value"][(controls["number"][:, None] == SWELLS).any(1) & (controls["kind"] == CONTROL_CHANGE)]
    if (swells.size and swells.std() >= FLAT_SD) or (part.program in UNTOUCHED and not part.is_drums):
        return None
    return loud, spread


REMARKS = (beside_the_bars, _colours, _ending, clashes, mud, parallels, _range, _monotony, _dynamics)


def _reharmonize(piece: Piece, bar: int, bars: int, longest: int) -> Fix | None:
    """The first of MOVING that changes chords in these bars, with notes that follow, within so many ticks each time, under
    a tune that bears it.
    """
    score, chords = piece.score, piece.score.chords or piece.chords  # those that reharmonize will find
    if piece.key is None or piece.melody is None or not chords:
        return None
    tune = score.parts[piece.melody.part]
    under = [part for part in map(score.parts.__getitem__, score.sounding) if part is not tune and part.is_pitched]
    starts = [span.onset for span in chords]
    lines = score.bar_starts()
    number = lines.searchsorted(starts, side="right") - 1
    inside = ((number >= bar) & (number < bar + bars)).tolist()
    begin, end = int(lines[bar]), int(lines[bar + bars]) if bar + bars < len(lines) else score.length
    for technique in MOVING:
        new = changed_chords(
            chords, inside, technique=technique, key=piece.key, tune=tune.notes, ppq=score.ppq, bars=lines
        )
        moved = [
            span.onset for span in new
            if span.chord != chords[bisect_right(starts, span.onset) - 1].chord and any(_moves(part, span) for part in under)
        ]  # fmt: skip
        if moved and max(later - sooner for sooner, later in pairwise([begin, *moved, end])) < longest:
            key = {"tonic": piece.key.tonic, "mode": piece.key.mode}
            melody = score.labels[piece.melody.part]
            told = {"technique": technique, "key": key, "melody": melody, "bar": bar, "bars": bars}
            return Fix(transform="reharmonize", arguments=told)
    return None


def _moves(part: Part, new: ChordSpan) -> bool:
    """Whether a note begins under a new chord that it is foreign to."""
    begun = part.notes["pitch"][slice(*part.notes["onset"].searchsorted([new.onset, new.onset + new.duration]))]
    return not {*new.chord.pitch_classes, new.chord.bass}.issuperset((begun % 12).tolist())
