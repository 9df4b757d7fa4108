"""`kmidi interview`: the conversation, in the terminal."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from ..affect import wished
from ..codec import from_json, to_json
from ..errors import IntentError
from ..interview import TOPICS, Ears, Interview, answer, correct, finish, next_turn, unused
from ..studio import LocalStudio
from .files import InputPath, OutputPath, integer, models_option, read_input, write_take


@click.command("interview")
@click.option(
    "--resume",
    type=InputPath(pipe=False),
    help="Go on with a transcript, and keep it up.",
)
@click.option(
    "--transcript", type=click.Path(dir_okay=False, path_type=Path), help="Keep the conversation here, as JSON."
)
@click.option("--seed", type=integer, default=0, show_default=True, help="Chance; the same seed gives the same music.")
@models_option
@click.option("-o", "--output", type=OutputPath(pipe=False), help="Where to write; endings as in compose.")
def interview_command(
    resume: Path | None, transcript: Path | None, seed: int, models: Path | None, output: Path | None
) -> None:
    """Talk about what happened; the answers become music. 'stop' ends it, 'fix TOPIC TEXT' corrects, 'skip' passes on."""
    studio = LocalStudio(models)
    ears = Ears(studio.read, wished)
    talk = from_json(Interview, read_input(resume)) if resume else Interview(seed=seed)
    while (turn := next_turn(talk, ears)).topic is not None:
        for line in (turn.care, turn.mirror, turn.question):
            if line:
                click.echo(line)
        click.echo("  " + " · ".join(turn.suggestions))
        said = click.prompt(">", default="skip", show_default=False, prompt_suffix=" ")
        if said.strip().casefold() == "stop":
            break
        try:
            talk = _heard(talk, said, ears)
        except IntentError as error:
            click.echo(str(error))
        kept = transcript or resume
        if kept:
            kept.write_text(to_json(talk), encoding="utf-8")
    if turn.topic is None:
        click.echo("\n".join(line for line in (turn.care, turn.mirror) if line))
    intent = finish(talk, ears)
    click.echo("What you asked for:")
    for name, value in intent.set_fields().items():
        click.echo(f"  {name}: {value}")
    for given in unused(talk, ears):
        click.echo(f"  not used ({given.topic}): {given.text}")
    if output:
        write_take(studio.compose(intent), output)
        click.echo(f"wrote {output}")


def _heard(talk: Interview, said: str, ears: Ears) -> Interview:
    """The talk with an answer or a correction. IntentError as answer and correct; "fix things with her" is an answer."""
    word, _, rest = said.strip().partition(" ")
    topic, _, text = rest.partition(" ")
    if word.casefold() == "fix" and get_close_matches(topic.casefold(), TOPICS, 1, 0.75):
        return correct(talk, topic.casefold(), text)
    return answer(talk, said, ears)
