"""Drum cells: bars written in sixteenths of 4/4, laid into every meter beat by beat."""

from __future__ import annotations

from functools import lru_cache

from ..theory import Meter

SLOT = 120  # ticks in a sixteenth at 480 a quarter

# Where a sixteenth of a plain beat falls in a beat of three eighths: the off-beat goes to the third eighth.
_COMPOUND = (0, 2, 4, 4)


@lru_cache(maxsize=64)
def beat_slots(meter: Meter) -> tuple[tuple[int, int], ...]:
    """First slot and number of slots of each beat of a bar."""
    unit = 16 // meter.denominator
    beats: list[tuple[int, int]] = []
    at = 0
    for group in meter.groups:
        beats.append((at, group * unit))
        at += group * unit
    return tuple(beats)


@lru_cache(maxsize=512)
def beat_order(snare: str, beats: int) -> tuple[int, ...]:
    """Which beats of a 4/4 bar stand for the beats of a bar of another length, so that the backbeat closes it."""
    on_two = "x" in snare[4:8] or "x" not in snare
    return {
        2: (0, 1) if on_two else (0, 2),
        3: (0, 2, 3) if on_two else (0, 1, 2),
        4: (0, 1, 2, 3),
        5: (0, 2, 1, 0, 3) if on_two else (0, 1, 1, 2, 3),
    }[beats]


@lru_cache(maxsize=512)
def fit(cell: str, order: tuple[int, ...], meter: Meter, *, cymbal: bool) -> tuple[int, ...]:
    """The slots that a 4/4 cell strikes in a bar of a meter, its beats taken in an order."""
    slots: list[int] = []
    for (start, length), source in zip(beat_slots(meter), order, strict=True):
        struck = [s for s in range(4) if cell[source * 4 + s] == "x"]
        if length == 6 and meter.is_compound:
            full = cymbal and len(struck) > 1
            struck = [0, 2, 4] if full else sorted({_COMPOUND[s] for s in struck})
        elif length == 6 and cymbal and len(struck) > 1:
            struck.append(4)  # the long beat of an odd meter keeps its eighths
        slots += [start + s for s in struck if s < length]
    return tuple(slots)


@lru_cache(maxsize=1024)
def measured_slot(slot: int, meter: Meter) -> int:
    """The sixteenth of a 4/4 bar whose measured shares and velocities stand for a slot of another meter."""
    beats = beat_slots(meter)
    at = max(i for i, (start, _) in enumerate(beats) if start <= slot)
    start, length = beats[at]
    beat = at % 4 if len(beats) == 4 else (0 if at == 0 else 3 if at == len(beats) - 1 else 2 - at % 2)
    return beat * 4 + (slot - start) * 4 // length


def velocity(value: float) -> int:
    """A stroke that can be heard: 8..127."""
    return min(127, max(8, round(value)))
