"""`kmidi change`: a MIDI file in, a transform, a MIDI file out."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite, nan
from pathlib import Path
from typing import Any

import click

from ..codec import from_json, to_json, to_plain
from ..errors import IntentError, KmidiError, MidiError, NotFound, counted, nearest
from ..intent import Feeling
from ..midi import read
from ..studio import LocalStudio, changed_bundle
from ..studio.change import FOUND
from ..tables import emotions, find_row
from ..theory import Key
from ..transforms import TECHNIQUES, TRANSFORMS, Argument, Step, arguments_of, extract_groove, what_it_does
from .files import MIDI_ENDINGS, PIPE, InputPath, OutputPath, ending_of, read_input, say, write_output


def step_of(transform: str, words: tuple[str, ...]) -> Step:
    """A transform and its name=value words as a step; each value is read as its argument's type wants it.

    IntentError for a transform or argument that is not there, with the nearest, and for a value that can't be read.
    """
    if transform not in TRANSFORMS:
        raise IntentError(f"unknown transform {transform!r}{nearest(transform, TRANSFORMS)}", field="transform")
    known = {argument.name: argument for argument in arguments_of(transform)}
    arguments: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            example = next(
                (f"{a.name}={_KINDS.get(a.type, (a.type, None))[0]}" for a in known.values() if a.needed), ""
            )
            raise IntentError(
                f"argument {word!r} has no value; legal: name=value{f', such as {example}' if example else ''}",
                field="arguments",
            )
        if name not in known:
            raise IntentError(f"{transform} has no argument {name!r}{nearest(name, known)}", field=name)
        if name in arguments:
            raise IntentError(f"{name} is given twice; legal: once", field=name)
        parse = _KINDS.get(known[name].type, ("", _json))[1]
        try:
            arguments[name] = to_plain(_json(value) if value[:1] in ("[", "{") else parse(value))
        except ValueError as error:
            if isinstance(error, KmidiError):
                raise
            raise IntentError(f"{name} is {value!r}; legal: {error}", field=name) from None
    return Step(transform=transform, arguments=arguments)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number") from None


def _number(text: str) -> float:
    """A number, or a fraction such as 1/3."""
    above, stroke, below = text.partition("/")
    try:
        value = float(above) / (float(below) if stroke else 1)
    except (ValueError, ZeroDivisionError):
        value = nan
    if not isfinite(value):
        raise ValueError("a number, such as 0.5 or 1/3")
    return value


def _feeling(text: str) -> Feeling:
    numbers = text.split(",")
    if len(numbers) == 1:
        row = find_row(text, emotions(), "emotion", field="after")
        return Feeling(valence=row.valence, arousal=row.arousal)
    try:
        valence, arousal = map(float, numbers)
    except ValueError:
        raise IntentError(
            f"feeling is {text!r}; legal: an emotion, or valence,arousal such as -0.6,0.3", field="after"
        ) from None
    return Feeling(valence=valence, arousal=arousal)


def _groove(text: str) -> Any:
    """The groove of a part of a file: `drums.mid` (its drums, else its part with most notes) or `song.mid:Piano`."""
    path, name = Path(text), ""
    if not path.is_file() and ":" in text:
        head, _, name = text.rpartition(":")
        path = Path(head)
    if not path.is_file():
        raise NotFound(
            f"no file {text!r} to take a groove from; legal: drums.mid, or song.mid:Piano for one part of it"
        )
    try:
        score = read(path.read_bytes())
    except MidiError as error:
        raise MidiError(f"{path}: {error}") from None
    if not name:
        best = max(range(len(score.parts)), key=lambda at: (score.parts[at].is_drums, len(score.parts[at].notes)), default=None)  # fmt: skip
        name = "" if best is None else score.labels[best]
    return extract_groove(score, part=name)


# How an argument of a type is named to a person, and read from what one types. Lists and objects may be JSON as well.
_KINDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "Feeling": ("grief|-0.6,0.3", _feeling),
    "GrooveTemplate": ("drums.mid|song.mid:Piano", _groove),
    "Key": ("Am", Key.parse),
    "float": ("1.0", _number),
    "int": ("3", _whole),
    "str": ("name", str),
    "str | None": ("name", str),
    "tuple[str, ...]": ("Piano,Bass", lambda text: [name.strip() for name in text.split(",")]),
}


def _recipe(path: Path) -> tuple[Step, ...]:
    data = read_input(path)
    try:
        return from_json(tuple[Step, ...], data)
    except IntentError as error:
        why = f"{path.name} is no recipe: {error}; legal: a list of steps, as --json prints it"
        raise IntentError(why, field="recipe") from None


def transforms_help() -> str:
    """Each transform with its arguments and what it does; what is in brackets may be left out."""
    lines = ["\b", "Transforms; arguments in brackets may be left out:"]
    for name in TRANSFORMS:
        words = " ".join(map(_said, arguments_of(name)))
        lines += [f"  {name} {words}", f"      {what_it_does(name)}"]
    techniques = ", ".join(sorted(TECHNIQUES))
    return "\n".join([*lines, f"Techniques of reharmonize: {techniques}."])


def _said(argument: Argument) -> str:
    value = _KINDS.get(argument.type, (argument.type, str))[0]
    if argument.name in FOUND:
        return f"[{argument.name}=as heard]"
    if argument.needed:
        return f"{argument.name}={value}"
    default = {None: "all", 1 / 3: "1/3"}.get(argument.default, argument.default)
    return f"[{argument.name}={default}]"


@click.command("change", epilog=transforms_help())
@click.argument("file", type=InputPath())
@click.argument("transform", required=False)
@click.argument("arguments", nargs=-1)
@click.option("--recipe", type=InputPath(), help="A JSON list of steps to apply.")
@click.option(
    "-o",
    "--output",
    type=OutputPath((*MIDI_ENDINGS, "kar", "zip")),
    required=True,
    help="The MIDI file to write; .zip adds a stem for each part, and the steps.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the steps as a recipe.")
def change_command(
    file: Path, transform: str | None, arguments: tuple[str, ...], recipe: Path | None, output: Path, as_json: bool
) -> None:
    """Change FILE by a TRANSFORM with name=value ARGUMENTS, or by the steps of a recipe.

    Such as: kmidi change song.mid transpose semitones=3 -o up.mid. Where a transform wants the key, the melody, the
    chords or the feeling and they are not given, they are what the analysis finds. Fewer steps of the recipe are the undo.
    Of parts with one name the second is named "Piano #2", of parts without a name the first "#1".
    Stems need no transform: kmidi change song.mid -o stems.zip. FILE and the output may be -, standard input and output.
    """
    zipped = ending_of(output) == "zip"
    if PIPE not in (file, output) and output.exists() and output.samefile(file):
        raise IntentError(
            f"{str(output)!r} is the file that is read; name another, so that nothing is lost", field="output"
        )
    if recipe is not None:
        if transform is not None:
            raise IntentError("a transform and a recipe are given; legal: one of them", field="recipe")
        steps = _recipe(recipe)
    elif transform is not None:
        steps = (step_of(transform, arguments),)
    elif zipped:
        steps = ()
    else:
        raise IntentError(f"no transform named; legal: {', '.join(TRANSFORMS)}", field="transform")
    changed = LocalStudio().change(read_input(file), steps)
    write_output(output, changed_bundle(changed) if zipped else changed.midi)
    if as_json:
        said = [to_json([to_plain(step) for step in changed.steps]).removesuffix("\n")]
    else:
        done = ", ".join(step.transform for step in changed.steps) or (
            counted(len(changed.score.parts), "stem") if zipped else "nothing changed"
        )
        said = [f"{output}: {done}", *(f"  {c.what}: {c.before} → {c.after}: {c.why}" for c in changed.changes)]
    for line in said:
        say(line, output)
