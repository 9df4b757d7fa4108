"""How each part sits on its grid: swing, lateness and accents by place in the bar."""

from __future__ import annotations

import numpy as np

from ..score import Notes, Score
from .heard import Floats, Ints, mean_and_spread, middle
from .result import HeardGroove

SLOTS = 16
LEAST_NOTES = 8
OFFBEAT = (0.42, 0.72)  # of a beat: where the second half of a swung or straight beat lies,
LATEST = 0.8  # and how late it lies where none comes before: beyond three to one it is the next beat's own grace
# Strokes about a beat's last sixteenth are no late second halves where sixteenths before them, or plain halves, are many.
FOURTHS, ABOUT, PLAIN = (0.6, 0.87), 0.69, 0.4
SECONDS, HALVES = (0.17, 0.31), (0.42, 0.58)
THIRD, LAST_THIRD, MANY = (0.28, 0.39), (0.6, 0.74), 0.5  # so many middle thirds of a beat are triplets, no swing
SWUNG = 0.56  # where a second half lies that is plainly late
PIECES = {
    "kick": (35, 36), "snare": (37, 38, 40), "closed hat": (42, 22), "pedal hat": (44,), "open hat": (46, 26),
    "ride": (51, 53, 59), "toms": (41, 43, 45, 47, 48, 50), "crash": (49, 52, 55, 57),
}  # fmt: skip


def find_grooves(score: Score) -> tuple[HeardGroove, ...]:
    """One groove a pitched part and one a piece of the drum kit, where it has eight notes or more.

    Lateness is measured against the nearest sixteenth, or for swung offbeats against the swung place, in ms; swing is
    long over short of a beat's halves, from the median offbeat: Friberg & Sundström, "Swing ratios and ensemble timing
    in jazz performance", Music Perception 2002. Only beats of a quarter note are looked at for swing.
    """
    grooves: list[HeardGroove] = []
    for index in score.sounding:
        part = score.parts[index]
        if not part.is_drums:
            voices = [(score.labels[index], part.notes)]
        else:
            voices = [(name, part.notes[np.isin(part.notes["pitch"], pitches)]) for name, pitches in PIECES.items()]
        grooves += [_groove(score, index, name, notes) for name, notes in voices if len(notes) >= LEAST_NOTES]
    return tuple(grooves)


def _groove(score: Score, index: int, name: str, notes: Notes) -> HeardGroove:
    ppq = score.ppq
    onset = notes["onset"].copy()
    played = onset + notes["shift"]
    beat = played // ppq
    inside = played - beat * ppq
    strokes = np.bincount(inside)
    within = strokes.nonzero()[0]  # few, where a grid is followed
    phase, strokes = within / ppq, strokes.take(within)
    half = _offbeat(phase, strokes, OFFBEAT[1]) or _offbeat(phase, strokes, LATEST)
    if half is not None and half > SWUNG and _in_sixteenths(phase, strokes):
        half = _offbeat(phase, strokes, FOURTHS[0])
    swings = half is not None and not (half > SWUNG and _in_thirds(phase, strokes))
    apart = phase[:, None] - _places(half)
    nearest, late_beats = np.zeros(ppq, np.int64), np.zeros(ppq)
    nearest[within] = best = np.abs(apart).argmin(1)
    late_beats[within] = apart[np.arange(len(within)), best]
    near = nearest.take(inside)
    ms = late_beats.take(inside) * score.us_at(onset) / 1000
    late, sd = mean_and_spread(ms)
    slot = (beat * 4 + near) % SLOTS
    return HeardGroove(
        part=index,
        name=name,
        swing=round(half / (1 - half), 2) if half is not None and swings else None,
        late_ms=round(late, 2),
        sd_ms=round(sd, 2),
        template=_template(slot, ms, notes["velocity"].astype(np.float64), int(beat.max() - beat.min()) // 4 + 1),
        confidence=round(min(1.0, len(notes) / 64), 3),
    )


def _between(phase: Floats, strokes: Ints, low: float, high: float) -> Floats:
    """The places in a beat of all strokes between two, ascending; strokes: how many fall on each."""
    begin, end = phase.searchsorted(low, side="right"), phase.searchsorted(high)
    return phase[begin:end].repeat(strokes[begin:end])


def _offbeat(phase: Floats, strokes: Ints, latest: float) -> float | None:
    """Where the second half of a beat lies, up to `latest`; None where too few strokes tell."""
    off = _between(phase, strokes, OFFBEAT[0], latest)
    return middle(off) if len(off) >= LEAST_NOTES // 2 else None


def _in_sixteenths(phase: Floats, strokes: Ints) -> bool:
    """Whether a beat's last strokes are fourth sixteenths rather than swung halves."""
    fourths = _between(phase, strokes, *FOURTHS)
    plain = sum(len(_between(phase, strokes, *places)) for places in (SECONDS, HALVES))
    return len(fourths) > 0 and middle(fourths) > ABOUT and plain >= PLAIN * len(fourths)


def _in_thirds(phase: Floats, strokes: Ints) -> bool:
    """Whether beats go in three, as in 12/8 or running triplets: nothing is long or short in them."""
    middle_thirds, last_thirds = (len(_between(phase, strokes, *places)) for places in (THIRD, LAST_THIRD))
    return middle_thirds > 0 and middle_thirds >= MANY * last_thirds


def _places(offbeat: float | None) -> Floats:
    """Where the four sixteenths of a beat, and the next beat, are expected: bent by the swing of the eighth."""
    half = 0.5 if offbeat is None or abs(offbeat - 0.5) < 0.04 else offbeat
    return np.array([0, half / 2, half, (1 + half) / 2, 1.0])


def _template(slot: Ints, ms: Floats, velocity: Floats, bars: int) -> tuple[tuple[float, float, float], ...]:
    count = np.bincount(slot, minlength=SLOTS)
    some = np.maximum(count, 1)
    rows = np.empty((3, SLOTS))
    rows[0], rows[1] = np.bincount(slot, ms, SLOTS) / some, np.bincount(slot, velocity, SLOTS) / some
    rows[2] = count / bars
    late, loud, often = rows.round(2).tolist()
    return tuple(zip(late, loud, often, strict=True))
