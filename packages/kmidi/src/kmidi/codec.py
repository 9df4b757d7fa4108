"""Frozen dataclasses to and from plain JSON values: strict, with errors that name the path and the nearest field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import IntentError, nearest

T = TypeVar("T")
Wrong = list[
    tuple[str, str]
]  # (path, message) for each thing that does not fit; paths as people write them: sections[0].bars
Maker = Callable[[Any, str, Wrong], Any]  # (plain value, its path, where to say what is wrong) -> value

# 60.7 is no int, "60" no number, 1 no bool; but a whole number is a float too
_PLAIN: dict[Any, tuple[type, ...]] = {int: (int,), float: (int, float), str: (str,), bool: (bool,)}
_SAID = {int: "whole number", float: "number", str: "text", bool: "truth value; legal: true, false"}


def from_plain(kind: type[T], value: Any) -> T:
    """A value of a dataclass type from dicts, lists, strings and numbers; IntentError names each path that is wrong."""
    if is_dataclass(kind) and not isinstance(value, dict):
        raise IntentError(f"{value!r} is no object with named fields")
    wrong: Wrong = []
    made = _maker(kind)(value, "", wrong)
    if wrong:
        raise IntentError.of(
            [(path, text if path and path in text else f"{path}: {text}" if path else text) for path, text in wrong]
        )
    return made


def to_plain(value: Any) -> Any:
    """Dicts, lists, strings and numbers for a dataclass value; tuples become lists."""
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if is_dataclass(value):
        return {name: to_plain(getattr(value, name)) for name in _names(type(value))}
    return value


def from_json(kind: type[T], text: str | bytes) -> T:
    """A value of a dataclass type from JSON text; IntentError where it is no JSON, nested past all sense, or does not fit."""
    try:
        return from_plain(kind, json.loads(text))
    except RecursionError:
        raise IntentError("this is nested too deeply to be read") from None
    except IntentError:
        raise
    except ValueError as error:
        raise IntentError(f"this is no JSON: {error}") from None


def to_json(value: Any) -> str:
    """JSON text with two spaces of indentation, keys in the order of the fields, UTF-8 letters kept."""
    return json.dumps(to_plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@lru_cache(maxsize=256)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


@lru_cache(maxsize=256)
def _maker(kind: Any) -> Maker:
    """What makes values of a type; TypeError for a type that has no plain form."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return _any
    if kind in _PLAIN:
        return _plain(kind)
    if origin is Literal:
        return _literal(inner)
    if origin in (Union, UnionType):
        return _optional(*(arm for arm in inner if arm is not NoneType))
    if origin in (tuple, list):
        if origin is tuple and inner[-1] is not ...:
            return _fixed(inner)
        return _many(origin, inner[0])
    if origin in (dict, Mapping):
        return _mapping(inner[1])
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"no plain form for {kind!r}")


def _any(value: Any, *_: Any) -> Any:
    return value


def _plain(kind: Any) -> Maker:
    accepted = _PLAIN[kind]

    def make(value: Any, path: str, wrong: Wrong) -> Any:
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            wrong.append((path, f"{value!r:.80} is no {_SAID[kind]}"))
            return None
        try:
            return float(value) if kind is float else value
        except OverflowError:  # a whole number past all floats
            wrong.append((path, f"{value!r:.40}… is past all numbers"))
            return None

    return make


def _literal(legal: tuple[Any, ...]) -> Maker:
    def make(value: Any, path: str, wrong: Wrong) -> Any:
        if value not in legal:
            wrong.append((path, f"unknown value {value!r}{nearest(str(value), map(str, legal))}"))
        return value

    return make


def _optional(kind: Any) -> Maker:
    make = _maker(kind)
    return lambda value, path, wrong: None if value is None else make(value, path, wrong)


def _listed(value: Any, path: str, wrong: Wrong) -> bool:
    if not isinstance(value, list | tuple):
        wrong.append((path, f"{value!r:.80} is no list"))
        return False
    return True


def _many(kind: type, inner: Any) -> Maker:
    make = _maker(inner)

    def made(value: Any, path: str, wrong: Wrong) -> Any:
        return _listed(value, path, wrong) and kind(
            [make(item, f"{path}[{at}]", wrong) for at, item in enumerate(value)]
        )

    return made


def _fixed(inner: tuple[Any, ...]) -> Maker:
    makers = [_maker(kind) for kind in inner]

    def made(value: Any, path: str, wrong: Wrong) -> Any:
        if not _listed(value, path, wrong):
            return None
        if len(value) != len(makers):
            wrong.append((path, f"{len(value)} values; legal: {len(makers)}"))
            return None
        return tuple(
            make(item, f"{path}[{at}]", wrong) for at, (make, item) in enumerate(zip(makers, value, strict=True))
        )

    return made


def _mapping(inner: Any) -> Maker:
    make = _maker(inner)

    def made(value: Any, path: str, wrong: Wrong) -> Any:
        if not isinstance(value, dict):
            wrong.append((path, f"{value!r:.80} is no object with named fields"))
            return None
        return {key: make(item, f"{path}.{key}".removeprefix("."), wrong) for key, item in value.items()}

    return made


def _record(kind: Any) -> Maker:
    needed = {f.name: f.default is MISSING and f.default_factory is MISSING for f in fields(kind)}
    makers: dict[str, Maker] = {}  # filled at the first value: a type may hold itself
    plain: set[str] = set()  # fields without a record in them

    def make(value: Any, path: str, wrong: Wrong) -> Any:
        if not isinstance(value, dict):
            wrong.append((path, f"{value!r:.80} is no object with named fields"))
            return None
        if not makers:
            hints = get_type_hints(kind)
            makers.update({name: _maker(hints[name]) for name in needed})
            plain.update(name for name in needed if _PLAIN.keys() & {hints[name], *get_args(hints[name])})
        before, under = len(wrong), f"{path}." if path else ""
        given: dict[str, Any] = {}
        for name, item in value.items():
            if name not in makers:
                wrong.append((under + str(name), f"unknown field {name!r}{nearest(str(name), needed)}"))
                continue
            told = len(wrong)
            made = makers[name](item, under + name, wrong)
            if len(wrong) == told:
                given[name] = made
        wrong += [(under + name, "it is missing") for name, must in needed.items() if must and name not in value]
        left_out = {*makers} & {*value} - {*given}
        if not left_out <= plain or not all(name in given for name, must in needed.items() if must):
            return None  # what leans on these would be told to be wrong too
        try:
            made = kind(**given)
        except IntentError as error:
            for field, text in error.wrong:
                wrong.append((under + field if field in makers else path or field, text))
        except ValueError as error:
            wrong.append((path, str(error)))
        else:
            return made if len(wrong) == before else None
        return None

    return make
