"""The song that tests of transforms change, tunes to change, and notes as plain rows."""

from __future__ import annotations

from kmidi import Affect, Intent, Score
from kmidi.composer import compose
from kmidi.planner import plan
from kmidi.score import MeterChange, Part, Tempo, notes_array
from kmidi.theory import Meter

SONG_PLAN = plan(Intent(text="x", key="F", mode="major", bars=16, meter="4/4"), Affect(valence=0.4, arousal=0.2))
SONG = compose(SONG_PLAN)
KEY = SONG_PLAN.key
MELODY = next(p.name for p in SONG_PLAN.parts if p.role == "melody")


def rows(score: Score) -> list[list[tuple[int, ...]]]:
    return [[tuple(map(int, n)) for n in part.notes] for part in score.parts]


def tune(pitches: list[int], length: int = 480, **more: object) -> Score:
    notes = notes_array([(i * length, length, p, 80, 0) for i, p in enumerate(pitches)])
    part = Part(name="Tune", channel=0, notes=notes, role="melody")
    end = -(-len(pitches) * length // 1920) * 1920
    return Score(length=end, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,), **more)  # type: ignore[arg-type]
