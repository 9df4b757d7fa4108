"""The parts of a conversation: what was asked and answered, the question that stands, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, TypeAlias

import streamlit as st

from kmidi import Intent
from kmidi.intent import MAX_TEXT
from kmidi.interview import Answer, Exchange, Interview, Turn

Change: TypeAlias = Callable[[], Interview]
_ASKS, _SAYS = ":material/music_note:", ":material/person:"
_NAMES = {
    "core_event": "What happened", "core_wound": "What hurts", "core_desire": "What you long for", "outcome": "How it ends",
    "vulnerability": "How exposed", "rule_breaks": "Rules to break", "rule_reason": "Why they break", "bpm": "Tempo (bpm)",
    "humanize": "Human touch",
}  # fmt: skip


def exchange(number: int, told: Exchange, mend: Callable[[str, str], None]) -> None:
    """A question, its answer with a way to correct it, and what was understood."""
    with st.chat_message("assistant", avatar=_ASKS):
        st.text(told.question)
    topic = told.answer.topic
    with st.chat_message("user", avatar=_SAYS), st.container(horizontal=True, vertical_alignment="center"):
        st.text(told.answer.text or "(skipped)")
        # a new answer is a new field: the old one closes
        key = f"{topic}_{number}_{told.answer.text}"
        with st.popover(
            "Change", help="Say this answer anew", type="tertiary", icon=":material/edit:", key=f"change_{key}"
        ):
            st.text_area("Your answer", told.answer.text, key=f"mend_{key}", max_chars=MAX_TEXT)
            st.button("Say it so", key=f"keep_{key}", on_click=lambda: mend(topic, st.session_state[f"mend_{key}"]))
    if told.mirror:
        with st.chat_message("assistant", avatar=_ASKS):
            st.text(told.mirror)


def ask(turn: Turn, say: Callable[[str], None]) -> None:
    """The question that stands, answers to pick from, and a field for one's own."""
    with st.chat_message("assistant", avatar=_ASKS):
        st.text(turn.question)
    with st.container(horizontal=True, key="answers"):
        for offer in turn.suggestions:
            st.button(offer, on_click=say, args=(offer,), type="tertiary" if offer == "skip" else "secondary")
    st.chat_input("In your own words", key="said", max_chars=MAX_TEXT, on_submit=lambda: say(st.session_state.said))


def tools(kept: str, *, begun: bool, done: bool, stop: Callable[[], None], anew: Callable[[], None], resume: Callable[[], None]) -> None:  # fmt: skip
    """Stop, begin anew, keep the conversation, go on with one that was kept."""
    if begun:
        with st.container(horizontal=True, key="tools"):
            if not done:
                st.button("Stop and play it", on_click=stop, type="tertiary", icon=":material/stop:")
            st.button("Begin anew", on_click=anew, type="tertiary", icon=":material/restart_alt:")
            st.download_button("Keep this talk", kept, "talk.json", "application/json", type="tertiary", on_click="ignore", icon=":material/save:")  # fmt: skip
    else:
        with st.expander("Go on with a talk that you kept", icon=":material/folder_open:"):
            st.file_uploader("A talk.json", type="json", key="kept", on_change=resume)


def whole(intent: Intent, missed: tuple[Answer, ...]) -> None:
    """The intent, each field that was filled, and the answers that were not used."""
    st.subheader("What you asked for", anchor=False)
    rows = ""
    for name, value in intent.set_fields().items():
        rows += (
            f"<dt>{escape(_NAMES.get(name, name.replace('_', ' ').capitalize()))}</dt><dd>{escape(_said(value))}</dd>"
        )
    st.html(f'<dl class="k-whole">{rows}</dl>')
    for given in missed:
        st.info(f"Not used, since I could not read it: “{given.text}”", icon=":material/info:")


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item).replace("_", " ") for item in value) or "none"
    return str(value)
