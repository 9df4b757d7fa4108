"""Sections that stand higher than the piece: their notes, chords and keys."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from ..plan import PartPlan
from ..score import ChordSpan, KeyChange
from ..tables import instruments
from .stage import Row, Stage


def raise_rows(rows: list[Row], part: PartPlan, stage: Stage) -> list[Row]:
    """A part's rows with those of raised sections moved up; an octave lower where its instrument does not reach."""
    if part.role == "drums" or not any(p.section.raised for p in stage.passages):
        return rows
    tool = instruments()[part.instrument]
    out: list[Row] = []
    ends, highest = [p.end for p in stage.passages[:-1]], [0] * len(stage.passages)
    for onset, _, pitch, _ in rows:
        at = bisect_right(ends, onset)
        highest[at] = max(highest[at], pitch)
    moves = [
        up - 12 if top + up > tool.high else up
        for up, top in zip((p.section.raised for p in stage.passages), highest, strict=True)
    ]
    for onset, length, pitch, velocity in sorted(rows):
        to = pitch + moves[bisect_right(ends, onset)]
        out.append((onset, length, to + 12 if to < tool.low else to, velocity))
    return out


def keys_of(stage: Stage) -> tuple[KeyChange, ...]:
    """The keys of a piece: its own, and where sections rise the one that they rise to."""
    keys, before = [KeyChange(0, stage.plan.key)], 0
    for passage in stage.passages:
        raised = passage.section.raised
        if raised != before:
            keys.append(KeyChange(passage.start, stage.plan.key_of(passage.section)))
            before = raised
    return tuple(keys)


def raised_chords(stage: Stage) -> tuple[ChordSpan, ...]:
    """All chords as they sound; their numerals are counted on the key that their section stands in."""
    return tuple(
        replace(span, chord=span.chord.transpose(passage.section.raised)) if passage.section.raised else span
        for passage in stage.passages
        for span in passage.chords
    )
