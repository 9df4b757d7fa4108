"""The performance: from rows on the grid to a part that sounds played."""

from __future__ import annotations

import numpy as np

from ..plan import PartPlan
from ..score import CONTROL_CHANGE, DRUM_CHANNEL, NOTE, Part, controls_array, notes_array
from ..tables import instruments
from .stage import Row, Stage


def perform(stage: Stage, part: PartPlan, rows: list[Row], channel: int) -> Part:
    """A Part from rows: cut at the piece's end, no note overlapping another of its pitch, volume and pan at tick 0."""
    tool = instruments()[part.instrument]
    notes = np.zeros(len(rows), NOTE)
    if rows:
        columns = np.array(rows, np.int64)
        for at, name in enumerate(("onset", "duration", "pitch", "velocity")):
            notes[name] = columns[:, at]
    notes = notes_array(settled(notes, stage.length))
    controls = controls_array([(0, CONTROL_CHANGE, 7, 100), (0, CONTROL_CHANGE, 10, 64)])
    return Part(
        name=part.name, channel=DRUM_CHANNEL if part.role == "drums" else channel, notes=notes, program=tool.program,
        instrument=tool.id, role=part.role, controls=controls,
    )  # fmt: skip


def settled(notes: np.ndarray, length: int) -> np.ndarray:
    """Notes that can be written: inside 0..length, velocity 1..127, no two of one pitch at once (the later one cuts)."""
    notes = notes[(notes["onset"] >= 0) & (notes["onset"] < length)]
    notes = notes[np.lexsort((-notes["velocity"], notes["onset"], notes["pitch"]))]
    onset, pitch = notes["onset"], notes["pitch"]
    same = (pitch[1:] == pitch[:-1]) & (onset[1:] == onset[:-1])
    notes = notes[np.concatenate([[True], ~same])] if len(notes) else notes
    onset, pitch = notes["onset"], notes["pitch"]
    room = np.where(pitch[1:] == pitch[:-1], onset[1:] - onset[:-1], length - onset[:-1]) if len(notes) else onset
    room = np.concatenate([room, [length - onset[-1]]]) if len(notes) else room
    notes["duration"] = np.maximum(1, np.minimum(notes["duration"], np.minimum(room, length - onset)))
    notes["velocity"] = np.clip(notes["velocity"], 1, 127)
    return notes
