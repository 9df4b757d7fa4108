"""The performance: from rows on the grid to a part that sounds played."""

from __future__ import annotations

from itertools import chain

import numpy as np

from ..plan import PartPlan
from ..score import CONTROL_CHANGE, DRUM_CHANNEL, NOTE, Part, controls_array, without_overlaps
from ..tables import instruments
from .accents import accented
from .pedal import pedal_rows
from .stage import Row, Stage
from .swells import swells
from .timing import shifts
from .touch import touched


def perform(stage: Stage, part: PartPlan, rows: list[Row], channel: int) -> Part:
    """A Part from rows: cut at the piece's end, velocities and microtiming of a player, volume and pan at tick 0.

    No note of a pitch sounds into the next of that pitch, none past the end, none is empty. Where the plan's humanize is
    0 every note stands on the grid.
    """
    tool = instruments()[part.instrument]
    notes = np.zeros(len(rows), NOTE)
    if rows:
        # three times as fast as np.array on a list of tuples
        columns = np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows)).reshape(-1, 4)
        for at, name in enumerate(("onset", "duration", "pitch", "velocity")):
            notes[name] = columns[:, at]
    notes = settled(notes, stage.length)
    notes = notes[np.argsort(notes["onset"], kind="stable")]
    notes["velocity"] = accented(stage, part, notes)
    notes["shift"] = shifts(stage, part, notes)
    controls = [(0, CONTROL_CHANGE, 7, 100), (0, CONTROL_CHANGE, 10, 64), *swells(stage, part)]
    if part.role == "piano":
        notes["shift"], notes["duration"] = touched(stage, part, notes, notes["shift"])
        controls += pedal_rows(stage, part)
    return Part(
        name=part.name, channel=DRUM_CHANNEL if part.role == "drums" else channel,
        notes=without_overlaps(notes, stage.length), program=tool.program, instrument=tool.id, role=part.role,
        controls=controls_array(controls),
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
