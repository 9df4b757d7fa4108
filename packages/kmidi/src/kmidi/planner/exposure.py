"""How exposed the music is: what stands around the voice thins out, or closes about it."""

from __future__ import annotations

from dataclasses import replace

from ..intent import Intent
from ..plan import PartPlan, Reason
from .arrangement import find_instrument

_NAKED, _GUARDED = 0.7, 0.3  # shares from which nothing covers the voice, and up to which all that covers it plays on
_COVERS = ("pad", "counter")
_THINS = 0.5  # what a whole share of exposure takes from the density of what is no melody
_SOFTENS = 0.28  # ... and from its loudness


def expose(parts: tuple[PartPlan, ...], intent: Intent) -> tuple[tuple[PartPlan, ...], tuple[Reason, ...]]:
    """The parts as exposed as the person said (0..1, 0.5 the middle); as they are where nothing was said.

    The naked lose pads and counter-melodies that were not asked for by name, and all but the melody play less and softer;
    round the guarded these play more, and from beginning to end.
    """
    share = intent.vulnerability
    if share is None:
        return parts, ()
    more = 0.5 - share
    named = {find_instrument(word).id for word in (*(intent.instruments or ()), *intent.including)}
    kept = tuple(part for part in parts if part.role not in _COVERS or part.instrument in named)
    bare = share >= _NAKED and bool(kept)
    heard = tuple(
        part
        if part.role == "melody"
        else replace(
            part,
            density=_held(part.density + _THINS * more),
            loudness=_held(part.loudness + _SOFTENS * more),
            sections=() if share <= _GUARDED and part.role in _COVERS else part.sections,
        )
        for part in (kept if bare else parts)
    )
    why = (
        "what plays beside the voice is thinner and softer"
        if more < 0
        else "what plays beside the voice closes about it"
    )
    if bare and len(kept) < len(parts):
        why += "; pads and counter-melodies are silent"
    return heard, (Reason(what="exposure", value=f"{share:.0%}", why=why if more else "the middle: as it is"),)


def _held(value: float) -> float:
    return min(1.0, max(0.0, value))
