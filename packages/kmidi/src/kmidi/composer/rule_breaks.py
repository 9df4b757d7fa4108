"""Rules broken in the sound itself: operations from Score to Score, named by the rows of rule_breaks.toml.

Each takes the arguments of its row. Notes keep their microtiming; what an operation leaves is settled again, so that no
note is empty, overlapping or out of range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..score import Part, Score, Tempo, notes_array, room_between, without_overlaps
from ..tables import KIT, instruments, rule_breaks
from .perform import settled
from .stage import Passage, Stage
from .voices import first_voice, in_range

Arguments = dict[str, Any]


def break_rules(score: Score, stage: Stage) -> Score:
    """The Score with the rules broken that its plan names; rules that the plan's own chords and energies break are there.

    A part that a rule would take away whole stays as it was: who was asked to play is heard.
    """
    for planned in stage.plan.rule_breaks:
        row = rule_breaks()[planned.id]
        if row.operation in OPERATIONS:
            broken = OPERATIONS[row.operation](score, stage, row.arguments)
            pairs = zip(score.parts, broken.parts, strict=True)
            score = replace(broken, parts=tuple(now if len(now.notes) else before for before, now in pairs))
    return score


def scale_velocity(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """One voice's velocities times `factor`, all others' times `others`."""
    masks = first_voice(score, arguments["voices"])

    def scaled(part: Part, mask: NDArray[np.bool_]) -> Part:
        factor = np.where(mask, arguments["factor"], arguments["others"])
        return _with(part, velocity=_loud(part.notes["velocity"] * factor))

    return _each(score, masks, scaled)


def stretch_velocity(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """Velocities spread so that the calmest section lies around `floor` and the fullest around `ceiling`.

    Within a section differences shrink to half; where all sections are alike, the piece grows from floor to ceiling.
    """
    energies = [p.section.energy for p in stage.passages]
    low, high = min(energies), max(energies)
    floor, ceiling = arguments["floor"], arguments["ceiling"]

    def stretched(part: Part, mask: NDArray[np.bool_]) -> Part:
        onset, velocity = part.notes["onset"], part.notes["velocity"].astype(float)
        if high > low:
            starts = [p.start for p in stage.passages]
            share = (np.array(energies)[np.searchsorted(starts, onset, side="right") - 1] - low) / (high - low)
        else:
            share = onset / max(1, stage.length)
        middle = velocity.mean() if len(velocity) else 0.0
        return _with(part, velocity=_loud(floor + (ceiling - floor) * share + 0.5 * (velocity - middle)))

    return _each(score, [np.ones(len(p.notes), bool) for p in score.parts], stretched)


def displace(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """A voice moved so many sixteenths later; what would start past the end goes."""
    ticks = arguments["sixteenths"] * score.ppq // 4

    def moved(part: Part, mask: NDArray[np.bool_]) -> Part:
        return _settled(score, _with(part, onset=part.notes["onset"] + ticks * mask))

    return _each(score, first_voice(score, arguments["voices"]), moved)


def silence(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """The last `beats` of each section but the last are silent; of every fourth bar where there is one section."""
    beats = (*stage.beats, stage.bar_ticks)
    rest = beats[-1] - beats[-1 - arguments["beats"]]
    ends = [p.end for p in stage.passages[:-1]] or list(range(4 * stage.bar_ticks, stage.length, 4 * stage.bar_ticks))
    ends = ends or [stage.bar_ticks]

    def hushed(part: Part, mask: NDArray[np.bool_]) -> Part:
        notes = part.notes.copy()
        for end in ends:
            notes = notes[(notes["onset"] < end - rest) | (notes["onset"] >= end)]
            start = notes["onset"] + notes["shift"]
            rings = (notes["onset"] < end) & (start + notes["duration"] > end - rest)
            notes["duration"] = np.where(rings, np.maximum(1, end - rest - start), notes["duration"])
            early = (notes["onset"] >= end) & (start < end)
            notes["shift"] = np.where(early, end - notes["onset"], notes["shift"])
        return replace(part, notes=without_overlaps(notes, score.length))

    return _each(score, [np.ones(len(p.notes), bool) for p in score.parts], hushed)


def bend_tempo(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """Each phrase a little faster in its first half and as much slower in its second: its seconds stay exact.

    Steps in the length of a quarter note, so that what is gained is given back; the tempo at tick 0 is the plan's.
    """
    us = stage.plan.us_per_quarter
    reach = round(us * min(arguments["bpm"] / stage.plan.bpm, 0.15))
    shape = (0.0, -0.5, -1.0, -0.5, 0.0, 0.5, 1.0, 0.5)
    tempos: list[Tempo] = []
    for passage in stage.passages:
        length = min(passage.section.phrase_bars, passage.section.bars) * passage.bar_ticks
        for start in range(passage.start, passage.end, length):
            whole = start + length <= min(passage.end, stage.length)
            tempos += [Tempo(start + length * at // 8, us + round(reach * step)) for at, step in enumerate(shape if whole else (0.0,))]  # fmt: skip
    return replace(score, tempos=tuple(tempos))


def transpose_voice(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """A voice moved by `semitones` in some sections, by octaves back into its instrument's range where it leaves it."""
    ranges = _where(stage, arguments["where"])

    def moved(part: Part, mask: NDArray[np.bool_]) -> Part:
        chosen = mask & _within(part.notes["onset"], ranges)
        pitch = part.notes["pitch"] + arguments["semitones"] * chosen
        tool = instruments()[part.instrument]
        return _settled(score, _with(part, pitch=in_range(pitch, tool.low, tool.high)))

    return _each(score, first_voice(score, arguments["voices"]), moved)


