"""A MIDI file in, what is in it out."""

from __future__ import annotations

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
        st.text(describe(LocalStudio().analyze(data)))
        music.roll(score)
    except KmidiError as error:
        st.error(str(error), icon=":material/error:")
