"""Voice leading between single lines: what sounds when, and tunes without perfect parallels."""

from __future__ import annotations

from bisect import bisect_right

from .stage import Row, Stage, chord_at


class Sounding:
    """A line's pitch at any tick: the last note begun, rests skipped; 0 before the first."""

    def __init__(self, rows: list[Row]) -> None:
        ordered = sorted(rows)
        self.onsets = [row[0] for row in ordered]
        self.pitches = [row[2] for row in ordered]

    def at(self, tick: int) -> int:
        """The pitch at a tick."""
        index = bisect_right(self.onsets, tick) - 1
        return self.pitches[index] if index >= 0 else 0


def is_parallel(before: int, now: int, other_before: int, other_now: int) -> bool:
    """True where two lines both move from a perfect fifth, octave or unison to another of the same kind."""
    if before == now or other_before == other_now or not other_before:
        return False
    apart = abs(now - other_now) % 12
    return apart in (0, 7) and abs(before - other_before) % 12 == apart


def without_parallels(rows: list[Row], others: list[Row], stage: Stage, low: int, high: int) -> list[Row]:
    """A tune in which no note makes a perfect parallel with another line: such notes go to the nearest chord tone that does not."""
    line = Sounding(others)
    moves = set(line.onsets)
    spans = stage.chords()
    out: list[Row] = []
    for at, (onset, length, pitch, velocity) in enumerate(rows):
        if out and onset in moves:
            before, other, then = out[-1][2], line.at(onset), line.at(onset - 1)
            if is_parallel(before, pitch, then, other):
                tones = chord_at(spans, onset).pitch_classes
                free = [
                    p for p in range(max(low, pitch - 9), min(high, pitch + 9) + 1)
                    if p % 12 in tones and not is_parallel(before, p, then, other)
                ]  # fmt: skip
                coming = rows[at + 1][2] if at + 1 < len(rows) else pitch
                pitch = min(free, key=lambda p, a=pitch, c=coming: (abs(p - a) + 0.3 * abs(p - c), p), default=before)
        out.append((onset, length, pitch, velocity))
    return out
