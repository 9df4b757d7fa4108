"""The progression that a kind of section turns on: drawn, and dressed in colours."""

from __future__ import annotations

from dataclasses import dataclass

from ..streams import Stream
from .clarity import clarity, wanted
from .colour import Palette, applied, colour, inverted, is_plain, seventh
from .grammar import Bars, from_counts, from_rows, functional, modal
from .passing import passing

_DRAWS = 6  # progressions to look at before the clearest of them is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """What a kind of section turns on.

    bars: the progression in its colours; why: by numeral; about: what it says; plain: the bars as they were drawn.
    """

    bars: Bars
    why: dict[str, str]
    about: str
    plain: Bars

    @property
    def text(self) -> str:
        """The bars as reasons say them."""
        return " | ".join(" ".join(bar) for bar in self.bars)


def make_loop(
    palette: Palette, kind: str, stream: Stream, others: tuple[Bars, ...], energy: float, leads: float
) -> Loop:
    """The progression of a kind of section, dressed, with why; unlike the progressions of other kinds."""
    heard = sum(others, ())  # one kind of section may veil what another tells

    def told(bars: Bars) -> float:
        return min(wanted(palette.valence), clarity(heard + bars, palette.mode))

    drawn = [_plain(palette, kind, stream)]
    while len(drawn) < _DRAWS and (drawn[-1][0] in others or told(drawn[-1][0]) < wanted(palette.valence)):
        drawn.append(_plain(palette, kind, stream))
    fresh = [each for each in drawn if each[0] not in others] or drawn
    plain, about = max(fresh, key=lambda each: told(each[0]))
    bars = plain
    if palette.style.bars_per_chord >= 2 and len(bars) <= 4 and energy < 0.75 and all(len(bar) == 1 for bar in bars):
        bars = tuple(bar for bar in bars for _ in (0, 1))
    quick = stream.unit() < (0.3 + 0.15 * (energy > 0.65)) * (0.75 / palette.style.bars_per_chord) ** 2
    if palette.style.bars_per_chord < 1 and quick and len(bars) % 2 == 0 and all(len(bar) == 1 for bar in bars):
        bars = tuple((a[0], b[0]) if a != b else a for a, b in zip(bars[::2], bars[1::2], strict=True))
    dressed, why = colour(bars, palette, stream)
    led, more = applied(dressed, palette, stream)
    if told(led) < told(bars):  # a colour that would blur a strong feeling stays in its tube
        plainer = tuple(tuple(seventh(roman, palette) if is_plain(roman) else roman for roman in bar) for bar in bars)
        led, why, more = (plainer if palette.style.all_sevenths else bars), {}, {}
    full = inverted(led, palette, stream)
    if leads:
        full = passing(full, palette.mode, leads * 1.5 * energy, stream)
    return Loop(bars=full, why={**why, **more}, about=about, plain=plain)


def _plain(palette: Palette, kind: str, stream: Stream) -> tuple[Bars, str]:
    """A progression as the style's grammar draws it, and what it says."""
    grammar, mode = palette.style.grammar, palette.mode
    unit = stream.unit()
    if grammar == "counted" and mode in ("ionian", "aeolian") and unit < 0.72:
        bars = from_counts(mode == "aeolian", stream, stays=0.6 if palette.style.bars_per_chord >= 1 else 0.4)
        scale = "minor" if mode == "aeolian" else "major"
        return bars, f"a turn that pop songs take often, in {scale}: the {kind} should feel known"
    if grammar == "functional" and unit < 0.6:
        return functional(mode, stream), "tonic, subdominant, dominant: a question and its answer"
    if mode not in ("ionian", "aeolian") and unit > 0.8:
        named = mode.replace("_", " ")
        return modal(mode, stream), f"circles the tonic through the chords that make {named} what it is"
    return from_rows(mode, palette.style.id, palette.valence, stream)
