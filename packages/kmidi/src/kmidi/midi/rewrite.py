"""A score that was read, back to bytes: the events of its file, and of the score only what was changed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..score import PROGRAM_CHANGE, Controls, Notes, Part, Score
from .conductor import MarkerNames, Timed, chord_names, chord_track, key_metas, meter_metas, tempo_metas, text_metas
from .encode import (
    CHANNEL_PREFIX,
    END_OF_TRACK,
    INSTRUMENT,
    KEY,
    MARKER,
    METER,
    TEMPO,
    TEXT,
    TITLE,
    Ints,
    chunk,
    header,
    meta,
)
from .facts import ROLE, Facts, Said, Voice, facts
from .layout import CHANGE, CLOSE, END, OFF, Event, Rows, lay_out
from .notes import pair
from .parts import Sounding, closing_event, control_rows, note_rows, on_and_off, part_events, program_event, sounding
from .read import KIND, Source, controls_of, hanging_ends, own_rows, voices
from .text import encoded

T = TypeVar("T")


class _Edit:
    """What leaves a file and what comes in."""

    def __init__(self, source: Source, length: int) -> None:
        self.file = source.file
        self.events = source.file.events
        self.old = source.score
        self.length = length
        self.gone = np.zeros(self.events.status.size, bool)
        self.added: list[Event] = []
        self.rows: list[Rows] = []
        self.voice = np.where(self.events.status < 0xF0, voices(self.events), -1)
        self.pairs = pair(self.events)
        self.parts_of = Counter(part.origin[0] for part in self.old.parts if part.origin)

    def say(
        self,
        said: Said[T],
        new: Iterable[T],
        metas: Callable[[list[T]], Timed],
        beside: dict[int, int] | None = None,
        track: int = 0,
    ) -> None:
        """Bring values that meta events say to what they are now; `beside` names a second row that leaves with one.

        What is new goes where the first of them stood, else to `track`.
        """
        wanted = Counter(new)
        track = int(self.events.track[said.rows[0]]) if said.rows else track
        for row, value in zip(said.rows, said.values, strict=True):
            if wanted[value]:
                wanted[value] -= 1
            else:
                self.gone[[row, (beside or {}).get(row, row)]] = True
        self.add(track, metas(list(wanted.elements())))

    def add(self, track: int, timed: Timed) -> None:
        """New events of a track, before what the file holds at their ticks."""
        self.added += [Event(track, max(tick, 0), CHANGE, data) for tick, data in timed]

    def cut(self) -> None:
        """Take away what lies past the length, and end there what rings over it."""
        events, (on, off) = self.events, (self.pairs.on, self.pairs.off)
        late = ~self.gone[off] & (events.tick[off] > self.length)
        self.gone[on[late & (events.tick[on] >= self.length)]] = True
        for row in off[late & (events.tick[on] < self.length)].tolist():
            end = bytes((0x80 | int(events.status[row]) & 15, int(events.one[row]), 64))
            self.added.append(Event(int(events.track[row]), self.length, OFF, end))
        self.gone |= events.tick > self.length

    def part(self, part: Part, old: Part, said: Facts) -> None:
        """Bring one part to what it is now."""
        track, channel = old.origin or (0, 0)
        mine = np.flatnonzero(self.voice == (track << 4 | channel))
        control_rows_ = mine[KIND[self.events.status[mine]] >= 0]
        controls = controls_of(self.events, control_rows_)
        own, programs = own_rows(controls, self.voice[control_rows_], np.full(controls.size, self.file.ends[track]))
        if part.channel != old.channel:
            self.gone[mine] = True
            self.rows += [control_rows([part], [track], self.length), *note_rows([part], [track], self.length)]
            if part.program is not None:
                self.add(track, [(0, program_event(part, part.program))])
        else:
            if not np.array_equal(part.notes, old.notes):
                self.notes(part, track, np.isin(self.pairs.on, mine), np.isin(self.pairs.hanging, mine))
            if not np.array_equal(part.controls, old.controls):
                self.controls(part, track, control_rows_[own], controls[own])
                closing = control_rows_[~own & (controls["kind"] != PROGRAM_CHANGE)]
                self.gone[closing] = True
                self.added += [Event(track, int(self.events.tick[row]), CLOSE, closing_event(part)) for row in closing]
            if part.program != old.program:
                self.gone[control_rows_[programs]] = True
                at = int(controls["tick"][programs[0]]) if programs.size else 0
                if part.program is not None:
                    self.add(track, [(at, program_event(part, part.program))])
        alone = self.file.format > 0 and self.parts_of[track] == 1
        self.word(part.name, old.name, said.names, (track, channel), TITLE, alone and track > 0)
        self.word(part.instrument, old.instrument, said.instruments, (track, channel), INSTRUMENT, alone)
        if part.role != old.role:
            self.word(part.role, old.role, said.roles, (track, channel), TEXT, True)

    def word(
        self, new: str, old: str, said: dict[Voice, tuple[int, str]], voice: Voice, kind: int, alone: bool
    ) -> None:
        """Bring a part's name, instrument or role to what it is now; a channel prefix says whose, if it is not alone."""
        if new == old:
            return
        track, channel = voice
        owned = said.get(voice) or (said.get((track, None)) if alone else None)
        if owned:
            self.gone[owned[0]] = True
        event = meta(kind, encoded((ROLE if kind == TEXT else "") + new))
        if not alone:
            event = meta(CHANNEL_PREFIX, bytes((channel or 0,))) + b"\0" + event
        self.add(track, [(0, event)])

    def notes(self, part: Part, track: int, paired: np.ndarray, hanging: np.ndarray) -> None:
        """Take the notes away that are no longer there, and add those that were not."""
        events, pairs = self.events, self.pairs
        on = np.concatenate([pairs.on[paired], pairs.hanging[hanging]])
        off = np.concatenate([pairs.off[paired], np.full(int(hanging.sum()), -1)])
        left = hanging_ends(pairs, events, self.file.ends)[hanging]
        stop = np.concatenate([events.tick[pairs.off[paired]], left])
        there: dict[tuple[int, ...], list[int]] = {}
        columns = (events.tick[on], stop - events.tick[on], events.one[on], events.two[on])
        for place, note in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            there.setdefault(note, []).append(place)
        notes = part.notes
        new = zip((notes["onset"] + notes["shift"]).tolist(), *(notes[f].tolist() for f in ("duration", "pitch", "velocity")), strict=True)  # fmt: skip
        kept = np.full(notes.size, -1)
        for place, note in enumerate(new):
            if found := there.get(note):
                kept[place] = found.pop()
        gone = np.ones(on.size, bool)
        heard = sounding(notes, np.full(notes.size, part.channel), self.length)
        fresh = _fresh(notes, kept)
        again = fresh[heard.origin]
        gone[kept[(kept >= 0) & ~fresh]] = False
        self.gone[on[gone]] = True
        self.gone[off[gone & (off >= 0)]] = True
        mine = Sounding(heard.origin[again], heard.start[again], heard.end[again])
        channel = np.full(mine.origin.size, part.channel)
        self.rows += on_and_off(np.full(mine.origin.size, track), channel, notes, mine)

    def controls(self, part: Part, track: int, rows: Ints, old: Controls) -> None:
        """Take the controls away that are no longer there, and add those that were not."""
        wanted = Counter(map(tuple, part.controls.tolist()))
        for row, control in zip(rows.tolist(), map(tuple, old.tolist()), strict=True):
            if wanted[control]:
                wanted[control] -= 1
            else:
                self.gone[row] = True
        added = replace(part, controls=np.array(list(wanted.elements()), part.controls.dtype))
        self.rows.append(control_rows([added], [track], self.length))


