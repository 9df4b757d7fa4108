"""A pianist's left hand: figures over the chords, from tables/piano_figures.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..errors import TableError
from ..intent import Feeling
from ..score import PPQ, ChordSpan
from ..streams import Stream
from ..tables import Rows, load_rows, table_path
from ..theory import Meter
from .voicing import MUD

# degrees above the bass in semitones, before they are drawn to the nearest chord tone; 9 stays a ninth
_STEPS = {"1": 0, "3": 4, "5": 7, "7": 10, "8": 12, "9": 14, "10": 16, "12": 19}
TENTH = 16  # the widest that one hand strikes at once, in semitones

Struck = tuple[int, int, tuple[int, ...]]  # onset and duration in ticks, pitches from the lowest up


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What the left hand does under a chord: `line` of degrees a unit, restarted at each bar and chord."""

    id: str
    about: str
    line: str
    unit: Literal["beat", "8th", "16th"]
    valence: float
    arousal: float
    source: str

    @property
    def strokes(self) -> tuple[tuple[str, ...], ...]:
        """The degrees struck at each unit; empty where none is."""
        return _strokes(self.line)

    def rate(self, meter: Meter) -> float:
        """Onsets a quarter note."""
        return _rate(self.line, self.unit, meter)


@lru_cache(maxsize=1024)
def _rate(line: str, unit: str, meter: Meter) -> float:
    strokes, units = _strokes(line), len(_units(meter, unit))
    return sum(1 for at in range(units) if strokes[at % len(strokes)]) / meter.bar_quarters


@lru_cache(maxsize=256)
def _strokes(line: str) -> tuple[tuple[str, ...], ...]:
    strokes = tuple(() if word == "." else tuple(word.split("+")) for word in line.split())
    for word in (degree for stroke in strokes for degree in stroke):
        if word not in _STEPS:
            raise TableError(f"piano_figures.toml: unknown degree {word!r} in {line!r}; legal: {', '.join(_STEPS)}")
    return strokes


@lru_cache(maxsize=1)
def figures() -> Rows[Figure]:
    """All figures by id."""
    return load_rows(table_path("piano_figures.toml.gz"), Figure)


@lru_cache(maxsize=64)
def _units(meter: Meter, unit: str) -> tuple[int, ...]:
    """Onsets of the units within a bar, in ticks."""
    if unit == "beat":
        return meter.beat_ticks(PPQ)
    return tuple(range(0, meter.bar_ticks(PPQ), PPQ // 2 if unit == "8th" else PPQ // 4))


def choose(meter: Meter, wanted: float, feeling: Feeling, stream: Stream, known: Sequence[str] = ()) -> Figure:
    """A figure near `wanted` onsets a quarter that is at home in the feeling; one that is not `known` yet."""
    rows = [row for row in figures().values() if row.id not in known]

    def weight(row: Figure) -> float:
        fit = row.rate(meter) - wanted
        away = (row.arousal - feeling.arousal) ** 2 + 0.7 * (row.valence - feeling.valence) ** 2
        return 1 / (0.04 + fit * fit + 0.5 * away) ** 2

    return stream.weighted(rows, [weight(row) for row in rows])


@lru_cache(maxsize=512)
def _pitch(classes: tuple[int, ...], bass: int, degree: str, scale: tuple[int, ...]) -> int:
    goal = bass + _STEPS[degree]
    if degree == "9" and goal % 12 in scale:
        return goal
    if degree == "3" and bass < MUD + 2:
        goal += 12
    if degree in ("1", "8"):
        return goal
    floor = bass + (5 if bass < MUD else 3)
    near = [goal + move for move in (0, -1, 1, -2, 2, -3, 3, 4, 5) if (goal + move) % 12 in classes]
    return next((p for p in near if p >= floor), bass + 12)


def bass_of(chord_bass: int, low: int, high: int, center: float, previous: int | None) -> int:
    """The pitch of a chord's bass in low..high: near the last one, drawn to the center."""
    first = low + (chord_bass - low) % 12
    choices = range(first, max(high, first) + 1, 12)
    return min(choices, key=lambda p: (abs(p - center) * 0.6 + (abs(p - previous) if previous is not None else 0), p))


def strike(figure: Figure, span: ChordSpan, bar_ticks: int, meter: Meter, bass: int, top: int, scale: tuple[int, ...], legato: float) -> list[Struck]:  # fmt: skip
    """The figure over one chord: what is struck, when and for how long; nothing above `top`, no hand wider than a tenth."""
    units, strokes = _units(meter, figure.unit), figure.strokes
    end = span.onset + span.duration
    classes = span.chord.pitch_classes
    struck: list[Struck] = []
    bar = span.onset - span.onset % bar_ticks
    while bar < end:
        start = max(bar, span.onset)
        inside = [bar + unit for unit in units if start <= bar + unit < end]
        if not inside or inside[0] != start:
            inside.insert(0, start)
        for index, onset in enumerate(inside):
            stroke = strokes[index % len(strokes)]
            pitches = sorted({_pitch(classes, bass, degree, scale) for degree in stroke})
            kept = tuple(p for p in pitches if p <= top and p - pitches[0] <= TENTH) or tuple(pitches[:1])
            if kept:
                struck.append((onset, end - onset, kept))
        bar += bar_ticks
    nexts = [*(onset for onset, _, _ in struck[1:]), end]
    held = 0.45 + 0.55 * legato
    return [
        (onset, max(30, round((then - onset) * held)), p) for (onset, _, p), then in zip(struck, nexts, strict=True)
    ]
