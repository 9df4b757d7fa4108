"""The page: `streamlit run app.py`. The frame around its pages, nothing else."""

from __future__ import annotations

import streamlit as st

from kmidi import TableError
from kmidi_ui.components.look import wear
from kmidi_ui.components.options import FIELDS

st.set_page_config(page_title="kmidi: say what you feel, hear it", page_icon="🎼", layout="wide")
wear()
# not a folder `pages`: Streamlit would serve each file of one by itself to whoever opens its address first
chosen = st.navigation(
    [
        st.Page("screens/compose.py", title="Compose", icon=":material/music_note:", default=True),
        st.Page("screens/talk.py", title="Talk with me", icon=":material/forum:"),
        st.Page("screens/understand.py", title="Understand a file", icon=":material/search:"),
    ],
    position="top",
)
for key in FIELDS & st.session_state.keys():  # Streamlit forgets the fields of a page while another one is shown
    st.session_state[key] = st.session_state[key]
try:
    chosen.run()
except TableError as error:  # a row of a person's own tables
    st.error(str(error))
