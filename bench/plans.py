"""Plans of every kind: all genres, meters and modes under mixed sentences, for finding again what was planned."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from kmidi.affect import feel
from kmidi.composer import compose
from kmidi.intent import Intent
from kmidi.plan import Plan
from kmidi.planner import plan
from kmidi.score import Score
from kmidi.tables import genres
from kmidi.theory.key import MODES
from kmidi.theory.meter import GROUPS

TEXTS = (
    "I lost my father", "so happy today", "a quiet evening", "rage at everything", "hope after the storm", "missing you",
    "we won", "nothing to do on a sunday", "smiling through it", "fear of the dark", "she left without a word",
    "a slow walk by the sea",
)  # fmt: skip
TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def composed(count: int, draw: str) -> Iterator[tuple[Plan, Score]]:
    """Plans and what was composed from them; genres in turn, two in three with a mode, every other with a meter."""
    kinds = sorted(genres())
    for number in range(count):
        dice = Random(f"{draw}/{number}")
        asked: dict[str, str] = {
            "text": dice.choice(TEXTS),
            "genre": kinds[number % len(kinds)],
            "key": dice.choice(TONICS),
        }
        if number % 3:
            asked["mode"] = dice.choice(sorted(MODES))
        if number % 2:
            asked["meter"] = dice.choice(sorted(GROUPS))
        intent = Intent(**asked, seed=dice.randrange(10_000))
        planned = plan(intent, feel(intent))
        yield planned, compose(planned)
