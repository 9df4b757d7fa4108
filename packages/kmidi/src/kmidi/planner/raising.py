"""The last chorus in a higher key: how often songs raise it, and how far."""

from __future__ import annotations

from dataclasses import replace

from ..intent import Affect, Intent
from ..plan import PartPlan, Plan, Reason, Section
from ..streams import Stream
from ..theory import Key
from .form import ENDINGS

# semitones, and how many of the 454 songs of POP909's odd numbers end so much higher: one in seven
_STEPS, _COUNTS = {1: "half step", 2: "whole step", 3: "minor third"}, (35.0, 26.0, 3.0)
_SHARE = 0.15
_REFRAINS = ("chorus", "refrain")


def raise_last(
    sections: tuple[Section, ...],
    intent: Intent,
    affect: Affect,
    parts: tuple[PartPlan, ...],
    key: Key,
    parent: Plan | None,
) -> tuple[tuple[Section, ...], tuple[Reason, ...]]:
    """The sections with the last refrain and what follows raised, and why: as far as a person asks for, else as the seed
    has it; stirred feelings rise oftener.

    Unasked only where a band plays as songs do, an earlier refrain is no fuller, the piece does not loop and nobody set
    its key. A take that grows from another rises where that does.
    """
    if intent.rise is not None:
        return _asked(sections, intent.rise, key)
    if intent.loop:
        return sections, ()
    if parent is not None:
        raised = {section.name: section.raised for section in parent.sections}
        kept = tuple(replace(s, raised=raised.get(s.name, 0)) if raised.get(s.name) else s for s in sections)
        return kept, _reasons(kept, key, "as in the take that this one grew from")
    refrains = [at for at, section in enumerate(sections) if section.kind in _REFRAINS]
    free = intent.key is None and any(part.pattern == "songs" for part in parts)
    if not free or len(refrains) < 2 or sections[refrains[-1]].energy < max(sections[at].energy for at in refrains):
        return sections, ()
    stream = Stream(f"{affect.root(intent.seed)}/last chorus")
    if not stream.chance(_SHARE * (1 + 0.5 * affect.arousal)):
        return sections, ()
    out = _lifted(sections, refrains, stream.weighted(tuple(_STEPS), _COUNTS))
    why = "what was sung before is lifted once more, as the last chorus of one song in seven is; set the key to keep it"
    return out, _reasons(out, key, why)


def _asked(sections: tuple[Section, ...], steps: int, key: Key) -> tuple[tuple[Section, ...], tuple[Reason, ...]]:
    """The last refrain lifted as far as a person wants; where there is none, what begins in the second half."""
    if not steps:
        return sections, (Reason(what="key change", value="none", why="you asked for none"),)
    later = range(1, len(sections))
    refrains = [at for at in later if sections[at].kind in _REFRAINS]
    half = sum(section.bars for section in sections) / 2
    late = [at for at in later if sum(section.bars for section in sections[:at]) >= half]
    last = [at for at in late if sections[at].kind not in ENDINGS][-1:] or [*later][-1:]
    if not last:
        why = "you asked for one, but a piece of one section has nothing to rise from"
        return sections, (Reason(what="key change", value="none", why=why),)
    out = _lifted(sections, refrains or last, steps)
    return out, _reasons(out, key, "you asked for it")


def _lifted(sections: tuple[Section, ...], refrains: list[int], steps: int) -> tuple[Section, ...]:
    first = refrains[-1]
    while first - 1 in refrains[1:]:  # choruses in a row rise together, but one is heard at home before
        first -= 1
    return tuple(replace(s, raised=steps) if at >= first else s for at, s in enumerate(sections))


def _reasons(sections: tuple[Section, ...], key: Key, why: str) -> tuple[Reason, ...]:
    first = next((section for section in sections if section.raised), None)
    if first is None:
        return ()
    step = _STEPS.get(first.raised, f"{first.raised} semitones")
    return (
        Reason(
            what="key change",
            value=f"{first.name}: up a {step}, to {Key.of(key.pitch_class + first.raised, key.mode)}",
            why=why,
        ),
    )
