"""What the commands read and write: takes as files, intents from recipes."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click

from ..codec import from_json, from_plain
from ..errors import IntentError, NotFound, closest, nearest
from ..intent import Intent
from ..render.picture import picture
from ..render.sound import Format, sound
from ..studio import Take, bundle

_Command = TypeVar("_Command", bound=Callable[..., Any])
MIDI_ENDINGS = ("", "mid", "midi")
ENDINGS = (*MIDI_ENDINGS, "zip", "svg", *get_args(Format))
PIPE = Path("-")  # standard input and output, as other commands have it


class InputPath(click.Path):
    """A file to read, which is there; - is standard input, unless the command talks (`pipe=False`)."""

    def __init__(self, *, pipe: bool = True) -> None:
        super().__init__(dir_okay=False, path_type=Path, allow_dash=pipe)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; NotFound for a file that is not there, with the nearest name in its folder."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path == PIPE and not self.allow_dash:
            raise IntentError("- is where you talk; name a file", field=param.name if param and param.name else "file")
        if path == PIPE or path.exists():
            return path
        if not path.parent.is_dir():
            raise NotFound(f"no file {str(path)!r}: there is no folder {str(path.parent)!r}")
        meant = closest(path.name, sorted(file.name for file in path.parent.iterdir() if file.is_file()))
        raise NotFound(f"no file {str(path)!r}" + (f"; did you mean {str(path.with_name(meant))!r}?" if meant else ""))


def read_input(path: Path) -> bytes:
    """What lies in a file, or comes by standard input; IntentError where it may not be read."""
    try:
        return sys.stdin.buffer.read() if path == PIPE else path.read_bytes()
    except OSError as error:
        raise IntentError(f"can't read {str(path)!r}: {error.strerror}", field="file") from None


class OutputPath(click.Path):
    """Where music may be written, known before any work is done: a known ending, in a folder that is there.

    - is standard output, unless the command talks there (`pipe=False`).
    """

    def __init__(self, endings: tuple[str, ...] = ENDINGS, *, pipe: bool = True) -> None:
        super().__init__(path_type=Path, allow_dash=pipe)
        self.endings = endings

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; IntentError for an ending that means nothing here and for a folder that is not there."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path == PIPE and not self.allow_dash:
            raise IntentError("- is where you are talked to; name a file", field="output")
        if ending_of(path) not in self.endings:
            legal = nearest(path.suffix, [f".{ending}" for ending in self.endings if ending])
            raise IntentError(f"unknown ending {path.suffix!r} of {str(path)!r}{legal}", field="output")
        if not path.parent.is_dir():
            raise IntentError(f"can't write {str(path)!r}: there is no folder {str(path.parent)!r}", field="output")
        return path


def integer(text: str) -> int | str:
    """A whole number for an Intent. What is none stays as it is: the Intent tells what is legal."""
    try:
        return int(text)
    except ValueError:
        return text


def number(text: str) -> float | str:
    """A number for an Intent. What is none stays as it is: the Intent tells what is legal."""
    try:
        return float(text)
    except ValueError:
        return text


def models_option(command: _Command) -> _Command:
    """The option --models of every command that reads words."""
    option = click.option(
        "--models", type=click.Path(path_type=Path), metavar="FOLDER",
        help="The folder of the stronger reader; by default the one that KMIDI_MODELS names.",
    )  # fmt: skip
    return option(command)


def ending_of(path: Path) -> str:
    """What a path ends in, in small letters, without the dot."""
    return path.suffix.casefold().removeprefix(".")


def own_path(take: Take) -> Path:
    """Where a take is written if no one says: under its own name, numbered where that is another file's. That one may have
    been worked on.
    """
    plain = path = Path(take.name)
    for number in count(2):
        if not path.exists() or read_input(path) == take.midi:
            break
        path = plain.with_stem(f"{plain.stem}_{number}")
    return path


def write_take(take: Take, path: Path) -> None:
    """What a path's ending asks for: .mid or nothing MIDI, .zip the whole bundle, .svg the piano roll, else the sound.

    What could not be read in the words is said on stderr. IntentError where it can't be written.
    """
    for warning in take.affect.warnings:
        click.echo(f"kmidi: {warning}", err=True)
    ending = ending_of(path)
    if ending == "zip":
        data = bundle(take)
    elif ending in get_args(Format):
        data = sound(take.score, cast(Format, ending))
    else:
        data = picture(take.score).encode() if ending == "svg" else take.midi
    write_output(path, data)


def write_output(path: Path, data: bytes) -> None:
    """Write a file, or to standard output; IntentError where it can't be written."""
    try:
        if path == PIPE:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            path.write_bytes(data)
    except OSError as error:
        raise IntentError(f"can't write {str(path)!r}: {error.strerror}", field="output") from None


def say(line: str, path: Path) -> None:
    """A line about what was written there: on stderr where the music itself goes to standard output."""
    click.echo(line, err=path == PIPE)


def read_recipe(path: Path) -> Intent:
    """The Intent of a recipe.json, of a bundle that holds one, or of a bare Intent in JSON."""
    data = read_input(path)
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = archive.read("recipe.json")
        except (KeyError, zipfile.BadZipFile):
            raise IntentError(
                f"{str(path)!r} holds no recipe.json; give a bundle that kmidi wrote, or a recipe", field="recipe"
            ) from None
    try:
        value = from_json(dict[str, Any], data)
    except IntentError as error:
        raise IntentError(
            f"{str(path)!r} is no recipe: {error}; give a bundle that kmidi wrote, or a recipe.json", field="recipe"
        ) from None
    return from_plain(Intent, value.get("intent", value))
