"""What a person may do to a file: a transform, its fields, and the steps so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from kmidi import Feeling, Score
from kmidi.codec import to_plain
from kmidi.studio.change import FOUND, Changed
from kmidi.theory import MODES
from kmidi.theory.meter import GROUPS
from kmidi.transforms import TECHNIQUES, TRANSFORMS, Argument, Step, arguments_of, extract_groove, what_it_does
from kmidi.transforms.quantize import GRIDS

NAMES = {
    "apply_groove": "Lend the groove of one part to all",
    "harmonise": "Harmonise the melody",
    "humanize": "Humanize",
    "merge_parts": "Merge parts",
    "move_notes": "Move some notes",
    "quantize": "Quantize",
    "recolour": "Recolour: move it toward another feeling",
    "reharmonize": "Reharmonize",
    "set_meter": "Set the meter and where bars begin",
    "split_part": "Split a part in two",
    "to_mode": "Put it in another mode",
    "transpose": "Transpose by semitones",
    "transpose_diatonic": "Transpose within the key",
}


def asked(score: Score) -> Step | None:
    """The step that a person chose and pressed; None where none was. KmidiError where it can't be."""
    name = st.selectbox(
        "Change", list(TRANSFORMS), None, lambda id_: str(NAMES.get(id_, id_)), placeholder="choose what to do"
    )
    if name is None:
        return None
    st.caption(what_it_does(name))
    with st.form(f"change {name}", border=False):
        said = {a.name: _field(score, a) for a in arguments_of(name) if a.name not in FOUND}
        pressed = st.form_submit_button("Change it", type="primary", icon=":material/build:")
    if not pressed:
        return None
    if name == "apply_groove":
        said["groove"] = to_plain(extract_groove(score, part=str(said["groove"])))
    return Step(transform=name, arguments={key: value for key, value in said.items() if value is not None})


def _field(score: Score, argument: Argument) -> Any:
    """The value of an argument as a plain JSON value; None leaves it at its default."""
    label, default = argument.name.replace("_", " ").capitalize(), argument.default
    parts = list(score.labels)
    match argument.name:
        case "groove":
            return st.selectbox("Groove of", parts)
        case "part":
            return (
                st.selectbox(label, parts)
                if argument.needed
                else st.selectbox(label, parts, None, placeholder="all parts")
            )
        case "parts":
            return st.multiselect(label, parts)
        case "technique":
            return st.selectbox(label, list(TECHNIQUES), format_func=lambda id_: id_.replace("_", " "))
        case "mode":
            return st.selectbox(label, list(MODES), format_func=lambda id_: id_.replace("_", " "))
        case "meter":
            return st.selectbox(label, list(GROUPS), list(GROUPS).index("4/4"))
        case "grid_quarters":
            return st.selectbox("Grid, in quarter notes", GRIDS, GRIDS.index(default), lambda grid: f"{grid:.3g}")
        case "after":
            valence = st.slider("Unpleasant to pleasant", -1.0, 1.0, 0.0, 0.05)
            return to_plain(Feeling(valence=valence, arousal=st.slider("Still to stirred", -1.0, 1.0, 0.0, 0.05)))
        case "bar":
            return st.number_input("From bar", 1, 10_000, default + 1) - 1
        case _ if argument.type == "float":
            return st.number_input(label, value=float(default), step=0.1)
        case _:
            return st.number_input(label, value=int(default or 0), step=1)


def steps(changed: Changed, undo: Callable[[], None]) -> None:
    """The steps so far with what they changed, and the button that takes the last one back."""
    for number, step in enumerate(changed.steps, 1):
        st.markdown(f"{number}. {NAMES.get(step.transform, step.transform)}")
    for change in changed.changes:
        st.caption(f"{change.what}: {change.before} → {change.after}: {change.why}")
    if changed.steps:
        st.button("Undo the last step", on_click=undo, icon=":material/undo:")
