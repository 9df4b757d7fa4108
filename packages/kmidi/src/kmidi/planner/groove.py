"""The groove of a piece: how its band sits on the beat, how far it swings at its tempo, how it slows at the end."""

from __future__ import annotations

from ..intent import Affect, Intent
from ..plan import Plan, Reason
from ..tables import Genre, grooves
from ..theory import Meter

_SHORT_NOTE_MS = 100.0  # swung short notes are not played shorter: Friberg & Sundstrom, Music Perception 19:3, 2002
FEW_BARS = 8  # a piece of less is over before it can slow


def swing(genre: Genre, bpm: float, meter: Meter) -> tuple[float, tuple[Reason, ...]]:
    """Swing 0..1 (1 is 2:1) of a genre at a tempo, and the reasons for groove and swing.

    The genre's own, less where its short notes would last under a tenth of a second: 2:1 holds up to 200 bpm and fades to
    even eighths at 300. None where the meter counts in eighths and it is eighths that would swing.
    """
    row = grooves()[genre.groove]
    reasons = [Reason(what="groove", value=row.id.replace("_", " "), why=row.about)]
    if not genre.swing or (row.swing_unit == "8th" and meter.denominator != 4):
        return 0.0, tuple(reasons)
    pair_ms = (60_000 if row.swing_unit == "8th" else 30_000) / bpm
    most = min(1.0, max(0.0, 3 - 6 * _SHORT_NOTE_MS / pair_ms))
    chosen = round(min(genre.swing, most), 3)
    long = 0.5 + chosen / 6
    why = f"{row.swing_unit}s {long / (1 - long):.2f} to 1, as {genre.name} swings"
    if chosen < genre.swing:
        why += f"; at {bpm:g} bpm no further, or the short note would last under {_SHORT_NOTE_MS:g} ms"
    reasons.append(Reason(what="swing", value=f"{chosen:g}", why=why))
    return chosen, tuple(reasons)


def slowing(
    intent: Intent, genre: Genre, affect: Affect, bars: int, parent: Plan | None
) -> tuple[float, tuple[Reason, ...]]:
    """The share of the tempo that is lost before the last stroke, and why; a stirred piece brakes later and less.

    None where a person set the tempo or the length, moments are to be met, the end flows into the start or the grid is
    wanted exactly. A take that grows from another slows as that does.
    """
    free = intent.seconds is None and not intent.hits and not intent.loop and intent.humanize != 0 and bars >= FEW_BARS
    if parent is None:
        free = free and intent.bpm is None
        lost = round(genre.ritardando * (1 - 0.4 * max(0.0, affect.arousal)), 3)
    else:
        lost = parent.slows
    if not free or not lost:
        return 0.0, ()
    why = "players brake before the last stroke as runners do; a set tempo or length keeps it steady"
    return lost, (Reason(what="ending", value=f"slows to {1 - lost:.0%} of the tempo", why=why),)
