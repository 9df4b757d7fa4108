"""Locked music: the parent's notes in the new take, moved where the key or the instrument moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import IntentError
from ..intent import check_lock
from ..plan import Plan
from ..planner.lineage import section_range
from ..score import Part, Score, controls_array, find_part, notes_array
from ..tables import instruments


def splice(score: Score, plan: Plan, parent: Score, parent_plan: Plan, locks: tuple[str, ...]) -> Score:
    """The Score with what the locks keep put in place of what was written anew.

    Locked notes keep onset, length, pitch, velocity and microtiming; in another key they are transposed to it by the
    nearest distance, on another instrument moved by octaves into its range. IntentError names a part, section or bar
    that is not in both takes.
    """
    bar_ticks = plan.meter.bar_ticks(score.ppq)
    parts = list(score.parts)
    for lock in locks:
        match = check_lock(lock)
        if lock == "chords":
            continue
        if match["part"]:
            ours, theirs = (find_part(s, match["part"], field="locks") for s in (score, parent))
            parts[ours] = _kept(
                parts[ours], parent.parts[theirs], 0, 0, max(score.length, parent.length), _distance(plan, parent_plan)
            )
            continue
        if match["section"]:
            first, last = section_range(match["section"], parent_plan)
            target = section_range(match["section"], plan)
            if target[1] - target[0] != last - first:
                raise IntentError(
                    f"section {match['section']!r} had {last - first} bars and now has {target[1] - target[0]}",
                    field="locks",
                )
        else:
            first, last = int(match["first"]) - 1, int(match["last"])
            target = (first, last)
        for at, part in enumerate(parts):
            twin = next((p for p in parent.parts if p.name == part.name), None)
            if twin is not None:
                start, ticks = first * bar_ticks, (last - first) * bar_ticks
                parts[at] = _kept(part, twin, start, target[0] * bar_ticks, ticks, _distance(plan, parent_plan))
    return replace(score, parts=tuple(_inside(part, score.length) for part in parts))


def _distance(plan: Plan, parent: Plan) -> int:
    return (plan.key.pitch_class - parent.key.pitch_class + 6) % 12 - 6


def _kept(part: Part, twin: Part, start: int, target: int, ticks: int, semitones: int) -> Part:
    """The part with the twin's music of start..start + ticks standing at target; its own notes before are cut there."""
    theirs = twin.notes[(twin.notes["onset"] >= start) & (twin.notes["onset"] < start + ticks)].copy()
    theirs["onset"] += target - start
    theirs["duration"] = np.minimum(theirs["duration"], target + ticks - theirs["onset"])
    if not part.is_drums and len(theirs):
        theirs["pitch"] += semitones + _octaves(theirs["pitch"] + semitones, part.instrument)
    ours = part.notes[(part.notes["onset"] < target) | (part.notes["onset"] >= target + ticks)].copy()
    before = ours["onset"] < target
    ours["duration"] = np.where(
        before, np.minimum(ours["duration"], np.maximum(1, target - ours["onset"])), ours["duration"]
    )
    held = part.controls[(part.controls["tick"] < max(1, target)) | (part.controls["tick"] >= target + ticks)]
    moved = twin.controls[(twin.controls["tick"] >= max(1, start)) & (twin.controls["tick"] < start + ticks)].copy()
    moved["tick"] += target - start
    return replace(
        part, notes=notes_array(np.concatenate([ours, theirs])), controls=controls_array(np.concatenate([held, moved]))
    )


def _octaves(pitches: np.ndarray, instrument: str) -> int:
    """Octaves in semitones that bring the pitches into an instrument's range, as few as may be."""
    if instrument not in instruments():
        return 0
    tool = instruments()[instrument]
    outside = [
        (int(((pitches + move < tool.low) | (pitches + move > tool.high)).sum()), abs(move), move)
        for move in range(-48, 49, 12)
    ]
    return min(outside)[2]


def _inside(part: Part, length: int) -> Part:
    notes = part.notes[part.notes["onset"] < length].copy()
    notes["duration"] = np.maximum(1, np.minimum(notes["duration"], length - notes["onset"]))
    return replace(part, notes=notes_array(notes))
