"""Parts: chosen, split, merged, taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise, starmap

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError
from ..intent import check_range
from ..score import (
    CONTROL_CHANGE,
    DRUM_CHANNEL,
    KEY_PRESSURE,
    MOST_BARS,
    NOTE,
    PROGRAM_CHANGE,
    Controls,
    Notes,
    Part,
    Score,
    controls_array,
    find_part,
    find_parts,
    notes_array,
    without_overlaps,
)

Ints = NDArray[np.int64]
_BANK = (0, 32)  # controllers that say which bank a program is of


def notes_of(score: Score, name: str | None = None) -> tuple[Notes, Ints]:
    """A copy of a part's notes, or of every part's one behind the other where no name is given; of each its part's index.

    What transforms work on: a file may have 65,535 parts of a note.
    """
    chosen = score.sounding if name is None else (find_part(score, name),)
    mine = [score.parts[at].notes for at in chosen]
    return np.concatenate([np.zeros(0, NOTE), *mine]), np.repeat(np.array(chosen, np.int64), [len(n) for n in mine])


def with_notes(score: Score, notes: Notes, part: Ints, of: Ints | None = None) -> Score:
    """The score with other notes in the parts that these are of; part behind part, each cut by the next of its pitch.

    `of`: of each the place in its part of the note that it was; pressure on that note's key then goes with it.
    """
    changed = without_overlaps(notes, score.length, part)
    parts = [*score.parts]
    for at, mine in each_part(part):
        was = parts[at]
        controls = was.controls if of is None else _pressed_along(was, notes[mine], of[mine])
        parts[at] = replace(was, notes=changed[mine], controls=controls)
    return replace(score, parts=tuple(parts))


def _pressed_along(part: Part, new: Notes, of: Ints) -> Controls:
    """A part's controls with the pressure on keys under its new notes; what is now on none goes, what was on none stays."""
    old, controls = part.notes, part.controls
    pressed = np.flatnonzero(controls["kind"] == KEY_PRESSURE)
    if not pressed.size:
        return controls
    tick, key = controls["tick"][pressed], controls["number"][pressed]
    (start, end), (begin, stop) = ((np.maximum(n["onset"] + n["shift"], 0), n["onset"] + n["shift"] + n["duration"]) for n in (old, new))  # fmt: skip
    was = _struck(old["pitch"], start, key, tick)
    now = _struck(of, begin, was, tick)
    moved = new["pitch"][now]
    held = (was >= 0) & (tick <= end[was])
    heard = held & (now >= 0) & (tick <= stop[now]) & (_struck(new["pitch"], begin, moved, tick) == now)
    controls = controls.copy()
    controls["number"][pressed[heard]] = moved[heard]
    controls = np.delete(controls, pressed[held & ~heard])
    controls.flags.writeable = False
    return controls


def _struck(voice: NDArray[np.integer], start: Ints, wanted: NDArray[np.integer], tick: Ints) -> Ints:
    """The row of the last note of each wanted voice that has started by a tick, -1 where none has."""
    place = voice.astype(np.int64) << 41 | start
    order = place.argsort(kind="stable")
    last = order[np.maximum(place[order].searchsorted(wanted.astype(np.int64) << 41 | tick, side="right") - 1, 0)]
    return np.where((voice[last] == wanted) & (start[last] <= tick), last, -1)


def each_part(part: Ints) -> Iterator[tuple[int, slice]]:
    """The index of each part of notes that lie part behind part, and where its notes are."""
    firsts = np.flatnonzero(np.diff(part, prepend=-1))
    return zip(part[firsts].tolist(), starmap(slice, pairwise([*firsts.tolist(), len(part)])), strict=True)


def with_part(score: Score, at: int, part: Part) -> Score:
    """The score with the part at an index replaced."""
    return replace(score, parts=(*score.parts[:at], part, *score.parts[at + 1 :]))


def bars_asked(bar: int, bars: int) -> str:
    """So many bars from one on (from 0), in words; IntentError where there are no such bars in any score."""
    check_range("bar", bar, 0, MOST_BARS)
    check_range("bars", bars, 1, MOST_BARS)
    return f"from bar {bar} on" if bars == MOST_BARS else f"in bars {bar} to {bar + bars - 1}"


