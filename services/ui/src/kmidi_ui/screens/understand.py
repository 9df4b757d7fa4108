"""A MIDI file in; what is in it, what a teacher would remark, and what a person changed out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kmidi import KmidiError
from kmidi.analysis import Analysis, analyze
from kmidi.corpus import MIDI_ENDINGS
from kmidi.studio import LocalStudio, changed_bundle
from kmidi.studio.change import Changed
from kmidi.transforms import Step
from kmidi_ui.components import changing, hearing, music
from kmidi_ui.components.look import title

state = st.session_state


def brought() -> None:
    """Another file was brought, or the one that was here was taken away."""
    file = state.brought
    state.file, state.steps = file and (file.name, file.getvalue()), ()


def add(step: Step) -> None:
    """One step more."""
    state.steps = (*state.steps, step)


def undo() -> None:
    """One step fewer."""
    state.steps = state.steps[:-1]


def changed_file(data: bytes) -> tuple[Changed, Analysis]:
    """The file after the steps, and what is heard in it, worked out once; a step that can't be is taken back."""
    if state.get("changed_by") != (data, state.steps):
        changed = LocalStudio().change(data, state.steps)
        state.changed, state.changed_by = (changed, analyze(changed.score)), (data, state.steps)
    return state.changed


def show(name: str, data: bytes) -> None:
    """The file as it stands after the steps."""
    try:
        changed, found = changed_file(data)
    except KmidiError as error:
        if not state.steps:
            raise
        undo()
        st.error(str(error), icon=":material/error:")
        changed, found = changed_file(data)
    score, midi = changed.score, changed.midi
    hearing.facts(score, found)
    hearing.repairs(found)
    heard = st.container()
    left, right, _ = st.columns([1, 1, 1])
    left.download_button("Download it changed" if state.steps else "Download it", midi, f"{name}-changed.mid" if state.steps else f"{name}.mid", "audio/midi", type="primary", on_click="ignore", icon=":material/download:", width="stretch")  # fmt: skip
    right.download_button("Download its stems", lambda: changed_bundle(changed), f"{name}-stems.zip", "application/zip", on_click="ignore", icon=":material/folder_zip:", width="stretch")  # fmt: skip
    st.subheader("The music", anchor=False)
    music.roll(score if score.chords else replace(score, chords=found.chords))
    remarks, chords, everything = st.tabs(["What a teacher would remark", "Chords", "Everything that was heard"])
    with remarks:
        hearing.remarks(score, found, add)
    with chords:
        hearing.chords(found)
    with everything:
        hearing.everything(score, found)
    st.subheader("Change it", anchor=False)
    changing.steps(changed, undo)
    if step := changing.asked(score):
        add(step)
        st.rerun()
    with heard:
        music.player(score, midi)


title("Understand a file", "Bring a MIDI file: what is in it, what a good teacher would say, and ways to change it.")
file = st.file_uploader(
    "A MIDI file, up to 8 MB; it is kept for this visit only", type=list(MIDI_ENDINGS), key="brought", on_change=brought
)
if state.get("file") is not None:
    named, data = state.file
    if file is None:  # Streamlit forgets the field of a page while another one is shown
        st.caption(f"Still here: {hearing.plain(named)}. Bring another file to leave it.")
    try:
        show(named.rpartition(".")[0] or named, data)
    except KmidiError as error:
        st.error(str(error), icon=":material/error:")
