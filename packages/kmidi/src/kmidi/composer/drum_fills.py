"""Fills into what comes next, and the rolls of a build."""

from __future__ import annotations

from ..streams import Stream
from ..tables import KIT, drum_fill
from ..theory import Meter
from .drum_cells import beat_slots, velocity

Hit = tuple[int, int, int]  # slot in the bar, pitch, velocity
_HEIGHTS = ("snare", "high_tom", "mid_tom", "low_tom")


def fill_start(meter: Meter, rise: float, manner: str, stream: Stream) -> int | None:
    """The slot of the last bar from which a fill leads into a section with so much more (or less) energy.

    A big rise takes half the bar or all of it, a level step one or two beats, a fall at most the last beat (or None).
    """
    beats = beat_slots(meter)
    if manner == "soft" or rise < -0.15:
        return beats[-1][0] if stream.chance(0.4 if rise < -0.15 else 0.7) else None
    if rise > 0.2:
        wanted = len(beats) if stream.chance(0.35) else max(1, (len(beats) + 1) // 2)
    else:
        wanted = 1 + stream.below(2)
    return beats[len(beats) - min(wanted, len(beats))][0]


def fill(
    start: int, meter: Meter, manner: str, level: float, loud: float, stream: Stream, *, sixteenths: bool = True
) -> list[Hit]:
    """A fill from a slot to the end of the bar, denser and louder towards it.

    Where strokes fall, how many are on toms and how loud they are follow counted fills, aligned with the end of the bar;
    toms only descend. manner: toms, snare, soft (a few quiet strokes), roll (every sixteenth), timpani (low drums).
    """
    row = drum_fill()
    beats = beat_slots(meter)
    end = beats[-1][0] + beats[-1][1]
    height, fine = 0, 0.5 + 0.6 * level if sixteenths else 0.15
    hits: list[Hit] = []
    for index, (first, length) in enumerate(beats):
        for slot in range(max(first, start), first + length):
            measured = max(0, 4 - (len(beats) - index)) * 4 + (slot - first) * 4 // length
            likely = row.strokes[measured] * (0.75 + 0.7 * level) * (1.0 if (slot - first) % 2 == 0 else fine)
            if not _falls(manner, likely, stream, on_beat=slot == first):
                continue
            done = (slot - start) / max(1, end - start)
            if manner == "toms" and stream.chance(row.toms[measured] * 1.4):
                height = max(height, min(3, 1 + int(done * 3)))
            piece = {
                "toms": _HEIGHTS[height],
                "timpani": "low_tom" if done < 0.7 else "mid_tom",
                "soft": "side_stick",
            }.get(manner, "snare")
            swell = (0.62 + 0.38 * done) * (0.8 + 0.2 * row.velocity[measured] / max(row.velocity))
            hits.append((slot, KIT[piece], velocity(loud * swell * (0.5 if manner == "soft" else 1.0))))
        if first >= start and manner in ("toms", "snare") and index % 2 == 0:
            hits.append((first, KIT["kick"], velocity(loud * 0.85)))
    return hits


def _falls(manner: str, likely: float, stream: Stream, *, on_beat: bool) -> bool:
    """Whether a stroke of a fill falls: rolls leave nothing out, soft fills most, the others nothing on the beat."""
    if manner == "soft":
        return stream.chance(0.5 if on_beat else 0.4 * likely)
    return on_beat or manner == "roll" or stream.chance(likely)


def build(bar: int, bars: int, meter: Meter, loud: float) -> list[Hit]:
    """A bar of a build: kick on the beats, the snare from quarters to sixteenths, the last beat held back in silence."""
    beats = beat_slots(meter)
    end = beats[-1][0] + beats[-1][1]
    share = bar / max(1, bars - 1) if bars > 1 else 1.0
    step = 4 if share < 0.34 else 2 if share < 0.75 else 1
    stop = beats[-1][0] if bar == bars - 1 else end
    hits: list[Hit] = [
        (first, KIT["kick"], velocity(loud * 0.9)) for first, _ in beats if first < stop and bar < bars - 1
    ]
    span = max(1, bars * end)
    hits += [
        (slot, KIT["snare"], velocity(loud * (0.45 + 0.55 * (bar * end + slot) / span)))
        for slot in range(0, stop, step)
    ]
    return hits
