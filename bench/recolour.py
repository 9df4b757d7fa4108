"""Recolouring songs and pieces: how often the feeling that is read afterwards has moved the way that was asked.

uv run python -m bench.recolour              40 pop arrangements and 40 pieces of ours, eight feelings each
uv run python -m bench.recolour --count 8    fewer
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bench.table import figure, show
from kmidi import Feeling, Intent, KmidiError, midi
from kmidi.analysis import analyze
from kmidi.studio import LocalStudio
from kmidi.tables import genres
from kmidi.transforms import recolour, recolour_changes

TARGETS = [Feeling(valence=v, arousal=a) for v in (-0.7, 0.0, 0.7) for a in (-0.7, 0.0, 0.9) if v or a]
ASKED = 0.3  # a wish to move less than this is not counted
FELT = [(v, a) for v in (-0.6, 0.6) for a in (-0.5, 0.5)]


def songs(count: int) -> Iterator[bytes]:
    """So many pop arrangements, spread over the corpus."""
    paths = sorted((Path(os.environ["KMIDI_SHARED"]) / "data" / "pop909" / "song").glob("*.mid"))
    for path in paths[:: max(1, len(paths) // count)][:count]:
        yield path.read_bytes()


def pieces(count: int) -> Iterator[bytes]:
    """So many pieces of ours, over all genres and four feelings."""
    names = sorted(genres())
    for n in range(count):
        valence, arousal = FELT[n % len(FELT)]
        intent = Intent(genre=names[7 * n % len(names)], valence=valence, arousal=arousal, seed=n)
        yield LocalStudio().compose(intent).midi


def moved_as_asked(files: Iterator[bytes], name: str) -> list[tuple[str, ...]]:
    """The rows of one kind of files: by direction, how often the reading moved that way; what stayed; what was said."""
    counts = {name: [0, 0] for name in ("valence up", "valence down", "arousal up", "arousal down")}
    said = onsets = done = read = 0
    for data in files:
        score = midi.read(data)
        analysis = analyze(score)
        if analysis.key is None or analysis.feeling is None:
            continue
        read += 1
        before = analysis.feeling.feeling
        for after in TARGETS:
            with suppress(KmidiError):  # a note that would leave 0..127
                moved = midi.read(midi.write(recolour(score, key=analysis.key, before=before, after=after)))
                said += bool(recolour_changes(score, key=analysis.key, before=before, after=after))
                heard = analyze(moved).feeling
                assert heard is not None
                done += 1
                onsets += all(
                    set(a.notes["onset"]) == set(b.notes["onset"])
                    for a, b in zip(moved.parts, score.parts, strict=True)
                )
                for axis in ("valence", "arousal"):
                    wish = getattr(after, axis) - getattr(before, axis)
                    if abs(wish) >= ASKED:
                        row = counts[f"{axis} {'up' if wish > 0 else 'down'}"]
                        row[0] += (getattr(heard.feeling, axis) - getattr(before, axis)) * wish > 0
                        row[1] += 1
    rows: list[tuple[str, ...]] = [(f"{read} {name}, {done} of {read * len(TARGETS)} recolourings done", "", "", "")]
    for direction, (right, asked) in counts.items():
        if asked:
            rows.append(figure(f"  asked {direction}: read so afterwards, of {asked}", right / asked, 0.9))
        else:
            rows.append((f"  asked {direction}: no file leaves room for it", "", "", ""))
    return [
        *rows,
        figure("  every onset kept", onsets / max(1, done), 1),
        figure("  the change is said, with its reason", said / max(1, done), 1),
    ]


def main(arguments: list[str] | None = None) -> None:
    """Print the shares for songs and for pieces."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40)
    count = parser.parse_args(arguments or []).count
    rows = moved_as_asked(songs(count), "pop arrangements") + moved_as_asked(pieces(count), "pieces of ours")
    show(rows, ("recolouring", "figure", "bar", "met?"))


if __name__ == "__main__":
    main(sys.argv[1:])
