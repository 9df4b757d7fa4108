"""A take that grows from another: what it takes over, and which chords stay."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from ..errors import IntentError, nearest
from ..intent import Intent, SectionWish, check_lock
from ..plan import Plan, PlannedChord, Reason, Section
from .harmony import cadence

_FELT = (
    "text",
    "emotion",
    "valence",
    "arousal",
    "trajectory",
    "directions",
    "core_event",
    "core_wound",
    "core_desire",
    "outcome",
)


def inherit(intent: Intent, before: Intent, parent: Plan) -> Intent:
    """The Intent with what it does not set again taken over from its parent's plan; `before` is the parent's Intent.

    Key, mode, meter, genre and form are taken over; the tempo only where the feeling is the parent's, since a new
    feeling may want another.
    """
    fresh = {name for name in Intent.__dataclass_fields__ if getattr(intent, name) != getattr(before, name)} - {
        "parent"
    }
    taken: dict[str, object] = {}
    if intent.key is None:
        taken["key"] = parent.key.tonic
    if intent.mode is None and (intent.locks or not fresh & set(_FELT)):
        taken["mode"] = parent.key.mode
    if intent.meter is None:
        taken["meter"] = str(parent.meter)
    if intent.genre is None:
        taken["genre"] = parent.genre
    if intent.sections is None and not fresh & {"bars", "seconds", "meter", "arc", "form"}:
        taken["sections"] = tuple(SectionWish(name=s.name, bars=s.bars) for s in parent.sections)
        taken["bars"] = taken["form"] = None
    if intent.bpm is None and intent.seconds is None and not fresh & set(_FELT):
        taken["bpm"] = parent.bpm
    return replace(intent, **taken)  # type: ignore[arg-type]  # the names are fields and the values theirs


def bar_ranges(locks: tuple[str, ...], parent: Plan) -> list[tuple[int, int]]:
    """The bars (from 0, end excluded) whose chords the locks keep; a locked part keeps the chords under it."""
    ranges: list[tuple[int, int]] = []
    for lock in locks:
        match = check_lock(lock)
        if match["section"]:
            ranges.append(section_range(match["section"], parent))
        elif match["first"]:
            if int(match["first"]) > parent.bars:
                raise IntentError(
                    f"lock {lock!r} starts behind the end; the take has {parent.bars} bars", field="locks"
                )
            ranges.append((int(match["first"]) - 1, min(int(match["last"]), parent.bars)))
        else:
            ranges.append((0, parent.bars))
    return ranges


def section_range(name: str, plan: Plan) -> tuple[int, int]:
    """The bars (from 0, end excluded) of a section; IntentError names the nearest."""
    at = 0
    for section in plan.sections:
        if section.name.casefold() == name.casefold():
            return at, at + section.bars
        at += section.bars
    raise IntentError(f"no section {name!r}{nearest(name, [s.name for s in plan.sections])}", field="locks")


def keep_chords(plan: Plan, parent: Plan, locks: tuple[str, ...]) -> Plan:
    """The Plan with the parent's chords in the locked bars."""
    if plan.meter != parent.meter:
        raise IntentError(f"locks keep music in {parent.meter}; the new take is in {plan.meter}", field="meter")
    bar = plan.meter.bar_quarters
    kept = [(a * bar, b * bar) for a, b in bar_ranges(locks, parent)]
    theirs, ours = _timeline(parent.sections), _timeline(plan.sections)
    edges = sorted(
        {e for line in (theirs, ours) for start, end, _ in line for e in (start, end)} | {e for k in kept for e in k}
    )
    sections: list[Section] = []
    start = 0.0
    for section in plan.sections:
        end = start + section.bars * bar
        pieces: list[tuple[PlannedChord, float, int]] = []  # chord, length, which chord of which line it is
        cuts = [start, *[e for e in edges if start < e < end], end]
        for left, right in pairwise(cuts):
            line = theirs if any(a <= left < b for a, b in kept) else ours
            which = next(i for i, (a, b, _) in enumerate(line) if a <= left < b)
            mark = which if line is ours else -1 - which
            if pieces and pieces[-1][2] == mark:
                pieces[-1] = (pieces[-1][0], pieces[-1][1] + right - left, mark)
            else:
                pieces.append((line[which][2], right - left, mark))
        sections.append(replace(section, chords=tuple(replace(chord, quarters=length) for chord, length, _ in pieces)))
        start = end
    return replace(plan, sections=tuple(sections))


_KEPT = "kept from the take before"


def keep_reasons(plan: Plan, parent: Plan, locks: tuple[str, ...]) -> Plan:
    """The Plan with the parent's reasons for what came from it: nobody set again what was only taken over."""
    bars = {bar for first, end in bar_ranges(locks, parent) for bar in range(first, end)}
    free: set[str] = set()  # kinds of sections with chords of their own
    start = 0
    for section in plan.sections:
        free |= set() if bars.issuperset(range(start, start + section.bars)) else {section.kind}
        start += section.bars
    theirs = {(r.what, _kind(r)): r for r in parent.reasons}

    close = cadence(plan.sections[-1].chords[-1])

    def kept(reason: Reason) -> Reason:
        if reason.what == close.what:
            return close
        before = theirs.get((reason.what, _kind(reason)))
        of_chords = (
            _kind(reason) not in free if reason.what == "harmony" else reason.what == "chord rhythm" and not free
        )
        taken = reason.why.startswith(("you set", "your sections")) and before and before.value == reason.value
        if before is None or not (of_chords or taken):
            return reason
        return before if before.why.startswith(_KEPT) else replace(before, why=f"{_KEPT} ({before.why})")

    return replace(plan, reasons=tuple(map(kept, plan.reasons)))


def _kind(reason: Reason) -> str:
    """The kind of section whose progression a reason tells; "" for any other reason."""
    return reason.value.partition(":")[0] if reason.what == "harmony" else ""


def _timeline(sections: tuple[Section, ...]) -> list[tuple[float, float, PlannedChord]]:
    line: list[tuple[float, float, PlannedChord]] = []
    at = 0.0
    for section in sections:
        for chord in section.chords:
            line.append((at, at + chord.quarters, chord))
            at += chord.quarters
    return line
