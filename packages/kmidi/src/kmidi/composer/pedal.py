"""The sustain pedal: down for a chord, up and down again where the harmony changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..intent import Feeling
from ..plan import PartPlan
from ..planner.cues import cue, felt, to_share
from ..score import CONTROL_CHANGE, SUSTAIN, ChordSpan
from ..theory import Chord
from .stage import Stage

_HELD = 0.36  # of a pedalled chord, what its notes sound on average: later ones less, struck again sooner
_LATE_MS = 60.0  # a pianist changes the pedal just after the chord is struck, so that the new one is caught


def pedalled(stage: Stage, part: PartPlan) -> list[tuple[int, int]]:
    """Stretches (start, end in ticks) that ring in the pedal: whole chords, two bars at most, in order.

    As many as bring the notes' mean length to what the feeling wants (the cue `ring`, moved by the part's legato).
    """
    whole = Feeling(valence=stage.plan.affect.valence, arousal=stage.plan.affect.arousal)
    wanted = cue("ring", whole, stage.plan.seed).value
    usual = to_share("legato", cue("legato", whole, stage.plan.seed).value)
    second = stage.plan.bpm / 60 * stage.ppq
    rings: list[tuple[int, int]] = []
    for passage in stage.played(part):
        stretches = _stretches(passage.chords, 2 * stage.bar_ticks)
        here = wanted + felt("ring", passage.section.feeling) - felt("ring", whole) + 1.2 * (part.legato - usual)
        held = sum(end - start for start, end in stretches) / len(stretches) * _HELD / second
        fingers = 0.6 * stage.ppq / second
        share = min(1.0, max(0.0, (here - fingers) / max(0.1, held - fingers)))
        unit = stage.stream(passage.section.name, f"{part.role}/pedal").unit
        order = sorted(stretches, key=lambda stretch: (unit(), stretch))
        left = share * (passage.end - passage.start)
        for start, end in order:
            if left < (end - start) / 2:
                break
            rings.append((start, end))
            left -= end - start
    return sorted(rings)


def _stretches(chords: tuple[ChordSpan, ...], longest: int) -> list[tuple[int, int]]:
    """Chords' onsets and ends, equal neighbours as one."""
    out: list[tuple[int, int]] = []
    last: Chord | None = None
    for span in chords:
        if out and span.chord == last and span.onset + span.duration - out[-1][0] <= longest:
            out[-1] = (out[-1][0], span.onset + span.duration)
        else:
            out.append((span.onset, span.onset + span.duration))
        last = span.chord
    return out


def rung(rings: list[tuple[int, int]], onset: NDArray[np.int64], duration: NDArray[np.int64]) -> NDArray[np.int64]:
    """Durations in ticks as they sound: what is struck under a held pedal rings until it lifts."""
    if not rings:
        return duration
    starts, ends = np.array(rings, np.int64).T
    at = np.searchsorted(starts, onset, side="right") - 1
    lifts = np.where(at >= 0, ends[at], 0)
    return np.maximum(duration, lifts - onset)


def pedal_rows(stage: Stage, part: PartPlan) -> list[tuple[int, int, int, int]]:
    """Controller rows of the pedal; none where humanize is 0, for the notes' own lengths say it all."""
    if stage.plan.humanize == 0:
        return []
    late = round(_LATE_MS * stage.plan.bpm / 60_000 * stage.ppq)
    rows: list[tuple[int, int, int, int]] = []
    for start, end in pedalled(stage, part):
        rows += [(start + late, CONTROL_CHANGE, SUSTAIN, 127), (min(end, stage.length - 1), CONTROL_CHANGE, SUSTAIN, 0)]
    return rows
