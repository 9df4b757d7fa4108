"""The conversation that turns a person's story into an Intent: pure functions over a transcript that can be kept as JSON."""

from .crisis import CARE
from .talk import (
    TOPICS,
    Answer,
    Ears,
    Exchange,
    Interview,
    Topic,
    Turn,
    answer,
    correct,
    finish,
    next_turn,
    replay,
    unused,
)

__all__ = [
    "CARE",
    "TOPICS",
    "Answer",
    "Ears",
    "Exchange",
    "Interview",
    "Topic",
    "Turn",
    "answer",
    "correct",
    "finish",
    "next_turn",
    "replay",
    "unused",
]
