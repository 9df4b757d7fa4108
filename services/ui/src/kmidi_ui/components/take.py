"""A take, whole: its sound and files, what was read in the words with a point to move, the music and its reasons."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kmidi import Intent
from kmidi.studio import LocalStudio, Take

from . import music, reading

state = st.session_state
_AXES = ("move_valence", "move_arousal")


def forget_moves(place: str) -> None:
    """The point on a page stands where it was read again: new words were said there."""
    for name in ("moved", "clicked", "plane", *_AXES):
        state.pop(f"{place} {name}", None)


def _take_of(intent: Intent) -> Take:
    """The take of an intent, composed once a session."""
    if state.get("taken") != intent:
        state.take, state.taken = LocalStudio().compose(intent), intent
    return state.take


def _move(place: str) -> None:
    """The sliders moved the point."""
    state[f"{place} moved"] = tuple(state[f"{place} {axis}"] for axis in _AXES)


def show(intent: Intent, place: str) -> None:
    """Everything about a take, the sound first in sight and last to be made. KmidiError as of composing.

    place: the page that it is shown on; a point that is moved there moves nothing elsewhere.
    """
    valence, arousal = state.get(f"{place} moved", (None, None))
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
        for axis, label in zip(_AXES, ("Unpleasant to pleasant", "Still to stirred"), strict=True):
            key = f"{place} {axis}"
            state.setdefault(key, round(getattr(take.affect, axis.removeprefix("move_")), 2))
            st.slider(label, -1.0, 1.0, step=0.05, key=key, on_change=_move, args=(place,))
    with right:
        clicked = reading.plane(take.affect, f"{place} plane")
    if clicked and clicked != state.get(f"{place} clicked"):
        state[f"{place} moved"] = state[f"{place} clicked"] = clicked
        for axis in _AXES:
            state.pop(f"{place} {axis}", None)
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
