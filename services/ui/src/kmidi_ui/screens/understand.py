"""A MIDI file in, what is in it out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from kmidi import KmidiError
from kmidi.analysis import describe
from kmidi.midi import read
from kmidi.studio import LocalStudio
from kmidi_ui.components import music
from kmidi_ui.components.look import title

title("Understand a file", "Bring a MIDI file: its key, meter, tempo and chords, each with how sure kmidi is.")
file = st.file_uploader("A MIDI file, up to 8 MB", type=["mid", "midi"])
if file is not None:
    data = file.getvalue()
    try:
        score = read(data)
        found = LocalStudio().analyze(data)
        st.text(describe(found))
        st.subheader("The music", anchor=False)
        music.roll(score if score.chords else replace(score, chords=found.chords))
        music.player(score, data)
    except KmidiError as error:
        st.error(str(error), icon=":material/error:")
