"""A score as a picture: a piano roll in SVG, drums below it, sections, chords and bars above."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..errors import counted
from ..score import Marker, Part, Score
from ..tables import KIT_PIECES, PIECE_OF
from ..theory import Key

# Okabe and Ito's colours, told apart by the colour-blind, in the order of the parts.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f")
LABEL_WIDTH, ROW, DRUM_ROW, BAR_WIDTH = 46, 7, 11, 58
RULED_WIDTH = 120  # from this width of a bar on
SECTION_HEIGHT, CHORD_HEIGHT, FOOT_HEIGHT, GAP = 24, 20, 20, 12
_BLACK_KEYS = {1, 3, 6, 8, 10}
_STRONG = (0, 56, 90, 128)  # velocities at which a note is drawn more strongly
_OTHER = "Other"
_KIT_ROWS = [*(piece.label for piece in reversed(KIT_PIECES)), _OTHER]  # from the top


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of paper, words and lines, and how opaque soft, middling and loud notes are."""

    paper: str
    words: str
    faint: str
    line: str
    key: str
    band: tuple[str, str]
    strengths: tuple[float, float, float]


LIGHT = Ink("#ffffff", "#1f2937", "#6b7280", "#d1d5db", "#f3f4f6", ("#eef2ff", "#fdf2e9"), (0.45, 0.75, 1.0))
DARK = Ink("#12151c", "#f3f4f6", "#9ca3af", "#374151", "#1a1f29", ("#1e2440", "#33261c"), (0.6, 0.85, 1.0))


def colours(score: Score) -> dict[str, str]:
    """The colour that the picture gives each part, by the part's name."""
    return {part.name: COLOURS[at % len(COLOURS)] for at, part in enumerate(score.parts)}


def picture(
    score: Score, *, dark: bool = False, bar_width: int = BAR_WIDTH, pitches: tuple[int, int] | None = None
) -> str:
    """A piano roll as SVG text; its width grows with the bars. Softer notes are fainter. Said in words in its `desc`.

    bar_width: pixels a bar; where bars are wide, their sixteenths are ruled. pitches: the lowest and highest row, for
    pictures that stand beside each other; by default those of the score.
    """
    return _Roll(score, DARK if dark else LIGHT, bar_width, pitches).svg()


