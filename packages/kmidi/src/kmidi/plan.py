"""The Plan: everything decided, nothing sounding. JSON in, JSON out; a person may edit it. Types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .errors import IntentError
from .intent import BPM_RANGE, Affect, Feeling, check_range
from .theory import Chord, Key, Meter, roman_to_chord

Role = Literal["melody", "counter", "chords", "pad", "bass", "drums", "piano"]
# What musicians call a voice, and the roles that carry it, first choice first; other voices are roles themselves.
VOICES: dict[str, tuple[str, ...]] = {
    "accompaniment": ("chords", "pad", "piano", "counter"),
    "melody": ("melody", "piano"),
    "bass": ("bass", "piano"),
}

INNER = ("inner", "chorale")  # patterns of counter voices that are harmony, no tunes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something was decided: what, the value as text, a sentence, and exact contributions where a sum decided."""

    what: str
    value: str
    why: str
    contributions: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChord:
    """A Roman numeral (on the major scale of the tonic) and its length in quarter notes, a multiple of 1/4."""

    roman: str
    quarters: float
    why: str = ""

    def __post_init__(self) -> None:
        if self.quarters <= 0 or self.quarters * 4 != int(self.quarters * 4):
            raise IntentError(
                f"chord {self.roman!r} lasts {self.quarters!r} quarters; legal: multiples of 0.25 above 0",
                field="sections",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of bars with one job. energy 0..1. The chords fill the bars exactly. `phrase_bars` is how melody breathes.

    `name` is what its marker says ("verse 2"); sections of one `kind` ("verse") share melodic and rhythmic material,
    `variation` counts the returns of a kind from 0. `raised` (0..6 semitones) is how much higher than the plan's key and
    registers all of it sounds.
    """

    name: str
    kind: str
    bars: int
    energy: float
    feeling: Feeling
    chords: tuple[PlannedChord, ...]
    phrase_bars: int = 4
    variation: int = 0
    raised: int = 0

    def __post_init__(self) -> None:
        check_range("energy", self.energy, 0, 1)
        check_range("raised", self.raised, 0, 6)
        check_range("bars", self.bars, 1, 512)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """One voice of the arrangement. register: lowest and highest pitch it may use. density, loudness, legato: 0..1.

    `name` is the track name; `pattern` a style that the role's writer knows; `sections` the names of the sections in
    which it plays (empty: all). `feeling` is the side of the misdirection it plays: surface, undertow or whole.
    """

    name: str
    role: Role
    instrument: str
    register: tuple[int, int]
    density: float
    loudness: float
    legato: float
    pattern: str
    sections: tuple[str, ...] = ()
    feeling: Literal["whole", "surface", "undertow"] = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBreak:
    """A rule broken on purpose: the row's id in rule_breaks.toml, and why here."""

    id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything decided. bpm is quarter notes per minute; swing 0 (straight) .. 1 (2:1 triplets); humanize 0..1.

    `end_quarters` is None where the piece ends on its last bar line, else the quarter within the last bar where it ends
    (a length in seconds at a tempo that was set). `slows` is the share of the tempo (0..0.6) that is lost before the last
    stroke.
    """

    title: str
    key: Key
    meter: Meter
    bpm: float
    genre: str
    groove: str
    sections: tuple[Section, ...]
    parts: tuple[PartPlan, ...]
    affect: Affect
    swing: float = 0.0
    humanize: float = 1.0
    rule_breaks: tuple[PlannedBreak, ...] = ()
    production_notes: tuple[str, ...] = ()
    hits: tuple[tuple[float, str], ...] = ()
    end_quarters: float | None = None
    slows: float = 0.0
    loop: bool = False
    seed: int = 0
    reasons: tuple[Reason, ...] = ()

    @property
    def root(self) -> str:
        """What the draws of the piece begin with."""
        return self.affect.root(self.seed)

    def __post_init__(self) -> None:
        check_range("bpm", self.bpm, *BPM_RANGE)
        check_range("swing", self.swing, 0, 1)
        check_range("humanize", self.humanize, 0, 1)
        check_range("slows", self.slows, 0, 0.6)
        if not self.sections or not self.parts:
            raise IntentError("a plan needs at least one section and one part", field="sections")
        if self.end_quarters is not None:
            check_range("end_quarters", self.end_quarters, 0.25, self.bars * self.meter.bar_quarters)
        for section in self.sections:
            total, wanted = sum(c.quarters for c in section.chords), section.bars * self.meter.bar_quarters
            if total != wanted:
                raise IntentError(
                    f"the chords of {section.name!r} last {total:g} quarters; its {section.bars} bars of {self.meter} have {wanted:g}",
                    field="sections",
                )

    @property
    def bars(self) -> int:
        """Bars in all."""
        return sum(section.bars for section in self.sections)

    @property
    def us_per_quarter(self) -> int:
        """The tempo as a MIDI file says it."""
        return round(60_000_000 / self.bpm)

    def key_of(self, section: Section) -> Key:
        """The key in which a section sounds: the plan's, or that to which it is raised."""
        return Key.of(self.key.pitch_class + section.raised, self.key.mode) if section.raised else self.key

    def chord(self, planned: PlannedChord, raised: int = 0) -> Chord:
        """The chord of a numeral in this key, or so many semitones higher."""
        chord = roman_to_chord(planned.roman, self.key)
        return chord.transpose(raised) if raised else chord
