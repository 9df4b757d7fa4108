"""The loop: from a sentence to bytes beside the time other readers take for the result, all in one run."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator

import mido
import pretty_midi
import symusic

from bench.compose import sentence
from bench.table import figure, show
from kmidi import Intent
from kmidi.midi import read, write
from kmidi.studio import LocalStudio
from kmidi.tables import genres

PARTS = ("violin", "piano", "strings", "electric bass", "drums")


def intents(bars: int, count: int, start: int = 0) -> Iterator[Intent]:
    """So many Intents of five parts, each its own sentence and seed; every second names a genre, all in turn."""
    names = sorted(genres())
    for at in range(start, start + count):
        genre = names[at // 2 % len(names)] if at % 2 else None
        yield Intent(text=sentence(7 * at + 3), bars=bars, seed=at, instruments=PARTS, genre=genre)


def taken(call: Callable[[], object]) -> float:
    """Seconds of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def beside(bars: int, count: int) -> tuple[dict[str, list[float]], float]:
    """Each piece's times as shares of mido's reading of it, and the pieces' median number of notes.

    Every piece is composed once, as it would be asked for; mido reads it twice and the quicker time counts.
    """
    studio = LocalStudio()
    for intent in intents(bars, 2 * len(genres()), 10_000):  # a warm process has read the row of every genre
        studio.compose(intent)
    shares: dict[str, list[float]] = {name: [] for name in ("compose", "write", "read", "pretty_midi", "symusic")}
    notes: list[int] = []
    for intent in intents(bars, count):
        start = time.perf_counter()
        take = studio.compose(intent)
        ours, data = time.perf_counter() - start, take.midi
        theirs = min(taken(lambda data=data: mido.MidiFile(file=io.BytesIO(data))) for _ in range(2))
        shares["compose"].append(ours / theirs)
        shares["write"].append(taken(lambda take=take: write(take.score)) / theirs)
        shares["read"].append(taken(lambda data=data: read(data)) / theirs)
        shares["pretty_midi"].append(taken(lambda data=data: pretty_midi.PrettyMIDI(io.BytesIO(data))) / theirs)
        shares["symusic"].append(taken(lambda data=data: symusic.Score.from_midi(data)) / theirs)
        notes.append(sum(len(part.notes) for part in take.score.parts))
    return shares, statistics.median(notes)


def main(count: int = 46) -> None:
    """Print composing, reading and writing as ratios to mido: medians over pieces."""
    rows: list[tuple[str, ...]] = []
    for bars, bar in ((32, 1.0), (64, 0.5)):
        shares, notes = beside(bars, count)
        name = f"sentence to bytes, {count} pieces of {bars} bars, {len(PARTS)} parts, {notes:.0f} notes / mido reading"
        rows.append(figure(name, statistics.median(shares.pop("compose")), bar, at_least=False))
        rows += [
            (f"  {name}, {bars} bars / mido reading", f"{statistics.median(s):.3f}", "", "")
            for name, s in shares.items()
        ]
    show(rows, ("figure", "value", "bar", ""))


if __name__ == "__main__":
    main()
