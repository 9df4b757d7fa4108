"""Score to bytes: a type 1 file that every DAW reads alike, or the file a score was read from with what was changed."""

from __future__ import annotations

from ..errors import MidiError, nearest
from ..score import Score
from .conductor import MarkerNames, conductor_events
from .encode import chunk, header
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
