"""What was read in the words: the words that moved the reading, and the point on the plane, which a person may move."""

from __future__ import annotations

from html import escape
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from kmidi import Affect, Intent, tables
from kmidi.intent import Evidence

LANDMARKS = ("joy", "excitement", "anger", "fear", "grief", "calm", "peace", "boredom", "love")
_TOLD = {"event": "core_event", "wound": "core_wound", "desire": "core_desire", "outcome": "outcome"}
_WEIGHS = 0.02  # words that move the reading by less are left plain
_WARM, _COOL = "234, 140, 40", "70, 110, 220"


def words(intent: Intent, affect: Affect) -> None:
    """The text and the told story, with the words that moved the reading marked: warm ones orange, dark ones blue."""
    told = {e: e.note.partition(":")[0] for e in affect.evidence}
    texts = [(intent.text, [e for e, part in told.items() if part not in _TOLD])]
    texts += [
        (getattr(intent, name), [e for e, part in told.items() if part == short]) for short, name in _TOLD.items()
    ]
    st.html("".join(f'<p class="k-words">{_marked(text, evidence)}</p>' for text, evidence in texts if text))


def _marked(text: str, evidence: list[Evidence]) -> str:
    """A text as HTML; stronger words are marked deeper."""
    made, at = "", 0
    for found in sorted(evidence, key=lambda e: e.start):
        if found.start < at or found.end > len(text) or found.end <= found.start:
            continue
        if not found.note and abs(found.valence) + abs(found.arousal) < _WEIGHS:
            continue
        colour = _WARM if found.valence > 0 else _COOL
        depth = 0.16 + 0.5 * min(1.0, abs(found.valence) + abs(found.arousal))
        said = f"valence {found.valence:+.2f}, arousal {found.arousal:+.2f}" + (f"; {found.note}" if found.note else "")
        made += escape(text[at : found.start])
        made += f'<mark style="background: rgba({colour}, {depth:.2f})" title="{escape(said)}">{escape(text[found.start : found.end])}</mark>'
        at = found.end
    return made + escape(text[at:])


def summary(affect: Affect) -> str:
    """The reading in one sentence."""
    pleasant = (
        "pleasant" if affect.valence > 0.15 else "painful" if affect.valence < -0.15 else "neither pleasant nor painful"
    )
    stirred = "stirred" if affect.arousal > 0.15 else "still" if affect.arousal < -0.15 else "even"
    named = f"closest to **{affect.emotion.replace('_', ' ')}**, " if affect.emotion else ""
    hidden = " One feeling is shown and another lies beneath it." if affect.surface and affect.undertow else ""
    sure = "as you set it" if affect.reader == "set" else f"read with {affect.confidence:.0%} confidence"
    who = " A sentence model read it." if affect.reader == "model" else ""
    said = f"{named}{pleasant} and {stirred}, {sure}.{hidden}{who}"
    return said[0].upper() + said[1:]


def plane(affect: Affect, key: str) -> tuple[float, float] | None:
    """The valence–arousal plane with the reading on it; the point that was clicked, None where none was."""
    steps = [round(-1 + 0.1 * k, 1) for k in range(21)]
    grid = pd.DataFrame([(v, a) for v in steps for a in steps], columns=["valence", "arousal"])
    path = pd.DataFrame(
        [(p.valence, p.arousal, at) for at, p in enumerate(affect.trajectory)], columns=["valence", "arousal", "at"]
    )
    here = pd.DataFrame([(affect.valence, affect.arousal)], columns=["valence", "arousal"])
    rows = [tables.emotions()[id_] for id_ in LANDMARKS if id_ in tables.emotions()]
    marks = pd.DataFrame([(r.name, r.valence, r.arousal) for r in rows], columns=["name", "valence", "arousal"])
    x = alt.X(
        "valence:Q",
        scale=alt.Scale(domain=[-1.05, 1.05]),
        title="unpleasant → pleasant",
        axis=alt.Axis(values=[-1, 0, 1], grid=True),
    )
    y = alt.Y(
        "arousal:Q",
        scale=alt.Scale(domain=[-1.05, 1.05]),
        title="still → stirred",
        axis=alt.Axis(values=[-1, 0, 1], grid=True),
    )
    chosen = alt.selection_point(name="moved", fields=["valence", "arousal"], on="click", empty=False)
    square = (
        alt.Chart(grid)
        .mark_square(size=220, opacity=0.001)
        .encode(x=x, y=y, tooltip=["valence", "arousal"])
        .add_params(chosen)
    )
    named = alt.Chart(marks).mark_text(fontSize=12, color="#868e9c").encode(x=x, y=y, text="name")
    line = alt.Chart(path).mark_line(color="#7c87d8", strokeWidth=2, strokeDash=[4, 3]).encode(x=x, y=y, order="at")
    point = (
        alt.Chart(here)
        .mark_circle(size=380, color="#3b4cca", opacity=0.95, stroke="white", strokeWidth=2)
        .encode(x=x, y=y)
    )
    chart = (named + line + point + square).properties(height=330)
    said = f"The feeling's place: valence {affect.valence:+.2f} of -1 to 1, arousal {affect.arousal:+.2f} of -1 to 1."
    event: Any = st.altair_chart(chart, key=key, on_select="rerun", selection_mode="moved", alt=said)
    picked = event.selection.get("moved") if event else None
    return (float(picked[0]["valence"]), float(picked[0]["arousal"])) if picked else None
