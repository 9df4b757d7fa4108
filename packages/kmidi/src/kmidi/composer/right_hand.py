"""A pianist's right hand beneath and between the notes of the melody: octaves, thirds, chords, fills, runs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ..score import PPQ, ChordSpan
from ..streams import Stream
from .stage import Row, chord_at

STYLES = ("thirds", "chords", "octaves")


def below(style: str, pitch: int, chord: tuple[int, ...], scale: tuple[int, ...], floor: int) -> list[int]:
    """Pitches that may be struck with a melody note, the first first; within an octave of it, none under `floor`."""
    low = max(floor, pitch - 12)
    tones = [p for p in range(pitch - 3, low - 1, -1) if p % 12 in chord]
    if style == "octaves":
        octave = [pitch - 12] if pitch - 12 >= low else []
        return octave + [p for p in tones if p not in octave and pitch - p >= 5]
    if style == "thirds":
        sweet = [p for p in (pitch - 3, pitch - 4, pitch - 8, pitch - 9) if p >= low and p % 12 in scale]
        first = [p for p in sweet if p % 12 in chord] or sweet
        return first[:1] + [p for p in tones if p not in first[:1]]
    return tones


def fills(melody: Sequence[Row], taken: set[int], spans: Sequence[ChordSpan], start: int, end: int, wanted: int, low: int,
          scale: tuple[int, ...], grid: int, stream: Stream) -> list[tuple[int, int, int]]:  # fmt: skip
    """(onset, duration, pitch) of about `wanted` inner notes at free grid places, under the sounding melody note.

    They walk the chord's tones and turn at its ends, so that neighbours make a line; where the melody rests they fill its
    place. Long notes are filled first.
    """
    onsets = [row[0] for row in melody]
    free = [tick for tick in range(start, end, grid) if tick not in taken]
    if not free or wanted <= 0 or not melody:
        return []
    quarters = sorted({tick // PPQ for tick in free}, key=lambda q: (stream.unit(), q))
    chosen: list[int] = []
    for quarter in quarters:  # whole beats at a time: a figure, not a sprinkle
        if len(chosen) >= wanted:
            break
        chosen += [tick for tick in free if tick // PPQ == quarter]
    rows: list[tuple[int, int, int]] = []
    at, rising = 0, False
    for tick in sorted(chosen):
        index = max(0, bisect_right(onsets, tick) - 1)
        top = melody[index][2]
        chord = chord_at(spans, tick).pitch_classes
        tones = [p for p in range(max(low, top - 12), top - 2) if p % 12 in chord]
        if not tones:
            continue
        near = min(range(len(tones)), key=lambda i: abs(tones[i] - at)) if at else len(tones) - 1
        if tones[near] == at:
            step = near + (1 if rising else -1)
            if not 0 <= step < len(tones):
                rising = not rising
                step = near + (1 if rising else -1)
            near = min(max(step, 0), len(tones) - 1)
        at = tones[near]
        rows.append((tick, 2 * grid, at))
    return rows
