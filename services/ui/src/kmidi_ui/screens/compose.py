"""Words in, music out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kmidi import Intent, KmidiError
from kmidi.intent import MAX_TEXT
from kmidi.studio import LocalStudio, Take
from kmidi_ui.components import music, reading
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
        for name in ("moved", "clicked", "plane", "move_valence", "move_arousal"):
            state.pop(name, None)
    except KmidiError as error:
        state.pop("intent", None)
        st.error(str(error), icon=":material/error:")


def take_of(intent: Intent) -> Take:
    """The take of an intent, composed once a session."""
    if state.get("taken") != intent:
        state.take, state.taken = LocalStudio().compose(intent), intent
    return state.take


def move() -> None:
    """The sliders moved the point."""
    state.moved = (state.move_valence, state.move_arousal)


def show(intent: Intent) -> None:
    """Everything about a take, the sound first in sight and last to be made."""
    valence, arousal = state.get("moved", (None, None))
    take = take_of(replace(intent, valence=valence, arousal=arousal) if valence is not None else intent)
    music.facts(take)
    heard = st.container()
    music.files(take)
    st.subheader("What was read in the words", anchor=False)
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        reading.words(intent.text or "", take.affect)
        st.markdown(reading.summary(take.affect))
        for warning in take.affect.warnings:
            st.info(warning, icon=":material/info:")
        st.markdown("**Not right? Move the point.** Your words stay; the music follows.")
        state.setdefault("move_valence", round(take.affect.valence, 2))
        state.setdefault("move_arousal", round(take.affect.arousal, 2))
        st.slider("Unpleasant to pleasant", -1.0, 1.0, step=0.05, key="move_valence", on_change=move)
        st.slider("Still to stirred", -1.0, 1.0, step=0.05, key="move_arousal", on_change=move)
    with right:
        clicked = reading.plane(take.affect)
    if clicked and clicked != state.get("clicked"):
        state.moved = state.clicked = clicked
        for name in ("move_valence", "move_arousal"):
            state.pop(name, None)
        st.rerun()
    st.subheader("The music", anchor=False)
    music.roll(take.score)
    chords, why = st.tabs(["Chords", "Why it is so"])
    with chords:
        music.chords(take.plan)
    with why:
        music.reasons(take.plan)
    with heard:
        music.player(take.score, take.midi)


if "intent" in state:
    try:
        show(state.intent)
    except KmidiError as error:
        st.error(str(error), icon=":material/error:")
