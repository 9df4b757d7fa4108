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
    """A tune in which no note makes a perfect parallel with another line: such notes go to the nearest chord tone that
    does not.

    The last note stays where it came to: there the one before it goes.
    """
    line = Sounding(others)
    moves = set(line.onsets)
    spans = stage.chords()
    out: list[Row] = []

    def led(row: Row, coming: int, *, leads: bool = False) -> Row:
        """The row between the tune written so far and a pitch to come, onto which it may be asked to lead well too."""
        onset, length, pitch, velocity = row
        tones = chord_at(spans, onset).pitch_classes
        before, other, then = (out[-1][2] if out else 0), line.at(onset), line.at(onset - 1)

        def bad(p: int) -> bool:
            into = leads and is_parallel(p, coming, line.at(rows[-1][0] - 1), line.at(rows[-1][0]))
            return into or bool(out and onset in moves and is_parallel(before, p, then, other))

        if bad(pitch):
            near = range(max(low, pitch - 9), min(high, pitch + 9) + 1)
            free = [p for p in near if p % 12 in tones and not bad(p)]
            pitch = min(free, key=lambda p: (abs(p - row[2]) + 0.3 * abs(p - coming), p), default=before or pitch)
        return onset, length, pitch, velocity

    for at, row in enumerate(rows[:-1]):
        last = at == len(rows) - 2
        out.append(led(row, rows[at + 1][2], leads=last and rows[-1][0] in moves))
    return [*out, *rows[-1:]]
