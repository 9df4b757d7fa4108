"""The stage: a Plan laid out in ticks, as the writers see it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from struct import pack

import numpy as np
from numpy.typing import NDArray

from ..bulk import in_bulk
from ..plan import PartPlan, Plan, Section
from ..score import PPQ, ChordSpan
from ..streams import Stream
from ..theory import Chord
from .habits import Habits, habits_of

Row = tuple[int, int, int, int]  # onset and duration in ticks on the grid, pitch, velocity
Column = NDArray[np.int64]
Table = NDArray[np.int64]  # many rows as columns: the four of a Row, and which part each row is of
Heard = Mapping[str, list[Row]]  # rows written before, by role
_ONSET = attrgetter("onset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A section in ticks: where it starts and ends, its bars, its chords (absolute ticks), what follows."""

    section: Section
    index: int
    start: int
    end: int
    bar_ticks: int
    chords: tuple[ChordSpan, ...]
    next_chord: ChordSpan | None

    def bar_start(self, bar: int) -> int:
        """The tick at which a bar of the section (from 0) starts."""
        return self.start + bar * self.bar_ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The whole piece in ticks. `length` is where it ends; `beats` are the beats' onsets within a bar, in ticks."""

    plan: Plan
    ppq: int
    length: int
    bar_ticks: int
    beats: tuple[int, ...]
    passages: tuple[Passage, ...]
    habits: Habits

    def stream(self, section: str, role: str) -> Stream:
        """The random stream of a role in a section (its name, or its kind for what returns of a kind share)."""
        return Stream(self.seed(section, role))

    def seed(self, section: str, role: str) -> str:
        """The text that seeds a role in a section."""
        return f"{self.plan.root}/{section}/{role}"

    def played(self, part: PartPlan) -> list[Passage]:
        """The passages in which a part plays."""
        return [p for p in self.passages if not part.sections or p.section.name in part.sections]

    def closing(self) -> int:
        """The tick from which the last chord is only held: the start of the last bar, or the end where the piece loops."""
        return self.length if self.plan.loop else self.passages[-1].end - self.bar_ticks

    def chords(self) -> tuple[ChordSpan, ...]:
        """All chords of the piece."""
        return tuple(chord for passage in self.passages for chord in passage.chords)


def lay_out(plan: Plan) -> Stage:
    """The Stage of a Plan at 480 ticks a quarter."""
    bar_ticks = plan.meter.bar_ticks(PPQ)
    every = [chord for section in plan.sections for chord in section.chords]
    romans, ticks = [chord.roman for chord in every], [round(chord.quarters * PPQ) for chord in every]
    chord_of = {roman: plan.chord(chord) for roman, chord in dict(zip(romans, every, strict=True)).items()}
    onsets = [*accumulate(ticks, initial=0)]
    spans = in_bulk(
        ChordSpan, len(every), onset=onsets, duration=ticks, chord=map(chord_of.__getitem__, romans), roman=romans
    )
    firsts = [*accumulate((len(section.chords) for section in plan.sections), initial=0)]
    laid = [tuple(spans[a:b]) for a, b in pairwise(firsts)]
    starts = [onsets[first] for first in firsts]
    passages = [
        Passage(
            section=section, index=index, start=starts[index], end=starts[index + 1], bar_ticks=bar_ticks, chords=chords,
            next_chord=laid[index + 1][0] if index + 1 < len(laid) else None,
        )
        for index, (section, chords) in enumerate(zip(plan.sections, laid, strict=True))
    ]  # fmt: skip
    length = starts[-1] if plan.end_quarters is None else round(plan.end_quarters * PPQ)
    return Stage(
        plan=plan,
        ppq=PPQ,
        length=length,
        bar_ticks=bar_ticks,
        beats=plan.meter.beat_ticks(PPQ),
        passages=tuple(passages),
        habits=habits_of(plan),
    )


def chord_at(spans: Sequence[ChordSpan], tick: int) -> Chord:
    """The chord that sounds at a tick, of spans in order; before the first one, the first."""
    return spans[max(0, bisect_right(spans, tick, key=_ONSET) - 1)].chord


def table_of(parts: Sequence[Sequence[Row]]) -> Table:
    """The rows of parts, one after the other."""
    counts = [len(rows) for rows in parts]
    table = np.empty((5, sum(counts)), np.int64)
    # four times as fast as np.array on a list of tuples
    every = pack(f"{4 * table.shape[1]}q", *chain.from_iterable(chain.from_iterable(parts)))
    table[:4] = np.frombuffer(every, np.int64).reshape(-1, 4).T
    table[4] = np.arange(len(parts)).repeat(counts)
    return table
