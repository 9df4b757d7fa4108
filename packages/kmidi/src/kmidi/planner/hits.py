"""Hit points: the tempo at which moments fall on beats."""

from __future__ import annotations

from ..errors import IntentError
from ..intent import BPM_RANGE, HitPoint, Intent
from ..plan import Reason
from ..theory import Meter

_REACH = 0.12  # how far the tempo may leave what the feeling wants
_STEP = 0.0005


def meet_hits(intent: Intent, meter: Meter, bpm: float) -> float:
    """The tempo near `bpm` whose beats come closest to the hits. A tempo or a length that the person set is not moved."""
    if not intent.hits or _is_fixed(intent):
        return bpm
    steps = round(_REACH / _STEP)
    tempos = [bpm * (1 + _STEP * step) for step in range(-steps, steps + 1)]
    legal = [t for t in tempos if BPM_RANGE[0] <= t <= BPM_RANGE[1]]
    # errors first, in steps of 2 ms that nobody hears; then the tempo that was wanted
    return min(legal, key=lambda t: (round(_worst(intent.hits, meter, t) / 0.002), abs(t - bpm)))


def hit_reasons(intent: Intent, meter: Meter, bpm: float, quarters: float) -> tuple[Reason, ...]:
    """Where each hit falls in a piece so many quarters long, and its error in ms; IntentError for one behind the end."""
    seconds = quarters * 60 / bpm
    for hit in intent.hits:
        if hit.seconds >= seconds:
            raise IntentError(
                f"hit {hit.label!r} at {hit.seconds:g} s lies behind the end: the piece lasts {seconds:.4g} s; ask for more "
                "bars or seconds",
                field="hits",
            )
    what = "tempo was" if intent.bpm is not None else "length was"
    why = (
        f"the {what} set, so the hits fall where they fall"
        if _is_fixed(intent)
        else "the tempo near the wanted one whose beats meet the hits"
    )
    return tuple(
        Reason(what="hit point", value=f"{hit.label} at {hit.seconds:g} s", why=f"{why}; {_place(hit, meter, bpm)}")
        for hit in intent.hits
    )


def _is_fixed(intent: Intent) -> bool:
    return intent.bpm is not None or intent.seconds is not None


def beat_quarters(meter: Meter, seconds: float, bpm: float) -> tuple[int, float]:
    """(tick-free position of the nearest beat, in quarters times 48, and how late it is in seconds)."""
    quarters = seconds * bpm / 60
    unit = 4 / meter.denominator
    bar = int(quarters // meter.bar_quarters)
    onsets: list[float] = []
    for at in (bar, bar + 1):
        position = at * meter.bar_quarters
        for group in meter.groups:
            onsets.append(position)
            position += group * unit
    nearest = min(onsets, key=lambda onset: abs(onset - quarters))
    return round(nearest * 48), (nearest - quarters) * 60 / bpm


def _worst(hits: tuple[HitPoint, ...], meter: Meter, bpm: float) -> float:
    return max(abs(beat_quarters(meter, hit.seconds, bpm)[1]) for hit in hits)


def _place(hit: HitPoint, meter: Meter, bpm: float) -> str:
    position, late = beat_quarters(meter, hit.seconds, bpm)
    bar, rest = divmod(position / 48, meter.bar_quarters)
    return f"bar {int(bar) + 1}, quarter {rest + 1:g}, {late * 1000:+.1f} ms"
