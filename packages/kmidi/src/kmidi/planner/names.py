"""Names in an Intent that no table has, told together."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import told_together
from ..intent import Intent
from ..tables import Genre, find_row, find_rule_break, genres
from .arrangement import find_drums, find_instrument, find_left_out
from .directions import find_direction


def find_genre(word: str) -> Genre:
    """The genre that a word names, by id, name or synonym; IntentError names the nearest."""
    return find_row(word, genres(), "genre", field="genre")


def check_names(intent: Intent) -> None:
    """IntentError tells of each genre, instrument, drum pattern, rule and direction that is not known."""
    named: tuple[tuple[Callable[[str], object], tuple[str, ...]], ...] = (
        (find_genre, (intent.genre,) if intent.genre is not None else ()),
        (find_instrument, (*(intent.instruments or ()), *intent.including)),
        (find_left_out, intent.without),
        (find_drums, (intent.drums,) if intent.drums is not None else ()),
        (find_rule_break, intent.rule_breaks or ()),
        (find_direction, intent.directions),
    )
    with told_together() as each:
        for find, words in named:
            for word in words:
                with each:
                    find(word)
