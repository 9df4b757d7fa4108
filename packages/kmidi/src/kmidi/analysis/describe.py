"""An Analysis in plain lines, for a screen."""

from __future__ import annotations

from .result import Analysis


def describe(analysis: Analysis) -> str:
    """What was heard, a line each, with how sure it is; the chords in order."""
    lines: list[str] = []
    for name, value, confidence in (
        ("key", analysis.key, analysis.key_confidence),
        ("meter", analysis.meter, analysis.meter_confidence),
        ("tempo", f"{analysis.bpm:.5g} bpm" if analysis.bpm else None, analysis.bpm_confidence),
    ):
        lines.append(f"{name}: {value} ({confidence:.0%} sure)" if value is not None else f"{name}: can't be told")
    if analysis.chords:
        names = analysis.key.names if analysis.key else None
        lines.append("chords: " + " ".join(c.chord.symbol(names) if names else str(c.chord) for c in analysis.chords))
    return "\n".join(lines)