def split_part(score: Score, *, part: str, pitch: int = 60) -> Score:
    """A part in two at a pitch (60 = C4): the notes at or above it, and those below, as players' hands divide.

    The lower goes to a free channel, with the sound and the controllers of the whole; drums stay on theirs.
    """
    at = find_part(score, part)
    whole = score.parts[at]
    above = whole.notes["pitch"] >= pitch
    if above.all() or not above.any():
        heard = whole.notes["pitch"]
        lie = f"lie in {heard.min()} to {heard.max()}, on one side of {pitch}" if heard.size else "are none"
        raise IntentError(f"all notes of {score.labels[at]!r} {lie}; nothing to split", field="pitch")
    channel = whole.channel if whole.is_drums else next(free_channels(score.parts), whole.channel)
    apart = whole if channel == whole.channel else _with_sound(whole, score.parts)
    upper = replace(
        whole,
        name=f"{whole.name} (upper)".strip(),
        notes=notes_array(whole.notes[above]),
        controls=whole.controls[_on_keys(whole.controls, pitch, 127)],
    )
    lower = replace(
        apart,
        name=f"{whole.name} (lower)".strip(),
        channel=channel,
        notes=notes_array(whole.notes[~above]),
        controls=apart.controls[_on_keys(apart.controls, 0, pitch - 1)],
    )
    return replace(score, parts=(*score.parts[:at], upper, lower, *score.parts[at + 1 :]))


def merge_parts(score: Score, *, parts: tuple[str, ...]) -> Score:
    """Several parts as one, with the name, channel and sound of the first, and the controllers of all.

    Programs and banks of the others, on channels of their own, go; where one of them has named the sound of a channel
    that a part stays on, that part names it now.
    A channel can't sound one pitch twice at once: of notes that start together on a pitch the longest stays, and a note
    ends where the next of its pitch starts.
    """
    if len(parts) < 2:
        raise IntentError("merging needs two parts or more", field="parts")
    places = find_parts(score, parts, field="part")
    chosen = {*places}
    if len(chosen) < len(places):
        raise IntentError(f"a part is named twice; legal: {', '.join(score.labels)}", field="parts")
    if len({score.parts[at].is_drums for at in places}) > 1:
        raise IntentError("drums and pitched parts can't share a channel", field="parts")
    first = score.parts[places[0]]
    every = np.concatenate([score.parts[at].notes for at in places])
    start = every["onset"] + every["shift"]
    order = np.lexsort((-every["duration"], start, every["pitch"]))
    again = np.zeros(len(every), bool)
    again[1:] = (np.diff(start[order]) == 0) & (np.diff(every["pitch"][order]) == 0)
    notes = without_overlaps(every[order][~again], score.length)
    found = (_joining(score.parts[at], first.channel) for at in places)
    once = {controls.tobytes(): controls for controls in found}  # halves of a part have the same
    merged = replace(first, notes=notes, controls=controls_array(np.concatenate([*once.values()])))
    staying = [
        merged if at == places[0] else p for at, p in enumerate(score.parts) if at == places[0] or at not in chosen
    ]
    told = {part.channel for part in staying if part.program is not None}
    gone = [score.parts[at] for at in places[1:]]
    for at, part in enumerate(staying):
        if part.channel not in told:
            staying[at] = _with_sound(part, gone)
            told.add(part.channel)
    return replace(score, parts=tuple(staying))


def _joining(part: Part, channel: int) -> Controls:
    """The controls of a part that joins one on a channel, whose sound it leaves alone."""
    if part.channel == channel:
        return part.controls
    kind, number = part.controls["kind"], part.controls["number"]
    bank = (kind == CONTROL_CHANGE) & np.isin(number, _BANK)
    return part.controls[(kind != PROGRAM_CHANGE) & ~bank]


def _with_sound(part: Part, parts: Iterable[Part]) -> Part:
    """A part that names no program with that of its channel, as tracks that share one name it once; its controllers too
    where the part has none.
    """
    sharing = (p for p in parts if p.channel == part.channel and p.program is not None)
    teller = None if part.program is not None else next(sharing, None)
    if teller is None:
        return part
    return replace(part, program=teller.program, controls=part.controls if part.controls.size else teller.controls)


def _on_keys(controls: Controls, lowest: int, highest: int) -> np.ndarray:
    """True for all but the pressure on keys that lie outside."""
    number = controls["number"]
    return (controls["kind"] != KEY_PRESSURE) | ((number >= lowest) & (number <= highest))


def stems(score: Score) -> tuple[Score, ...]:
    """A score a part, each with the whole tempo, meter, key and marker map, in the order of the parts, and the sound that
    another part names for its channel.
    """
    tellers = [*{part.channel: part for part in reversed(score.parts) if part.program is not None}.values()]
    return tuple(replace(score, parts=(_with_sound(part, tellers),)) for part in score.parts)


def free_channels(parts: Iterable[Part]) -> Iterator[int]:
    """The channels for pitched parts that none of some parts is on, ascending."""
    used = {part.channel for part in parts} | {DRUM_CHANNEL}
    return (channel for channel in range(16) if channel not in used)
