"""The command: `kmidi`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from ..errors import IntentError, KmidiError, MidiError, NotFound, StudioUnavailable, TableError, TooLittleMusic
from .again import again_command
from .analyze import analyze_command
from .change import change_command
from .compose import compose_command
from .corpus import corpus_command
from .interview import interview_command
from .up import up_command

EXIT_CODES: dict[type[KmidiError], int] = {
    IntentError: 2,
    MidiError: 3,
    TooLittleMusic: 4,
    TableError: 5,
    NotFound: 6,
    StudioUnavailable: 7,
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kmidi")
def cli() -> None:
    """Turn a feeling, in your own words, into multi-track MIDI; understand and change MIDI files."""


for command in (
    again_command,
    analyze_command,
    change_command,
    compose_command,
    corpus_command,
    interview_command,
    up_command,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; errors that kmidi knows end in a line for each wrong thing on stderr and the code in EXIT_CODES."""
    try:
        cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except KmidiError as error:
        for _, text in getattr(error, "wrong", (("", str(error)),)):
            click.echo(f"kmidi: {text}", err=True)
        sys.exit(EXIT_CODES.get(type(error), 1))
    except click.Abort:
        click.echo("kmidi: stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
