"""The performance: from rows on the grid to a part that sounds played."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ..plan import PartPlan
from ..score import CONTROL_CHANGE, DRUM_CHANNEL, NOTE, Part, controls_array
from ..tables import instruments
from .accents import accented
from .pedal import pedal_rows
from .stage import Row, Stage
from .swells import swells
from .timing import shifts
from .touch import touched

Column = NDArray[np.int64]


def perform(stage: Stage, part: PartPlan, rows: list[Row], channel: int) -> Part:
    """A Part from rows: cut at the piece's end, velocities and microtiming of a player, volume and pan at tick 0.

    No note of a pitch sounds into the next of that pitch, none past the end, none is empty. Where the plan's humanize is
    0 every note stands on the grid.
    """
    tool = instruments()[part.instrument]
    # three times as fast as np.array on a list of tuples
    columns = np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows)).reshape(-1, 4)
    onset, duration, pitch, velocity = np.ascontiguousarray(columns.T)
    kept, duration = settled(onset, duration, pitch, velocity, stage.length)
    onset, pitch, velocity = onset[kept], pitch[kept], velocity[kept]
    order = np.argsort(onset << 8 | pitch)
    onset, duration, pitch = onset[order], duration[order], pitch[order]
    velocity = accented(stage, part, onset, velocity[order])
    shift = shifts(stage, part, onset, pitch)
    controls = [(0, CONTROL_CHANGE, 7, 100), (0, CONTROL_CHANGE, 10, 64), *swells(stage, part)]
    if part.role == "piano":
        shift, duration = touched(stage, part, onset, duration, shift)
        controls += pedal_rows(stage, part)
    notes = np.empty(len(onset), NOTE)
    notes["onset"], notes["pitch"], notes["velocity"], notes["shift"] = onset, pitch, velocity, shift
    notes["duration"] = _ended(onset + shift, duration, pitch, stage.length)  # a note that is late may meet the next
    notes.flags.writeable = False
    return Part(
        name=part.name, channel=DRUM_CHANNEL if part.role == "drums" else channel, notes=notes,
        program=tool.program, instrument=tool.id, role=part.role, controls=controls_array(controls),
    )  # fmt: skip


def settled(onset: Column, duration: Column, pitch: Column, velocity: Column, length: int) -> tuple[Column, Column]:
    """(which notes can be written, by pitch, then onset; their durations): inside 0..length, the loudest of a pitch and
    onset, each until the next of its pitch.
    """
    kept = np.lexsort((-velocity, onset, pitch))
    if len(kept) and not 0 <= int(onset.min()) <= int(onset.max()) < length:
        kept = kept[(onset[kept] >= 0) & (onset[kept] < length)]
    if not len(kept):
        return kept, duration[kept]
    first = np.ones(len(kept), bool)
    at, key = onset[kept], pitch[kept]
    np.logical_or(key[1:] != key[:-1], at[1:] != at[:-1], out=first[1:])
    kept = kept[first]
    return kept, _until(onset[kept], duration[kept], pitch[kept], length)


def _ended(start: Column, duration: Column, pitch: Column, length: int) -> Column:
    """Durations, 1 or more, by which no note reaches the next of its pitch or the end."""
    order = np.argsort(pitch << 44 | start, kind="stable")
    out = np.empty_like(duration)
    out[order] = _until(start[order], duration[order], pitch[order], length)
    return out


def _until(start: Column, duration: Column, pitch: Column, length: int) -> Column:
    """The same for notes sorted by pitch, then start."""
    room = length - start
    gap = start[1:] - start[:-1]
    np.minimum(room[:-1], gap, out=room[:-1], where=(pitch[1:] == pitch[:-1]) & (gap > 0))
    return np.maximum(1, np.minimum(duration, room))