def _fresh(notes: Notes, kept: Ints) -> np.ndarray:
    """True for notes to be written anew: those the file has not, and those it has that ring into one of them."""
    fresh = kept < 0
    if fresh.any() and not fresh.all():
        start = notes["onset"] + notes["shift"]
        order = np.lexsort((start, notes["pitch"]))
        same = notes["pitch"][order][1:] == notes["pitch"][order][:-1]
        rings = (start + notes["duration"])[order][:-1] > start[order][1:]
        into = np.flatnonzero(same & rings & fresh[order][1:])
        fresh[order[into]] = True
    return fresh


def rewrite(score: Score, source: Source, markers: MarkerNames) -> bytes:
    """The bytes of a score that was read."""
    edit = _Edit(source, score.length)
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
    if by_origin:
        edit.gone |= np.isin(edit.voice, [track << 4 | channel for track, channel in filter(None, by_origin)])
    count = len(file.bounds)
    numbers = range(count, count + len(new))
    fresh = dict(zip(map(id, new), numbers, strict=True))
    tracks_of = [0, *(fresh.get(id(p), p.origin[0] if p.origin else 0) for p in score.parts)]
    _piece(edit, score, said, markers, tracks_of[chord_track(score.parts)])
    stayed = {part.origin[0] for part in score.parts if part.origin and part.origin in origins}
    lost = _lost_tracks(edit, {origin[0] for origin in by_origin if origin}, stayed, said)
    for number, part in zip(numbers, new, strict=True):
        edit.added += part_events(part, number, score.length)
    edit.rows += [control_rows(new, numbers, score.length), *note_rows(new, numbers, score.length)]

    tracks = _tracks(edit, count + len(new), lost)
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
    return header(kind, len(tracks), file.division) + b"".join(chunks)


