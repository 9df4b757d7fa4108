"""Score to Score: what a person can do to a piece that is there. None of it analyses: the caller passes the key."""

from ..techniques import TECHNIQUES
from .bars import set_meter
from .groove import GrooveTemplate, apply_groove, extract_groove
from .harmonise import harmonise
from .humanize import humanize
from .move import move_notes
from .parts import merge_parts, split_part, stems
from .pitch import to_mode, transpose, transpose_diatonic
from .quantize import quantize
from .recipe import TRANSFORMS, Argument, Step, apply_steps, arguments_of, what_it_does
from .recolour import Change, recolour, recolour_changes
from .reharmonize import reharmonize

__all__ = [
    "TECHNIQUES",
    "TRANSFORMS",
    "Argument",
    "Change",
    "GrooveTemplate",
    "Step",
    "apply_groove",
    "apply_steps",
    "arguments_of",
    "extract_groove",
    "harmonise",
    "humanize",
    "merge_parts",
    "move_notes",
    "quantize",
    "recolour",
    "recolour_changes",
    "reharmonize",
    "set_meter",
    "split_part",
    "stems",
    "to_mode",
    "transpose",
    "transpose_diatonic",
    "what_it_does",
]
