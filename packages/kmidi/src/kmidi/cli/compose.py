"""`kmidi compose`: a sentence becomes a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from ..codec import to_json
from ..errors import IntentError, counted, told_together
from ..intent import Feeling, HitPoint, Intent, SectionWish
from ..studio import LocalStudio, Take, explain
from .files import InputPath, OutputPath, integer, models_option, number, own_path, read_recipe, say, write_take


def _sections(text: str | None) -> tuple[SectionWish, ...] | None:
    if text is None:
        return None
    wishes: list[SectionWish] = []
    for item in text.split(","):
        name, colon, bars = item.partition(":")
        if not colon or not re.fullmatch(r"\s*\d{1,9}\s*", bars):
            raise IntentError(
                f"section {item!r} has no length; legal: name:bars, such as verse:8,chorus:8", field="sections"
            )
        wishes.append(SectionWish(name=name.strip(), bars=int(bars)))
    return tuple(wishes)


def _point(text: str) -> Feeling:
    valence, comma, arousal = text.partition(",")
    try:
        return Feeling(valence=float(valence), arousal=float(arousal if comma else "nan"))
    except ValueError:
        raise IntentError(
            f"point {text!r} is no valence,arousal pair; legal: two numbers -1..1, such as -0.7,0.2", field="trajectory"
        ) from None


@click.command("compose")
@click.argument("text", required=False)
@click.option(
    "-o",
    "--output",
    type=OutputPath(),
    help="Where to write; .zip gives the whole bundle, .wav .flac .ogg the sound, .svg the piano roll; by default a name made from the music.",
)
@click.option("--emotion", help="A named emotion, such as grief.")
@click.option("--valence", type=number, help="-1 (unpleasant) to 1.")
@click.option("--arousal", type=number, help="-1 (still) to 1 (stirred).")
@click.option("--via", multiple=True, metavar="V,A", help="A point of the feeling's path; repeat in order.")
@click.option("--key", help="A tonic, such as Bb, or a key, such as 'D dorian'.")
@click.option("--mode", help="A mode, such as minor or lydian.")
@click.option("--bpm", type=number, help="Quarter notes per minute, 20 to 300.")
@click.option("--meter", help="2/4 3/4 4/4 5/4 6/8 7/8 9/8 or 12/8.")
@click.option("--bars", type=integer, help="Length in bars, 1 to 512.")
@click.option("--seconds", type=number, help="Length in seconds, exact.")
@click.option("--sections", help="The form, such as verse:8,chorus:8,outro:4.")
@click.option("--form", help="The order of sections, such as 'verse chorus verse'.")
@click.option("--rise", type=integer, help="Semitones by which the last chorus is lifted, 0 to 6.")
@click.option("--genre", help="Such as pop or solo_piano.")
@click.option("--instrument", "instruments", multiple=True, help="An instrument that plays; repeat for more.")
@click.option("--without", multiple=True, help="An instrument or role to leave out; repeat for more.")
@click.option("--drums", help="What the kit plays, such as half_time or four_on_floor.")
@click.option("--arc", help="A narrative arc, such as slow_reveal.")
@click.option("--rule-break", "rule_breaks", multiple=True, help="A rule to break on purpose; repeat for more.")
@click.option("--vulnerability", type=number, help="How exposed to be, 0 to 1.")
@click.option("--humanize", type=number, help="0 is the grid exactly, 1 a player.")
@click.option("--hit", "hits", multiple=True, help="A moment to meet, such as '0:07.5=the door opens'.")
@click.option("--loop", is_flag=True, help="Make the end flow into the start.")
@click.option("--seed", type=integer, default=0, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--recipe",
    type=InputPath(),
    help="A recipe.json, or a bundle, to recreate.",
)
@models_option
@click.option("--json", "as_json", is_flag=True, help="Print the reading and the plan as JSON.")
@click.option("--explain", "explained", is_flag=True, help="Print why the music is as it is.")
def compose_command(
    text: str | None, output: Path | None, via: tuple[str, ...], sections: str | None, hits: tuple[str, ...], recipe: Path | None, models: Path | None,
    as_json: bool, explained: bool, instruments: tuple[str, ...], rule_breaks: tuple[str, ...], **said: object,
) -> None:  # fmt: skip
    """Turn words into a MIDI file.

    TEXT is a sentence about what hurts or what you long for. What you set always wins over what was read.
    """
    if recipe is not None:
        intent = read_recipe(recipe)
    else:
        given: dict[str, Any] = {
            "text": text,
            "instruments": instruments or None,
            "rule_breaks": rule_breaks or None,
            **said,
        }
        with told_together() as each:
            with each:
                given["trajectory"] = tuple(map(_point, via)) or None
            with each:
                given["sections"] = _sections(sections)
            with each:
                given["hits"] = tuple(map(HitPoint.parse, hits))
            with each:
                Intent(**given)
        intent = Intent(**given)
    intent.require_feeling()
    take = LocalStudio(models).compose(intent)
    path = output or own_path(take)
    write_take(take, path)
    if as_json:
        told = to_json({"file": str(path), "affect": take.affect, "plan": take.plan})
    else:
        told = explain(take.plan) if explained else summary(take, path)
    say(told.removesuffix("\n"), path)


def summary(take: Take, path: Path) -> str:
    """One line about a take that was written."""
    plan = take.plan
    return f"{path}: {counted(plan.bars, 'bar')} of {plan.meter} in {plan.key} at {plan.bpm:.4g} bpm, {take.score.seconds:.1f} s"
