"""Where keys change: what is found, against the signatures of pop songs and songs composed to rise at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kmidi.affect import feel
from kmidi.analysis import analyze
from kmidi.analysis.heard import Heard
from kmidi.composer import compose
from kmidi.intent import Intent
from kmidi.midi import read, write
from kmidi.planner import plan
from kmidi.score import Score
from kmidi.theory import Key

from .table import show
from .truth import pop_songs

Row = tuple[str, str, str, str]
RISING = 40  # composed songs in which the last chorus rises, and as many in which it does not
NEAR = 4  # bars within which a change found answers one that was told


def rows() -> list[Row]:
    """Figures of both."""
    return [_row("composed", composed_changes()), _row("pop songs", (song.score for song in pop_songs() if song.keys))]


def composed_changes(first_seed: int = 10_000) -> Iterator[Score]:
    """Pop songs read from their bytes, RISING that rise and RISING that do not."""
    wanted, seed = {True: RISING, False: RISING}, first_seed
    while any(wanted.values()):
        intent = Intent(genre="pop", bars=64, rule_breaks=(), seed=seed)
        planned = plan(intent, feel(intent))
        rises = any(section.raised for section in planned.sections)
        if wanted[rises]:
            wanted[rises] -= 1
            yield read(write(compose(planned)))
        seed += 1


def _row(name: str, scores: Iterable[Score]) -> Row:
    """Shares of told changes of scale that are found within 0, 1 and 2 bars, and changes found where none is told."""
    late: list[int] = []
    told, false, songs = 0, 0, 0
    for score in scores:
        bars = Heard.of(score).bars
        scales = [_scale(change.key) for change in score.keys]
        moved = [at for at in range(1, len(scales)) if scales[at] != scales[at - 1]]
        there = _bars_of(bars, [score.keys[at].tick for at in moved])
        found = _bars_of(bars, [span.onset for span in analyze(score).keys[1:]])
        for bar in there:
            near = min(found, key=lambda at: abs(at - bar), default=None)
            if near is not None and abs(near - bar) <= NEAR:
                found.remove(near)
                late.append(abs(near - bar))
        told, false, songs = told + len(there), false + len(found), songs + 1
    within = " / ".join(f"{sum(bars <= most for bars in late) / told:.3f}" for most in range(3))
    return (
        f"changes of key, {name} ({told}), found within 0 / 1 / 2 bars; false in a song {false / songs:.3f}",
        within,
        "",
        "",
    )


def _scale(key: Key) -> frozenset[int]:
    return frozenset(Key.of(key.pitch_class, "aeolian" if key.is_minor else "ionian").pitch_classes)


def _bars_of(bars: np.ndarray, ticks: list[int]) -> list[int]:
    return [int(np.argmin(np.abs(bars - tick))) for tick in ticks]


if __name__ == "__main__":
    show(rows(), ("what", "figure", "bar", "met"))
