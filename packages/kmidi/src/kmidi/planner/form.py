"""The form: which sections, how many bars, with how much energy; bars and seconds are met exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import IntentError, counted
from ..intent import BPM_RANGE, MAX_BARS, Affect, Feeling, Intent
from ..plan import Reason
from ..streams import Stream
from ..tables import Genre
from ..theory import Meter

ENERGY = {
    "intro": 0.3, "verse": 0.45, "prechorus": 0.6, "chorus": 0.8, "bridge": 0.55, "breakdown": 0.3, "build": 0.7, "drop": 1.0, "hook": 0.75,
    "interlude": 0.45, "outro": 0.25, "theme": 0.5, "contrast": 0.65, "coda": 0.3, "solo": 0.7, "refrain": 0.7, "climax": 0.95, "wash": 0.7,
}  # fmt: skip
USUAL_BARS = {"intro": 4, "prechorus": 4, "build": 4, "breakdown": 4, "interlude": 4, "outro": 4, "coda": 4}
# energy at even steps through the piece, for each arc: what a person hears as the story
ARC_LINES: dict[str, tuple[float, ...]] = {
    "climb_to_climax": (0.25, 0.36, 0.48, 0.62, 0.78, 1.0, 0.8), "slow_reveal": (0.25, 0.28, 0.32, 0.38, 0.55, 0.85, 1.0),
    "repetitive_despair": (0.45, 0.5, 0.42, 0.5, 0.42, 0.5, 0.4), "static_reflection": (0.38, 0.4, 0.42, 0.4, 0.4, 0.38, 0.36),
    "sudden_shift": (0.3, 0.32, 0.34, 0.95, 1.0, 0.9, 0.85), "descent": (1.0, 0.85, 0.7, 0.55, 0.42, 0.3, 0.2),
    "rise_and_fall": (0.25, 0.45, 0.7, 1.0, 0.75, 0.45, 0.22), "spiral": (0.4, 0.6, 0.45, 0.75, 0.55, 0.9, 0.7),
    "slow_build": (0.06, 0.22, 0.38, 0.54, 0.7, 0.85, 1.0), "big_finish": (0.35, 0.4, 0.44, 0.48, 0.56, 0.95, 1.0), "fade_out": (0.55, 0.62, 0.68, 0.7, 0.6, 0.36, 0.05),
}  # fmt: skip
# how much of a section's energy is left to its kind: where words ask for a shape, little or nothing
_OF_KIND = {"slow_build": 0.0, "big_finish": 0.15, "fade_out": 0.15}
_ENDS_HIGH = ("slow_build", "big_finish")  # nothing comes down behind the last height
ARC_REASONS = {
    "climb_to_climax": "each section asks for more until the climax", "slow_reveal": "holds back, then shows all of it late",
    "repetitive_despair": "goes round without getting anywhere", "static_reflection": "stays and looks",
    "sudden_shift": "breaks without warning near the middle", "descent": "begins at the height and lets go",
    "rise_and_fall": "swells and ebbs once", "spiral": "returns each time a little higher",
    "slow_build": "begins with next to nothing, and each section adds to the last", "big_finish": "keeps its best for the end", "fade_out": "lets its players go one after another",
}  # fmt: skip
DEFAULT_BARS = 32
ENDINGS = ("outro", "coda")


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


def form(intent: Intent, affect: Affect, genre: Genre, meter: Meter, bpm: float, stream: Stream) -> Form:
    """The form of a piece. IntentError where bars, seconds and bpm that a person set can't all hold."""
    bars, bpm, end, reasons = _length(intent, meter, bpm)
    if intent.sections is not None:
        named = [(section.name, section.bars) for section in intent.sections]
    elif intent.form is not None:
        named = spread(tuple(intent.form.split()), bars)
    else:
        pattern = genre.forms[0] if len(genre.forms) == 1 else stream.choice(genre.forms)
        kinds = pattern.split()
        while intent.arc in _ENDS_HIGH and len(kinds) > 1 and kinds[-1] in ENDINGS:
            kinds.pop()
        named = fill(tuple(kinds), bars)
    total = sum(length for _, length in named)
    shapes: list[Shape] = []
    seen: dict[str, int] = {}
    at = 0
    for name, length in named:
        kind = "".join([c for c in name.casefold() if c.isalpha()]) or name
        variation = seen.get(kind, 0)
        seen[kind] = variation + 1
        share = (at + length / 2) / total
        feeling = affect.at(share)
        energy = energy_of(kind, variation, share, intent.arc, feeling.arousal)
        shapes.append(Shape(name=name, kind=kind, bars=length, energy=energy, feeling=feeling, variation=variation))
        at += length
    shapes = list(_numbered(shapes))
    text = ", ".join(f"{shape.name} {shape.bars}" for shape in shapes)
    if intent.sections is not None:
        whose = "your sections"
    elif intent.form is not None:
        whose = f"the order you asked for, over {counted(total, 'bar')}"
    else:
        whose = f"a form that {genre.name} is known for, over {counted(total, 'bar')}"
    reasons = (*reasons, Reason(what="form", value=text, why=whose))
    if intent.arc is not None:
        reasons = (*reasons, Reason(what="arc", value=intent.arc, why=ARC_REASONS[intent.arc]))
    return Form(shapes=tuple(shapes), bpm=bpm, end_quarters=end, reasons=reasons)


