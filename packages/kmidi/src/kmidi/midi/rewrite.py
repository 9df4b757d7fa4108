"""A score that was read, back to bytes: the events of its file, and of the score only what was changed."""

from __future__ import annotations

from collections import deque

import numpy as np

from ..score import Part, Score, bar_line
from .conductor import MarkerNames, chord_names, chord_track, key_metas, meter_metas, tempo_metas, text_metas
from .edit import Edit
from .encode import CUE, END_OF_TRACK, KEY, LYRIC, MARKER, METER, TEMPO, TEXT, TITLE, chunk, header, meta
from .facts import Facts, facts
from .layout import END, Event, lay_out
from .parts import control_rows, note_rows, part_events
from .read import Source


def rewrite(score: Score, source: Source, markers: MarkerNames) -> bytes:
    """The bytes of a score that was read."""
    edit = Edit(source, score.length)
    old, file = source.score, source.file
    said = facts(file)
    by_origin = {part.origin: part for part in old.parts}
    origins = set(by_origin)
    new: list[Part] = []
    for part in score.parts:
        before = by_origin.pop(part.origin, None)
        if before is None:
            new.append(part)
        elif part is not before:
            edit.part(part, before, said)
    edit.settle()
    if by_origin:
        edit.gone |= np.isin(edit.voice, [track << 4 | channel for track, channel in filter(None, by_origin)])
    count = max(1, len(file.bounds))  # a file of no tracks gets one for what is new
    numbers = range(count, count + len(new))
    fresh = dict(zip(map(id, new), numbers, strict=True))
    tracks_of = [0, *(fresh.get(id(p), p.origin[0] if p.origin else 0) for p in score.parts)]
    _piece(edit, score, said, markers, tracks_of[chord_track(score.parts)])
    stayed = {part.origin[0] for part in score.parts if part.origin and part.origin in origins}
    lost = _lost_tracks(edit, {origin[0] for origin in by_origin if origin}, stayed, said)
    for number, part in zip(numbers, new, strict=True):
        edit.added += part_events(part, number, score.length)
    edit.rows += [control_rows(new, numbers, score.length), *note_rows(new, numbers, score.length)]

    tracks = _tracks(edit, count + len(new), lost, score)
    kind = 1 if file.format == 0 and len(tracks) > 1 else file.format
    order = _order(count, tracks_of[1:])
    chunks: list[bytes] = []
    others = deque(file.others)
    for number in order:
        while others and others[0][0] <= number:
            chunks.append(others.popleft()[1])
        if number in tracks:
            chunks.append(chunk(b"MTrk", tracks[number]))
    chunks += [other for _, other in others]
    division = score.ppq if old.tempos != score.tempos else file.division  # SMPTE time knows no tempo
    return header(kind, len(tracks), division) + b"".join(chunks)


def _order(count: int, wanted: list[int]) -> list[int]:
    """The order of tracks: those of the parts as the parts stand, others behind the track they stood behind, 0 first."""
    leads = {0, *wanted}
    behind: dict[int, list[int]] = {}
    lead = 0
    for track in range(count):
        lead = track if track in leads else lead
        behind.setdefault(lead, []).append(track)
    return [track for lead in dict.fromkeys([0, *wanted]) for track in behind.get(lead, [lead])]


