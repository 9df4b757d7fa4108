"""What a person said (Intent) and what was read in it (Affect): types only. Unset is None, never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Literal

from .errors import IntentError, nearest, told_together
from .theory import Key, Meter
from .theory.form import SECTIONS, order_of
from .theory.key import mode_id

MAX_TEXT = 20_000  # characters: a long story fits, a book does not
MAX_BARS = 512
MAX_SECONDS = 1800.0
MAX_RISE = 6  # semitones
MAX_ANCESTORS = 32
LOSS = -0.3  # an event from this valence down is a loss, and what is dear in it is missed
LOCK = re.compile(
    r"chords|part:(?P<part>.+)|section:(?P<section>.+)|bars:(?P<first>[1-9]\d{0,8})-(?P<last>[1-9]\d{0,8})"
)
MOMENT = re.compile(r"(?:(?P<minutes>\d{1,3}):)?(?P<seconds>\d{1,9}(?:\.\d{0,9})?)")
READER = re.compile(r"table|model:[0-9a-f]{12}")
BPM_RANGE = (20.0, 300.0)
_RANGES = (
    ("valence", -1, 1, ""),
    ("arousal", -1, 1, ""),
    ("vulnerability", 0, 1, ""),
    ("humanize", 0, 1, ""),
    ("bpm", *BPM_RANGE, " quarter notes per minute"),
    ("seconds", 1, MAX_SECONDS, ""),
)
_COUNTS = (("bars", 1, MAX_BARS, ""), ("seed", 0, 2**63 - 1, ""), ("rise", 0, MAX_RISE, " semitones"))
ARCS = ("climb_to_climax", "slow_reveal", "repetitive_despair", "static_reflection", "sudden_shift", "descent", "rise_and_fall", "spiral", "slow_build", "big_finish", "fade_out")  # fmt: skip


def check_range(field: str, value: float | None, low: float, high: float, unit: str = "") -> None:
    """IntentError naming the field unless value is None or a finite number in low..high."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:  # nan is in no range
        raise IntentError(f"{field} is {value!r}; legal: {low:g} to {high:g}{unit}", field=field)


def check_count(field: str, value: int | None, low: int, high: int, unit: str = "") -> None:
    """IntentError naming the field unless value is None or a whole number in low..high."""
    if value is None:
        return
    whole = "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number, "
    if whole or not low <= value <= high:
        raise IntentError(f"{field} is {value!r}; legal: {whole}{low} to {high}{unit}", field=field)


def check_text(field: str, text: str | None) -> None:
    """IntentError unless text is None or storable: no lone surrogates, no control characters, not too long."""
    if text is None:
        return
    if len(text) > MAX_TEXT:
        raise IntentError(f"{field} has {len(text)} characters; legal: at most {MAX_TEXT}", field=field)
    for at, char in enumerate(text):
        if "\ud800" <= char <= "\udfff":
            raise IntentError(
                f"{field} has a lone surrogate (U+{ord(char):04X}) at character {at}; legal: any Unicode text",
                field=field,
            )
        if (char < " " and char not in "\t\n\r") or char == "\x7f":
            raise IntentError(
                f"{field} has a control character (U+{ord(char):04X}) at character {at}; legal: text, tabs, line breaks",
                field=field,
            )


