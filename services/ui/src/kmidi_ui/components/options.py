"""The fields that a person may set, folded away; each one unset says nothing, and each one set is heard."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kmidi import tables
from kmidi.theory import MODES
from kmidi.theory.meter import GROUPS

TONICS = ("C", "C#", "Db", "D", "Eb", "E", "F", "F#", "Gb", "G", "Ab", "A", "Bb", "B")
UNSET = "as the words say"


def options() -> dict[str, Any]:
    """What was set, by the names of Intent's fields."""
    said: dict[str, Any] = {}
    left, middle, right = st.columns(3)
    genres = tables.genres()
    with left:
        said["genre"] = st.selectbox("Genre", list(genres), None, lambda id_: genres[id_].name, placeholder=UNSET)
        said["meter"] = st.selectbox("Meter", list(GROUPS), None, placeholder=UNSET)
    with middle:
        said["key"] = st.selectbox("Key", TONICS, None, placeholder=UNSET)
        said["bars"] = st.number_input("Bars", 1, 512, None, placeholder="as the form needs")
    with right:
        said["mode"] = st.selectbox("Mode", list(MODES), None, _plain, placeholder=UNSET)
        said["bpm"] = st.number_input("Tempo (bpm)", 20.0, 300.0, None, 1.0, "%.0f", placeholder=UNSET)
    instruments, breaks = tables.instruments(), tables.rule_breaks()
    said["instruments"] = st.multiselect(
        "Instruments", list(instruments), None, format_func=lambda id_: instruments[id_].name, placeholder="as the genre has them"
    )  # fmt: skip
    said["rule_breaks"] = st.multiselect(
        "Rules to break on purpose", list(breaks), None, format_func=lambda id_: f"{breaks[id_].name}: {breaks[id_].does}", placeholder=UNSET
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        said["humanize"] = st.slider(
            "Human touch", 0.0, 1.0, 1.0, 0.1, help="0 is the grid exactly, as a machine plays; 1 is a player."
        )
    with right:
        said["seed"] = st.number_input(
            "Seed", 0, 2**53 - 1, 0, help="Another seed is another piece from the same feeling; the same seed gives the same file."
        )  # fmt: skip
    if said["humanize"] == 1.0:
        said["humanize"] = None
    for name in ("instruments", "rule_breaks"):
        said[name] = tuple(said[name]) or None
    return said


def _plain(id_: str) -> str:
    return {"ionian": "major (ionian)", "aeolian": "minor (aeolian)"}.get(id_, id_.replace("_", " "))
