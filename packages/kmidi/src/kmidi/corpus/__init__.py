"""Many files: one row a file, on all cores or a Dask cluster, resumable after a kill at any moment."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import IntentError, NotFound
from .batches import in_batches
from .cluster import client_of, cluster, threads_of
from .ledger import Ledger, Stamp, check_ending, frame, write_table, writing
from .row import COLUMNS, Row, error_row, row_of
from .workers import Batch, Done, Load, cores, here

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Row", "corpus", "corpus_frame", "corpus_table", "row_of"]

MIDI_ENDINGS = (".mid", ".midi", ".kar", ".rmi", ".smf")
Progress = Callable[[int, int], object]  # files done, files in all


def corpus_table(
    folder: Path | str,
    table: Path | str,
    *,
    workers: int | None = None,
    dask: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """Write one row a MIDI file under `folder` to a .parquet, .csv or .jsonl table, sorted by file; returns the rows.

    A run over this folder that was killed goes on where it stopped, from `<table>.ledger`; a file that changed since
    is done again.
    For the rest see corpus.
    """
    table = Path(table)
    check_ending(table)
    with Ledger(table, Path(folder)) as ledger:
        rows = corpus(folder, workers=workers, dask=dask, scheduler=scheduler, progress=progress, ledger=ledger)
        with writing(table):
            write_table(rows, table)
            ledger.forget()
    return rows


def corpus_frame(
    folder: Path | str, *, workers: int | None = None, dask: int | None = None, scheduler: str | None = None
) -> pd.DataFrame:
    """The same rows as a pandas DataFrame; missing readings are pandas.NA. For the arguments see corpus."""
    return frame(corpus(folder, workers=workers, dask=dask, scheduler=scheduler))


def corpus(
    folder: Path | str,
    *,
    workers: int | None = None,
    dask: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    ledger: Ledger | None = None,
) -> list[Row]:
    """One row for each MIDI file under a folder, sorted by path; a file that can't be read is a row that says why, and
    so is a folder. Links to files are followed, links to folders are not.

    `workers` processes of this machine (all cores by default, 1: this process), or a local Dask cluster of `dask`
    workers, or the cluster whose scheduler answers at `scheduler` ("tcp://host:8786"); rows are the same everywhere.
    NotFound where there is no MIDI file, StudioUnavailable where there is no such cluster.
    """
    if (workers is not None) + (dask is not None) + (scheduler is not None) > 1:
        raise IntentError("one of workers, dask and scheduler says who does the work", field="workers")
    for name, count in (("workers", workers), ("dask", dask)):
        if count is not None and count < 1:
            raise IntentError(f"{name} is {count}; legal: 1 or more", field=name)
    paths = midi_files(Path(folder))
    stamps = {name: _stamp(path) for name, path in paths.items()}
    rows = {name: ledger.done[name][1] for name in paths if ledger and ledger.has(name, stamps[name])}
    left = [name for name in paths if name not in rows]
    batches: list[list[str]] = []
    unread: dict[str, Row] = {}

    def load(number: int) -> Batch:
        found: Batch = []
        for name in batches[number]:
            try:
                found.append((name, paths[name].read_bytes()))
            except OSError as error:
                unread[name] = error_row(name, f"can't read: {error.strerror}")
        return found

    if progress:
        progress(len(rows), len(paths))
    with _hands(len(left), workers, dask, scheduler) as (count, work):
        batches += in_batches({name: max(0, stamps[name][0]) for name in left}, count)
        for number, found in work(range(len(batches)), load):
            found = found + [unread[name] for name in batches[number] if name in unread]
            rows |= {str(row["file"]): row for row in found}
            if ledger:
                ledger.add((stamps[str(row["file"])], row) for row in found)
            if progress:
                progress(len(rows), len(paths))
    return [rows[name] for name in paths]


def midi_files(folder: Path) -> dict[str, Path]:
    """The MIDI files under a folder, and the folders that can't be read, by their path within it, sorted.

    NotFound where there is none, IntentError where the folder itself can't be read.
    """
    shut: list[OSError] = []
    paths = [
        path
        for parent, _, names in os.walk(folder, onerror=shut.append)
        for path in map(Path(parent).joinpath, names)
        if path.suffix.casefold() in MIDI_ENDINGS and _may_be_read(path)
    ]
    if shut and Path(shut[0].filename) == folder and folder.exists():
        raise IntentError(f"can't read {str(folder)!r}: {shut[0].strerror}", field="folder")
    paths += [Path(error.filename) for error in shut if Path(error.filename) != folder]
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    if not found:
        raise NotFound(f"no MIDI file under {str(folder)!r}; looked for {', '.join(MIDI_ENDINGS)}")
    return dict(sorted(found.items()))


def _may_be_read(path: Path) -> bool:
    """False for what is there and no file: one would wait for ever for a pipe to end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True  # its row will say why not


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)


@contextmanager
def _hands(
    count: int, workers: int | None, dask: int | None, scheduler: str | None
) -> Generator[tuple[int, Callable[[range, Load], Done]]]:
    """Who does the work on so many files: how many at once, and how batches become rows."""
    if dask is not None or scheduler is not None:
        with client_of(dask, scheduler) as client:
            yield threads_of(client), lambda numbers, load: cluster(numbers, load, client)
        return
    workers = min(workers or os.cpu_count() or 1, max(1, count))
    yield workers, here if workers == 1 else lambda numbers, load: cores(numbers, load, workers)