def check_lock(lock: str) -> re.Match[str]:
    """The parts of a lock; IntentError where it is none or its bars run backwards."""
    match = LOCK.fullmatch(lock)
    if not match:
        raise IntentError(
            f"unknown lock {lock!r}; legal: chords, part:NAME, section:NAME, bars:A-B (such as bars:5-8)", field="locks"
        )
    if match["first"] and int(match["first"]) > int(match["last"]):
        raise IntentError(f"lock {lock!r} runs backwards; legal: bars:A-B with A at most B", field="locks")
    return match


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling:
    """A point on the plane: valence -1 (unpleasant) .. 1, arousal -1 (still) .. 1 (stirred)."""

    valence: float
    arousal: float

    def __post_init__(self) -> None:
        check_range("valence", self.valence, -1, 1)
        check_range("arousal", self.arousal, -1, 1)

    def toward(self, other: Feeling, share: float) -> Feeling:
        """The point `share` (0..1) of the way to another."""
        return Feeling(
            valence=self.valence + (other.valence - self.valence) * share,
            arousal=self.arousal + (other.arousal - self.arousal) * share,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWish:
    """A section that a person asked for: its name and its length in bars."""

    name: str
    bars: int

    def __post_init__(self) -> None:
        check_text("sections", self.name)
        check_range("sections", self.bars, 1, MAX_BARS, " bars")
        if not self.name.strip():
            raise IntentError("a section has no name; legal: any word, such as verse", field="sections")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitPoint:
    """A moment that music should meet: seconds from the start, and what happens."""

    seconds: float
    label: str = "hit"

    def __post_init__(self) -> None:
        check_range("hits", self.seconds, 0, MAX_SECONDS, " seconds")
        check_text("hits", self.label)

    @classmethod
    def parse(cls, text: str) -> HitPoint:
        """The hit that is written as "0:07.5=the door opens" or "7.5"; IntentError for any other."""
        moment, _, label = text.partition("=")
        told = MOMENT.fullmatch(moment.strip())
        if told is None:
            raise IntentError(
                f"hit {text!r} names no time; legal: minutes:seconds=label, such as 0:07.5=the door opens", field="hits"
            )
        return cls(seconds=60 * int(told["minutes"] or 0) + float(told["seconds"]), label=label or "hit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a person said. Every field but `seed` may be unset; what is set always wins over what would be chosen.

    valence, arousal: -1..1. intensity, vulnerability, humanize: 0..1. bpm: quarter notes per minute, 20..300.
    bars 1..512, seconds 1..1800. `instruments` are all that play, `including`
    are added to what the genre has. `key` is a tonic ("Bb"), or a tonic with its mode ("Bb dorian").
    `form` is the order of sections ("verse chorus verse", or "AABA"), their lengths left open. `rise` is by how many
    semitones (0..6) the last chorus is lifted, 0 for not at all.
    `drums` is what the kit plays, an id of drum_patterns.toml ("half_time"), where the genre's own is not wanted.
    `parent` is the Intent of the take that this one grew from; `locks` say what of it stays as it is: "chords",
    "part:NAME" (a part's name or role), "section:NAME", "bars:A-B" (bars from 1). What was not set again is taken over
    from the parent's plan. `directions` are ids of directions.toml ("calmer"), applied in order to what was read.
    `reader` is who reads the words: "table", or "model:" and twelve digits of a model's SHA-256; unset, the strongest
    that is there. Recipes set it, so that they read the same on another machine.
    IntentError names the field, the value and what is legal.
    """

    text: str | None = None
    emotion: str | None = None
    valence: float | None = None
    arousal: float | None = None
    trajectory: tuple[Feeling, ...] | None = None
    core_event: str | None = None
    core_wound: str | None = None
    core_desire: str | None = None
    outcome: str | None = None
    vulnerability: float | None = None
    arc: str | None = None
    genre: str | None = None
    key: str | None = None
    mode: str | None = None
    bpm: float | None = None
    meter: str | None = None
    bars: int | None = None
    seconds: float | None = None
    sections: tuple[SectionWish, ...] | None = None
    form: str | None = None
    rise: int | None = None
    drums: str | None = None
    instruments: tuple[str, ...] | None = None
    including: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    rule_breaks: tuple[str, ...] | None = None
    rule_reason: str | None = None
    hits: tuple[HitPoint, ...] = ()
    loop: bool = False
    humanize: float | None = None
    parent: Intent | None = None
    locks: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    reader: str | None = None
    seed: int = 0

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by FastAPI, not a field

    def __post_init__(self) -> None:
        with told_together() as each:
            for name in ("text", "core_event", "core_wound", "core_desire", "outcome", "rule_reason"):
                with each:
                    check_text(name, getattr(self, name))
            for name, low, high, unit in _RANGES:
                with each:
                    check_range(name, getattr(self, name), low, high, unit)
            for name, least, most, unit in _COUNTS:
                with each:
                    check_count(name, getattr(self, name), least, most, unit)
            for check in (
                self._check_said, self._check_arc, self._check_reader, self._check_locks, self._check_depth,
                self._settle_mode, self._settle_key, self._settle_meter, self._settle_form, self._check_sections,
            ):  # fmt: skip
                with each:
                    check()

    def _check_said(self) -> None:
        if self.text is not None and not self.text.strip():
            raise IntentError("text is empty; legal: a sentence about what hurts or what you long for", field="text")

    def _check_arc(self) -> None:
        if self.arc is not None and self.arc not in ARCS:
            raise IntentError(f"unknown arc {self.arc!r}{nearest(self.arc, ARCS)}", field="arc")

    def _check_reader(self) -> None:
        if self.reader is not None and not READER.fullmatch(self.reader):
            raise IntentError(
                f"unknown reader {self.reader!r}; legal: table, or model: and twelve hexadecimal digits", field="reader"
            )

    def _check_locks(self) -> None:
        for lock in self.locks:
            check_lock(lock)
        if self.locks and self.parent is None:
            raise IntentError("locks need the take whose music they keep; set parent to its intent", field="locks")

    def _check_depth(self) -> None:
        depth, ancestor = 0, self.parent
        while ancestor is not None:
            depth, ancestor = depth + 1, ancestor.parent
        if depth > MAX_ANCESTORS:
            raise IntentError(f"a take with {depth} ancestors; legal: at most {MAX_ANCESTORS}", field="parent")

    def _check_sections(self) -> None:
        if self.sections is None:
            return
        total = sum(section.bars for section in self.sections)
        if not self.sections or total > MAX_BARS:
            raise IntentError(f"sections have {total} bars in all; legal: 1 to {MAX_BARS}", field="sections")
        if self.bars is not None and self.bars != total:
            raise IntentError(f"bars is {self.bars} but the sections have {total}; set one of them", field="bars")

    def _settle_mode(self) -> None:
        if self.mode is not None:
            said = self.mode
            object.__setattr__(self, "mode", None)  # one that is unknown contradicts no key
            object.__setattr__(self, "mode", mode_id(said))

    def _settle_meter(self) -> None:
        if self.meter is not None:
            object.__setattr__(self, "meter", str(Meter.parse(self.meter)))

    def _settle_form(self) -> None:
        if self.form is None:
            return
        check_text("form", self.form)
        names = order_of(self.form)
        if len(names) > MAX_BARS:
            raise IntentError(f"form has {len(names)} sections; legal: at most {MAX_BARS}", field="form")
        if not names:
            raise IntentError(
                f"form is {self.form!r}; legal: sections in order, such as 'verse chorus verse'", field="form"
            )
        for name in names:
            if name not in SECTIONS:
                raise IntentError(f"unknown section {name!r} in form{nearest(name, SECTIONS)}", field="form")
        if self.sections is not None:
            raise IntentError("form and sections are both set; sections say the order too, so set one", field="form")
        object.__setattr__(self, "form", " ".join(names))

    def _settle_key(self) -> None:
        if self.key is None:
            return
        text = self.key.strip()
        key = Key.parse(self.key)
        says_mode = text[1:].strip("#b♯♭ ") != ""
        if says_mode:
            if self.mode is not None and self.mode != key.mode:
                raise IntentError(
                    f"key {self.key!r} and mode {self.mode!r} disagree; set the mode in one of them", field="mode"
                )
            object.__setattr__(self, "mode", key.mode)
        object.__setattr__(self, "key", key.tonic if says_mode else text[:1].upper() + text[1:])

    def is_blank(self) -> bool:
        """True where nothing says what should be felt."""
        said = (
            "text",
            "emotion",
            "valence",
            "arousal",
            "trajectory",
            "core_event",
            "core_wound",
            "core_desire",
            "outcome",
        )
        return all(getattr(self, name) is None for name in said)

    def require_feeling(self) -> None:
        """IntentError where nothing says what should be felt: what every door asks before it composes."""
        if self.is_blank():
            raise IntentError(
                "nothing says what should be felt; give a sentence as text, an emotion, or valence and arousal",
                field="text",
            )

    def set_fields(self) -> dict[str, Any]:
        """The fields that differ from their defaults, by name: what the person said."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A word or phrase that moved the reading, where it stands in the text (start, end), and by how much."""

    words: str
    start: int
    end: int
    valence: float
    arousal: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affect:
    """What was read: the feeling as a whole, its path over the piece, what is shown and what is meant.

    valence, arousal -1..1; intensity, confidence 0..1. `trajectory` has at least one point, evenly spread over the piece.
    `surface` and `undertow` are None unless the words hide one feeling under another. `textures` are ids of textures.toml.
    `wishes` are musical settings found in the words (Intent field -> value as text): the plan obeys them unless the
    Intent sets the field itself. `gist` stands for what the words tell beside wishes: other words are another piece.
    `reader` names what read the words; `warnings` say what could not be read.
    """

    valence: float
    arousal: float
    intensity: float = 0.5
    trajectory: tuple[Feeling, ...] = ()
    surface: Feeling | None = None
    undertow: Feeling | None = None
    emotion: str | None = None
    blend: tuple[tuple[str, float], ...] = ()
    textures: tuple[str, ...] = ()
    wishes: tuple[tuple[str, str], ...] = ()
    gist: str = ""
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    reader: Literal["set", "table", "model"] = "table"
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_range("valence", self.valence, -1, 1)
        check_range("arousal", self.arousal, -1, 1)
        check_range("intensity", self.intensity, 0, 1)
        check_range("confidence", self.confidence, 0, 1)
        if not self.trajectory:
            object.__setattr__(self, "trajectory", (Feeling(valence=self.valence, arousal=self.arousal),))

    def root(self, seed: int) -> str:
        """What the draws of a piece begin with under a seed."""
        return f"{seed}/{self.gist}" if self.gist else str(seed)

    def at(self, share: float) -> Feeling:
        """The feeling at a share (0..1) of the piece, on straight lines between the trajectory's points."""
        points = self.trajectory
        if len(points) == 1:
            return points[0]
        where = min(max(share, 0.0), 1.0) * (len(points) - 1)
        left = min(int(where), len(points) - 2)
        return points[left].toward(points[left + 1], where - left)
