"""Microtiming: how far each note stands from the grid, in ticks. Swing, pocket, the band's wander, each player's noise.

Spreads are in ms and do not depend on tempo; a player's deviations wander (neighbours resemble each other), and the band
wanders together. Counted from the Groove MIDI Dataset (drum_timing.toml); roles beside the drums: house, around those.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError, nearest
from ..plan import PartPlan
from ..score import room_in_order
from ..streams import bells
from ..tables import KIT, Groove, drum_timing, grooves, timing_by_pitch
from .drum_cells import SLOT
from .stage import Stage

Ticks = NDArray[np.int64]
# Spread in ms and share of the common wander, for roles that were not measured.
_ROLES = {"bass": (15.0, 0.35), "chords": (14.0, 0.4), "pad": (16.0, 0.3), "piano": (13.0, 0.5), "melody": (18.0, 0.4), "counter": (17.0, 0.4)}  # fmt: skip
_LEAN_MS = 5.0  # still feelings settle behind the beat, stirred ones press ahead of it: after KmiDi's timing feels
_FULL_SWING = 0.25  # from this humanize on the swing is whole: it belongs to the style, not to the players


def groove_of(stage: Stage) -> Groove:
    """The plan's groove; IntentError names the nearest."""
    rows = grooves()
    if stage.plan.groove not in rows:
        raise IntentError(f"unknown groove {stage.plan.groove!r}{nearest(stage.plan.groove, rows)}", field="groove")
    return rows[stage.plan.groove]


class Band(NamedTuple):
    """The notes of all parts, part by part, each part's by onset, then pitch; `edges` are where the parts begin and end.

    `part` numbers each note's part. A voice is a pitch of a part: seven bits of pitch under those of the part.
    `by_voice` numbers the notes voice by voice, each voice's by onset: neighbours in time stand together, and sorting
    what was sorted is quick.
    """

    stage: Stage
    parts: tuple[PartPlan, ...]
    edges: list[int]
    onset: Ticks
    part: Ticks
    voice: Ticks
    by_voice: Ticks

    def counts(self) -> list[tuple[PartPlan, int]]:
        """Each part with its number of notes."""
        return [(part, last - first) for part, (first, last) in zip(self.parts, pairwise(self.edges), strict=True)]

    def each(self, value: Callable[[PartPlan], float]) -> NDArray[np.float64]:
        """A part's value for each of its notes."""
        return np.array([value(part) for part in self.parts])[self.part]


def shifts(band: Band) -> Ticks:
    """Ticks by which each note stands behind (+) or ahead (-) of the grid; all 0 where humanize is 0.

    Notes of one voice keep their order, none starts before tick 0 or at the end. Onsets themselves are not touched.
    """
    stage, onset = band.stage, band.onset
    amount = stage.plan.humanize
    if amount == 0 or not len(onset):
        return np.zeros(len(onset), np.int64)
    groove = groove_of(stage)
    ticks_per_ms = stage.ppq * stage.plan.bpm / 60_000
    swung = onset + _swing(stage, groove, onset) * min(1.0, amount / _FULL_SWING)
    late, spread, share = _players(band, groove)
    wander, noise = _drawn(band)
    stray = spread * (np.sqrt(share) * wander + np.sqrt(1 - share) * noise)
    jitter = np.rint(stray * amount * ticks_per_ms)
    room = np.empty(len(onset))
    room[band.by_voice] = room_in_order(swung[band.by_voice], band.voice[band.by_voice])  # swing keeps their order
    start = np.rint(swung) + np.clip(jitter, -room, room) + np.rint(late * amount * ticks_per_ms)
    shift = (start - onset).astype(np.int64)
    return np.clip(shift, -(onset // 2), (stage.length - 1 - onset) // 2)


def _swing(stage: Stage, groove: Groove, onset: Ticks) -> NDArray[np.float64]:
    """Ticks that swing adds at each onset: the first half of each unit stretched, the second squeezed."""
    eighths = groove.swing_unit == "8th"
    if stage.plan.swing == 0 or (eighths and stage.plan.meter.denominator != 4):
        return np.zeros(len(onset))
    pair = stage.ppq if eighths else stage.ppq // 2  # the two notes that share a long and a short
    moved = pair * stage.plan.swing / 6  # at 1 the off-beat stands at two thirds
    within = onset % pair
    return moved * np.minimum(within, pair - within) / (pair / 2)


def _players(band: Band, groove: Groove) -> tuple[NDArray[np.float64], ...]:
    """For each note: pocket in ms (the kick's own, the others' leaning with arousal), spread in ms, share of the wander."""
    lean = -_LEAN_MS * band.stage.plan.affect.arousal
    late = band.each(lambda p: groove.late_ms.get(p.role, 0.0) + lean)
    spread = band.each(lambda p: 0.0 if p.role == "drums" else _ROLES[p.role][0] * groove.tightness)
    share = band.each(lambda p: 0.0 if p.role == "drums" else _ROLES[p.role][1])
    for part, (first, last) in zip(band.parts, pairwise(band.edges), strict=True):
        if part.role == "drums":
            pitch = band.voice[first:last] & 127
            pocket, spread[first:last], share[first:last] = _kit_table(groove.id)[pitch].T
            late[first:last] = np.where(pitch == KIT["kick"], pocket, pocket + lean)
    return late, spread, share


@lru_cache(maxsize=64)
def _kit_table(groove_id: str) -> NDArray[np.float64]:
    """Pocket, spread and wander share by kit pitch."""
    groove = grooves()[groove_id]
    rows = [(groove.late_ms.get(row.id, 0.0), row.sd_ms * groove.tightness, row.drift) for row in timing_by_pitch()]
    return np.array(rows)


def _drawn(band: Band) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The band's wander at each onset and a noise of its own for each onset of a part, both of standard deviation 1."""
    stage, passages = band.stage, band.stage.passages
    slots = [-(-(p.end - p.start) // SLOT) for p in passages]
    line = _wander(
        [(f"{stage.plan.root}/{p.section.name}/wander", n + 1) for p, n in zip(passages, slots, strict=True)]
    )
    names = [p.section.name for p in passages]
    starts = np.array([*(p.start for p in passages), passages[-1].end])
    # where each passage of each part begins in the notes, and where its last one ends
    places = (np.arange(len(band.parts))[:, None] << 48) + starts
    begins = (band.part << 48 | band.onset).searchsorted(places).tolist()
    draws = [
        (stage.seed(name, f"{part.role}/time"), end - begin)
        for part, within in zip(band.parts, begins, strict=True)
        for name, (begin, end) in zip(names, pairwise(within), strict=True)
        if end > begin
    ]
    return line[band.onset // SLOT], bells(*draws)


def _wander(draws: list[tuple[str, int]]) -> NDArray[np.float64]:
    """First-order autoregressions over the sixteenths of passages, the same for every part.

    Each has a seed and is drawn over one sixteenth more than it has.
    """
    keep = drum_timing()["kick"].decay
    drawn = bells(*draws)
    fresh = (drawn * (1 - keep * keep) ** 0.5).tolist()
    values: list[float] = []
    begin = 0
    for _, count in draws:
        value = float(drawn[begin])
        values.append(value)
        values += [value := value * keep + step for step in fresh[begin + 1 : begin + count - 1]]
        begin += count
    return np.array(values)
