"""`kmidi change`: a MIDI file in, a transform, a MIDI file out."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..analysis import analyze
from ..codec import from_json, to_json, to_plain
from ..errors import IntentError, TooLittleMusic
from ..midi import read, write
from ..score import Score
from ..theory import Key
from ..transforms import TRANSFORMS, Step, apply_steps


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
    score = read(file.read_bytes())
    if recipe is not None:
        steps = from_json(tuple[Step, ...], recipe.read_bytes())
    elif transform is not None:
        score, step = _complete(score, Step(transform=transform, arguments=dict(map(_argument, arguments))))
        steps = (step,)
    else:
        raise IntentError(f"no transform named; legal: {', '.join(TRANSFORMS)}", field="transform")
    changed = apply_steps(score, steps)
    try:
        output.write_bytes(write(changed))
    except OSError as error:
        raise IntentError(f"can't write {str(output)!r}: {error.strerror}", field="output") from None
    click.echo(
        to_json([to_plain(step) for step in steps])
        if as_json
        else f"{output}: {', '.join(s.transform for s in steps)}",
        nl=not as_json,
    )


def _argument(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise IntentError(f"argument {text!r} has no value; legal: name=value, such as semitones=3", field="arguments")
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = value
    return name, to_plain(Key.parse(value)) if name == "key" and isinstance(parsed, str) else parsed


def _complete(score: Score, step: Step) -> tuple[Score, Step]:
    """The step with what the analysis can fill in, and the score with chords where the transform needs them."""
    if step.transform not in TRANSFORMS:
        return score, step  # apply_steps says what is legal
    wanted = set(inspect.signature(TRANSFORMS[step.transform]).parameters) - set(step.arguments)
    needs_chords = step.transform == "reharmonize" and not score.chords
    if not wanted & {"key", "melody"} and not needs_chords:
        return score, step
    analysis = analyze(score)
    found: dict[str, Any] = {}
    if "key" in wanted:
        if analysis.key is None:
            raise TooLittleMusic("no key can be told here; give key=...")
        found["key"] = to_plain(analysis.key)
    if "melody" in wanted:
        pitched = [part for part in score.parts if not part.is_drums and len(part.notes)]
        if not pitched:
            raise TooLittleMusic("no part has pitches")
        found["melody"] = next(
            (p.name for p in pitched if p.role == "melody"),
            max(pitched, key=lambda p: float(p.notes["pitch"].mean())).name,
        )
    if needs_chords:
        score = replace(score, chords=analysis.chords)
    return score, Step(transform=step.transform, arguments={**found, **step.arguments})
