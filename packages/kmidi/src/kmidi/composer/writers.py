"""One writer a role, in the order in which they write: later ones hear what earlier ones wrote."""

from __future__ import annotations

from collections.abc import Callable

from ..plan import PartPlan
from .bass import write_bass
from .chords import write_chords, write_pad
from .counter import write_counter
from .drums import write_drums
from .melody import write_melody
from .piano import write_piano
from .stage import Heard, Row, Stage

WRITERS: dict[str, Callable[[Stage, PartPlan, Heard], list[Row]]] = {
    "drums": write_drums,
    "bass": write_bass,
    "melody": write_melody,
    "chords": write_chords,
    "pad": write_pad,
    "piano": write_piano,
    "counter": write_counter,
}
