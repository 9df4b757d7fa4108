"""How much of a score is listened to: a file may hold more notes and parts than any music has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..score import Part, Score
from .heard import MAX_BEATS, Heard
from .result import Finding

MOST_NOTES = 1 << 17  # an opera has fewer
MOST_PARTS = 256


def within_reach(score: Score) -> tuple[Score, tuple[Finding, ...]]:
    """The score with the notes that are listened to, every part still at its index, and a remark where some are not.

    Listened to are the MOST_PARTS parts with the most notes, and of those the first MOST_NOTES notes.
    """
    sizes = [score.parts[at].notes.size for at in score.sounding]
    if len(sizes) <= MOST_PARTS and sum(sizes) <= MOST_NOTES:
        return score, ()
    counts = np.array(sizes, np.int64)
    most = np.sort(np.argsort(-counts, kind="stable")[:MOST_PARTS])
    heard = [score.sounding[at] for at in most.tolist()]
    onset = np.concatenate([score.parts[at].notes["onset"] for at in heard])
    of = np.repeat(np.arange(most.size), counts[most])
    first = np.argsort(onset, kind="stable")[:MOST_NOTES]
    kept = np.bincount(of[first]).tolist()
    parts = [Part(name="", channel=0, notes=score.parts[0].notes[:0])] * len(score.parts)  # silent
    for at, count in zip(heard, kept, strict=False):  # none is kept of the last where the count ends early
        part = score.parts[at]
        if count:
            parts[at] = part if count == part.notes.size else replace(part, notes=part.notes[:count])
    return replace(score, parts=tuple(parts)), (
        _remark(
            f"of {counts.sum()} notes in {counts.size} parts only {sum(kept)} in {np.count_nonzero(kept)} are listened to",
            f"more than {MOST_NOTES} notes or {MOST_PARTS} parts are no piece of music",
        ),
    )


def past_grid(heard: Heard) -> tuple[Finding, ...]:
    """A remark where notes begin after the last beat that is listened to."""
    late = int((heard.onset >= heard.beats[-1]).sum())
    if not late:
        return ()
    why = f"a piece that has so few notes for its beats, or more than {MAX_BEATS}, is heard in its first part"
    return (_remark(f"{late} notes come after beat {len(heard.beats) - 1} and are not listened to for chords and form", why),)  # fmt: skip


def _remark(what: str, why: str) -> Finding:
    return Finding(id="heard_in_part", kind="trouble", bar=0, part=-1, audible=1.0, source="house", what=what, why=why)
