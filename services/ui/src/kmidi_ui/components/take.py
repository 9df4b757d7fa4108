"""A take, whole: its sound and files, what was read in the words with a point to move, the music and its reasons."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kmidi import Intent
from kmidi.studio import LocalStudio, Take

from . import music, reading

state = st.session_state


def forget_moves() -> None:
    """The point stands where it was read again: new words were said."""
    for name in ("moved", "clicked", "plane", "move_valence", "move_arousal"):
        state.pop(name, None)


def _take_of(intent: Intent) -> Take:
    """The take of an intent, composed once a session."""
    if state.get("taken") != intent:
        state.take, state.taken = LocalStudio().compose(intent), intent
    return state.take


def _move() -> None:
    """The sliders moved the point."""
    state.moved = (state.move_valence, state.move_arousal)


def show(intent: Intent) -> None:
    """Everything about a take, the sound first in sight and last to be made. KmidiError as of composing."""
    valence, arousal = state.get("moved", (None, None))
    take = _take_of(replace(intent, valence=valence, arousal=arousal) if valence is not None else intent)
    music.facts(take)
    heard = st.container()
    music.files(take)
    st.subheader("What was read in the words", anchor=False)
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        reading.words(intent, take.affect)
        st.markdown(reading.summary(take.affect))
        for warning in take.affect.warnings:
            st.info(warning, icon=":material/info:")
        st.markdown("**Not right? Move the point.** Your words stay; the music follows.")
        state.setdefault("move_valence", round(take.affect.valence, 2))
        state.setdefault("move_arousal", round(take.affect.arousal, 2))
        st.slider("Unpleasant to pleasant", -1.0, 1.0, step=0.05, key="move_valence", on_change=_move)
        st.slider("Still to stirred", -1.0, 1.0, step=0.05, key="move_arousal", on_change=_move)
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