def energy_of(kind: str, variation: int, share: float, arc: str | None, arousal: float) -> float:
    """The energy (0..1) of a section: what its kind has, bent to the arc at its share of the piece, and the feeling."""
    base = ENERGY.get(kind, 0.5) + 0.04 * min(variation, 2)
    if arc is not None:
        line, kept = ARC_LINES[arc], _OF_KIND.get(arc, 0.3)
        where = min(max(share, 0.0), 1.0) * (len(line) - 1)
        left = min(int(where), len(line) - 2)
        base = kept * base + (1 - kept) * (line[left] + (line[left + 1] - line[left]) * (where - left))
    return round(min(1.0, max(0.0, base + 0.15 * arousal)), 4)


def phrase_bars(bars: int) -> int:
    """How many bars a phrase of a section has: 4, or all of a section that is shorter or odd."""
    return 4 if bars >= 4 else bars


def _length(intent: Intent, meter: Meter, bpm: float) -> tuple[int, float, float | None, tuple[Reason, ...]]:
    bars = intent.bars if intent.sections is None else sum(section.bars for section in intent.sections)
    if intent.seconds is None:
        if bars:
            return bars, bpm, None, ()
        usual = _usual(intent.form.split()) if intent.form else DEFAULT_BARS
        last = max((hit.seconds for hit in intent.hits), default=0.0) * bpm / 60 / meter.bar_quarters
        bars = usual if last < usual else min(4 * (int(last) // 4 + 2), MAX_BARS)
        why = Reason(what="length", value=f"{bars} bars", why="the last moment to meet comes so late")
        return bars, bpm, None, () if bars == usual else (why,)
    quarters = intent.seconds * bpm / 60
    fitting = max(1, int(-(-quarters // meter.bar_quarters)))
    if intent.bpm is not None and bars in (None, fitting):
        # the tempo is fixed, so the last bar ends where the second is
        bars = fitting
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


def spread(kinds: tuple[str, ...], bars: int) -> list[tuple[str, int]]:
    """All of these sections in exactly so many bars, each in its usual share, in fours where they go round.

    IntentError where there are fewer bars than sections.
    """
    if bars < len(kinds):
        raise IntentError(f"{counted(len(kinds), 'section')} in {counted(bars, 'bar')}; legal: a bar or more each", field="form")  # fmt: skip
    unit = next(bars_each for bars_each in (4, 2, 1) if bars >= bars_each * len(kinds))
    fair = [USUAL_BARS.get(kind, 8) * bars / _usual(list(kinds)) / unit for kind in kinds]
    units = [1] * len(kinds)
    for _ in range(bars // unit - len(kinds)):
        units[max(range(len(kinds)), key=lambda at: (fair[at] - units[at], -at))] += 1
    lengths = [unit * count for count in units]
    lengths[-1] += bars % unit
    return list(zip(kinds, lengths, strict=True))


# what goes first where a form is longer than the bars that are there
_EXTRAS = ("interlude", "breakdown", "prechorus", "build")
_TURNS = ("solo", "bridge")  # what goes once nothing is said twice running


def fill(pattern: tuple[str, ...], bars: int) -> list[tuple[str, int]]:
    """A form of exactly so many bars: the pattern's sections at usual lengths, some left out or come again."""
    if bars < 8:
        return [(next((k for k in pattern if k in ("verse", "theme", "drop", "chorus")), pattern[0]), bars)]
    kinds = list(pattern)
    while len(kinds) > 1 and _usual(kinds) > bars:
        kinds.pop(_spare(kinds, _usual(kinds) - bars))
    while bars - _usual(kinds) >= 16:
        kinds[_before_end(kinds) : _before_end(kinds)] = _again(pattern)
    lengths = [min(bars, USUAL_BARS.get(kind, 8)) for kind in kinds]
    left = bars - sum(lengths)
    if left >= 8:
        told = [i for i, kind in enumerate(kinds) if kind in ("chorus", "drop", "theme", "refrain")]
        twice = [i for i in told if kinds[i] not in (*kinds[max(0, i - 1) : i], *kinds[i + 1 : i + 2])]
        at = max(twice or told, default=len(kinds) - 1)
        kinds.insert(at, kinds[at])
        lengths.insert(at, 8)
        left -= 8
    if left >= 4:
        grown = next((i for i, kind in enumerate(kinds) if kind in ("intro", "prechorus", "build")), len(kinds) - 1)
        lengths[grown] += 4
        left -= 4
    lengths[-1] += left
    return list(zip(kinds, lengths, strict=True))


def _spare(kinds: list[str], over: int) -> int:
    """The section that a form misses least: extras, then what comes again, at once or later, then the ending and the opening.

    A drop keeps its build: the verse goes first, where so many bars are too many or it only follows the drop. A theme comes
    back behind its contrast, which goes last.
    """
    builds = kinds.count("build") == 1 and kinds[kinds.index("build") + 1 :][:1] == ["drop"]
    for wanted in _EXTRAS:
        if wanted in kinds and not (builds and wanted == "build"):
            return len(kinds) - 1 - kinds[::-1].index(wanted)
    at_once = [at for at in range(1, len(kinds)) if kinds[at] == kinds[at - 1]]
    if at_once:
        return at_once[-1]
    for wanted in _TURNS:
        if wanted in kinds:
            return kinds.index(wanted)
    for wanted in kinds:
        if kinds.count(wanted) > (2 if wanted == "theme" and "contrast" in kinds else 1):
            return len(kinds) - 1 - kinds[::-1].index(wanted)
    if "contrast" in kinds:
        return kinds.index("contrast")
    if builds and "verse" in kinds and (over >= 8 or kinds.index("verse") > kinds.index("drop")):
        return kinds.index("verse")
    for wanted in ("outro", "coda", "intro"):
        if wanted in kinds:
            return len(kinds) - 1 - kinds[::-1].index(wanted)
    return 0 if len(kinds) < 3 or builds else 1


def _usual(kinds: list[str]) -> int:
    return sum(USUAL_BARS.get(kind, 8) for kind in kinds)


def _before_end(kinds: list[str]) -> int:
    """Where a repeat goes in: before the last verse-like section's answer and the ending."""
    endings = sum(1 for kind in kinds[-2:] if kind in ENDINGS)
    return max(0, len(kinds) - endings - 1) if len(kinds) > 2 else len(kinds)


def _again(pattern: tuple[str, ...]) -> list[str]:
    body = [
        kind
        for kind in dict.fromkeys(pattern)
        if kind not in ("intro", "outro", "coda", "bridge", "breakdown", "interlude", "prechorus")
    ]
    pair = [kind for kind in body if USUAL_BARS.get(kind, 8) == 8][:2]
    return pair if len(pair) == 2 else pair * 2 or ["theme", "theme"]


def _numbered(shapes: list[Shape]) -> tuple[Shape, ...]:
    counts = {s.kind: sum(t.name == s.name for t in shapes) for s in shapes}
    return tuple(replace(s, name=f"{s.name} {s.variation + 1}") if counts[s.kind] > 1 else s for s in shapes)
