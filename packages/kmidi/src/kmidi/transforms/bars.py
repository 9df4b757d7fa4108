"""Bar lines set anew under notes that stay."""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import IntentError
from ..score import MeterChange, Score, bar_line
from ..theory import Meter

_METER = re.compile(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*")


def set_meter(score: Score, *, meter: str, pickup_beats: int = 0) -> Score:
    """One meter from start to end, such as 3/4, after a pickup of so many beats; not a note moves.

    The pickup is a bar of its own, as notation programs write it: every event keeps its tick, and so its place beside
    recorded sound; the piece ends with its last bar. IntentError where that is no meter, or the pickup as long as a bar
    or longer.
    """
    asked = _METER.fullmatch(meter)
    if not asked:
        raise IntentError(f"unknown meter {meter!r}; legal: such as 4/4, 3/4 or 6/8", field="meter")
    whole = Meter(int(asked[1]), int(asked[2]))
    beats = len(whole.groups)
    if not 0 <= pickup_beats < beats:
        raise IntentError(f"pickup_beats is {pickup_beats}; legal in {whole}: 0 to {beats - 1}", field="pickup_beats")
    meters = (MeterChange(0, whole),)
    if pickup_beats:
        short = Meter(sum(whole.groups[-pickup_beats:]), whole.denominator)
        meters = (MeterChange(0, short), MeterChange(short.bar_ticks(score.ppq), whole))
    return replace(score, meters=meters, length=bar_line(score.length, meters, score.ppq))