def _order(count: int, wanted: list[int]) -> list[int]:
    """The order of tracks: those of the parts as the parts stand, others behind the track they stood behind, 0 first."""
    leads = {0, *wanted}
    behind: dict[int, list[int]] = {}
    lead = 0
    for track in range(count):
        lead = track if track in leads else lead
        behind.setdefault(lead, []).append(track)
    return [track for lead in dict.fromkeys([0, *wanted]) for track in behind.get(lead, [lead])]


def _piece(edit: _Edit, score: Score, said: Facts, markers: MarkerNames, chord_track: int) -> None:
    """Bring what is said of the whole piece to what it is now; chord names that are new go to `chord_track`."""
    old = edit.old
    if score.title != old.title:
        edit.word(score.title, old.title, said.names, (0, None), TITLE, True)
    if score.tempos != old.tempos:
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


def _lost_tracks(edit: _Edit, gone: set[int], stayed: set[int], said: Facts) -> set[int]:
    """Tracks that leave with their last part, if they say nothing of the whole piece; track 0 stays."""
    if edit.file.format == 0:
        return set()
    events = edit.events
    speaks = (events.status == 0xFF) & np.isin(events.one, (TEMPO, METER, KEY, MARKER)) & ~edit.gone
    keep = {0, said.chord_track, *stayed, *events.track[speaks].tolist(), *(e.track for e in edit.added)}
    return gone - keep


def _tracks(edit: _Edit, count: int, lost: set[int]) -> dict[int, bytes]:
    """The bytes of each track: as they stood where nothing changed."""
    file, events, length = edit.file, edit.events, edit.length
    touched = np.ones(count, bool)
    if length == edit.old.length:
        touched[: len(file.bounds)] = [bound is None for bound in file.bounds]
        touched[events.track[edit.gone]] = True
        touched[[e.track for e in edit.added]] = True
        for rows in edit.rows:
            touched[rows.track] = True
    elif length < edit.old.length:
        edit.cut()
    touched[list(lost)] = False
    tracks = {n: bytes(events.data[slice(*bound)]) for n, bound in enumerate(file.bounds) if bound and not touched[n]}
    if touched.any():
        is_end = (events.status == 0xFF) & (events.one == END_OF_TRACK)
        kept = np.flatnonzero(touched[events.track] & ~edit.gone & ~is_end)
        # a track ends where it did, or on the new last bar line, but not before its last event
        ends = np.zeros(count, np.int64)
        ends[: len(file.bounds)] = file.ends if length == edit.old.length else length
        np.maximum.at(ends, events.track[kept], events.tick[kept])
        for rows in edit.rows:
            np.maximum.at(ends, rows.track, rows.tick)
        for event in edit.added:
            ends[event.track] = max(ends[event.track], event.tick)
        old = np.flatnonzero(touched[: len(file.bounds)]).tolist()
        last = [Event(n, int(ends[n]), END, meta(END_OF_TRACK, b"")) for n in old]
        laid = lay_out(count, [*edit.added, *last], edit.rows, (events, kept))
        tracks |= {int(n): laid[n] for n in np.flatnonzero(touched)}
    return {n: track for n, track in tracks.items() if n not in lost}
