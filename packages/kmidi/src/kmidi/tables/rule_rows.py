"""The rows of rules that may be broken on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from .load import Rows, find_row, load_rows, table_path

Operation = Literal[
    "replace_chords", "reshape_energy", "bend_tempo", "displace", "note", "parallel", "restrike", "scale_velocity", "silence",
    "stretch_velocity", "transpose_voice",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBreak:
    """A rule broken on purpose: what it does, why, whom it suits, who did it, and the operation that does it here.

    feeling: valence and arousal (-1..1) where it is most at home. needs: voices of which the arrangement must have one, or
    "sections" (three of them). touches: settings that the planner leaves alone unasked; clashes: settings that it cannot
    live with. volunteers: the planner may choose it unasked. synonyms: what people call it;
    said: those that can mean nothing else in any text; of_music: those that mean it where they are said of music.
    """

    id: str
    name: str
    does: str
    why: str
    emotions: tuple[str, ...]
    feeling: tuple[float, float]
    precedent: str
    operation: Operation
    source: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    needs: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    volunteers: bool = False
    synonyms: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    of_music: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def rule_breaks() -> Rows[RuleBreak]:
    """All rules that may be broken, by id."""
    return load_rows(table_path("rule_breaks.toml.gz"), RuleBreak)


def find_rule_break(word: str) -> RuleBreak:
    """The row that a word names, by id, name or synonym; IntentError names the nearest."""
    return find_row(word, rule_breaks(), "rule break", field="rule_breaks")
