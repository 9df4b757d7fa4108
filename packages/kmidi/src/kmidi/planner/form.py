"""The form: which sections, how many bars, with how much energy; bars and seconds are met exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import IntentError
from ..intent import BPM_RANGE, Affect, Feeling, Intent
from ..plan import Reason
from ..tables import Genre
from ..theory import Meter

ENERGY = {
    "intro": 0.3, "verse": 0.45, "prechorus": 0.6, "chorus": 0.8, "bridge": 0.6, "breakdown": 0.3, "build": 0.7, "drop": 1.0,
    "outro": 0.25, "theme": 0.5, "contrast": 0.65, "coda": 0.3, "solo": 0.7,
}  # fmt: skip
USUAL_BARS = {"intro": 4, "verse": 8, "prechorus": 4, "chorus": 8, "bridge": 8, "outro": 4, "coda": 4}
DEFAULT_BARS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A section before its harmony: name, kind, bars, energy 0..1, feeling; `variation` counts returns of a kind."""

    name: str
    kind: str
    bars: int
    energy: float
    feeling: Feeling
    variation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The sections, the tempo that makes them last as asked, and where the piece ends if not on its last bar line."""

    shapes: tuple[Shape, ...]
    bpm: float
    end_quarters: float | None
    reasons: tuple[Reason, ...]


def form(intent: Intent, affect: Affect, genre: Genre, meter: Meter, bpm: float) -> Form:
    """The form of a piece. IntentError where bars, seconds and bpm that a person set can't all hold."""
    bars, bpm, end, reasons = _length(intent, meter, bpm)
    if intent.sections is not None:
        named = [(section.name, section.bars) for section in intent.sections]
    else:
        named = _fill(genre.form, bars)
    total = sum(length for _, length in named)
    shapes: list[Shape] = []
    seen: dict[str, int] = {}
    at = 0
    for name, length in named:
        kind = "".join(c for c in name.casefold() if c.isalpha()) or name
        variation = seen.get(kind, 0)
        seen[kind] = variation + 1
        feeling = affect.at((at + length / 2) / total)
        energy = min(1.0, max(0.0, ENERGY.get(kind, 0.5) + 0.15 * feeling.arousal))
        shapes.append(Shape(name=name, kind=kind, bars=length, energy=energy, feeling=feeling, variation=variation))
        at += length
    return Form(shapes=_numbered(shapes), bpm=bpm, end_quarters=end, reasons=reasons)


def _length(intent: Intent, meter: Meter, bpm: float) -> tuple[int, float, float | None, tuple[Reason, ...]]:
    bars = intent.bars if intent.sections is None else sum(section.bars for section in intent.sections)
    if intent.seconds is None:
        return bars or DEFAULT_BARS, bpm, None, ()
    if bars is None and intent.bpm is not None:
        # the tempo is fixed, so the last bar ends where the second is
        quarters = intent.seconds * bpm / 60
        bars = max(1, int(-(-quarters // meter.bar_quarters)))
        why = f"{intent.seconds:g} s at {bpm:g} bpm are {quarters / meter.bar_quarters:.2f} bars"
        end = None if quarters == bars * meter.bar_quarters else quarters
        return bars, bpm, end, (Reason(what="length", value=f"{bars} bars", why=why),)
    if bars is None:
        bars = max(1, round(intent.seconds * bpm / 60 / meter.bar_quarters))
    solved = bars * meter.bar_quarters * 60 / intent.seconds
    if not BPM_RANGE[0] <= solved <= BPM_RANGE[1]:
        raise IntentError(
            f"{bars} bars of {meter} in {intent.seconds:g} s would need {solved:.1f} bpm; legal: {BPM_RANGE[0]:g} to {BPM_RANGE[1]:g}",
            field="seconds",
        )
    if intent.bpm is not None and abs(solved - intent.bpm) > 0.01 * intent.bpm:
        raise IntentError(
            f"{bars} bars of {meter} at {intent.bpm:g} bpm last {bars * meter.bar_quarters * 60 / intent.bpm:.2f} s, not "
            f"{intent.seconds:g}; leave out bars, bpm or seconds",
            field="seconds",
        )
    why = f"{bars} bars of {meter} then last {intent.seconds:g} s"
    return bars, solved, None, (Reason(what="tempo", value=f"{solved:.2f} bpm", why=why),)


def _fill(pattern: tuple[str, ...], bars: int) -> list[tuple[str, int]]:
    """The genre's form cut or stretched to so many bars: whole sections from the front, an ending at the end."""
    if bars < 8:
        return [(next((k for k in pattern if k in ("verse", "theme")), pattern[0]), bars)]
    body, ending = list(pattern[:-1]), pattern[-1]
    closing = 4 if bars >= 16 else 0
    left, named, at = bars - closing, [], 0
    while left > 0:
        kind = body[at % len(body)]
        if at >= len(body) and kind == "intro":
            at += 1
            continue
        length = min(USUAL_BARS.get(kind, 8), left)
        if 0 < left - length < 4:  # no stump of a section
            length = left
        named.append((kind, length))
        left -= length
        at += 1
    return [*named, (ending, closing)] if closing else named


def _numbered(shapes: list[Shape]) -> tuple[Shape, ...]:
    counts = {s.kind: sum(t.name == s.name for t in shapes) for s in shapes}
    return tuple(replace(s, name=f"{s.name} {s.variation + 1}") if counts[s.kind] > 1 else s for s in shapes)
