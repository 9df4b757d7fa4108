"""`kmidi change`: a MIDI file in, a transform, a MIDI file out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..codec import from_json, to_json, to_plain
from ..errors import IntentError
from ..studio import LocalStudio
from ..theory import Key
from ..transforms import TRANSFORMS, Step


@click.command("change")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("transform", required=False)
@click.argument("arguments", nargs=-1)
@click.option(
    "--recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A JSON list of steps to apply."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The MIDI file to write.")
@click.option("--json", "as_json", is_flag=True, help="Print the steps as a recipe.")
def change_command(
    file: Path, transform: str | None, arguments: tuple[str, ...], recipe: Path | None, output: Path, as_json: bool
) -> None:
    """Change FILE by a TRANSFORM with name=value ARGUMENTS, or by the steps of a recipe.

    Such as: kmidi change song.mid transpose semitones=3 -o up.mid. Where a transform wants the key, the melody or the
    chords and they are not given, they are what the analysis finds. Fewer steps of the recipe are the undo.
    """
    if recipe is not None:
        steps = from_json(tuple[Step, ...], recipe.read_bytes())
    elif transform is not None:
        steps = (Step(transform=transform, arguments=dict(map(_argument, arguments))),)
    else:
        raise IntentError(f"no transform named; legal: {', '.join(TRANSFORMS)}", field="transform")
    changed = LocalStudio().change(file.read_bytes(), steps)
    try:
        output.write_bytes(changed.midi)
    except OSError as error:
        raise IntentError(f"can't write {str(output)!r}: {error.strerror}", field="output") from None
    click.echo(
        to_json([to_plain(step) for step in changed.steps])
        if as_json
        else f"{output}: {', '.join(s.transform for s in changed.steps)}",
        nl=not as_json,
    )
    for change in () if as_json else changed.changes:
        click.echo(f"  {change.what}: {change.before} → {change.after}: {change.why}")


def _argument(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise IntentError(f"argument {text!r} has no value; legal: name=value, such as semitones=3", field="arguments")
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = value
    return name, to_plain(Key.parse(value)) if name == "key" and isinstance(parsed, str) else parsed