class _Roll:
    """Where everything stands on the paper."""

    def __init__(self, score: Score, ink: Ink, bar_width: int, pitches: tuple[int, int] | None) -> None:
        self.score, self.ink = score, ink
        self.bars = [int(tick) for tick in score.bar_starts()]
        self.ruled = range(0, score.length, score.ppq // 4) if bar_width >= RULED_WIDTH else ()
        self.scale = bar_width * max(1, len(self.bars)) / max(1, score.length)
        pitched = [p for p in score.parts if not p.is_drums and len(p.notes)]
        low, high = pitches or (
            min((int(p.notes["pitch"].min()) for p in pitched), default=60),
            max((int(p.notes["pitch"].max()) for p in pitched), default=72),
        )
        self.low, self.high = low - 2, high + 2
        kit = {_label(n) for p in score.parts if p.is_drums for n in set(p.notes["pitch"].tolist())}
        self.kit = sorted(kit, key=_KIT_ROWS.index)
        self.top = SECTION_HEIGHT + CHORD_HEIGHT + 6
        self.roll_height = (self.high - self.low + 1) * ROW if pitched else 0
        self.drum_top = self.top + self.roll_height + (GAP if self.kit and pitched else 0)
        self.bottom = self.drum_top + len(self.kit) * DRUM_ROW
        self.width = LABEL_WIDTH + round(score.length * self.scale) + 8

    def x(self, tick: float) -> float:
        """Where a tick stands."""
        return round(LABEL_WIDTH + tick * self.scale, 1)

    def y(self, part: Part, pitch: int) -> float:
        """The middle of a pitch's row, or of a drum's."""
        if part.is_drums:
            return self.drum_top + self.kit.index(_label(pitch)) * DRUM_ROW + DRUM_ROW / 2
        return self.top + (self.high - pitch) * ROW + ROW / 2

    def svg(self) -> str:
        """All of it."""
        height = self.bottom + FOOT_HEIGHT
        said = escape(self._said())
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height}" viewBox="0 0 {self.width} {height}" '
            f'role="img" aria-label="{said}" font-family="system-ui, sans-serif" font-size="11">'
            f"<title>Piano roll</title><desc>{said}</desc>"
            f'<rect width="100%" height="100%" fill="{self.ink.paper}"/>'
        )
        return "".join(
            [head, *self._rows(), *self._bars(), *self._sections(), *self._chords(), *self._notes(), "</svg>"]
        )

    def _said(self) -> str:
        names = ", ".join(f"{part.name} ({len(part.notes)} notes)" for part in self.score.parts)
        sections = ", ".join(marker.text for marker in self.score.markers)
        return f"{counted(len(self.bars), 'bar')}. Parts: {names}." + (f" Sections: {sections}." if sections else "")

    def _rows(self) -> list[str]:
        """Black keys shaded, each C named; the kit's pieces named."""
        made: list[str] = []
        right = self.width - LABEL_WIDTH - 8
        for pitch in range(self.low, self.high + 1) if self.roll_height else ():
            y = self.top + (self.high - pitch) * ROW
            if pitch % 12 in _BLACK_KEYS:
                made.append(f'<rect x="{LABEL_WIDTH}" y="{y}" width="{right}" height="{ROW}" fill="{self.ink.key}"/>')
            if pitch % 12 == 0:
                made.append(_line(LABEL_WIDTH, y + ROW, right + LABEL_WIDTH, y + ROW, self.ink.line, 0.8))
                made.append(_text(LABEL_WIDTH - 6, y + ROW, f"C{pitch // 12 - 1}", self.ink.faint, anchor="end"))
        for at, name in enumerate(self.kit):
            y = self.drum_top + at * DRUM_ROW
            if at % 2 == 0:
                made.append(
                    f'<rect x="{LABEL_WIDTH}" y="{y}" width="{right}" height="{DRUM_ROW}" fill="{self.ink.key}"/>'
                )
            made.append(_text(LABEL_WIDTH - 5, y + 9, name, self.ink.faint, anchor="end", size=8.5))
        return made

    def _bars(self) -> list[str]:
        every = 1 if len(self.bars) <= 16 else 2 if len(self.bars) <= 40 else 4
        made = [_line(self.x(tick), self.top, self.x(tick), self.bottom, self.ink.line, 0.3) for tick in self.ruled]
        for at, tick in enumerate(self.bars):
            x = self.x(tick)
            made.append(_line(x, self.top, x, self.bottom, self.ink.line, 0.9 if at % 4 == 0 else 0.4))
            if at % every == 0:
                made.append(_text(x + 2, self.bottom + 14, str(at + 1), self.ink.faint))
        return made

    def _sections(self) -> list[str]:
        made: list[str] = []
        markers: Sequence[Marker] = self.score.markers
        ends = [*[marker.tick for marker in markers[1:]], self.score.length]
        for at, (marker, end) in enumerate(zip(markers, ends, strict=False)):
            x, width = self.x(marker.tick), (end - marker.tick) * self.scale
            made.append(
                f'<rect x="{x}" y="2" width="{max(1, width - 2):.1f}" height="{SECTION_HEIGHT - 4}" rx="4" fill="{self.ink.band[at % 2]}"/>'
            )
            if width > 6 * len(marker.text):
                made.append(_text(x + 6, 16, marker.text, self.ink.words, weight="600"))
            made.append(_line(x, SECTION_HEIGHT, x, self.bottom, self.ink.faint, 1))
        return made

    def _chords(self) -> list[str]:
        made: list[str] = []
        free = 0.0
        for span in self.score.chords:
            x = self.x(span.onset)
            symbol = with_signs(span.chord.symbol(_names(self.score, span.onset)))
            if x >= free:  # no name over another
                made.append(_text(x + 2, SECTION_HEIGHT + 14, symbol, self.ink.words))
                free = x + 7 * len(symbol) + 4
        return made

    def _notes(self) -> list[str]:
        """One path a part and strength: a note is a stroke, round at its ends."""
        made: list[str] = []
        for part, colour in zip(self.score.parts, colours(self.score).values(), strict=False):
            height = (DRUM_ROW if part.is_drums else ROW) - 2
            strokes: dict[int, list[str]] = {0: [], 1: [], 2: []}
            for onset, duration, pitch, velocity, shift in part.notes.tolist():
                x = self.x(onset + shift)
                width = 0.1 if part.is_drums else max(0.1, round(duration * self.scale - height - 0.6, 1))
                strength = sum(velocity >= least for least in _STRONG[1:3])
                strokes[strength].append(f"M{x + height / 2:.1f} {self.y(part, pitch):.1f}h{width}")
            for strength, paths in strokes.items():
                if paths:
                    made.append(
                        f'<path d="{"".join(paths)}" stroke="{colour}" stroke-width="{height}" stroke-linecap="round" '
                        f'stroke-opacity="{self.ink.strengths[strength]}" fill="none"/>'
                    )
        return made


def with_signs(symbol: str) -> str:
    """A chord symbol or key with the signs that musicians write: B♭m7♭5, E♭ major."""
    root = symbol[:1]
    return root + symbol[1:].replace("b", "♭").replace("#", "♯")


def _label(pitch: int) -> str:
    return PIECE_OF[pitch].label if pitch in PIECE_OF else _OTHER


def _names(score: Score, tick: int) -> tuple[str, ...]:
    """How the key that stands at a tick spells the pitch classes."""
    at = bisect_right(score.keys, tick, key=lambda change: change.tick) - 1
    return (score.keys[max(at, 0)].key if score.keys else Key("C")).names


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{colour}" stroke-width="{width}"/>'


def _text(
    x: float, y: float, words: str, colour: str, *, anchor: str = "start", weight: str = "400", size: float = 11
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}" '
        f'font-size="{size}">{escape(words)}</text>'
    )
