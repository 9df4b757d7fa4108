"""Parts: chosen, split, merged, taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from ..errors import IntentError
from ..score import DRUM_CHANNEL, Part, Score, controls_array, find_part, find_parts, notes_array, without_overlaps


def change_parts(score: Score, name: str | None, change: Callable[[int, Part], Part]) -> Score:
    """The score with one part changed, or every part where no name is given; `change` takes a part's index and the part."""
    chosen = None if name is None else find_part(score, name)
    return replace(
        score, parts=tuple(p if chosen not in (None, at) else change(at, p) for at, p in enumerate(score.parts))
    )


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
        channel=next(free_channels(score.parts), whole.channel),
    )
    return replace(score, parts=(*score.parts[:at], upper, lower, *score.parts[at + 1 :]))


def merge_parts(score: Score, *, parts: tuple[str, ...]) -> Score:
    """Several parts as one, with the name, channel and sound of the first, and the controllers of all.

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
    controls = controls_array(np.concatenate([score.parts[at].controls for at in places]))
    merged = replace(first, notes=notes, controls=controls)
    return replace(
        score,
        parts=tuple(
            merged if at == places[0] else p for at, p in enumerate(score.parts) if at == places[0] or at not in chosen
        ),
    )


def stems(score: Score) -> tuple[Score, ...]:
    """A score a part, each with the whole tempo, meter, key and marker map, in the order of the parts."""
    return tuple(replace(score, parts=(part,)) for part in score.parts)


def free_channels(parts: Iterable[Part]) -> Iterator[int]:
    """The channels for pitched parts that none of some parts is on, ascending."""
    used = {part.channel for part in parts} | {DRUM_CHANNEL}
    return (channel for channel in range(16) if channel not in used)
