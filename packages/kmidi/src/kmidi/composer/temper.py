"""The temper of a piece: what its players do as a whole, drawn as songs differ, and the bars of its hands brought to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..streams import Stream
from ..tables import counts
from .cells import Bar

_OFF_BEAT, _FINE = 0xEEEEEEEE, 0xAAAAAAAA  # the slots of a bar off the beats, and off the eighths
_STRENGTH = (0, 3, 2, 3, 1, 3, 2, 3)  # of an onset by its slot in half a bar, 0 the strongest
_WIDER = 1.15  # the writers reach about so much less far than they aim
_MOST = 5  # notes that the hands add to a stroke at the most


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """What the tune, bass and hands of a piece do together.

    onsets: a quarter. off_beat, fine: shares of them off the beat and off the eighths. notes: an onset. repeats: share of
    bars whose rhythm comes again. contrast: deviation of notes a bar against their mean. empty: share of quarters in which
    nothing is struck. touch: 0 hands let go early .. 1 let notes lie over each other. lean: onsets in standard deviations.
    """

    onsets: float
    off_beat: float
    fine: float
    notes: float
    repeats: float
    contrast: float
    empty: float
    touch: float
    lean: float


def draw_temper(stream: Stream, asked: float) -> Temper:
    """A temper as counted in songs, what goes together in them together; `asked` (about -2..2) leans it dense or sparse."""
    table = counts().temper
    drawn = [stream.bell() for _ in table.lower]
    drawn[0] = 0.45 * asked + 0.9 * drawn[0]
    leans = [_WIDER * sum(a * b for a, b in zip(row, drawn, strict=False)) for row in table.lower]
    values = [_value(lean, table.at, row) for lean, row in zip(leans, table.values.values(), strict=True)]
    onsets, off_beat, fine, notes, repeats, contrast, empty, touch = values
    return Temper(
        onsets=onsets, off_beat=off_beat, fine=fine, notes=notes, repeats=repeats, contrast=contrast, empty=empty,
        touch=(touch + 0.35) / 1.5,
        lean=leans[0],
    )  # fmt: skip


def _value(lean: float, at: tuple[float, ...], values: tuple[float, ...]) -> float:
    """The value so many standard deviations from the middle, on the line between counted ones."""
    place = min(len(at) - 1.001, max(0.0, (lean - at[0]) / (at[1] - at[0])))
    low = int(place)
    return values[low] + (values[low + 1] - values[low]) * (place - low)


def mask_of(bar: Bar) -> int:
    """The slots of a bar's onsets as bits."""
    out = 0
    for slot, _ in bar:
        out |= 1 << slot
    return out


def misfit(bar: Bar, others: list[tuple[int, int]], wanted: float, temper: Temper) -> float:
    """How far a bar of the hands is, with what the others play, from so many onsets and the temper's shares; 0 fits.

    others: for some bars, the slots at which others strike, and those that the hands may strike, as bits.
    """
    own = mask_of(bar)
    onsets = off = fine = 0
    for other, free in others:
        both = own & free | other
        onsets += both.bit_count()
        off += (both & _OFF_BEAT).bit_count()
        fine += (both & _FINE).bit_count()
    if not onsets:
        return 9.0
    away = abs(onsets / len(others) - wanted) / wanted
    return (
        away + 1.5 * abs(off / onsets - temper.off_beat - 0.09) + 1.5 * abs(fine / onsets - 1.25 * temper.fine - 0.03)
    )


def tempered(
    bars: list[Bar],
    others: list[int],
    alone: list[int],
    fulls: list[float],
    quarters: int,
    temper: Temper,
    stream: Stream,
) -> list[Bar]:
    """Bars of the hands with as many breaks, returns and swells as the temper has.

    others: the slots at which tune and bass strike in each bar, as bits; alone: how many notes they have there; fulls: how
    full the sections are.
    """
    bars = list(bars)
    masks = [mask_of(bar) for bar in bars]
    order = [at for _, at in sorted((stream.unit(), at) for at in range(len(bars)))]
    _breaks(bars, masks, others, order, quarters, round(1.3 * temper.empty * quarters * len(bars)))
    _returns(
        bars, masks, others, order, round((0.98 - temper.repeats) * len(bars)), stream, 1 if temper.fine > 0.12 else 2
    )
    _swells(bars, masks, others, alone, fulls, temper)
    return bars


def _breaks(bars: list[Bar], masks: list[int], others: list[int], order: list[int], quarters: int, wanted: int) -> None:
    """So many quarters in which nothing is struck: the hands wait where phrases close, or fill what is empty elsewhere."""
    beats = [(at, 4 * beat) for beat in range(quarters - 1, -1, -1) for at in order]
    empty = [(at, slot) for at, slot in beats if not (masks[at] | others[at]) >> slot & 15]
    if len(empty) > wanted:
        empty.sort(key=lambda place: place[0] % 4 == 3)
        for at, slot in empty[: len(empty) - wanted]:
            bars[at] = tuple(sorted((*bars[at], (slot, "2"))))
            masks[at] |= 1 << slot
        return
    left = wanted - len(empty)
    free = [(at, slot) for at, slot in beats if slot and masks[at] >> slot & 15 and not others[at] >> slot & 15]
    free.sort(key=lambda place: place[0] % 4 != 3)
    for at, slot in free[:left]:
        bars[at] = tuple(stroke for stroke in bars[at] if not slot <= stroke[0] < slot + 4)
        masks[at] &= ~(15 << slot)


