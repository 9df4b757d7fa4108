"""Golden scores: a piece of every genre and every rule break, read back from its bytes as text.

Where the music is meant to change: `uv run python -m tests.golden.test_golden`, then read the difference like a score.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmidi.composer import compose
from kmidi.intent import Affect, Intent
from kmidi.midi import read, write
from kmidi.planner import plan
from kmidi.tables import genres, rule_breaks
from tests.golden.notation import to_text

HERE = Path(__file__).parent


def intents() -> dict[str, tuple[Intent, Affect]]:
    """Name of the file to what is asked: every genre in a mild mood, every rule break where it is at home."""
    pieces = {
        f"genre_{genre}": (
            Intent(genre=genre, bars=16, seed=1, humanize=0.0, rule_breaks=()),
            Affect(valence=0.3, arousal=0.2),
        )
        for genre in genres()
    }
    for row in rule_breaks().values():
        if row.operation != "note":
            valence, arousal = row.feeling
            bars = 32 if "sections" in row.needs else 16
            said = Intent(genre="pop", bars=bars, seed=1, humanize=0.0, rule_breaks=(row.id,))
            pieces[f"rule_break_{row.id}"] = (said, Affect(valence=valence, arousal=arousal))
    return pieces


def text(intent: Intent, affect: Affect) -> str:
    """What the bytes say, under what was asked and why rules were broken."""
    made = plan(intent, affect)
    why = [f"{reason.value}: {reason.why}" for reason in made.reasons if reason.what == "rule broken"]
    asked = f"{intent.genre}, seed {intent.seed}, valence {affect.valence:g}, arousal {affect.arousal:g}"
    return "\n".join([asked, *why, to_text(read(write(compose(made))))])


@pytest.mark.parametrize("name", intents())
def test_golden(name: str) -> None:
    path = HERE / f"{name}.txt"
    assert path.read_text() == text(*intents()[name]), (
        f"{path.name} changed; if it is meant to, record it again and read it"
    )


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == set(intents())


if __name__ == "__main__":
    for stale in HERE.glob("*.txt"):
        stale.unlink()
    for name, (intent, affect) in intents().items():
        (HERE / f"{name}.txt").write_text(text(intent, affect))
