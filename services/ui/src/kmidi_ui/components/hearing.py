"""What was heard in a file: at a glance, in full, and what a teacher would remark."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from kmidi import Score
from kmidi.analysis import Analysis, chord_symbols, describe, said_once
from kmidi.analysis.result import Finding
from kmidi.errors import counted
from kmidi.render.picture import with_signs
from kmidi.transforms import Step

QUADRANTS = {1: "happy", 2: "tense", 3: "sad", 4: "calm"}
MOST_FINDINGS = 12


def facts(score: Score, found: Analysis) -> None:
    """Key, tempo, meter, length and feeling, at a glance."""
    seconds = round(score.seconds)
    said = [
        with_signs(str(found.key)) if found.key else "no key told",
        f"{found.bpm:.4g} bpm" if found.bpm else "no tempo told",
        str(found.meter) if found.meter else "no meter told",
        f"{seconds // 60}:{seconds % 60:02d}",
        counted(len(score.parts), "part"),
    ]
    if found.feeling:
        said.append(f"sounds {QUADRANTS[found.feeling.quadrant]} ({found.feeling.confidence:.0%} sure)")
    st.html('<ul class="k-facts">' + "".join(f"<li>{escape(fact)}</li>" for fact in said) + "</ul>")


def repairs(found: Analysis) -> None:
    """What the file broke of the format: a file that breaks off is not taken for whole."""
    if found.repairs:
        st.caption("  \n".join(map(plain, found.repairs)))


def chords(found: Analysis) -> None:
    """The chords in order with their numerals."""
    chips = "".join(
        f"<li><b>{escape(with_signs(symbol))}</b><small>{escape(span.roman or ' ')}</small></li>"
        for symbol, span in zip(chord_symbols(found), found.chords, strict=True)
    )
    st.html(f'<ul class="k-chords">{chips}</ul>' if chips else "<p>No chords can be told here.</p>")


def everything(score: Score, found: Analysis) -> None:
    """All readings, a line each, with how sure they are."""
    st.text(describe(found, score))


def remarks(score: Score, found: Analysis, mend: Callable[[Step], None]) -> None:
    """What a good teacher would say, the most audible first; `mend` is called with the step that a person pressed."""
    if not found.findings:
        st.markdown("Nothing to remark: no clash, no mud, nothing stuck.")
    said = said_once(found.findings)
    for number, (finding, bars) in enumerate(said[:MOST_FINDINGS]):
        with st.container(border=True):
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.markdown(_remark(score, finding, bars))
            if finding.fix:
                step = Step(transform=finding.fix.transform, arguments=dict(finding.fix.arguments))
                right.button("Mend it", key=f"mend {number}", on_click=mend, args=(step,), help=_told(step))
    if len(said) > MOST_FINDINGS:
        st.caption(f"and {len(said) - MOST_FINDINGS} more, less plainly heard")


def _remark(score: Score, finding: Finding, bars: str) -> str:
    where = bars + (f", {score.labels[finding.part]}" if finding.part >= 0 else "")
    icon = ":material/palette:" if finding.kind == "colour" else ":material/hearing:"
    return f"{icon} **{plain(finding.what[:1].upper() + finding.what[1:])}** ({plain(where)})  \n{plain(finding.why)}"


def _told(step: Step) -> str:
    said = ", ".join(f"{name} {value}" for name, value in step.arguments.items())
    return f"{step.transform.replace('_', ' ')}: {said}" if said else step.transform.replace("_", " ")


def plain(text: str) -> str:
    """Text of a file that no Markdown is read in."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-!|~<>$:" else c for c in text)
