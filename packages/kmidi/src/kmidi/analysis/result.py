"""The Analysis: what was heard in a score, each reading with a confidence. Types only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..intent import Feeling
from ..score import ChordSpan
from ..theory import Chord, Key, Meter

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySpan:
    """A stretch in one key: onset and duration in ticks."""

    onset: int
    duration: int
    key: Key
    confidence: float


def key_at(tick: int, sections: Sequence[KeySpan], home: Key | None) -> Key | None:
    """The key of the section that a tick lies in, else the home key."""
    at = bisect_right(sections, tick, key=lambda section: section.onset) - 1
    return sections[at].key if at >= 0 else home


def keys_at(ticks: Sequence[int], sections: Sequence[KeySpan], home: Key | None) -> list[Key | None]:
    """The same for each of many ticks."""
    starts, keys = [section.onset for section in sections], [home, *(section.key for section in sections)]
    if keys.count(home) == len(keys):  # as in most pieces
        return [home] * len(ticks)
    return [keys[bisect_right(starts, tick)] for tick in ticks]


def of_each(spans: Sequence[ChordSpan], keys: Sequence[Key | None], tell: Callable[[Chord, Key | None], T]) -> list[T]:
    """What `tell` says of each chord in its key, asked once of each pair: a piece says few chords, again and again."""
    chords = [span.chord for span in spans]
    pairs = [*zip(map(id, chords), map(id, keys), strict=True)]
    told = {pair: tell(*both) for pair, both in dict(zip(pairs, zip(chords, keys, strict=True), strict=True)).items()}
    return [*map(told.__getitem__, pairs)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """A phrase: its letter (the same where material returns), first bar (from 0) and length in bars.

    start_confidence: how sure it is that something new begins here.
    """

    letter: str
    bar: int
    bars: int
    start_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The phrases in order; `text` writes them as "A4 A4 B8"."""

    parts: tuple[FormPart, ...]
    confidence: float

    @property
    def text(self) -> str:
        """Letter and bars of each phrase."""
        return " ".join(f"{part.letter}{part.bars}" for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardFeeling:
    """The feeling that listeners would most likely name: the point, the quadrant (1 happy, 2 tense, 3 sad, 4 calm).

    `because`: features and what each added to the log-odds of the quadrant, the strongest first.
    """

    feeling: Feeling
    quadrant: int
    confidence: float
    because: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MelodyLine:
    """The notes of the melody: the part that carries most of them (index into Score.parts), and each note as
    (onset, duration, pitch), ticks; range in pitches; steps is the share of moves of two semitones or less.
    """

    part: int
    notes: tuple[tuple[int, int, int], ...]
    lowest: int
    highest: int
    steps: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Texture:
    """How a pitched part is woven. kind: single line, chords, lines or arpeggio; density in notes a second.

    polyphony: pitches that sound at once while any does; lowest and highest pitch; legato: share of each gap between
    onsets that the notes fill, 1 or more where they touch; velocity_mean and velocity_sd 1..127.
    """

    part: int
    kind: str
    density: float
    polyphony: float
    lowest: int
    highest: int
    legato: float
    velocity_mean: float
    velocity_sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardGroove:
    """How a part (or a piece of the drum kit) sits on its grid of sixteenths, from its played onsets.

    name: kit piece or the part's label; swing: long over short of the divided beat (1 straight, 2 triplets), None without
    offbeats and in running triplets; late_ms: mean lateness against the grid, sd_ms: its spread; template: for each of
    the sixteenths of a bar, (lateness in ms, mean velocity, how many notes a bar); confidence grows with the notes it
    rests on.
    """

    part: int
    name: str
    swing: float | None
    late_ms: float
    sd_ms: float
    template: tuple[tuple[float, float, float], ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPulse:
    """The pulse of playing that follows no grid of its file: beats in seconds, bpm in beats a minute.

    downbeats: those beats that begin a bar, none where bars can't be told.
    """

    bpm: float
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A transform by name and its arguments as plain JSON values: a step that can be applied as it stands."""

    transform: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A remark that a good teacher would make: where (bar from 0; part index, -1 for all), what, why, and what to do.

    kind: colour (worth knowing, nothing to mend) or trouble. audible: 0..1, how plainly it is heard; findings are
    ranked by it. fix is None where there is nothing to mend or no transform mends it. source: what says so.
    """

    id: str
    kind: str
    bar: int
    part: int
    what: str
    why: str
    audible: float
    source: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was heard. A reading that the music is too short or too plain for is None, never a guess; confidences 0..1.

    key is found in the notes alone, the key that the piece calls home, with its mode; keys are its sections;
    stated_key is what the file says of itself. bpm: quarter notes per minute, the tempo that holds longest. meter and
    bpm are the file's where the strokes stand on its grid or are too few (pulse is None),
    else those of the pulse that was heard. chords
    carry onset and duration in ticks and a Roman numeral in the key of their section; chord_confidences has one value
    a chord. repairs: what the file broke of the format and how it was read all the same, a line each.
    """

    key: Key | None
    key_confidence: float
    keys: tuple[KeySpan, ...] = ()
    stated_key: Key | None
    meter: Meter | None
    meter_confidence: float
    bpm: float | None
    bpm_confidence: float
    chords: tuple[ChordSpan, ...]
    chord_confidences: tuple[float, ...]
    pulse: HeardPulse | None = None
    form: Form | None = None
    melody: MelodyLine | None = None
    textures: tuple[Texture, ...] = ()
    grooves: tuple[HeardGroove, ...] = ()
    feeling: HeardFeeling | None = None
    findings: tuple[Finding, ...] = ()
    repairs: tuple[str, ...] = ()
