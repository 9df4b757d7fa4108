"""Which rules a piece breaks, and why: asked for by name, suggested by the feeling, or chosen sparingly and said so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import IntentError
from ..intent import Affect, Intent
from ..plan import VOICES, Plan, PlannedBreak, Reason
from ..streams import Stream
from ..tables import RuleBreak, find_rule_break, rule_breaks
from .harmony import cadence
from .reshaping import RESHAPE

_RAW, _WHOLE = 0.7, 0.85  # vulnerability and intensity from which a feeling asks for a broken rule by itself
_TWO_SIDED = "bittersweet"  # what two feelings at once are felt as
_SELDOM, _APT = 0.25, 0.7  # how often intensity alone breaks one, and how well the rule must then fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A rule that suits a feeling: the row, how well (0..1), and why in a sentence."""

    row: RuleBreak
    fit: float
    why: str


def suggest(affect: Affect, count: int = 3) -> tuple[Suggestion, ...]:
    """The rules that suit a feeling best, first the best; half the fit is its words, half its place on the plane."""
    words = dict(affect.blend)
    if affect.emotion is not None:
        words[affect.emotion] = 1.0
    found: list[Suggestion] = []
    for row in rule_breaks().values():
        named = max((words.get(emotion, 0.0), emotion) for emotion in row.emotions)
        far = abs(row.feeling[0] - affect.valence) + abs(row.feeling[1] - affect.arousal)
        because = f"{named[1]} wants it" if named[0] > 0 else "it lies near this feeling"
        fit = 0.5 * min(1.0, named[0]) + 0.5 * (1 - far / 4)
        found.append(Suggestion(row=row, fit=round(fit, 3), why=f"{because}: {row.why}"))
    found.sort(key=lambda s: (-s.fit, s.row.id))
    return tuple(found[:count])


def break_rules(plan: Plan, intent: Intent, *, bold: bool) -> Plan:
    """The plan with its rules broken: chords and energies at once, what only sounds can do left to the composer.

    Asked by name, a rule is broken or IntentError says what stands against it (a reason, where words asked). Unasked,
    at most one is chosen, where the words hide one feeling under another or lie raw, where `bold`, and now and then
    where a feeling is felt to the limit; never one that leans on something that was set.
    """
    if intent.rule_breaks is not None:
        rows = list(dict.fromkeys(find_rule_break(word).id for word in intent.rule_breaks))
        chosen = [(rule_breaks()[row], _asked(intent, rule_breaks()[row])) for row in rows]
        if ", ".join(rows) == dict(plan.affect.wishes).get("rule_breaks"):  # words wish, they don't order
            plan, chosen = _met(plan, intent, chosen)
        for row, _ in chosen:
            _possible(plan, intent, row)
    else:
        chosen = _chosen(plan, intent, bold=bold)
    for row, why in chosen:
        reason = Reason(what="rule broken", value=row.name, why=f"{why}; {row.does} ({row.precedent})")
        plan = replace(plan, reasons=(*plan.reasons, reason))
        if row.operation == "note":
            plan = replace(plan, production_notes=(*plan.production_notes, str(row.arguments["text"])))
        elif row.operation in RESHAPE:
            plan = RESHAPE[row.operation](plan, row)
        plan = replace(plan, rule_breaks=(*plan.rule_breaks, PlannedBreak(id=row.id, why=why)))
    close = cadence(plan.sections[-1].chords[-1])
    return replace(plan, reasons=tuple(close if reason.what == close.what else reason for reason in plan.reasons))


def _asked(intent: Intent, row: RuleBreak) -> str:
    return f"you asked for it: {intent.rule_reason or row.why}"


def _met(plan: Plan, intent: Intent, wished: list[tuple[RuleBreak, str]]) -> tuple[Plan, list[tuple[RuleBreak, str]]]:
    """The wished rules that can be broken here, and the plan with what keeps the others from it."""
    met: list[tuple[RuleBreak, str]] = []
    for row, why in wished:
        try:
            _possible(plan, intent, row)
        except IntentError as error:
            reason = Reason(what="rule kept", value=row.name, why=f"you asked to break it, but {error}")
            plan = replace(plan, reasons=(*plan.reasons, reason))
        else:
            met.append((row, why))
    return plan, met


def _possible(plan: Plan, intent: Intent, row: RuleBreak) -> None:
    missing = _missing(plan, row)
    if missing:
        raise IntentError(f"rule break {row.id!r} needs {missing}", field="rule_breaks")
    clash = _clash(intent, row)
    if clash:
        raise IntentError(
            f"rule break {row.id!r} cannot hold while {clash}; leave out one of them", field="rule_breaks"
        )


def _missing(plan: Plan, row: RuleBreak) -> str:
    """What the arrangement lacks for a rule to be broken in it; empty where nothing."""
    if not row.needs:
        return ""
    if row.needs == ("sections",):
        return (
            "" if len(plan.sections) >= 3 else f"three sections; the piece has {len(plan.sections)}: ask for more bars"
        )
    roles = {part.role for part in plan.parts}
    if any(roles.intersection(VOICES.get(voice, (voice,))) for voice in row.needs):
        return ""
    return f"a part that plays {' or '.join(row.needs)}; the arrangement has {', '.join(sorted(roles))}"


def _clash(intent: Intent, row: RuleBreak) -> str:
    if "hits" in row.clashes and intent.hits:
        return "hit points are set: they stand on a steady tempo"
    if "chords" in row.clashes and "chords" in intent.locks:
        return "the chords are locked"
    return ""


def _chosen(plan: Plan, intent: Intent, *, bold: bool) -> list[tuple[RuleBreak, str]]:
    affect = plan.affect
    least = 0.0
    hidden = affect.surface is not None and affect.undertow is not None
    if hidden:
        asks = "what is shown is not what is meant"
        affect = replace(affect, emotion=_TWO_SIDED)
    elif intent.vulnerability is not None and intent.vulnerability >= _RAW:
        asks = "the words lie open"
    elif bold:
        asks = "you asked for something braver"
    elif affect.intensity >= _WHOLE and affect.reader != "set" and Stream(f"{plan.root}/rules").chance(_SELDOM):
        asks, least = "the feeling fills everything", _APT
    else:
        return []
    for suggestion in suggest(affect, len(rule_breaks())):
        if suggestion.fit < least:
            break
        row = suggestion.row
        untouched = all(not getattr(intent, field) for field in row.touches)
        if row.volunteers and untouched and not _missing(plan, row) and not _clash(intent, row):
            return [(row, f"{asks}, and {suggestion.why}")]
    return []
