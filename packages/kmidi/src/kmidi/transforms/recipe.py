"""Recipes: a list of named transforms with their arguments. Undo is applying one step fewer to the score it began with."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from ..codec import from_plain
from ..errors import IntentError, nearest
from ..score import Score
from .groove import apply_groove
from .harmonise import harmonise
from .humanize import humanize
from .move import move_notes
from .parts import merge_parts, split_part
from .pitch import to_mode, transpose, transpose_diatonic
from .quantize import quantize
from .recolour import recolour
from .reharmonize import reharmonize

TRANSFORMS: dict[str, Callable[..., Score]] = {
    "apply_groove": apply_groove,
    "harmonise": harmonise,
    "humanize": humanize,
    "merge_parts": merge_parts,
    "move_notes": move_notes,
    "quantize": quantize,
    "recolour": recolour,
    "reharmonize": reharmonize,
    "split_part": split_part,
    "to_mode": to_mode,
    "transpose": transpose,
    "transpose_diatonic": transpose_diatonic,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A transform by its name in TRANSFORMS, and its arguments as plain JSON values."""

    transform: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


def apply_steps(score: Score, steps: tuple[Step, ...]) -> Score:
    """The score after all steps in order. IntentError names the step, and the argument that is unknown or missing."""
    for number, step in enumerate(steps, 1):
        if step.transform not in TRANSFORMS:
            raise IntentError(
                f"step {number}: unknown transform {step.transform!r}{nearest(step.transform, TRANSFORMS)}",
                field="transform",
            )
        score = TRANSFORMS[step.transform](score, **_typed(number, step))
    return score


def _typed(number: int, step: Step) -> dict[str, Any]:
    call = TRANSFORMS[step.transform]
    hints = get_type_hints(call)
    known = {name: p for name, p in inspect.signature(call).parameters.items() if name != "score"}
    for name in step.arguments:
        if name not in known:
            raise IntentError(
                f"step {number}, {step.transform}: unknown argument {name!r}{nearest(name, known)}", field=name
            )
    for name, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and name not in step.arguments:
            raise IntentError(f"step {number}, {step.transform}: argument {name!r} is missing", field=name)
    try:
        return {name: from_plain(hints[name], value) for name, value in step.arguments.items()}
    except (IntentError, ValueError) as error:
        raise IntentError(f"step {number}, {step.transform}: {error}", field=getattr(error, "field", None)) from None
