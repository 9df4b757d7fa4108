"""Frozen dataclasses to and from plain JSON values: strict, with errors that name the path and the nearest field."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar

from cattrs import (
    BaseValidationError,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)

from .errors import IntentError, nearest

T = TypeVar("T")


def _strict(kind: type, *accepted: type) -> Any:
    def check(value: Any, _: Any) -> Any:
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"{value!r} is no {kind.__name__}")
        return kind(value) if kind is float else value

    return check


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    # cattrs would turn "60" into 60 and 60.7 into 60 without a word
    converter.register_structure_hook(int, _strict(int, int))
    converter.register_structure_hook(float, _strict(float, int, float))
    converter.register_structure_hook(str, _strict(str, str))
    converter.register_structure_hook(bool, _strict(bool, bool))
    return converter


def _leaves(error: BaseException, path: str = "") -> list[tuple[str, str]]:
    """(path, message) for each thing that is wrong, paths as a person would write them: sections[0].bars."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        named, bare = error.group_exceptions()
        found: list[tuple[str, str]] = []
        for inner, note in named:
            index = f"[{note.index}]" if isinstance(note, IterableValidationNote) else f".{note.name}"
            found += _leaves(inner, (path + index).removeprefix("."))
        for inner in bare:
            found += _leaves(inner, path)
        return found
    if isinstance(error, ForbiddenExtraKeysError):
        known = [f.name for f in fields(error.cl)] if error.cl is not None and is_dataclass(error.cl) else []
        return [
            (f"{path}.{e}".removeprefix("."), f"unknown field {e!r}{nearest(e, known)}")
            for e in sorted(error.extra_fields)
        ]
    if isinstance(error, KeyError):
        name = str(error.args[0])  # the note of a missing field names it already
        return [(path if path.endswith(name) else f"{path}.{name}".removeprefix("."), "it is missing")]
    if isinstance(error, IntentError):
        return [(error.field or path, str(error))]
    if isinstance(error, AttributeError | TypeError):
        return [(path, "this is no object with named fields, or no list where one is wanted")]
    return [(path, str(error))]


def from_plain(kind: type[T], value: Any) -> T:
    """A value of a dataclass type from dicts, lists, strings and numbers; IntentError names each path that is wrong."""
    if is_dataclass(kind) and not isinstance(value, dict):
        raise IntentError(f"{value!r} is no object with named fields")
    try:
        return _converter().structure(value, kind)
    except BaseValidationError as error:
        leaves = _leaves(error)
        message = "; ".join(
            text if path and path in text else f"{path}: {text}" if path else text for path, text in leaves
        )
        raise IntentError(message, field=leaves[0][0] or None) from None


def to_plain(value: Any) -> Any:
    """Dicts, lists, strings and numbers for a dataclass value; tuples become lists."""
    return _lists(_converter().unstructure(value))


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_lists(item) for item in value]
    return value


def from_json(kind: type[T], text: str | bytes) -> T:
    """A value of a dataclass type from JSON text; IntentError where it is no JSON or does not fit."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise IntentError(f"this is no JSON: {error}") from None
    return from_plain(kind, value)


def to_json(value: Any) -> str:
    """JSON text with two spaces of indentation, keys in the order of the fields, UTF-8 letters kept."""
    return json.dumps(to_plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
