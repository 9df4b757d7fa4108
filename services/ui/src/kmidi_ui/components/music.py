"""The music that was made: what it is, its roll, its chords, why it is as it is, how it sounds."""

from __future__ import annotations

import base64
from html import escape
from itertools import groupby

import streamlit as st

from kmidi import KmidiError, Plan, Score
from kmidi.errors import counted
from kmidi.plan import PlannedChord, Section
from kmidi.render import picture as drawn
from kmidi.render.sound import sound
from kmidi.studio import Take, bundle

MOST_QUARTERS, MOST_NOTES = 4000, 40_000  # that a browser draws without effort


def facts(take: Take) -> None:
    """Key, tempo, meter and length, at a glance."""
    plan, seconds = take.plan, round(take.score.seconds)
    said = (drawn.with_signs(str(plan.key)), f"{plan.bpm:.4g} bpm", str(plan.meter), counted(plan.bars, "bar"), f"{seconds // 60}:{seconds % 60:02d}", f"seed {plan.seed}")  # fmt: skip
    st.html('<ul class="k-facts">' + "".join(f"<li>{escape(fact)}</li>" for fact in said) + "</ul>")


def player(score: Score, midi: bytes) -> None:
    """The sound of a score; `midi` says whether it is the one that was played last."""
    try:
        with st.spinner("Playing it through once…"):
            if st.session_state.get("heard") != midi:
                st.session_state.sound, st.session_state.heard = sound(score, "flac"), midi
    except KmidiError as error:  # the file is there all the same
        st.info(f"No sound here: {error}", icon=":material/volume_off:")
        return
    st.audio(st.session_state.sound, "audio/flac", alt="The piece, played by a synthesizer")


def files(take: Take) -> None:
    """The files to take away."""
    left, right, _ = st.columns([1, 1, 1])
    left.download_button("Download the MIDI file", take.midi, take.name, "audio/midi", type="primary", on_click="ignore", icon=":material/download:", width="stretch")  # fmt: skip
    right.download_button("Everything as a bundle", bundle(take), take.name.replace(".mid", ".zip"), "application/zip", on_click="ignore", icon=":material/folder_zip:", width="stretch")  # fmt: skip


def roll(score: Score) -> None:
    """The piano roll, to scroll sideways, with the colour of each part."""
    notes = sum(len(part.notes) for part in score.parts)
    if score.length > MOST_QUARTERS * score.ppq or notes > MOST_NOTES:
        st.info(f"A roll of {notes} notes over {score.length // score.ppq} quarter notes is too long to draw here.")
        return
    dark = st.context.theme.type == "dark"
    key = "".join(
        f'<li><i style="background:{colour}"></i>{escape(name)}</li>' for name, colour in drawn.colours(score).items()
    )
    svg = drawn.picture(score, dark=dark)
    said = svg.partition("<desc>")[2].partition("</desc>")[0]
    image = base64.b64encode(svg.encode()).decode()
    st.html(
        f'<ul class="k-key">{key}</ul><div class="k-scroll" tabindex="0" role="group" aria-label="Piano roll, scrolls sideways">'
        f'<img src="data:image/svg+xml;base64,{image}" alt="Piano roll. {said}"></div>'
    )


def chords(plan: Plan) -> None:
    """The chords of each section with their numerals, and the reasons of those that have one."""
    for (progression, raised), group in groupby(plan.sections, key=lambda section: (section.chords, section.raised)):
        sections = list(group)
        key = plan.key_of(sections[0])
        names = tuple(key.name_of(pitch) for pitch in range(12))
        st.markdown(f"**{_named(sections)}**")
        chips = "".join(_chip(plan, chord, names, raised) for chord in progression)
        st.html(f'<ul class="k-chords">{chips}</ul>')
        for reason in plan.reasons:
            if reason.what == "harmony" and reason.value.partition(":")[0] in {s.kind for s in sections}:
                st.caption(f"{reason.value.partition(': ')[2]}: {reason.why}")
        for roman, why in dict.fromkeys((chord.roman, chord.why) for chord in progression if chord.why):
            st.caption(f"{roman}: {why}")


def _named(sections: list[Section]) -> str:
    return " · ".join(f"{s.name} ({counted(s.bars, 'bar')}, energy {s.energy:.0%})" for s in sections)


def _chip(plan: Plan, chord: PlannedChord, names: tuple[str, ...], raised: int) -> str:
    symbol = drawn.with_signs(plan.chord(chord, raised).symbol(names))
    return f"<li><b>{escape(symbol)}</b><small>{escape(chord.roman)}</small></li>"


def reasons(plan: Plan) -> None:
    """Every decision with its reason; sums are shown as they were added up."""
    made = ""
    for reason in plan.reasons:
        parts = ", ".join(f"{name} {amount:+.3g}" for name, amount in reason.contributions)
        made += f'<div class="k-why"><b>{escape(reason.what)}: {escape(reason.value)}</b><br>{escape(reason.why)}'
        made += f"<small>{escape(parts)}</small></div>" if parts else "</div>"
    st.html(made)
    for broken in plan.rule_breaks:
        st.markdown(f"**Rule broken on purpose: {broken.id.replace('_', ' ')}.** {broken.why}")
    for note in plan.production_notes:
        st.caption(f"For the mix: {note}")
