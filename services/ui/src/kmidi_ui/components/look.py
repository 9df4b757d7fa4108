"""How every page looks: a column that can be read, on a phone too."""

from __future__ import annotations

import streamlit as st

_STYLE = """<style>
[data-testid="stMainBlockContainer"] {max-width: 1080px; padding-top: 3.2rem; padding-bottom: 4rem}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {color: inherit; opacity: .88}
[data-testid="stBottomBlockContainer"] {max-width: 1080px; padding-bottom: 1.5rem}
.k-lead {font-size: 1.1rem; opacity: .78; margin: -.4rem 0 .6rem}
ul.k-facts, ul.k-key, ul.k-chords {padding: 0 !important; list-style: none}
.k-facts {display: flex; flex-wrap: wrap; gap: .4rem .5rem; margin: .1rem 0 .3rem}
.k-facts li {border: 1px solid rgba(128,128,140,.35); border-radius: 99px; padding: .12rem .75rem; font-size: .95rem; margin: 0}
.k-words {font-size: 1.2rem; line-height: 2; padding: .2rem 0; overflow-wrap: anywhere; white-space: pre-wrap}
.k-words mark {color: inherit; border-radius: .35rem; padding: .1rem .3rem}
.k-scroll {overflow-x: auto; border: 1px solid rgba(128,128,140,.3); border-radius: .6rem}
.k-scroll:focus-visible {outline: 3px solid #3b4cca}
.k-scroll img {display: block; max-width: none}
.k-key {display: flex; flex-wrap: wrap; gap: .3rem 1rem; font-size: .92rem; margin: .1rem 0 .4rem}
.k-key li {margin: 0}
.k-key i {display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; margin-right: .4rem}
.k-chords {display: flex; flex-wrap: wrap; gap: .4rem; margin: 0 0 .3rem}
.k-chords li {border-radius: .5rem; background: rgba(128,128,150,.13); padding: .25rem .6rem; text-align: center; min-width: 3.2rem; margin: 0}
.k-chords b {display: block; font-size: 1.02rem; font-weight: 600}
.k-chords small {opacity: .75}
.k-why {border-left: 3px solid rgba(128,128,150,.4); padding-left: .8rem; margin: .35rem 0 .7rem}
.k-why small {opacity: .75; display: block}
.k-whole {display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1rem; margin: 0 0 .6rem; padding: 0 !important}
.k-whole dt {opacity: .75}
.k-whole dd {margin: 0; overflow-wrap: anywhere; white-space: pre-wrap}
[data-testid="stChatMessage"] {padding-top: .6rem; padding-bottom: .6rem}
[data-testid="stChatMessage"] [data-testid="stText"] {font-family: inherit; font-size: 1rem; white-space: pre-wrap}
</style>"""


def wear() -> None:
    """Put the style on the page."""
    st.html(_STYLE)


def title(words: str, lead: str) -> None:
    """A page's heading and the sentence below it."""
    st.title(words, anchor=False)
    st.html(f'<p class="k-lead">{lead}</p>')
