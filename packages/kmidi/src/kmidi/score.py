"""The Score: notes, and what stands around them, in ticks. Types and invariants.

One time unit, ticks (ppq of them in a quarter note); seconds only in functions that say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from .errors import IntentError, MidiError, TooLittleMusic, nearest
from .theory import Chord, Key, Meter

PPQ = 480
DRUM_CHANNEL = 9
UNPITCHED = frozenset((115, *range(118, 128)))  # General MIDI: woodblock, synth drum, reverse cymbal, sound effects
MOST_BARS = 100_000  # two days of 4/4 at 120 bpm

# `onset` on the grid, `shift` the microtiming behind (+) or ahead (-): the grid survives the groove. A note sounds at
# onset + shift for `duration`.
NOTE = np.dtype([("onset", "i8"), ("duration", "i8"), ("pitch", "i2"), ("velocity", "i2"), ("shift", "i8")])
# kind: CONTROL_CHANGE (number 0..127, value 0..127), BEND (value -8192..8191), PRESSURE (value), KEY_PRESSURE (number
# is the pitch), PROGRAM_CHANGE (value; only those after the part's first).
CONTROL = np.dtype([("tick", "i8"), ("kind", "i2"), ("number", "i2"), ("value", "i2")])
CONTROL_CHANGE, BEND, PRESSURE, KEY_PRESSURE, PROGRAM_CHANGE = range(5)
VOLUME, PAN, EXPRESSION, SUSTAIN = 7, 10, 11, 64  # numbers of control changes

Notes = NDArray[np.void]
Controls = NDArray[np.void]
T = TypeVar("T")


def notes_array(rows: list[tuple[int, int, int, int, int]] | Notes, part: NDArray[np.integer] | None = None) -> Notes:
    """A read-only NOTE array, sorted by onset, then pitch, then duration, velocity, shift.

    `part`: of notes of several parts the part of each, which then comes first.
    """
    array = np.array(rows, NOTE)
    keys = (array["shift"], array["velocity"], array["duration"], array["pitch"], array["onset"])
    array = array[np.lexsort(keys if part is None else (*keys, part))]
    array.flags.writeable = False
    return array


def controls_array(rows: list[tuple[int, int, int, int]] | Controls) -> Controls:
    """A read-only CONTROL array in tick order; events of one tick keep their order."""
    array = np.asarray(rows, CONTROL)
    array = array.take(array["tick"].argsort(kind="stable"))  # whole rows by index are moved six times as slowly
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True)
class Tempo:
    """From this tick on, so many microseconds a quarter note (a whole number, as the file says it)."""

    tick: int
    us_per_quarter: int

    @property
    def bpm(self) -> float:
        """Quarter notes per minute."""
        return 60_000_000 / self.us_per_quarter


@dataclass(frozen=True, slots=True)
class MeterChange:
    """From this tick on, this meter."""

    tick: int
    meter: Meter


@dataclass(frozen=True, slots=True)
class KeyChange:
    """From this tick on, this key."""

    tick: int
    key: Key


@dataclass(frozen=True, slots=True)
class Marker:
    """A name at a tick: a section, a hit point."""

    tick: int
    text: str


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord with its true onset and duration in ticks; `roman` is empty where no key is known."""

    onset: int
    duration: int
    chord: Chord
    roman: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """What a reader met that should not be in a file, and what it made of it; where: track (-1: none) and byte."""

    track: int
    byte: int
    what: str

    def __str__(self) -> str:
        return f"{f'track {self.track}, ' if self.track >= 0 else ''}byte {self.byte}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One voice: its notes, controllers, and how it sounds. channel 0..15 (9 is drums), program 0..127 or None.

    `instrument` is an id of instruments.toml or "" where the file did not say; `role` likewise. `origin` is the track
    and channel of the file it was read from (dataclasses.replace keeps it), None where it came from nowhere. `kit`: whether
    it is drums, None where its channel tells. A note in a file may have duration 0.
    """

    name: str
    channel: int
    notes: Notes
    program: int | None = 0
    instrument: str = ""
    role: str = ""
    controls: Controls = field(default_factory=lambda: controls_array([]))
    origin: tuple[int, int] | None = None
    kit: bool | None = None

    def __post_init__(self) -> None:
        if self.notes.dtype != NOTE or self.controls.dtype != CONTROL:
            raise MidiError(f"part {self.name!r}: notes want dtype NOTE and controls dtype CONTROL")
        if not 0 <= self.channel <= 15:
            raise MidiError(f"part {self.name!r} is on channel {self.channel}; legal: 0 to 15")

    @property
    def is_drums(self) -> bool:
        """True for drums, mostly on the drum channel: pitches are then kit pieces."""
        return self.channel == DRUM_CHANNEL if self.kit is None else self.kit

    @property
    def is_pitched(self) -> bool:
        """False for drums, and for sounds that have no pitch whatever their notes say."""
        return not self.is_drums and self.program not in UNPITCHED


class _Clock(NamedTuple):
    """A tempo map: where each tempo starts, its microseconds a quarter, and microseconds times ticks before it."""

    starts: NDArray[np.int64]
    us: NDArray[np.float64]
    at: NDArray[np.float64]

    def standing(self, ticks: NDArray[np.int64]) -> NDArray[np.intp]:
        """Which tempo stands at each tick."""
        return np.maximum(np.searchsorted(self.starts, ticks, side="right") - 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """A piece: parts over one tempo, meter and key map. `length` is where the last bar ends, in ticks.

    tempos, meters and keys are in tick order; a score that kmidi composes has one of each at tick 0.
    `source` is the file a score was read from, event by event, for midi.write to keep what was not changed; else None.
    `repairs` say what was wrong with that file.
    """

    ppq: int = PPQ
    title: str = ""
    length: int
    tempos: tuple[Tempo, ...]
    meters: tuple[MeterChange, ...]
    keys: tuple[KeyChange, ...] = ()
    markers: tuple[Marker, ...] = ()
    chords: tuple[ChordSpan, ...] = ()
    parts: tuple[Part, ...] = ()
    texts: tuple[Marker, ...] = ()
    source: Any = None
    repairs: Sequence[Repair] = ()
    _clock: _Clock | None = field(default=None, init=False, repr=False)
    _sounding: tuple[int, ...] | None = field(default=None, init=False, repr=False)
    _labels: tuple[str, ...] | None = field(default=None, init=False, repr=False)

    @property
    def sounding(self) -> tuple[int, ...]:
        """The indices of the parts that have notes; counted when first asked for, as a file may have 65,536 parts."""
        if self._sounding is None:
            found = tuple([index for index, part in enumerate(self.parts) if part.notes.size])
            object.__setattr__(self, "_sounding", found)
        assert self._sounding is not None
        return self._sounding

    @property
    def labels(self) -> tuple[str, ...]:
        """What find_part finds each part by: its name, for others of that name "Piano #2", for the nameless "#1"."""
        if self._labels is None:
            names = [_folded(part.name) for part in self.parts]
            taken, seen, labels = {*names}, Counter[str](), list[str]()
            for name, part in zip(names, self.parts, strict=True):
                seen[name] += 1
                label = part.name.strip()
                while not name or seen[name] > 1:
                    label = f"{part.name.strip()} #{seen[name]}".strip()
                    if _folded(label) not in taken:
                        break
                    seen[name] += 1
                labels.append(label)
            object.__setattr__(self, "_labels", tuple(labels))
        assert self._labels is not None
        return self._labels

    @property
    def clock(self) -> _Clock:
        """The tempo map as arrays, 120 bpm before the first tempo; made when first asked for."""
        if self._clock is None:
            tempos = self.tempos_from_start
            starts = np.array([t.tick for t in tempos], np.int64)
            us = np.array([t.us_per_quarter for t in tempos], np.float64)
            at = np.zeros(len(us))
            ((starts[1:] - starts[:-1]) * us[:-1]).cumsum(out=at[1:])
            object.__setattr__(self, "_clock", _Clock(starts, us, at))
        assert self._clock is not None
        return self._clock

    def us_at(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Microseconds a quarter note that stand at each of an array of ticks."""
        clock = self.clock
        return clock.us[clock.standing(ticks)] if len(clock.us) > 1 else np.full(ticks.shape, clock.us[0])

    def to_seconds(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Seconds from the start for an array of ticks, through the tempo map (120 bpm before the first tempo)."""
        clock = self.clock
        if len(clock.us) == 1:
            return ticks * clock.us[0] / (self.ppq * 1e6)
        where = clock.standing(ticks)
        return (clock.at[where] + (ticks - clock.starts[where]) * clock.us[where]) / (self.ppq * 1e6)

    def second(self, tick: int) -> float:
        """The same for one tick."""
        starts, us, at = self.clock
        stands = max(int(starts.searchsorted(tick, side="right")) - 1, 0) if len(us) > 1 else 0
        return (at.item(stands) + (tick - starts.item(stands)) * us.item(stands)) / (self.ppq * 1e6)

    def quarter_seconds(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Seconds that a quarter note lasts from each of an array of ticks on."""
        return np.diff(self.to_seconds(np.stack([ticks, ticks + self.ppq])), axis=0)[0]

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.second(self.length)

    @property
    def tempos_from_start(self) -> tuple[Tempo, ...]:
        """The tempos, with the 120 bpm that stands before the first where that comes late or none does."""
        if self.tempos and self.tempos[0].tick == 0:
            return self.tempos
        return (Tempo(0, 500_000), *self.tempos)

    @property
    def meters_from_start(self) -> tuple[MeterChange, ...]:
        """The meter changes, with the 4/4 that stands before the first where that comes late or none does."""
        if self.meters and self.meters[0].tick == 0:
            return self.meters
        return (MeterChange(0, Meter(4, 4)), *self.meters)

    def bar_starts(self) -> NDArray[np.int64]:
        """Ticks at which the bars start, in order, the end of the last bar not among them.

        A meter change in the middle of a bar starts a new one. TooLittleMusic where the length holds more than
        MOST_BARS bars: so much silence is no music.
        """
        changes = self.meters_from_start
        starts = np.array([c.tick for c in changes], np.int64)
        bars = np.array([max(1, c.meter.bar_ticks(self.ppq)) for c in changes], np.int64)
        ends = np.minimum(np.append(starts[1:], self.length), self.length)
        counts = np.maximum(-(-(ends - starts) // bars), 0)
        total = int(counts.sum())
        if total > MOST_BARS:
            raise TooLittleMusic(f"{total} bars in {self.length} ticks; legal: up to {MOST_BARS}")
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(starts, counts) + within * np.repeat(bars, counts)


def bar_line(tick: int, meters: tuple[MeterChange, ...], ppq: int) -> int:
    """The first bar line at or after a tick."""
    start, meter = 0, Meter(4, 4)
    for change in meters:
        if change.tick > tick:
            break
        start, meter = change.tick, change.meter
    bar = max(1, meter.bar_ticks(ppq))
    return start + -(-(tick - start) // bar) * bar


def without_overlaps(
    notes: Notes, length: int, part: NDArray[np.integer] | None = None, fresh: NDArray[np.bool_] | None = None
) -> Notes:
    """The notes in NOTE order, each ending before the next of its pitch sounds and none past `length`; none is lost.

    Two that would sound at one moment on one pitch both stay: the writer lets the longer one sound. `part`: of notes of
    several parts the part of each, rising; each part's notes are then cut by its own alone, and stay where they stand.
    `fresh`: those that were not there before; what neither is nor rings into one of them is not cut.
    """
    notes = notes.copy()
    if not len(notes):
        return notes_array(notes)
    start = notes["onset"] + notes["shift"]
    voice = notes["pitch"] if part is None else part << 7 | notes["pitch"]
    order = np.lexsort((start, voice))
    begins, voice = start[order], voice[order]
    opens = np.append(True, (np.diff(voice) != 0) | (np.diff(begins) != 0))  # the first of a moment on a pitch
    first = np.flatnonzero(opens)
    stop = np.full(len(first), length)
    stop[:-1] = np.where(voice[first[1:]] == voice[first[:-1]], np.minimum(begins[first[1:]], length), length)
    room = np.empty(len(notes), np.int64)
    room[order] = stop[np.cumsum(opens) - 1] - begins
    short = np.maximum(1, np.minimum(notes["duration"], room))
    if fresh is not None:
        touched, ends = fresh[order], (start + notes["duration"])[order]
        touched[:-1] |= touched[1:] & (voice[1:] == voice[:-1]) & (ends[:-1] > begins[1:])
        short[order] = np.where(touched, short[order], notes["duration"][order])
    notes["duration"] = short
    return notes_array(notes, part)


def room_between(start: NDArray[np.float64], pitch: NDArray[np.integer]) -> NDArray[np.float64]:
    """How far each note may stray so that none overtakes another of its pitch: just under half the way to the nearest."""
    order = np.lexsort((start, pitch))
    room = np.empty(len(start))
    room[order] = room_in_order(start[order], pitch[order])
    return room


def room_in_order(start: NDArray[np.float64], pitch: NDArray[np.integer]) -> NDArray[np.float64]:
    """The same for notes sorted by pitch, then start."""
    gap = start[1:] - start[:-1]
    gap[pitch[1:] != pitch[:-1]] = np.inf
    room = np.full(len(start), np.inf)
    room[1:] = gap
    np.minimum(room[:-1], gap, out=room[:-1])
    return np.maximum(np.floor(room / 2) - 1, 0)


def find_part(score: Score, name: str, *, field: str = "part") -> int:
    """The index of a part by its label, else of the first with that name, role or instrument; IntentError names the nearest."""
    return find_parts(score, (name,), field=field)[0]


def find_parts(score: Score, names: Iterable[str], *, field: str = "parts") -> list[int]:
    """The same of several, looked up together."""
    found: tuple[dict[str, int], ...] = ({}, {}, {}, {})
    for at, (label, part) in enumerate(zip(score.labels, score.parts, strict=True)):
        for by, word in zip(found, (_folded(label), _folded(part.name), part.role, part.instrument), strict=True):
            by.setdefault(word, at)
    for by in found[2:]:
        by.pop("", None)  # no role is none to be found by
    places: list[int] = []
    for name in names:
        wanted = _folded(name)
        place = next((by[wanted] for by in found if wanted in by), None)
        if place is None and not score.parts:
            raise IntentError(f"no part {name!r}; the score has none", field=field)
        if place is None:
            known = {word for words in zip(score.labels, (part.role for part in score.parts), strict=True) for word in words if word}  # fmt: skip
            raise IntentError(f"no part {name!r}{nearest(name, known)}", field=field)
        places.append(place)
    return places


def _folded(name: str) -> str:
    return name.strip().casefold()
