"""The melody's rhythm: bars of onsets as songs have them, in any meter, and how phrases repeat them."""

from __future__ import annotations

from functools import lru_cache

from ..streams import Stream
from ..tables import counts, draw
from ..theory import Meter

Slots = tuple[int, ...]  # onsets of a bar in 16ths
_Drawn = tuple[tuple[Slots, ...], tuple[float, ...]]

# a beat of six sixteenths in compound meters, with how often; house, after common practice
_COMPOUND = (
    ((0,), 5.0),
    ((0, 4), 6.0),
    ((0, 2, 4), 4.0),
    ((2, 4), 1.5),
    ((0, 3), 1.0),
    ((), 1.5),
    ((0, 2), 1.0),
    ((4,), 1.0),
)


# What the tunes of some patterns take of a beat of four sixteenths, with how often; house, after common practice
TUNES: dict[str, tuple[tuple[Slots, float], ...]] = {
    "chorale": (((0,), 8.0), ((0, 2), 0.5), ((), 2.0)),
    "march": (((0,), 5.0), ((0, 2), 3.0), ((0, 3), 3.0), ((), 1.0), ((0, 2, 3), 0.7)),
}


def phrase_scheme(stream: Stream, bars: int) -> str:
    """How the bars of a phrase repeat each other's rhythm, as counted: "ABAC"; other lengths cut or go on."""
    scheme = draw(stream.unit(), counts().phrase_schemes).replace("-", "A")
    return (scheme * (-(-bars // 4)))[:bars]


def bar_rhythm(meter: Meter, onsets: float, *, fine: bool, closes: bool, stream: Stream) -> Slots:
    """The onsets of one bar: about so many (in a bar of four quarters), with sixteenths or without; closing bars end early."""
    if (meter.numerator, meter.denominator) == (4, 4):
        table = _whole_bars(max(1, min(12, round(onsets + 1.1 * stream.bell()))), fine, closes)
        return draw(stream.unit(), table)
    slots: list[int] = []
    start, unit = 0, 16 // meter.denominator
    before = ""
    dense = onsets / 4
    for beat, group in enumerate(meter.groups):
        size = group * unit
        if closes and beat and beat * 2 >= len(meter.groups):
            break
        if size == 6:
            weights = [
                w * (1.6 if len(c) >= 2 and dense > 1 else 0.5 if len(c) >= 2 and dense < 0.8 else 1.0)
                for c, w in _COMPOUND
            ]
            cell = stream.weighted([c for c, _ in _COMPOUND], weights)
        else:
            cell, before = _beat(before, fine, dense, stream)
        slots += [start + slot for slot in cell if slot < size]
        start += size
    return tuple(slots) or (0,)


def plain_bar(meter: Meter, pattern: str, stream: Stream) -> Slots:
    """The onsets of one bar of a tune that stands on the beats: none is come to early, and after one that moves one stands."""
    slots, start, unit = [0], 0, 16 // meter.denominator
    cell: Slots = ()
    for group in meter.groups:
        size = group * unit
        cells = [(c, w) for c, w in (_COMPOUND[:3] if size == 6 else TUNES[pattern]) if len(c) < 2 or len(cell) < 2]
        cell = stream.weighted([c for c, _ in cells], [w for _, w in cells])
        slots += [start + slot for slot in cell if slot < size]
        start += size
    return tuple(dict.fromkeys(slots))


def _beat(before: str, fine: bool, dense: float, stream: Stream) -> tuple[Slots, str]:
    follows = counts().beat_follows
    text = "...."
    for _ in range(4):
        text = draw(stream.unit(), follows.get(before) or counts().beat_cells)
        many = text.count("x")
        if (fine or (text[1] == text[3] == ".")) and (many <= 1 or stream.chance(0.35 + 0.5 * dense)):
            break
    else:
        text = "x..."
    return tuple(i for i, c in enumerate(text) if c == "x"), text


@lru_cache(maxsize=64)
def _whole_bars(onsets: int, fine: bool, closes: bool) -> _Drawn:
    """Counted bars with so many onsets and the running sums of their counts; fewer or more where there are none."""
    items, sums = counts().melody_cells
    kept: list[Slots] = []
    running: list[float] = []
    total = before = 0.0
    for item, until in zip(items, sums, strict=True):
        slots = tuple(i for i, c in enumerate(item) if c == "x")
        rough = all(slot % 2 == 0 for slot in slots)
        early = slots[-1] <= 9 and slots[0] <= 2
        near = 1.0 if len(slots) == onsets else 0.35 if abs(len(slots) - onsets) == 1 else 0.0
        if near and (rough or fine) and (early if closes else len(slots) > 1 or onsets == 1):
            total += (until - before) * near * (4.0 if fine and not rough else 1.0)
            kept.append(slots)
            running.append(total)
        before = until
    return (tuple(kept), tuple(running)) if kept else _whole_bars(onsets - 1, fine, closes)