def _piece(edit: Edit, score: Score, said: Facts, markers: MarkerNames, chord_track: int) -> None:
    """Bring what is said of the whole piece to what it is now; chord names that are new go to `chord_track`."""
    old = edit.old
    if score.title != old.title:
        edit.word(score.title, old.title, said.names, (0, None), TITLE, True)
    if score.tempos != old.tempos:
        if edit.file.division >= 0x8000:
            edit.gone |= (edit.events.status == 0xFF) & (edit.events.one == TEMPO)
        edit.say(said.tempos, score.tempos, tempo_metas)
    if score.meters != old.meters:
        edit.say(said.meters, score.meters, meter_metas)
    if score.keys != old.keys:
        edit.say(said.keys, score.keys, key_metas, said.mode_rows)
    if score.markers != old.markers:
        edit.say(said.markers, score.markers, lambda values: text_metas(MARKER, values))
    if score.texts != old.texts:
        edit.say(said.texts, score.texts, lambda values: text_metas(TEXT, values))
    names = chord_names(score) if score.chords != old.chords or markers != "sections" else []
    if score.chords != old.chords:
        edit.say(said.chords, names, lambda values: text_metas(TEXT, values), track=chord_track)
    if score.chords != old.chords or markers != "sections":
        wanted = names if said.chord_markers.rows or markers != "sections" else []
        edit.say(said.chord_markers, wanted, lambda values: text_metas(MARKER, values))
    if markers == "chords":
        edit.gone[said.markers.rows] = True


def _lost_tracks(edit: Edit, gone: set[int], stayed: set[int], said: Facts) -> set[int]:
    """Tracks that leave with their last part, if they say nothing of the whole piece; track 0 stays."""
    if edit.file.format == 0:
        return set()
    events = edit.events
    speaks = (events.status == 0xFF) & np.isin(events.one, (TEMPO, METER, KEY, MARKER, LYRIC, CUE)) & ~edit.gone
    texts = np.array(said.texts.rows, np.int64)
    speaks[texts] = ~edit.gone[texts]
    speaks |= (events.status & 0xF7) == 0xF0  # what a maker's own messages set up
    keep = {0, said.chord_track, *stayed, *events.track[speaks].tolist(), *(e.track for e in edit.added)}
    return gone - keep


def _tracks(edit: Edit, count: int, lost: set[int], score: Score) -> dict[int, bytes]:
    """The bytes of each track: as they stood where nothing changed."""
    file, events, length = edit.file, edit.events, edit.length
    # as long as it was, to the bar line of other meters too
    stays = length in (edit.old.length, bar_line(edit.old.length, score.meters, score.ppq))
    had = max(1, len(file.bounds))  # the first may be new
    touched = np.ones(count, bool)
    if stays:
        touched[:had] = [bound is None for bound in file.bounds] or False
        touched[events.track[edit.gone]] = True
        touched[[e.track for e in edit.added]] = True
        for rows in edit.rows:
            touched[rows.track] = True
    elif length < edit.old.length:
        edit.cut()
    touched[list(lost)] = False
    longest = 0
    if stays and bar_line(int(file.ends.max(initial=0)), score.meters, score.ppq) != length:
        longest, touched[0] = length, True
    elif lost and stays and file.ends.max() > np.delete(file.ends, list(lost)).max(initial=0):
        longest, touched[0] = int(file.ends.max()), True  # the piece is as long as it was
    tracks = {n: bytes(events.data[slice(*bound)]) for n, bound in enumerate(file.bounds) if bound and not touched[n]}
    if touched.any():
        is_end = (events.status == 0xFF) & (events.one == END_OF_TRACK)
        kept = np.flatnonzero(touched[events.track] & ~edit.gone & ~is_end)
        # a track ends where it did, or on the new last bar line, but not before its last event
        ends = np.full(count, length)
        if stays:
            ends[: len(file.bounds)] = file.ends
        ends[0] = max(ends[0], longest)
        np.maximum.at(ends, events.track[kept], events.tick[kept])
        for rows in edit.rows:
            np.maximum.at(ends, rows.track, rows.tick)
        for event in edit.added:
            ends[event.track] = max(ends[event.track], event.tick)
        old = np.flatnonzero(touched[:had]).tolist()
        last = [Event(n, int(ends[n]), END, meta(END_OF_TRACK, b"")) for n in old]
        laid = lay_out(count, [*edit.added, *last], edit.rows, (events, kept))
        tracks |= {int(n): laid[n] for n in np.flatnonzero(touched)}
    return {n: track for n, track in tracks.items() if n not in lost}
