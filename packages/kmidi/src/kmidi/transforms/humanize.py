"""Humanize: microtiming and dynamics as players have them, by instrument, wandering rather than jittering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..intent import check_range
from ..score import Notes, Part, Score, room_between, without_overlaps
from ..streams import Stream
from ..tables import drum_timing, timing_by_pitch
from .parts import change_parts

Floats = NDArray[np.float64]
Accents = Callable[[NDArray[np.int64]], Floats]
_PITCHED_SD_MS = 15.0  # house: between a drummer's hat and kick
_VELOCITY_SD = 8.0
_ACCENT = 6.0  # a downbeat stands so much above what lies between the beats


def humanize(score: Score, *, amount: float = 1.0, seed: int = 0, part: str | None = None) -> Score:
    """Notes as a player would place and weigh them: 0 is the same score, 1 a good player, in every part or one.

    Each instrument has its own spread in ms (kit pieces from the drummers of the Groove MIDI Dataset), half of it a
    slow wander that neighbours share; accents follow the meter. No bar line, pitch or count of notes changes, and no
    note overtakes another of its pitch.
    """
    check_range("amount", amount, 0, 4)
    if amount == 0:
        return score
    accents = _accents(score)
    return change_parts(score, part, lambda at, p: _played(score, p, amount, accents, Stream(f"{seed}/humanize/{at}")))


def _played(score: Score, part: Part, amount: float, accents: Accents, stream: Stream) -> Part:
    notes = part.notes.copy()
    if not len(notes):
        return part
    slots = (notes["onset"] // max(1, score.ppq // 4)).astype(np.int64)
    unique, which = np.unique(slots, return_inverse=True)
    wander = _wander(unique, stream)[which]
    noise = np.array([stream.bell() for _ in range(len(notes))])
    late, sd, drift = _spreads(part, notes)
    late_ms = amount * (late + sd * (np.sqrt(drift) * wander + np.sqrt(1 - drift) * noise))
    ticks_ms = score.quarter_seconds(notes["onset"]) * 1000 / score.ppq
    moved = np.rint(late_ms / ticks_ms).astype(np.int64)
    start = notes["onset"] + notes["shift"]
    notes["shift"] += _held(start, moved, notes["pitch"], score.length)
    heavier = amount * (accents(notes["onset"]) + _VELOCITY_SD * (0.7 * wander + 0.7 * noise[::-1]))
    notes["velocity"] = np.clip(np.rint(notes["velocity"] + heavier), 1, 127)
    return replace(part, notes=without_overlaps(notes, score.length))


def _wander(slots: NDArray[np.int64], stream: Stream) -> Floats:
    """A first-order autoregression of standard deviation 1 over sixteenths, seen at these slots."""
    values = np.empty(len(slots))
    decay = drum_timing()["kick"].decay  # how much of a wander is kept from one sixteenth to the next
    at, before = stream.bell(), int(slots[0])
    for index, slot in enumerate(slots.tolist()):
        keep = 1.0
        for _ in range(min(64, slot - before)):
            keep *= decay
        at = keep * at + (1 - keep * keep) ** 0.5 * stream.bell() if slot != before else at
        values[index], before = at, slot
    return values


def _spreads(part: Part, notes: Notes) -> tuple[Floats, Floats, Floats]:
    """For each note: late in ms against the kick, spread in ms, share of the spread that wanders."""
    if not part.is_drums:
        return tuple(np.full(len(notes), value) for value in (0.0, _PITCHED_SD_MS, 0.5))  # type: ignore[return-value]  # three
    table = np.array([(row.late_ms, row.sd_ms, row.drift) for row in timing_by_pitch()])
    return tuple(table[notes["pitch"]].T)  # type: ignore[return-value]  # three


def _accents(score: Score) -> Accents:
    """What gives onsets velocity by their place in the bar: downbeat highest, then beats, then what lies between."""
    bars, changes = score.bar_starts(), score.meters_from_start
    begins = np.array([change.tick for change in changes])
    meters = [*dict.fromkeys(change.meter for change in changes)]
    kinds = {meter: at for at, meter in enumerate(meters)}
    kind_of = np.array([kinds[change.meter] for change in changes])

    def accents(onsets: NDArray[np.int64]) -> Floats:
        within = onsets - bars[np.maximum(0, np.searchsorted(bars, onsets, side="right") - 1)] if len(bars) else onsets
        on_beat = np.zeros(len(onsets), bool)
        kind = kind_of[np.searchsorted(begins, onsets, side="right") - 1]
        for at in np.unique(kind).tolist():
            here = np.flatnonzero(kind == at)
            on_beat[here] = np.isin(within[here], meters[at].beat_ticks(score.ppq))
        return np.where(within == 0, _ACCENT, np.where(on_beat, _ACCENT / 3, -_ACCENT / 3))

    return accents


def _held(
    start: NDArray[np.int64], moved: NDArray[np.int64], pitch: NDArray[np.int16], length: int
) -> NDArray[np.int64]:
    """The moves, held so that no note overtakes a neighbour of its pitch, starts before 0 or behind the end."""
    half = room_between(start.astype(np.float64), pitch)
    held = np.clip(moved, -half, half).astype(np.int64)
    return np.clip(held, -start, np.maximum(0, length - 1 - start))
