"""`kmidi corpus`: many files, one table."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from ..corpus import COLUMNS, corpus_table


class _Bar:
    """A line on stderr that is drawn over, where a person looks at it; else a line every half minute."""

    def __init__(self) -> None:
        self.began, self.first, self.said = time.monotonic(), -1, 0.0

    def __call__(self, done: int, total: int) -> None:
        self.first = done if self.first < 0 else self.first
        now = time.monotonic()
        person = sys.stderr.isatty()
        if now - self.said < (0.2 if person else 30) and done < total:
            return
        self.said = now
        rate = (done - self.first) / max(now - self.began, 1e-9)
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        full = 30 * done // max(total, 1)
        line = f"[{'#' * full}{'-' * (30 - full)}] {done}/{total} files, {rate:.0f}/s{left}"
        click.echo(f"\r{line:<79}" if person else line, nl=not person or done == total, err=True)


def columns_help() -> str:
    """The columns in their order, and what their numbers are."""
    units = (
        "In _s seconds, _ms milliseconds, _bpm quarter notes a minute, _bits, _bars, _pitch MIDI pitches (60 is C4), _velocity "
        "1 to 127, _share and _confidence 0 to 1; valence and arousal -1 to 1; swing_ratio long over short; quadrant 1 happy, 2 tense, "
        "3 sad, 4 calm; melody_part from 0; other numbers count. Empty: it can't be told."
    )
    return f"Columns: {', '.join(COLUMNS)}.\n\n{units}"


@click.command("corpus", epilog=columns_help())
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The table: .parquet, .csv or .jsonl.",
)
@click.option("--workers", type=int, help="Processes on this machine; all cores by default.")
@click.option("--dask", type=int, help="Workers of a Dask cluster started for this run (needs kmidi[dask]).")
@click.option("--scheduler", help="The Dask scheduler of a running cluster: tcp://host:8786.")
def corpus_command(folder: Path, output: Path, workers: int | None, dask: int | None, scheduler: str | None) -> None:
    """Analyze every MIDI file under FOLDER into one table, a row a file.

    A run that was stopped, however hard, goes on where it was: start it again. A file or a folder that
    can't be read is a row with its reason in the column `error`. Links to folders are not followed.
    """
    rows = corpus_table(folder, output, workers=workers, dask=dask, scheduler=scheduler, progress=_Bar())
    wrong = sum(row["error"] is not None for row in rows)
    click.echo(f"{output}: {len(rows)} files, {wrong} of them with an error")