def _returns(
    bars: list[Bar], masks: list[int], others: list[int], order: list[int], wanted: int, stream: Stream, grid: int
) -> None:
    """So many bars with a rhythm of their own: bars that come again are varied by a stroke more, less or elsewhere."""
    seen: dict[int, int] = {}
    for own, other in zip(masks, others, strict=True):
        seen[own | other] = seen.get(own | other, 0) + 1
    left = wanted - sum(many == 1 for many in seen.values())
    for at in order:
        if left <= 0:
            break
        before = masks[at] | others[at]
        if seen[before] == 1:
            continue
        for _ in range(4):
            slot = grid * (1 + stream.below(16 // grid - 1))
            bit = 1 << slot
            if before & bit and (others[at] & bit or not masks[at] & ~bit):
                continue
            after = before ^ bit
            if after not in seen and (before | after) >> (slot & 12) & 15:
                bars[at] = (
                    tuple(s for s in bars[at] if s[0] != slot)
                    if before & bit
                    else tuple(sorted((*bars[at], (slot, "2"))))
                )
                masks[at] ^= bit
                left -= 2 if seen[before] == 2 else 1
                seen[before] -= 1
                seen[after] = 1
                break


def _swells(
    bars: list[Bar], masks: list[int], others: list[int], alone: list[int], fulls: list[float], temper: Temper
) -> None:
    """Fuller and thinner strokes, until notes an onset are as many and bars differ as much as the temper has it.

    Half of how bars differ is what they are by themselves, half how full their sections are.
    """
    many = [sum([len(what) + 1 >> 1 for _, what in bar]) + more for bar, more in zip(bars, alone, strict=True)]
    onsets = sum([(own | other).bit_count() for own, other in zip(masks, others, strict=True)])
    goal = 0.92 * temper.notes * onsets / len(bars)
    apart = [a + 1.2 * b for a, b in zip(_standard(many), _standard(fulls), strict=True)]
    done: dict[tuple[Bar, int], Bar] = {}  # bars that come again change alike
    for at, each in enumerate(_standard(apart)):
        change = round(goal * (1 + 1.35 * temper.contrast * each)) - many[at]
        if not -2 < change < 2 and (bar := bars[at]):
            asked = bar, change
            bars[at] = done[asked] if asked in done else done.setdefault(asked, sized(bar, change))


def _standard(values: Sequence[float]) -> list[float]:
    """Values against their mean, in standard deviations; all 0 where they do not differ."""
    mean = sum(values) / len(values)
    spread = (sum((each - mean) ** 2 for each in values) / len(values)) ** 0.5
    return [(each - mean) / spread if spread > 1e-9 else 0.0 for each in values]


def sized(bar: Bar, change: int) -> Bar:
    """A bar with so many notes more (strong strokes first) or fewer (weak strokes first), one a stroke at the least."""
    out = list(bar)
    order: Sequence[int] = _by_strength(tuple([slot & 7 for slot, _ in bar]), change < 0)
    resized = _thicker if change > 0 else _thinner
    left = abs(change)
    for _ in range(_MOST):
        changed: list[int] = []
        for at in order:
            slot, what = out[at]
            after = resized(what)
            if after != what:
                out[at] = slot, after
                left -= 1
                if not left:
                    return tuple(out)
                changed.append(at)
        order = changed
    return tuple(out)


@lru_cache(maxsize=192)
def _by_strength(slots: tuple[int, ...], weakest: bool) -> tuple[int, ...]:
    """Which of a bar's strokes are the strongest, or the weakest, in order; slots are those of a half bar."""
    return tuple(sorted(range(len(slots)), key=lambda at: (_STRENGTH[slots[at]], at), reverse=weakest))


@lru_cache(maxsize=1024)
def _thicker(what: str) -> str:
    """A stroke with a note more: under its highest where there is room, else above it."""
    struck = [int(rung) for rung in what.split(",")]
    if len(struck) >= _MOST:
        return what
    lower = struck[-1] - 1
    struck.append(lower if lower > 0 and lower not in struck else struck[-1] + 1)
    return ",".join(map(str, sorted(struck)))


@lru_cache(maxsize=1024)
def _thinner(what: str) -> str:
    """A stroke without an inner note; of two the lower goes, but not the bass's."""
    struck = what.split(",")
    if len(struck) > 1:
        struck.pop(1 if len(struck) > 2 or struck[0] == "0" else 0)
    return ",".join(struck)
