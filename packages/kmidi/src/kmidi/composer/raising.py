"""Sections that stand higher than the piece: their notes, chords and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..score import ChordSpan, KeyChange
from ..tables import instruments
from .stage import Stage, Table


def raised_rows(table: Table, stage: Stage) -> Table:
    """All rows, those of raised sections moved up; an octave lower where a part's instrument does not reach."""
    ups = np.array([p.section.raised for p in stage.passages])
    if not ups.any():
        return table
    parts = stage.plan.parts
    onset, _, pitch, _, part = table = table.copy()
    which = np.array([p.end for p in stage.passages[:-1]]).searchsorted(onset, "right")
    highest = np.zeros((len(parts), len(ups)), np.int64)
    np.maximum.at(highest, (part, which), pitch)
    tools = [instruments()[p.instrument] for p in parts]
    moves = np.where(highest + ups > np.array([[tool.high] for tool in tools]), ups - 12, ups)
    moves[[p.role == "drums" for p in parts]] = 0
    pitch += moves[part, which]
    pitch[pitch < np.array([p.role != "drums" and tool.low for p, tool in zip(parts, tools, strict=True)])[part]] += 12
    return table


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
