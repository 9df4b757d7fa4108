"""The loop: from a sentence to bytes beside the time other readers take for the result, all in one run."""

from __future__ import annotations

import io
import tracemalloc

import mido
import pretty_midi
import symusic

from bench.table import figure, medians, show
from kmidi import Intent
from kmidi.midi import read, write
from kmidi.studio import LocalStudio

TEXT = "grief that slowly opens into hope"
PARTS = ("violin", "piano", "strings", "electric bass", "drums")


def main() -> None:
    """Print composing, reading and writing as ratios to mido, and memory over many pieces."""
    studio = LocalStudio()
    rows: list[tuple[str, ...]] = []
    for bars, bar in ((32, 1.0), (64, 0.5)):
        intent = Intent(text=TEXT, bars=bars, instruments=PARTS)
        take = studio.compose(intent)
        score = take.score
        data = take.midi
        times = medians(
            {
                "compose": lambda intent=intent: studio.compose(intent),
                "write": lambda score=score: write(score),
                "read": lambda data=data: read(data),
                "mido": lambda data=data: mido.MidiFile(file=io.BytesIO(data)),
                "pretty_midi": lambda data=data: pretty_midi.PrettyMIDI(io.BytesIO(data)),
                "symusic": lambda data=data: symusic.Score.from_midi(data),
            },
            repeats=15,
        )
        notes = sum(len(part.notes) for part in score.parts)
        ratio = times["compose"] / times["mido"]
        rows.append(
            figure(
                f"sentence to bytes, {bars} bars, {len(score.parts)} parts, {notes} notes / mido reading it",
                ratio,
                bar,
                at_least=False,
            )
        )
        rows += [
            (f"  {name}, {bars} bars / mido reading", f"{taken / times['mido']:.3f}", "", "")
            for name, taken in times.items()
            if name not in ("compose", "mido")
        ]
    rows.append(figure("memory that 10,000 pieces leave behind, MB", _kept(studio), 2.0, at_least=False))
    show(rows, ("figure", "value", "bar", ""))


def _kept(studio: LocalStudio, pieces: int = 10_000) -> float:
    """MB held after composing so many pieces, beyond what the first fifty left."""
    for seed in range(50):
        studio.compose(Intent(text=TEXT, bars=4, seed=seed))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for seed in range(pieces):
        studio.compose(Intent(text=TEXT, bars=4, seed=seed))
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return kept / 1e6
