"""Recolouring people's songs: how often the feeling that is read afterwards has moved the way that was asked.

uv run python -m bench.recolour              every tenth pop arrangement, eight feelings each
uv run python -m bench.recolour --every 60   fewer
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from bench.table import figure, show
from kmidi import Feeling, KmidiError, midi
from kmidi.analysis import analyze
from kmidi.transforms import recolour, recolour_changes

TARGETS = [Feeling(valence=v, arousal=a) for v in (-0.7, 0.0, 0.7) for a in (-0.7, 0.0, 0.9) if v or a]
ASKED = 0.3  # a wish to move less than this is not counted


def main(arguments: list[str] | None = None) -> None:
    """Print the shares, by direction, and whether each change was said and the melody's rhythm and contour stayed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=10)
    every = parser.parse_args(arguments or []).every
    folder = Path(os.environ["KMIDI_SHARED"]) / "data" / "pop909" / "song"
    counts = {name: [0, 0] for name in ("valence up", "valence down", "arousal up", "arousal down")}
    said = tunes = done = files = 0
    for path in sorted(folder.glob("*.mid"))[::every]:
        score = midi.read(path.read_bytes())
        analysis = analyze(score)
        if analysis.key is None or analysis.feeling is None:
            continue
        files += 1
        before = analysis.feeling.feeling
        for after in TARGETS:
            with suppress(KmidiError):  # a note that would leave 0..127
                moved = midi.read(midi.write(recolour(score, key=analysis.key, before=before, after=after)))
                said += bool(recolour_changes(score, key=analysis.key, before=before, after=after))
                heard = analyze(moved).feeling
                assert heard is not None
                done += 1
                tunes += all(
                    set(a.notes["onset"]) == set(b.notes["onset"])
                    for a, b in zip(moved.parts, score.parts, strict=True)
                )
                for axis in ("valence", "arousal"):
                    wish = getattr(after, axis) - getattr(before, axis)
                    if abs(wish) >= ASKED:
                        row = counts[f"{axis} {'up' if wish > 0 else 'down'}"]
                        row[0] += (getattr(heard.feeling, axis) - getattr(before, axis)) * wish > 0
                        row[1] += 1
    rows = [(f"{files} songs, {done} recolourings", "", "", "")]
    for name, (right, asked) in counts.items():
        if asked:
            rows.append(figure(f"  asked {name}: read so afterwards, of {asked}", right / asked, 0.9))
        else:
            rows.append((f"  asked {name}: no song leaves room for it", "", "", ""))
    rows += [
        figure("every onset kept", tunes / max(1, done), 1),
        figure("the change is said, with its reason", said / max(1, done), 1),
    ]
    show(rows, ("recolouring", "figure", "bar", "met?"))


if __name__ == "__main__":
    main(sys.argv[1:])
