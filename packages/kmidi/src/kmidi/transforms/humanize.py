"""Humanize: microtiming and dynamics as players have them, by instrument, wandering rather than jittering."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..intent import check_range
from ..score import Score, room_between
from ..streams import Stream
from ..tables import drum_timing, timing_by_pitch
from .parts import each_part, notes_of, with_notes

Ints, Floats = NDArray[np.int64], NDArray[np.float64]
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
    notes, part_of = notes_of(score, part)
    sixteenths = notes["onset"] // max(1, score.ppq // 4)
    wander, noise, weight = _strayed(sixteenths, part_of, seed)
    late, sd, drift = _spreads(notes["pitch"], np.array([p.is_drums for p in score.parts], bool)[part_of])
    late_ms = amount * (late + sd * (np.sqrt(drift) * wander + np.sqrt(1 - drift) * noise))
    ticks_ms = score.quarter_seconds(notes["onset"]) * 1000 / score.ppq
    moved = np.rint(late_ms / ticks_ms).astype(np.int64)
    start = notes["onset"] + notes["shift"]
    notes["shift"] += _held(start, moved, part_of << 7 | notes["pitch"], score.length)
    heavier = amount * (_accents(score, notes["onset"]) + _VELOCITY_SD * (0.7 * wander + 0.7 * weight))
    notes["velocity"] = np.clip(np.rint(notes["velocity"] + heavier), 1, 127)
    return with_notes(score, notes, part_of)


def _strayed(sixteenths: Ints, part: Ints, seed: int) -> tuple[Floats, Floats, Floats]:
    """What is drawn for each note, of standard deviation 1: how its neighbours wander, what is its own in time and in
    weight. A stream a part.
    """
    wander: list[float] = []
    noise: list[float] = []
    weight: list[float] = []
    slots = sixteenths.tolist()
    for at, mine in each_part(part):
        stream = Stream(f"{seed}/humanize/{at}")
        wander += _wander(slots[mine], stream)
        own = [stream.bell() for _ in slots[mine]]
        noise += own
        weight += reversed(own)
    return np.array(wander), np.array(noise), np.array(weight)


def _wander(slots: list[int], stream: Stream) -> list[float]:
    """A first-order autoregression of standard deviation 1 over sixteenths, seen at these slots, in their order."""
    decay = drum_timing()["kick"].decay  # how much of a wander is kept from one sixteenth to the next
    at, before = stream.bell(), slots[0]
    values: list[float] = []
    for slot in slots:
        if slot != before:
            keep = 1.0
            for _ in range(min(64, slot - before)):
                keep *= decay
            at = keep * at + (1 - keep * keep) ** 0.5 * stream.bell()
            before = slot
        values.append(at)
    return values


def _spreads(pitch: NDArray[np.int16], drums: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """For each note: late in ms against the kick, spread in ms, share of the spread that wanders."""
    table = np.array([(row.late_ms, row.sd_ms, row.drift) for row in timing_by_pitch()])
    return tuple(np.where(drums[:, None], table[pitch], (0.0, _PITCHED_SD_MS, 0.5)).T)  # type: ignore[return-value]  # three


def _accents(score: Score, onsets: Ints) -> Floats:
    """Velocity for onsets by their place in the bar: downbeat highest, then beats, then what lies between."""
    bars, changes = score.bar_starts(), score.meters_from_start
    begins = np.array([change.tick for change in changes])
    meters = [*dict.fromkeys(change.meter for change in changes)]
    kinds = {meter: at for at, meter in enumerate(meters)}
    kind_of = np.array([kinds[change.meter] for change in changes])
    within = onsets - bars[np.maximum(0, np.searchsorted(bars, onsets, side="right") - 1)] if len(bars) else onsets
    on_beat = np.zeros(len(onsets), bool)
    kind = kind_of[np.searchsorted(begins, onsets, side="right") - 1]
    for at in np.unique(kind).tolist():
        here = np.flatnonzero(kind == at)
        on_beat[here] = np.isin(within[here], meters[at].beat_ticks(score.ppq))
    return np.where(within == 0, _ACCENT, np.where(on_beat, _ACCENT / 3, -_ACCENT / 3))


def _held(start: Ints, moved: Ints, voice: Ints, length: int) -> Ints:
    """The moves, held so that no note overtakes a neighbour of its pitch, starts before 0 or behind the end."""
    half = room_between(start.astype(np.float64), voice)
    held = np.clip(moved, -half, half).astype(np.int64)
    return np.clip(held, -start, np.maximum(0, length - 1 - start))
