"""The strict reader of tables: every column known, every row with a source. A row is read when it is first asked for.

A person's own rows, in the folder of KMIDI_DATA, are laid over kmidi's.
"""

from __future__ import annotations

import gzip
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..codec import from_plain
from ..errors import IntentError, TableError, closest, nearest

Row = TypeVar("Row")
Columns = Callable[[], Any]  # reads what stands in a row
SETTING = "KMIDI_DATA"  # the folder of a person's own tables and sound fonts
GENRES = "genres"
OWN = (
    "emotions.toml",
    "grooves.toml",
    "harmonies.toml",
    "instruments.toml",
    "progressions.toml",
    "rule_breaks.toml",
    "textures.toml",
)
_HERE = Path(__file__).parent
_HEAD = re.compile(r"^\[\[? *([^\]\s.]+)", re.MULTILINE)  # where a row, or a table within it, begins


def table_path(name: str) -> Path:
    """Where a table that came with kmidi lies."""
    return _HERE / name


def data_folder() -> Path | None:
    """The folder that KMIDI_DATA names, None where it is unset. TableError where it is not there or can't be read."""
    named = os.environ.get(SETTING, "")
    if not named:
        return None
    if not Path(named).is_dir():
        raise TableError(f"{SETTING} is {named!r}; no such folder")
    files_in(Path(named))
    return Path(named)


def files_in(folder: Path) -> list[Path]:
    """What lies in a person's folder, sorted; nothing where it is not there. TableError where it can't be read."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise TableError(f"{SETTING}: can't read {folder}: {error.strerror}") from None


class Rows(Mapping[str, Row], Generic[Row]):
    """Rows by id, sorted. TableError where a row that is asked for is wrong; `list(rows.values())` asks for all."""

    __slots__ = ("_reads", "_rows")

    def __init__(self, reads: Mapping[str, Callable[[], Row]]) -> None:
        self._reads = dict(sorted(reads.items()))
        self._rows: dict[str, Row] = {}

    def __getitem__(self, row_id: str) -> Row:
        row = self._rows.get(row_id)
        if row is None:
            row = self._rows[row_id] = self._reads[row_id]()
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._reads)

    def __len__(self) -> int:
        return len(self._reads)

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._reads


def load_rows(path: Path, kind: type[Row]) -> Rows[Row]:
    """The rows of a TOML file; a row is `[id]` with the columns of a dataclass `kind`. Those of a person's own file
    replace them.

    TableError names file, row and column: at once for ids that are not snake_case or out of order, at the row for unknown
    or missing columns, wrong types, no source.
    """
    own = _own(path) if path.name.removesuffix(".gz") in OWN else None
    return Rows(_reads((path, own) if own is not None and own in files_in(own.parent) else (path,), kind))


def read_rows(path: Path, kind: type[Row]) -> Rows[Row]:
    """The rows of one TOML file alone. TableError as load_rows."""
    return Rows(_reads((path,), kind))


def _reads(files: tuple[Path, ...], kind: type[Row]) -> dict[str, Callable[[], Row]]:
    """What reads each row of all files, a later one's over those before."""
    reads: dict[str, Callable[[], Row]] = {}
    for file in files:
        previous = ""
        for key, columns in _columns(file).items():
            if key <= previous:
                raise TableError(f"{_said(file)}[{key}]: rows are sorted by id; it stands behind {previous!r}")
            previous = key
            reads[key] = partial(_row, _said(file), key, columns, kind)
    return reads


def load_folder(path: Path, kind: type[Row]) -> Rows[Row]:
    """The rows of a TOML file, and a person's own, which lie one a file in the folder called as it: a file's name is the id,
    its top level the columns. TableError as load_rows.
    """
    folder = _own(path.with_name(path.name.split(".")[0]))
    reads = _reads((path,), kind)
    for own in files_in(folder) if folder else ():
        if own.suffix == ".toml":
            columns = partial(_parse, _said(own), table_text(own))
            reads[own.stem] = partial(_row, _said(own), own.stem, columns, kind)
    return Rows(reads)


def _own(path: Path) -> Path | None:
    """Where a person's own counterpart of a table of kmidi's would lie, unpacked."""
    folder = data_folder() if path.parent == _HERE else None
    return folder / path.name.removesuffix(".gz") if folder else None


def _said(path: Path) -> str:
    """A file's name in a message: bare where it is kmidi's, with its folder where it is a person's own."""
    return path.name if path.is_relative_to(_HERE) else str(path)


def find_row(word: str, rows: Mapping[str, Row], what: str, *, field: str) -> Row:
    """The row that a person's word names: by id, name or synonym, else as the nearest, however it is spaced or capitalized.

    IntentError on the field names the nearest id; `what` is the word for a row ("genre").
    """
    wanted = _plain(word)
    if wanted in rows:
        return rows[wanted]
    spelled: dict[str, str] = {}
    for names in ("synonyms", "near", "scenes"):
        for row_id, row in rows.items():
            for name in (row_id, getattr(row, "name", row_id), *getattr(row, names, ())):
                spelled.setdefault(_plain(name), row_id)
    if wanted in spelled:
        return rows[spelled[wanted]]
    meant = closest(wanted, spelled)
    raise IntentError(f"unknown {what} {word!r}{nearest(spelled.get(meant or '', wanted), rows)}", field=field)


def _plain(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def table_text(path: Path) -> str:
    """What stands in a table, unpacked where it lies packed. TableError where it can't be read."""
    try:
        if path.suffix == ".gz":
            return gzip.decompress(path.read_bytes()).decode()
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{_said(path)}: {error}") from None


def _columns(path: Path) -> dict[str, Columns]:
    """What reads the columns of each row, by its id."""
    text, said = table_text(path), _said(path)
    if not path.is_relative_to(_HERE):  # a person may write any TOML
        whole = _parse(said, text)
        rows = {key: partial(whole.get, key) for key in whole}
    else:
        rows = {key: partial(_of_row, said, row, key) for key, row in _cut(said, text).items()}
    if not rows:
        raise TableError(f"{said}: no rows")
    return rows


def _of_row(file: str, text: str, key: str) -> Any:
    return _parse(file, text).get(key)


def _cut(file: str, text: str) -> dict[str, str]:
    """The text of each row of one of kmidi's own tables, from its head to the next row's: parsing all of it takes long, and
    few rows are asked for. No line within a row begins with a bracket there.
    """
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    texts: dict[str, str] = {}
    last = ""
    for head, end in zip(heads, ends, strict=True):
        key = head[1]
        if key in texts and key != last:
            raise TableError(f"{file}[{key}]: this id stands twice")
        texts[key] = texts.get(key, "") + text[head.start() : end]
        last = key
    return texts


def _parse(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{file}: {error}") from None


def _row(file: str, key: str, read: Columns, kind: Any) -> Any:
    where, columns = f"{file}[{key}]", read()
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
