"""Words in, music out."""

from __future__ import annotations

import streamlit as st

from kmidi import Intent, KmidiError
from kmidi.intent import MAX_TEXT
from kmidi_ui.components import take
from kmidi_ui.components.look import title
from kmidi_ui.components.options import options

state = st.session_state
title("Say what you feel. Hear it.", "What hurts, or what do you long for? A sentence is enough; every choice in the music says why it is there.")  # fmt: skip

with st.form("words", border=False, enter_to_submit=False):
    text = st.text_area("Your words", key="text", max_chars=MAX_TEXT, height=110, placeholder="I found my father's letters, and I laughed until I cried")  # fmt: skip
    pressed = st.form_submit_button("Make music", type="primary", icon=":material/play_arrow:")
    with st.expander("Options", icon=":material/tune:"):
        said = options()

if pressed:
    try:
        state.intent = Intent(text=text or None, **said)
        state.intent.require_feeling()
        take.forget_moves("compose")
    except KmidiError as error:
        state.pop("intent", None)
        st.error(str(error), icon=":material/error:")

if "intent" in state:
    try:
        take.show(state.intent, "compose")
    except KmidiError as error:
        st.error(str(error), icon=":material/error:")
