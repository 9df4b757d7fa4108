"""Count what pop songs do, for the composer's tables: KMIDI_SHARED=... uv run --group bench python -m scripts.count_pop

Reads the 454 songs of `data/pop909` (odd numbers of POP909 and POP909-CL, MIT) and writes
`packages/kmidi/src/kmidi/tables/counted.json.gz`: transition counts, rhythm cells, phrase schemes and accompaniment
cells. Only what at least MIN_SONGS songs share is kept, so that the table holds habits and never a song.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from scripts.count_hands import count_accompaniment, count_temper, count_touch
from scripts.count_tunes import count_melody
from scripts.packing import gzipped
from scripts.pop_song import Song, shared, simple

OUT = Path(__file__).resolve().parents[1] / "packages/kmidi/src/kmidi/tables/counted.json.gz"


def count(data: Path) -> dict[str, Any]:
    """Every table, from every song that can be laid on its form."""
    songs: dict[str, Song] = {}
    for path in sorted((data / "score").glob("*.mid")):
        try:
            songs[path.stem] = Song(data, path.stem)
        except (ValueError, KeyError, IndexError):
            continue
    return {
        "source": "POP909 and POP909-CL, odd numbers (Wang et al., ISMIR 2020; Lu et al. 2025), MIT licence",
        "songs": len(songs),
        **count_harmony(songs),
        **count_melody(songs),
        **count_accompaniment(songs),
        **count_touch(songs),
        **count_temper(songs),
    }


def count_harmony(songs: dict[str, Song]) -> dict[str, Any]:
    """Progressions of phrases (two slots a bar), and transitions."""
    loops: dict[str, dict[str, Counter[str]]] = {"major": defaultdict(Counter), "minor": defaultdict(Counter)}
    moves: dict[str, dict[str, Counter[str]]] = {m: defaultdict(Counter) for m in loops}
    for name, song in songs.items():
        mode = "minor" if song.minor else "major"
        line: dict[int, str] = {}
        for onset, length, roman, _ in song.chords:
            for slot in range((onset + 2) // 8, max((onset + 2) // 8 + 1, (onset + length + 2) // 8)):
                line[slot] = simple(roman)
        for (_, _, a, _), (_, _, b, _) in zip(song.chords, song.chords[1:], strict=False):
            moves[mode][simple(a)][simple(b)] += 1
        bar = 0
        for _, bars in song.phrases:
            if bars % 4 == 0:
                for four in range(bar, bar + bars, 4):
                    cells = [line.get(slot, "") for slot in range(four * 2, four * 2 + 8)]
                    if all(cells):
                        text = " | ".join(
                            a if a == b else f"{a} {b}" for a, b in zip(cells[::2], cells[1::2], strict=True)
                        )
                        loops[mode][text][name] += 1
            bar += bars

    def top(counter: Counter[str], least: int) -> dict[str, int]:
        return {k: v for k, v in sorted(counter.items(), key=lambda kv: (-kv[1], kv[0])) if v >= least and k}

    return {
        "progressions": {mode: shared(table) for mode, table in loops.items()},
        "moves": {
            mode: {a: top(b, 8) for a, b in sorted(table.items()) if sum(b.values()) >= 40}
            for mode, table in moves.items()
        },
    }


def main() -> None:
    """Write the table and say how big it is."""
    table = count(Path(os.environ["KMIDI_SHARED"]) / "data/pop909")
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"
    OUT.write_bytes(gzipped(text.encode()))
    print(f"{OUT.name}: {OUT.stat().st_size} bytes from {table['songs']} songs")
    for name, value in table.items():
        print(f"  {name}: {len(value) if isinstance(value, dict | list) else value}")


if __name__ == "__main__":
    main()
