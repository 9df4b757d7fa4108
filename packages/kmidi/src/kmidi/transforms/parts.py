"""Parts: split, merged, taken out; and the notes of a part put in order after a change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import IntentError, nearest
from ..score import NOTE, Notes, Part, Score, controls_array, notes_array


def without_overlaps(notes: Notes, length: int) -> Notes:
    """Notes in NOTE order, each ending before the next of its pitch sounds and none past `length`; none is lost.

    Two that would sound at one moment on one pitch both stay: the writer lets the longer one sound.
    """
    notes = notes_array(notes).copy()
    if not len(notes):
        return notes_array(notes)
    start = notes["onset"] + notes["shift"]
    order = np.lexsort((start, notes["pitch"]))
    room = length - start
    gap = np.diff(start[order])
    same = (np.diff(notes["pitch"][order]) == 0) & (gap > 0)
    room[order[:-1]] = np.where(same, np.minimum(room[order[:-1]], gap), room[order[:-1]])
    notes["duration"] = np.maximum(1, np.minimum(notes["duration"], room))
    return notes_array(notes)


def find_part(score: Score, name: str) -> int:
    """The index of a part by name, else by role; IntentError names the nearest."""
    for key in ("name", "role"):
        for at, part in enumerate(score.parts):
            if getattr(part, key).casefold() == name.strip().casefold():
                return at
    raise IntentError(f"no part {name!r}{nearest(name, [p.name for p in score.parts])}", field="part")


def with_part(score: Score, at: int, part: Part) -> Score:
    """The score with the part at an index replaced."""
    return replace(score, parts=(*score.parts[:at], part, *score.parts[at + 1 :]))


def split_part(score: Score, *, part: str, pitch: int = 60) -> Score:
    """A part in two at a pitch (60 = C4): the notes at or above it, and those below, as players' hands divide."""
    at = find_part(score, part)
    whole = score.parts[at]
    above = whole.notes["pitch"] >= pitch
    if above.all() or not above.any():
        raise IntentError(f"all notes of {whole.name!r} lie on one side of {pitch}; nothing to split", field="pitch")
    upper = replace(whole, name=f"{whole.name} (upper)", notes=notes_array(whole.notes[above]))
    lower = replace(
        whole,
        name=f"{whole.name} (lower)",
        notes=notes_array(whole.notes[~above]),
        channel=_free_channel(score, whole.channel),
    )
    return replace(score, parts=(*score.parts[:at], upper, lower, *score.parts[at + 1 :]))


def merge_parts(score: Score, *, parts: tuple[str, ...]) -> Score:
    """Several parts as one, with the name, channel and sound of the first, and the controllers of all.

    A channel can't sound one pitch twice at once: of notes that start together on a pitch the longest stays, and a note
    ends where the next of its pitch starts.
    """
    if len(parts) < 2:
        raise IntentError("merging needs two parts or more", field="parts")
    places = [find_part(score, name) for name in parts]
    if len({score.parts[at].is_drums for at in places}) > 1:
        raise IntentError("drums and pitched parts can't share a channel", field="parts")
    first = score.parts[places[0]]
    every = np.concatenate([score.parts[at].notes for at in places])
    start = every["onset"] + every["shift"]
    order = np.lexsort((-every["duration"], start, every["pitch"]))
    again = (np.diff(start[order]) == 0) & (np.diff(every["pitch"][order]) == 0)
    notes = without_overlaps(every[order][np.concatenate([[True], ~again])], score.length)
    controls = controls_array(np.concatenate([score.parts[at].controls for at in places]))
    merged = replace(first, notes=notes, controls=controls)
    return replace(
        score,
        parts=tuple(
            merged if at == places[0] else p for at, p in enumerate(score.parts) if at == places[0] or at not in places
        ),
    )


def stems(score: Score) -> tuple[Score, ...]:
    """A score a part, each with the whole tempo, meter, key and marker map, in the order of the parts."""
    return tuple(replace(score, parts=(part,)) for part in score.parts)


def _free_channel(score: Score, taken: int) -> int:
    used = {part.channel for part in score.parts}
    return next((channel for channel in range(16) if channel not in used and channel != 9), taken)


def empty_notes() -> Notes:
    """No notes."""
    return notes_array(np.zeros(0, NOTE))
