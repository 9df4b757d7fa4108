"""The performance: from rows on the grid to a part that sounds played."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..score import CONTROL, CONTROL_CHANGE, NOTE, PAN, VOLUME, Controls, Part, controls_array
from ..tables import instruments
from .accents import accented
from .pedal import pedal_rows
from .stage import Column, Stage, Table
from .swells import swells
from .timing import Band, shifts
from .touch import touched

_MIXED = controls_array([(0, CONTROL_CHANGE, VOLUME, 100), (0, CONTROL_CHANGE, PAN, 64)])  # at rest


def perform(stage: Stage, table: Table, channels: list[int]) -> tuple[Part, ...]:
    """The plan's parts from their rows: cut at the piece's end, velocities and microtiming of players, volume and pan at 0.

    No note of a pitch sounds into the next of that pitch, none past the end, none is empty. Where the plan's humanize is
    0 every note stands on the grid. All parts go through the arrays at once: most of an array's cost is its call.
    """
    plan = stage.plan
    onset, duration, pitch, velocity, of_part = table
    voice = of_part << 7 | pitch
    kept, duration = settled(onset, duration, voice, velocity, stage.length)
    onset, voice, velocity = onset[kept], voice[kept], velocity[kept]
    order = (voice >> 7 << 48 | onset << 8 | voice & 127).argsort(kind="stable")
    onset, duration, voice, velocity = onset[order], duration[order], voice[order], velocity[order]
    of_part = voice >> 7
    edges = of_part.searchsorted(np.arange(len(plan.parts) + 1)).tolist()
    by_voice = np.empty_like(order)
    by_voice[order] = np.arange(len(order))
    band = Band(stage, plan.parts, edges, onset, of_part, voice, by_voice)
    velocity, shift = accented(band, velocity), shifts(band)
    controls: list[list[Controls]] = []
    for part, (first, last) in zip(plan.parts, pairwise(edges), strict=True):
        controls.append([_MIXED, swells(stage, part)])
        if part.role == "piano":
            mine = slice(first, last)
            shift[mine], duration[mine] = touched(stage, part, onset[mine], duration[mine], shift[mine])
            controls[-1].append(controls_array(pedal_rows(stage, part)))
    notes = np.empty(len(onset), NOTE)
    notes["onset"], notes["pitch"], notes["velocity"], notes["shift"] = onset, voice & 127, velocity, shift
    notes["duration"] = _ended(band, onset + shift, duration)  # a note that is late may meet the next
    notes.flags.writeable = False
    return tuple(
        Part(
            name=part.name, channel=channel, notes=notes[first:last], program=instruments()[part.instrument].program,
            instrument=part.instrument, role=part.role, controls=controls_array(np.concatenate(rows, dtype=CONTROL)),
        )
        for part, channel, (first, last), rows in zip(plan.parts, channels, pairwise(edges), controls, strict=True)
    )  # fmt: skip


def settled(onset: Column, duration: Column, voice: Column, velocity: Column, length: int) -> tuple[Column, Column]:
    """(which notes can be written, by voice, then onset; their durations): inside 0..length, the loudest of a voice and
    onset, each until the next of its voice. A voice is a pitch of a part.
    """
    kept = (voice << 44 | onset << 12 | 2047 - velocity).argsort(kind="stable")
    if len(kept) and not 0 <= int(onset.min()) <= int(onset.max()) < length:
        kept = kept[(onset[kept] >= 0) & (onset[kept] < length)]
    if not len(kept):
        return kept, duration[kept]
    first = np.ones(len(kept), bool)
    at, key = onset[kept], voice[kept]
    np.logical_or(key[1:] != key[:-1], at[1:] != at[:-1], out=first[1:])
    kept = kept[first]
    return kept, _until(onset[kept], duration[kept], voice[kept], length)


def _ended(band: Band, start: Column, duration: Column) -> Column:
    """Durations, 1 or more, by which no note of a band reaches the next of its voice or the end."""
    order = band.by_voice
    order = order[(band.voice << 44 | start)[order].argsort(kind="stable")]  # quick: they hardly change places
    out = np.empty_like(duration)
    out[order] = _until(start[order], duration[order], band.voice[order], band.stage.length)
    return out


def _until(start: Column, duration: Column, voice: Column, length: int) -> Column:
    """The same for notes sorted by voice, then start."""
    room = length - start
    gap = start[1:] - start[:-1]
    np.minimum(room[:-1], gap, out=room[:-1], where=(voice[1:] == voice[:-1]) & (gap > 0))
    return np.maximum(1, np.minimum(duration, room))
