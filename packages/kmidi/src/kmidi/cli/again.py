"""`kmidi again`: new takes of a take, with what is liked kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..errors import IntentError
from ..studio import LocalStudio, takes
from .compose import summary
from .files import PIPE, InputPath, OutputPath, integer, models_option, number, own_path, read_recipe, say, write_take


@click.command("again")
@click.argument("recipe", type=InputPath())
@click.option("-n", "count", type=click.IntRange(1, 64), default=1, show_default=True, help="How many takes.")
@click.option("--keep", "locks", multiple=True, help="chords, part:NAME, section:NAME or bars:A-B; repeat for more.")
@click.option("--direction", "directions", multiple=True, help="Such as calmer, braver, sparser; repeat for more.")
@click.option(
    "--seed", type=integer, help="The new seed; by default the next one, or the same where a direction is asked."
)
@click.option("--key", help="Another key: what is kept is transposed.")
@click.option("--bpm", type=number)
@click.option("--instrument", "instruments", multiple=True, help="Who plays now; what is kept moves into their range.")
@models_option
@click.option("-o", "--output", type=OutputPath(), help="Where to write; .zip gives the bundle.")
def again_command(
    recipe: Path, count: int, locks: tuple[str, ...], directions: tuple[str, ...], seed: int | None, key: str | None,
    bpm: float | None, instruments: tuple[str, ...], models: Path | None, output: Path | None,
) -> None:  # fmt: skip
    """Write new takes of RECIPE (a bundle, or its recipe.json); each names it as its parent."""
    if output == PIPE and count > 1:
        raise IntentError(f"{count} takes can't share standard output; name a file", field="output")
    parent = read_recipe(recipe)
    same = bool(directions or key or instruments)
    changed: dict[str, Any] = {"parent": parent, "locks": locks, "directions": (*parent.directions, *directions)}
    changed["seed"] = seed if seed is not None else parent.seed if same else parent.seed + 1
    changed |= {
        name: value
        for name, value in (("key", key), ("bpm", bpm), ("instruments", instruments or None))
        if value is not None
    }
    for at, take in enumerate(takes(LocalStudio(models), replace(parent, **changed), count), 1):
        path = output or own_path(take)
        if count > 1 and output is not None:
            path = output.with_stem(f"{output.stem}_{at}")
        write_take(take, path)
        say(summary(take, path), path)