def parallel(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """A voice's chords become root, fifth and octave, moved as one block: its k-th pitch from below the k-th of those."""
    spans = score.chords
    starts = np.array([span.onset for span in spans])

    def blocked(part: Part, mask: NDArray[np.bool_]) -> Part:
        if not mask.any():
            return part
        notes = part.notes.copy()
        tool = instruments()[part.instrument]
        which = np.searchsorted(starts, notes["onset"], side="right") - 1
        floor = int(np.median(notes["pitch"][mask])) - 12
        for index in np.unique(which[mask]):
            inside = mask & (which == index)
            root = floor + (spans[index].chord.root - floor) % 12
            _, rank = np.unique(notes["pitch"][inside], return_inverse=True)
            block = np.array([0, 7, 12, 19])[np.minimum(rank, 3)]
            notes["pitch"][inside] = in_range(root + block, tool.low, tool.high)
        return _settled(score, replace(part, notes=notes_array(notes)))

    return _each(score, first_voice(score, arguments["voices"]), blocked)


def restrike(score: Score, stage: Stage, arguments: Arguments) -> Score:
    """Voices struck anew on a grid of their own in some sections: every so many `eighths`, or n times a bar.

    `against`: the first number that does not divide the beats of the bar. At each point sounds what sounded there before,
    or was struck last. "kick" is the drums' kick alone.
    """
    ranges = _where(stage, arguments["where"])
    if "eighths" in arguments:
        step = arguments["eighths"] * score.ppq // 2
    else:
        divisions = next(n for n in arguments["against"] if len(stage.beats) % n)
        step = stage.bar_ticks // divisions

    def struck(part: Part, mask: NDArray[np.bool_]) -> Part:
        notes, made = part.notes, []
        for start, end in ranges:
            chosen = mask & (notes["onset"] >= start) & (notes["onset"] < end)
            onsets = notes["onset"][chosen]
            if not len(onsets):
                continue
            for at in range(start, end, step):
                before = onsets[onsets <= at]
                source = notes[chosen & (notes["onset"] == (before[-1] if len(before) else onsets[0]))].copy()
                ringing = chosen & (notes["onset"] < at) & (notes["onset"] + notes["duration"] > at)
                ringing &= ~np.isin(notes["pitch"], source["pitch"])
                source = np.concatenate([source, notes[ringing]])
                source["onset"], source["duration"] = at, np.minimum(step, end - at) * 9 // 10
                made.append(source)
        kept = notes[~(mask & _within(notes["onset"], ranges))]
        return _settled(score, replace(part, notes=notes_array(np.concatenate([kept, *made]))))

    for voice in arguments["voices"]:
        masks = first_voice(score, [voice])
        if voice == "kick":
            masks = [
                p.notes["pitch"] == KIT["kick"] if p.is_drums else np.zeros(len(p.notes), bool) for p in score.parts
            ]
        score = _each(score, masks, struck)
    return score


OPERATIONS: dict[str, Callable[[Score, Stage, Arguments], Score]] = {
    "bend_tempo": bend_tempo, "displace": displace, "parallel": parallel, "restrike": restrike,
    "scale_velocity": scale_velocity, "silence": silence, "stretch_velocity": stretch_velocity,
    "transpose_voice": transpose_voice,
}  # fmt: skip


def _each(score: Score, masks: list[NDArray[np.bool_]], change: Callable[[Part, NDArray[np.bool_]], Part]) -> Score:
    return replace(score, parts=tuple(change(part, mask) for part, mask in zip(score.parts, masks, strict=True)))


def _with(part: Part, **columns: NDArray[Any]) -> Part:
    notes = part.notes.copy()
    for name, values in columns.items():
        notes[name] = values
    return replace(part, notes=notes_array(notes))


def _settled(score: Score, part: Part) -> Part:
    onset, duration, pitch, velocity = (
        part.notes[name].astype(np.int64) for name in ("onset", "duration", "pitch", "velocity")
    )
    kept, duration = settled(onset, duration, pitch, velocity, score.length)
    notes, onset = part.notes[kept], onset[kept]
    notes["duration"], notes["velocity"] = duration, np.clip(velocity[kept], 1, 127)
    late = room_between(onset.astype(float), notes["pitch"])
    early = np.minimum(late, onset // 2)
    notes["shift"] = np.clip(notes["shift"], -early, np.minimum(late, (score.length - 1 - onset) // 2))
    return replace(part, notes=without_overlaps(notes, score.length))


def _loud(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.clip(np.rint(values), 1, 127).astype(np.int64)


def _where(stage: Stage, where: str) -> list[tuple[int, int]]:
    """Tick ranges: the fullest section (all of its kind), or its second half."""
    fullest: Passage = max(stage.passages, key=lambda p: (p.section.energy, -p.index))
    alike = [p for p in stage.passages if p.section.kind == fullest.section.kind]
    return [(p.bar_start(0 if where == "fullest" else p.section.bars // 2), p.end) for p in alike]


def _within(onset: NDArray[np.int64], ranges: list[tuple[int, int]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(onset), bool)
    for start, end in ranges:
        inside |= (onset >= start) & (onset < end)
    return inside
