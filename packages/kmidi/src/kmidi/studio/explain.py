"""Why the music is as it is, in plain words, from the plan's own reasons."""

from __future__ import annotations

from ..errors import counted
from ..plan import Plan, Reason


def explain(plan: Plan) -> str:
    """Markdown: what was read, what was decided and why, the chords section by section, the rules broken."""
    affect = plan.affect
    lines = [f"# {plan.title}", "", "## What was read"]
    lines.append(
        f"valence {affect.valence:+.2f}, arousal {affect.arousal:+.2f}, confidence {affect.confidence:.0%} (read by: {affect.reader})"
    )
    lines += [
        f"- “{e.words}”: valence {e.valence:+.2f}, arousal {e.arousal:+.2f}{f' ({e.note})' if e.note else ''}"
        for e in affect.evidence
        if e.note or max(abs(e.valence), abs(e.arousal)) >= 0.005  # what would be told as 0.00 tells nothing
    ]
    lines += [f"- {warning}" for warning in affect.warnings]
    lines += ["", "## What was decided, and why", *(_line(reason) for reason in plan.reasons)]
    lines += ["", "## The sections"]
    for section in plan.sections:
        chords = " ".join(plan.chord(c, section.raised).symbol(plan.key_of(section).names) for c in section.chords)
        lines.append(f"- {section.name} ({counted(section.bars, 'bar')}, energy {section.energy:.0%}): {chords}")
        lines += [f"  - {c.roman}: {c.why}" for c in section.chords if c.why]
    if plan.rule_breaks:
        lines += ["", "## Rules broken on purpose", *(f"- {b.id.replace('_', ' ')}: {b.why}" for b in plan.rule_breaks)]
    if plan.production_notes:
        lines += ["", "## For the mix (MIDI can't say this)", *(f"- {note}" for note in plan.production_notes)]
    return "\n".join(lines) + "\n"


def _line(reason: Reason) -> str:
    sums = ", ".join(f"{name} {amount:+.4g}" for name, amount in reason.contributions)
    return f"- {reason.what}: {reason.value} — {reason.why}{f' [{sums}]' if sums else ''}"
