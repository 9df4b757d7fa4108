"""Bar lines moved on purpose, and meters left unset: how often the diagnosis says so, and how often where they are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from kmidi.analysis import analyze
from kmidi.score import MeterChange, Score, notes_array
from kmidi.theory import Meter

from .old_music import chorales
from .plans import composed
from .pulse import downbeat
from .table import figure, show
from .truth import pop_songs

Row = tuple[str, str, str, str]
Reading = tuple[str, int]  # the meter, and beats before its first whole bar
PLANS = 138
OTHER = {"4/4": "3/4", "3/4": "4/4"}


def pop() -> Iterator[tuple[Score, int]]:
    """Songs in quarters, and the beat of the file's bar on which the experts' chords change, where most do on one.

    Where a chord that goes on is written anew nothing changes: many are cut at the bar lines of the file.
    """
    for song in pop_songs():
        new = [b for a, b in pairwise(song.chords) if a.chord != b.chord]
        changed = replace(song, chords=(*song.chords[:1], *new))
        if song.score.meters[0].meter.denominator == 4 and new and (first := downbeat(changed)) is not None:
            yield song.score, first


def planted(score: Score, first: int) -> Iterator[tuple[Score, Reading]]:
    """The score with its notes 0, 1, … beats later under the bar lines that it has, then under those of the other meter
    that a quarter beats in; each with the reading that is right.
    """
    meter = score.meters_from_start[0].meter
    beats = len(meter.groups)
    for later in range(beats):
        yield _later(score, later), (str(meter), (first + later) % beats)
    if str(meter) in OTHER:
        other = (MeterChange(0, Meter(*map(int, OTHER[str(meter)].split("/")))),)
        for later in (0, 1):
            yield replace(_later(score, later), meters=other), (str(meter), (first + later) % beats)


def _later(score: Score, beats: int) -> Score:
    """The notes so many beats later."""
    meter = score.meters_from_start[0].meter
    ticks = [*meter.beat_ticks(score.ppq), meter.bar_ticks(score.ppq)][beats]
    parts = []
    for part in score.parts:
        notes = part.notes.copy()
        notes["onset"] += ticks
        parts.append(replace(part, notes=notes_array(notes)))
    return replace(score, parts=tuple(parts), length=score.length + ticks, source=None)


def told(score: Score) -> Reading | None:
    """What the remark says of a score."""
    fixes = [found.fix for found in analyze(score).findings if found.id == "bar_lines"]
    return (fixes[0].arguments["meter"], fixes[0].arguments["pickup_beats"]) if fixes and fixes[0] else None


def rows() -> list[Row]:
    """False remarks, those that name the wrong bars, and what was planted and found, for each kind of music."""
    kinds = {
        "pop songs": (pop(), 0.01, 0.7),
        "chorales": (((score, 0) for _, score, _ in chorales()), 0.01, 0.05),
        "composed": (((score, 0) for _, score in composed(PLANS, "bar lines")), 0.0, 0.7),
    }
    out: list[Row] = []
    for name, (pieces, most, least) in kinds.items():
        count: Counter[str] = Counter()
        for piece, first in pieces:
            for score, right in planted(piece, first):
                said = told(score)
                is_right = right == (str(score.meters_from_start[0].meter), 0)
                kind = (
                    "right" if is_right else "moved" if right[0] == str(score.meters_from_start[0].meter) else "unset"
                )
                count.update([kind, f"{kind} said" if said == right else f"{kind} wrong" if said else ""])
        false = count["right wrong"] + count["right said"]
        wrong = (count["moved wrong"] + count["unset wrong"]) / (count["moved"] + count["unset"])
        out += [
            figure(f"{name}: told though bar lines are right ({false} of {count['right']})", false / count["right"], most, at_least=False),
            figure(f"{name}: told the wrong bars, of all planted", wrong, 0.02, at_least=False),
            figure(f"{name}: bar lines beats off, told rightly ({count['moved']} planted)", count["moved said"] / count["moved"], least),
            (f"{name}: 3/4 in 4/4 or 4/4 in 3/4, told rightly ({count['unset']} planted)", f"{count['unset said'] / count['unset']:.3f}", "", ""),
        ]  # fmt: skip
    return out


def main() -> None:
    """Print the table."""
    show(rows(), ("bar lines beside the music's", "figure", "bar", "met"))


if __name__ == "__main__":
    main()
