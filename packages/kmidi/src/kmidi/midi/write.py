"""Score to bytes: a type 1 file that every DAW reads alike, or the file a score was read from with what was changed."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ..errors import MidiError, nearest
from ..score import Notes, Score
from .conductor import MarkerNames, conductor_events
from .encode import Ints, chunk, header
from .layout import LONGEST, lay_out
from .parts import control_rows, note_rows, part_events
from .read import Source
from .rewrite import rewrite


def write(score: Score, *, markers: MarkerNames = "sections") -> bytes:
    """A Standard MIDI File.

    A score that kmidi made: type 1, track 0 conducts, then one track a part; all end at score.length. `markers` says
    what the marker events name: sections, chords, or both; chord names stand as text in the chord track in any case.
    A note sounds at onset + shift, not before tick 0; what rings past score.length is cut there; where two notes of one
    channel and pitch overlap, the first ends where the second starts.

    A score that was read: every event of its file, at its tick and in its order, apart from what was changed in the
    score; an unchanged track keeps its bytes. A part is told by its `origin`; one without becomes a new track, one that
    is missing leaves with its events. With another ppq than the file's it is written as if kmidi had made it.

    MidiError where a value is outside MIDI's range.
    """
    if markers not in ("sections", "chords", "both"):
        raise MidiError(f"unknown markers {markers!r}{nearest(markers, ('sections', 'chords', 'both'))}")
    if not 0 < score.ppq < 0x8000:
        raise MidiError(f"{score.ppq} ticks a quarter note; legal: 1 to {0x7FFF}")
    if isinstance(score.source, Source) and score.ppq == score.source.score.ppq:
        return rewrite(score, score.source, markers)
    if not 0 <= score.length <= LONGEST:
        raise MidiError(f"a score {score.length} ticks long; legal: 0 to {LONGEST}")
    numbers = range(1, len(score.parts) + 1)
    events = [
        event
        for part, number in zip(score.parts, numbers, strict=True)
        for event in part_events(part, number, score.length)
    ]
    events += conductor_events(score, markers)
    rows = [control_rows(score.parts, numbers, score.length), *note_rows(score.parts, numbers, score.length)]
    tracks = lay_out(len(score.parts) + 1, events, rows)
    return header(1, len(tracks), score.ppq) + b"".join(chunk(b"MTrk", track) for track in tracks)


def doubled(score: Score) -> int:
    """How many notes write leaves out of a score that was read, as another of their part and pitch starts with them.

    Those that stand in the file as they are stay there.
    """
    was = {part.origin: part for part in score.source.score.parts} if isinstance(score.source, Source) else {}
    left_out = 0
    for part in score.parts:
        old, notes = was.pop(part.origin, None), part.notes
        if old is not None and old.notes is notes:
            continue
        place = _place(notes)
        order = place.argsort(kind="stable")
        again = np.flatnonzero(np.diff(place[order]) == 0)
        if again.size:
            alike = old.notes if old is not None and old.channel == part.channel else notes[:0]
            held = Counter(alike[np.isin(_place(alike), place[order[again]])].tolist())
            some = order[np.unique([again, again + 1])]
            rows = notes[some].tolist()
            held.subtract(rows)
            stays = np.zeros(len(notes), bool)
            stays[some] = [held[row] >= 0 for row in rows]
            left_out += int((~stays[order[again]] | ~stays[order[again + 1]]).sum())
    return left_out


def _place(notes: Notes) -> Ints:
    """Where each note begins, on its pitch."""
    return notes["pitch"].astype(np.int64) << 41 | np.maximum(notes["onset"] + notes["shift"], 0)
