"""Recipes: a list of named transforms with their arguments. Undo is applying one step fewer to the score it began with."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from ..codec import from_plain
from ..errors import IntentError, nearest
from ..score import Score
from .bars import set_meter
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
    "set_meter": set_meter,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of a transform: its name, its type as Python writes it, and its default, None where it is needed."""

    name: str
    type: str
    needed: bool
    default: Any = None


def arguments_of(transform: str) -> tuple[Argument, ...]:
    """What a transform of TRANSFORMS takes beside the score, in its order."""
    return tuple(
        Argument(
            name=name,
            type=str(parameter.annotation),
            needed=parameter.default is inspect.Parameter.empty,
            default=None if parameter.default is inspect.Parameter.empty else parameter.default,
        )
        for name, parameter in inspect.signature(TRANSFORMS[transform]).parameters.items()
        if name != "score"
    )


def what_it_does(transform: str) -> str:
    """A transform of TRANSFORMS in one sentence: the first line of its docstring."""
    return (inspect.getdoc(TRANSFORMS[transform]) or "").partition("\n")[0]


def apply_steps(score: Score, steps: tuple[Step, ...], *, first: int = 1) -> Score:
    """The score after all steps in order, counted from `first` in what IntentError says of an argument or a name."""
    for number, step in enumerate(steps, first):
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
    known = {argument.name: argument for argument in arguments_of(step.transform)}
    for name in step.arguments:
        if name not in known:
            raise IntentError(
                f"step {number}, {step.transform}: unknown argument {name!r}{nearest(name, known)}", field=name
            )
    for argument in known.values():
        if argument.needed and argument.name not in step.arguments:
            raise IntentError(
                f"step {number}, {step.transform}: argument {argument.name!r} is missing", field=argument.name
            )
    typed: dict[str, Any] = {}
    for name, value in step.arguments.items():
        try:
            typed[name] = from_plain(hints[name], value)
        except (IntentError, ValueError) as error:
            inner = getattr(error, "field", None) or name
            field = name + inner if inner.startswith("[") else inner
            raise IntentError(f"step {number}, {step.transform}: {name}: {error}", field=field) from None
    return typed
