"""The harmony: a Roman progression for each kind of section, cadences where phrases and sections close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ..plan import PlannedChord, Reason
from ..streams import Stream
from ..tables import HarmonyStyle
from ..theory import Key, Meter
from .colour import Palette, root, seventh
from .form import Shape
from .grammar import CLOSES, OPENS, Bars, diatonic, tonic
from .loops import Loop, make_loop

# kinds that borrow the chords of what they lead into or look back on, first that is there
_SHARES = {"intro": ("verse", "theme", "chorus", "drop"), "outro": ("chorus", "theme", "drop", "verse"), "coda": ("theme", "verse"),
           "interlude": ("verse", "chorus", "theme"), "build": ("drop", "chorus"), "breakdown": ("drop", "chorus"), "solo": ("verse", "chorus")}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmony:
    """The chords of each section in order, and the reasons."""

    chords: tuple[tuple[PlannedChord, ...], ...]
    reasons: tuple[Reason, ...]


def _mood(arousal: float) -> str:
    return "stirred" if arousal > 0.25 else "still" if arousal < -0.25 else "even"


def harmonize(
    shapes: tuple[Shape, ...],
    key: Key,
    meter: Meter,
    style: HarmonyStyle,
    *,
    valence: float,
    dissonance: float,
    root: str,
) -> Harmony:
    """The chords of all sections: sections of one kind share their progression, the last one closes on the tonic."""
    kinds = {shape.kind for shape in shapes}
    # songs differ in how far they stray from plain chords: most stay near, a few go far
    dissonance *= 0.3 + 6.0 * Stream(f"{root}/piece/colour").unit() ** 4
    # and in how often a chord leads on within a bar: some never do it, a few all the time
    led = 3 * style.passing * Stream(f"{root}/piece/passing").unit() ** 2 if meter.groups == (1, 1, 1, 1) else 0.0
    loops: dict[str, Loop] = {}
    chords: list[tuple[PlannedChord, ...]] = []
    reasons: list[Reason] = []
    for index, shape in enumerate(shapes):
        source = next((k for k in _SHARES.get(shape.kind, ()) if k in kinds), shape.kind)
        if source not in loops:
            feeling = valence + 0.5 * (shape.feeling.valence - valence)
            palette = Palette(style=style, mode=key.mode, valence=feeling, dissonance=dissonance)
            others = tuple(loop.plain for loop in loops.values())
            # rage and sadness may share a mode: their turns of harmony are other ones
            stream = Stream(f"{root}/{source}/{_mood(shape.feeling.arousal)}/harmony")
            loop = make_loop(palette, source, stream, others, shape.energy, led)
            loops[source] = _in_three(loop) if meter.groups == (1, 1, 1) and style.bars_per_chord > 0.5 else loop
            reasons.append(Reason(what="harmony", value=f"{source}: {loops[source].text}", why=loops[source].about))
        loop = loops[source]
        last = index == len(shapes) - 1
        filled = _fill(loop, shape, key.mode, style, last=last, seed=f"{root}/{shape.name}/cadence")
        chords.append(_timed(filled, meter, loop.why))
    reasons.append(_rhythm(chords, shapes, style))
    reasons.append(cadence(chords[-1][-1]))
    return Harmony(chords=tuple(chords), reasons=tuple(reasons))


def _in_three(loop: Loop) -> Loop:
    """A loop whose bars mostly change chord within, as bars of three do not: each of them over two."""
    if 2 * sum(len(bar) > 1 for bar in loop.bars) < len(loop.bars):
        return loop
    halves = ((bar[: (len(bar) + 1) // 2], bar[len(bar) // 2 :]) for bar in loop.bars)
    return replace(loop, bars=tuple(half for both in halves for half in both))


def cadence(close: PlannedChord) -> Reason:
    """On which chord a piece ends, and whether that is home."""
    home = "at home" if root(close.roman) == 0 else "away from home"
    return Reason(what="cadence", value=close.roman, why=f"the piece ends {home}, on {close.roman}")


def _rhythm(chords: list[tuple[PlannedChord, ...]], shapes: tuple[Shape, ...], style: HarmonyStyle) -> Reason:
    """How often the chords change, as they do."""
    bars, flat = sum(shape.bars for shape in shapes), [chord.roman for section in chords for chord in section]
    changes = 1 + sum(a != b for a, b in pairwise(flat))
    why = f"{1 / style.bars_per_chord:.2g} a bar are usual here; full sections may change sooner, cadences and leading chords add theirs"
    return Reason(what="chord rhythm", value=f"{changes / bars:.2g} a bar", why=why)


def _by_beat(bar: tuple[str, ...], before: str, after: str, beat: float, why: dict[str, str]) -> list[PlannedChord]:
    """Planned chords of a bar with a numeral for each beat; one of a single beat says what it stands between, if known."""
    runs = [(roman, len(list(group))) for roman, group in groupby(bar)]
    names = [before, *(roman for roman, _ in runs), after]
    out: list[PlannedChord] = []
    for at, (roman, beats) in enumerate(runs):
        between = [f"{word} {name}" for word, name in (("from", names[at]), ("to", names[at + 2])) if name]
        about = why.get(roman) or (f"a beat on the way {' '.join(between)}" if beats == 1 else "")
        out.append(PlannedChord(roman=roman, quarters=beats * beat, why=about))
    return out


def _fill(loop: Loop, shape: Shape, mode: str, style: HarmonyStyle, *, last: bool, seed: str) -> Bars:
    """The loop over the section's bars; the last bar opens towards what follows, or closes the piece."""
    bars = [loop.bars[bar % len(loop.bars)] for bar in range(shape.bars)]
    home = tonic(mode)
    opens = shape.bars >= 4 and bars[-1][-1].startswith(home) and style.grammar != "rows"
    if not (last or opens):
        return tuple(bars)
    stream = Stream(seed)
    palette = Palette(style=style, mode=mode, valence=0.0, dissonance=0.0)

    def styled(roman: str) -> str:  # where all chords have sevenths, so have those that cadences bring
        return seventh(roman, palette) if style.all_sevenths else roman

    one, two = stream.unit(), styled(stream.choice(CLOSES[mode]))
    if last:
        ends = next(
            (
                r
                for bar in loop.bars
                for r in bar
                if r == home or (r.startswith(home) and r[len(home) : len(home) + 1] in ("m", "6", "7", "a", "9"))
            ),
            styled(home),
        )
        bars[-1] = (ends,)
        if shape.bars > 1 and stream.chance(style.plagal):
            bars[-2] = (ends, diatonic(mode, 3))
        elif shape.bars > 1 and (bars[-2][-1] == ends or (style.plagal and bars[-2][-1] not in CLOSES[mode])):
            bars[-2] = (*bars[-2][:1], two) if one < 0.5 else (two,)
    elif one < 0.55:
        bars[-1] = (bars[-1][0], styled(stream.choice(OPENS[mode])))
    return tuple(bars)


def _timed(bars: Bars, meter: Meter, why: dict[str, str]) -> tuple[PlannedChord, ...]:
    """Planned chords: one a bar, two split on a beat, or as the numerals of a bar's beats have them."""
    out: list[PlannedChord] = []
    known: dict[tuple[str, float], PlannedChord] = {}  # a section says few chords, again and again
    unit = 4 / meter.denominator
    groups = meter.groups
    half = sum(groups[: (len(groups) + 1) // 2]) * unit
    whole = meter.bar_quarters
    for bar, following in zip(bars, (*bars[1:], ("",)), strict=True):
        if len(bar) > 2:
            out += _by_beat(bar, out[-1].roman if out else "", following[0], unit, why)
            continue
        lengths = (whole,) if len(bar) == 1 or half >= whole else (half, whole - half)
        for each in zip(bar, lengths, strict=False):
            if each not in known:
                known[each] = PlannedChord(roman=each[0], quarters=each[1], why=why.get(each[0], ""))
            out.append(known[each])
    return tuple(out)
