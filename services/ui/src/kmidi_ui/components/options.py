"""The fields that a person may set, folded away; each one unset says nothing, and each one set is heard."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kmidi import tables
from kmidi.intent import BPM_RANGE, MAX_BARS, MAX_RISE
from kmidi.theory import MODES
from kmidi.theory.meter import GROUPS

TONICS = ("C", "C#", "Db", "D", "Eb", "E", "F", "F#", "Gb", "G", "Ab", "A", "Bb", "B")
UNSET = "as the words say"
# Enter takes the first that holds what was typed; by default it would take all that hold its letters anywhere
_ONE_BY_ONE: Any = {"filter_mode": "contains", "select_all": False}
_OPTIONS = (
    "genre",
    "key",
    "mode",
    "meter",
    "bpm",
    "bars",
    "form",
    "rise",
    "instruments",
    "rule_breaks",
    "humanize",
    "seed",
)


def options() -> dict[str, Any]:
    """What was set, by the names of Intent's fields."""
    said: dict[str, Any] = {}
    genres, key = tables.genres(), _key
    left, middle, right = st.columns(3)
    said["genre"] = left.selectbox(
        "Genre", list(genres), None, lambda id_: genres[id_].name, key("genre"), placeholder=UNSET
    )
    said["key"] = middle.selectbox("Key", TONICS, None, key=key("key"), placeholder=UNSET)
    said["mode"] = right.selectbox("Mode", list(MODES), None, _plain, key("mode"), placeholder=UNSET)
    left, middle, right = st.columns(3)
    said["meter"] = left.selectbox("Meter", list(GROUPS), None, key=key("meter"), placeholder=UNSET)
    said["bpm"] = middle.number_input("Tempo (bpm)", *BPM_RANGE, None, 1.0, "%.0f", key("bpm"), placeholder=UNSET)
    said["bars"] = right.number_input("Bars", 1, MAX_BARS, None, key=key("bars"), placeholder="as the form needs")
    left, right = st.columns([2, 1])
    said["form"] = left.text_input(
        "Order of sections", key=key("form"), placeholder=UNSET, help="Such as: verse chorus verse chorus bridge chorus. Or in letters: AABA."
    )  # fmt: skip
    said["rise"] = right.number_input("Last chorus up (semitones)", 0, MAX_RISE, None, key=key("rise"), placeholder=UNSET)  # fmt: skip
    instruments, breaks = tables.instruments(), tables.rule_breaks()
    said["instruments"] = st.multiselect(
        "Instruments", list(instruments), None, lambda id_: instruments[id_].name, key("instruments"), placeholder="as the genre has them", **_ONE_BY_ONE
    )  # fmt: skip
    said["rule_breaks"] = st.multiselect(
        "Rules to break on purpose", list(breaks), None, lambda id_: f"{breaks[id_].name}: {breaks[id_].does}", key("rule_breaks"), placeholder=UNSET, **_ONE_BY_ONE
    )  # fmt: skip
    left, right = st.columns(2)
    st.session_state.setdefault(key("humanize"), 1.0)
    with left:
        said["humanize"] = st.slider(
            "Human touch", 0.0, 1.0, step=0.1, key=key("humanize"), help="0 is the grid exactly, as a machine plays; 1 is a player."
        )  # fmt: skip
    with right:
        said["seed"] = st.number_input(
            "Seed", 0, 2**53 - 1, key=key("seed"), help="Another seed is another piece from the same feeling; the same seed gives the same file."
        )  # fmt: skip
    if said["humanize"] == 1.0:
        said["humanize"] = None
    said["form"] = said["form"].strip() or None
    for name in ("instruments", "rule_breaks"):
        said[name] = tuple(said[name]) or None
    return said


def _key(name: str) -> str:
    return f"option {name}"


def _plain(id_: str) -> str:
    return {"ionian": "major (ionian)", "aeolian": "minor (aeolian)"}.get(id_, id_.replace("_", " "))


FIELDS = {"text", *map(_key, _OPTIONS)}  # the keys of all that a person types and sets on the page
