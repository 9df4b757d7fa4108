"""The strict loader of tables: every column known, every row with a source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

from ..codec import from_plain
from ..errors import IntentError, TableError, nearest

Row = TypeVar("Row")


def table_path(name: str) -> Path:
    """Where a table that came with kmidi lies."""
    return Path(__file__).parent / name


def load_rows(path: Path, kind: type[Row]) -> dict[str, Row]:
    """The rows of a TOML file by id, in the file's order; a row is `[id]` with the columns of a dataclass `kind`.

    TableError names file, row and column: unknown or missing columns, wrong types, ids that are not snake_case or out
    of order, no source.
    """
    rows: dict[str, Row] = {}
    previous = ""
    for key, columns in _parse(path).items():
        if key <= previous:
            raise TableError(f"{path.name}[{key}]: rows are sorted by id; it stands behind {previous!r}")
        previous = key
        rows[key] = _row(path.name, key, columns, kind)
    return rows


def load_folder(folder: Path, kind: type[Row]) -> dict[str, Row]:
    """One row a file: the file's name is the id, its top level the columns. TableError as load_rows."""
    return {path.stem: _row(path.name, path.stem, _parse(path), kind) for path in sorted(folder.glob("*.toml"))}


def find_row(word: str, rows: Mapping[str, Row], what: str, *, field: str) -> Row:
    """The row that a person's word names: by id, name or synonym, however spaced, hyphened or capitalized.

    IntentError on the field names the nearest id; `what` is the word for a row ("genre").
    """
    wanted = _plain(word)
    for row_id, row in rows.items():
        known = (row_id, getattr(row, "name", row_id), *getattr(row, "synonyms", ()))
        if wanted in map(_plain, known):
            return row
    raise IntentError(f"unknown {what} {word!r}{nearest(wanted, rows)}", field=field)


def _plain(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{path.name}: {error}") from None


def _row(file: str, key: str, columns: Any, kind: Any) -> Any:
    where = f"{file}[{key}]"
    if not key.isidentifier() or key != key.lower():
        raise TableError(f"{where}: an id is snake_case")
    if not isinstance(columns, dict):
        raise TableError(f"{where}: this is no row but a single value")
    known = {f.name: f for f in fields(kind) if f.name != "id"}
    for column in columns:
        if column not in known:
            raise TableError(f"{where}: unknown column {column!r}{nearest(column, known)}")
    for name, column in known.items():
        if name not in columns and column.default is MISSING and column.default_factory is MISSING:
            raise TableError(f"{where}: column {name!r} is missing")
    if "source" in known and not str(columns.get("source", "")).strip():
        raise TableError(f"{where}: every row names its source")
    try:
        return from_plain(kind, {"id": key, **columns})
    except IntentError as error:
        raise TableError(f"{where}: {error}") from None
