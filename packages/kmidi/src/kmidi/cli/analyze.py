"""`kmidi analyze`: what is in a file."""

from __future__ import annotations

from pathlib import Path

import click

from ..analysis import analyze, describe
from ..codec import to_json
from ..midi import read
from .files import InputPath, read_input


@click.command("analyze")
@click.argument("file", type=InputPath())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def analyze_command(file: Path, as_json: bool) -> None:
    """Say what is in a MIDI file: key, meter, tempo, chords and more, each with how sure it is.

    FILE may be -, standard input.
    """
    score = read(read_input(file))
    analysis = analyze(score)
    click.echo(to_json(analysis) if as_json else describe(analysis, score), nl=not as_json)
