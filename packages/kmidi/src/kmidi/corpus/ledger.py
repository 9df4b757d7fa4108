"""What a long run has done so far, on disk, so that a kill at any moment loses no finished file.

One line a file is appended to `<table>.ledger`; a line that a kill cut short is dropped and its file done again. The
table itself is written whole, beside its place, and moved there in one step; then the ledger goes.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import IntentError, nearest
from .row import COLUMNS, Row, Value

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".parquet", ".csv", ".jsonl")
Stamp = tuple[int, int]  # bytes and time of change of a file, which tell that it is still the same


class Ledger:
    """The rows done for a table of a folder: those that an earlier run left, and those that this run adds.

    IntentError where they can't be written.
    """

    def __init__(self, table: Path, folder: Path) -> None:
        check_ending(table)
        self.table = table
        self.path = table.with_name(table.name + ".ledger")
        self.done: dict[str, tuple[Stamp, Row]] = {}
        with writing(table):
            self._file = self._begun(folder)

    def _begun(self, folder: Path) -> BinaryIO:
        """The ledger's file, with what of it still holds."""
        head = json.dumps({"kmidi": version("kmidi"), "columns": list(COLUMNS), "folder": str(folder.resolve())})
        whole = self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []
        if whole and whole[0] != head.encode():
            whole = []  # another version counted other things, another folder has other files by these names
        kept = [head.encode()]
        for line in whole[1:]:
            try:
                stamp, values = json.loads(line)
                row: Row = dict(zip(COLUMNS, values, strict=True))
            except ValueError:
                continue
            kept.append(line)
            self.done[str(row["file"])] = ((stamp[0], stamp[1]), row)
        swap(self.path, b"\n".join(kept) + b"\n")
        return self.path.open("ab")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with writing(self.table):
            self._file.close()

    def has(self, name: str, stamp: Stamp) -> bool:
        """True where the row of this very file is there."""
        return name in self.done and self.done[name][0] == stamp

    def add(self, rows: Iterable[tuple[Stamp, Row]]) -> None:
        """Rows that are done, on disk when this returns."""
        with writing(self.table):
            for stamp, row in rows:
                self._file.write(json.dumps([stamp, list(row.values())]).encode() + b"\n")
                self.done[str(row["file"])] = (stamp, row)
            self._file.flush()

    def forget(self) -> None:
        """The table stands: the ledger has done its work."""
        self._file.close()
        self.path.unlink(missing_ok=True)  # another run for this table may have done its own


@contextmanager
def writing(table: Path) -> Generator[None]:
    """What is done within writes a table or its ledger: IntentError where that can't be."""
    try:
        yield
    except OSError as error:
        raise IntentError(f"can't write {str(table)!r}: {error.strerror or error}", field="output") from None


def swap(path: Path, data: bytes) -> None:
    """Put a whole file in its place in one step; where that fails nothing is left."""
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


class _Lines(io.StringIO):
    """Lines of a CSV file. The writer puts what holds a byte of its line's end in quotes, so its lines end with both
    that readers know; here with one.
    """

    def write(self, text: str, /) -> int:
        return super().write(text.removesuffix("\r\n") + "\n")


def check_ending(table: Path) -> None:
    """IntentError for a table that no known ending tells how to write."""
    if table.suffix.casefold() not in ENDINGS:
        raise IntentError(f"unknown kind of table {table.suffix!r}{nearest(table.suffix, ENDINGS)}", field="output")


def frame(rows: list[Row]) -> pd.DataFrame:
    """The rows as pandas has them: strings, Int64 and Float64, each with missing values.

    What is no text in a file's name is a question mark, as in every table.
    """
    import pandas as pd

    kinds: dict[Any, str] = {str: "string", int: "Int64", float: "Float64"}
    columns = {name: pd.array([_text(row[name]) for row in rows], dtype=kinds[kind]) for name, kind in COLUMNS.items()}
    return pd.DataFrame(columns)


def _text(value: Value) -> Value:
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def write_table(rows: list[Row], table: Path) -> None:
    """Write rows as Parquet (needs kmidi[frames]), CSV or one JSON object a line; never half of them."""
    check_ending(table)
    ending = table.suffix.casefold()
    if ending == ".parquet":
        out = io.BytesIO()
        frame(rows).to_parquet(out, index=False)
        data = out.getvalue()
    elif ending == ".csv":
        text = _Lines()
        writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode(errors="replace")
    else:
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(errors="replace")
    swap(table, data)
