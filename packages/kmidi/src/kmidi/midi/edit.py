"""What leaves a file that was read and what comes in, so that it says what the score says now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from ..score import NOTE, PROGRAM_CHANGE, Controls, Notes, Part
from .conductor import Timed
from .encode import CHANNEL_PREFIX, INSTRUMENT, TEXT, TITLE, Ints, meta
from .facts import ROLE, Facts, Said, Voice
from .layout import CHANGE, CLOSE, OFF, Event, Rows
from .notes import ByVoice, Pairs, pair
from .parts import (
    Columns,
    Sounding,
    closing_event,
    columns_of,
    control_rows,
    on_and_off,
    program_event,
    sounding,
    spread,
)
from .read import KIND, Source, controls_of, hanging_ends, own_rows, voices
from .text import encoded

T = TypeVar("T")


class Edit:
    """What leaves a file and what comes in.

    The parts are met one by one; their notes and controllers are settled all at once, as a file may have 65,536 parts.
    """

    def __init__(self, source: Source, length: int) -> None:
        self.file = source.file
        self.events = source.file.events
        self.old = source.score
        self.length = length
        self.gone = np.zeros(self.events.status.size, bool)
        self.added: list[Event] = []
        self.rows: list[Rows] = []
        # parts with other notes or on another channel, and the voices they were
        self.played: list[tuple[int, Part]] = []
        self.moved: list[int] = []  # those of these voices whose channel is another
        self.controlled: list[tuple[int, Part]] = []  # parts with the controls that the file has not, and their tracks
        self.voice = np.where(self.events.status < 0xF0, voices(self.events), -1)
        self.parts_of = Counter(part.origin[0] for part in self.old.parts if part.origin)

    @cached_property
    def pairs(self) -> Pairs:
        """The notes of the file; like all that follows asked for where one has changed."""
        return pair(self.events)

    @cached_property
    def stops(self) -> Ints:
        """The ticks at which notes end that no off ends."""
        return hanging_ends(self.pairs, self.events, self.file.ends)

    @cached_property
    def rows_of(self) -> ByVoice:
        """The events of each voice: looked up, as a file may have 65,536."""
        return ByVoice(self.voice)

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
        """Bring one part to what it is now, its notes and controllers with those of all others in `settle`."""
        track, channel = old.origin or (0, 0)
        voice = track << 4 | channel
        if part.channel != old.channel:
            self.moved.append(voice)
            self.played.append((voice, part))
            self.controlled.append((track, part))
            if part.program is not None:
                self.add(track, [(0, program_event(part, part.program))])
        else:
            if not _same(part.notes, old.notes):
                self.played.append((voice, part))
            if part.program != old.program or not _same(part.controls, old.controls):
                mine = self.rows_of[voice]
                self.sound(part, old, track, mine[KIND[self.events.status[mine]] >= 0])
        alone = self.file.format > 0 and self.parts_of[track] == 1
        self.word(part.name, old.name, said.names, (track, channel), TITLE, alone and track > 0)
        self.word(part.instrument, old.instrument, said.instruments, (track, channel), INSTRUMENT, alone)
        if part.role != old.role:
            self.word(part.role, old.role, said.roles, (track, channel), TEXT, True)

    def sound(self, part: Part, old: Part, track: int, rows: Ints) -> None:
        """Bring its controllers and program to what they are now; `rows` hold what they were."""
        controls = controls_of(self.events, rows)
        own, programs = own_rows(controls, self.voice[rows], np.full(controls.size, self.file.ends[track]))
        if not _same(part.controls, old.controls):
            self.controls(part, track, rows[own], controls[own])
            closing = rows[~own & (controls["kind"] != PROGRAM_CHANGE)]
            self.gone[closing] = True
            self.added += [Event(track, int(self.events.tick[row]), CLOSE, closing_event(part)) for row in closing]
        if part.program != old.program:
            self.gone[rows[programs]] = True
            at = int(controls["tick"][programs[0]]) if programs.size else 0
            if part.program is not None:
                self.add(track, [(at, program_event(part, part.program))])

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

    def settle(self) -> None:
        """Bring the notes and controllers of all parts that were met to what they are now."""
        self.gone |= np.isin(self.voice, self.moved)
        if self.controlled:
            tracks, parts = zip(*self.controlled, strict=True)
            self.rows.append(control_rows(parts, tracks, self.length))
        if self.played:
            self.notes()

    def notes(self) -> None:
        """Take the notes away that are no longer there, and add those that were not."""
        events, pairs = self.events, self.pairs
        voices, parts = zip(*self.played, strict=True)
        notes = columns_of([part.notes for part in parts], NOTE)
        voice, channel = spread(parts, voices, [part.notes.size for part in parts])
        staying = [*{*voices} - {*self.moved}]
        paired = np.flatnonzero(np.isin(self.voice[pairs.on], staying))
        hanging = np.flatnonzero(np.isin(self.voice[pairs.hanging], staying))
        on = np.concatenate([pairs.on[paired], pairs.hanging[hanging]])
        off = np.concatenate([pairs.off[paired], np.full(hanging.size, -1)])
        stop = np.concatenate([events.tick[pairs.off[paired]], self.stops[hanging]])
        there: dict[tuple[int, ...], list[int]] = {}
        columns = (self.voice[on], events.tick[on], stop - events.tick[on], events.one[on], events.two[on])
        for place, note in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            there.setdefault(note, []).append(place)
        columns = (voice, notes["onset"] + notes["shift"], notes["duration"], notes["pitch"], notes["velocity"])
        new = zip(*(c.tolist() for c in columns), strict=True)
        kept = np.full(voice.size, -1)
        for place, note in enumerate(new):
            if found := there.get(note):
                kept[place] = found.pop()
        gone = np.ones(on.size, bool)
        heard = sounding(notes, voice, self.length)
        fresh = _fresh(notes, voice, kept)
        again = fresh[heard.origin]
        gone[kept[(kept >= 0) & ~fresh]] = False
        self.gone[on[gone]] = True
        self.gone[off[gone & (off >= 0)]] = True
        mine = Sounding(heard.origin[again], heard.start[again], heard.end[again])
        self.rows += on_and_off(voice[mine.origin] >> 4, channel[mine.origin], notes, mine)

    def controls(self, part: Part, track: int, rows: Ints, old: Controls) -> None:
        """Take the controls away that are no longer there, and add those that were not."""
        wanted = Counter(map(tuple, part.controls.tolist()))
        for row, control in zip(rows.tolist(), map(tuple, old.tolist()), strict=True):
            if wanted[control]:
                wanted[control] -= 1
            else:
                self.gone[row] = True
        added = replace(part, controls=np.array(list(wanted.elements()), part.controls.dtype))
        self.controlled.append((track, added))


def _same(new: Notes | Controls, old: Notes | Controls) -> bool:
    """Whether they are the same, byte for byte: comparing fields takes many times as long."""
    return new is old or new.tobytes() == old.tobytes()


def _fresh(notes: Columns, voice: Ints, kept: Ints) -> np.ndarray:
    """True for notes to be written anew: those the file has not, and those it has that ring into one of them."""
    fresh = kept < 0
    if fresh.any() and not fresh.all():
        start = notes["onset"] + notes["shift"]
        key = voice << 7 | notes["pitch"]
        order = np.lexsort((start, key))
        same = key[order][1:] == key[order][:-1]
        rings = (start + notes["duration"])[order][:-1] > start[order][1:]
        into = np.flatnonzero(same & rings & fresh[order][1:])
        fresh[order[into]] = True
    return fresh
