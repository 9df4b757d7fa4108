"""Old music from music21's corpus: Bach's chorales and tunes whose keys are told, and quartets whose parts are.

music21 is imported where it is used: it comes with bench's own group of packages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import MODES, Key, Meter

# Collections of tunes, oldest first: Aird's Airs (1782-1801), Ryan's Mammoth Collection (1883), O'Neill's Music of
# Ireland (1903), and folk songs of the Essen collection, whose keys name the tonic alone.
AIRD, RYAN, ONEILL, ESSEN = "airdsAirs", "ryansMammoth", "oneills1850", "essenFolksong"
LEAST_NOTES = 8
QUARTETS, SHORTEST = ("haydn", "mozart", "beethoven"), 24
MODE_NAMES = {"major": "ionian", "minor": "aeolian", "": "ionian"}


def chorales() -> Iterator[tuple[str, Score, Key]]:
    """Bach's four-part chorales and their keys: name, notes, key.

    The key is on the last bass note, in the mode that the key signature gives it (a signature one flat short is an old
    spelling of minor, one sharp short of major); the few that end elsewhere, mostly on a dominant, are left out.
    """
    from music21 import converter, corpus, key, meter

    seen: set[str] = set()
    for path in sorted(Path(p) for p in corpus.getComposer("bach") if "choraleAnalyses" not in str(p)):
        name = path.stem
        if name in seen:
            continue
        seen.add(name)
        parsed = converter.parse(path)
        signatures = list(parsed.recurse().getElementsByClass(key.KeySignature))
        times = list(parsed.recurse().getElementsByClass(meter.TimeSignature))
        if len(parsed.parts) < 4 or not signatures or not times:
            continue
        bar = parsed.parts[0].getElementsByClass("Measure")[0]
        pickup = round((bar.barDuration.quarterLength - bar.duration.quarterLength) * PPQ)
        rows = _rows(parsed.parts, pickup)
        end = max(onset for onset, *_ in rows)
        bass = min(pitch for onset, duration, pitch, *_ in rows if onset + duration > end) % 12
        mode = {0: "ionian", 7: "ionian", 9: "aeolian", 2: "aeolian"}.get((bass - signatures[0].sharps * 7) % 12)
        if mode:
            yield name, _score(name, rows, times[0]), Key.of(bass, mode)


def tunes(collection: str, every: int = 1) -> Iterator[tuple[str, Score, Key]]:
    """Tunes of AIRD, RYAN, ONEILL or ESSEN, one in `every`, with the key over their notation: name, notes, key.

    Bar lines are counted from the upbeat, as programs write them to MIDI.
    """
    import music21
    from music21 import converter, key, meter

    number = 0
    for path in sorted((Path(music21.__file__).parent / "corpus" / collection).glob("*.abc")):
        parsed = converter.parse(path)
        for tune in getattr(parsed, "scores", [parsed]):  # a file of one tune is no opus
            number += 1
            if number % every:
                continue
            signature = next(iter(tune.recurse().getElementsByClass(key.Key)), None)
            time = next(iter(tune.recurse().getElementsByClass(meter.TimeSignature)), None)
            rows = _rows([tune])
            if signature and time and len(rows) >= LEAST_NOTES:
                mode = MODE_NAMES.get(signature.mode, signature.mode)
                if mode in MODES:
                    name = f"{path.stem}/{number}"
                    yield name, _score(name, rows, time), Key.of(signature.tonic.pitchClass, mode)


def quartets() -> Iterator[Score]:
    """The SHORTEST movements of string quartets, their four parts in order, the first violin first."""
    from music21 import converter, corpus

    paths = {Path(path) for composer in QUARTETS for path in corpus.getComposer(composer) if str(path).endswith(".mxl")}
    for path in sorted(paths, key=lambda path: (path.stat().st_size, path))[:SHORTEST]:
        parts = list(converter.parse(path).parts)
        if len(parts) == 4 and "Violin" in str(parts[0].partName):
            scores = [_score(str(part.partName), _rows([part]), None) for part in parts]
            length = max(score.length for score in scores)
            yield replace(scores[0], length=length, parts=tuple(score.parts[0] for score in scores))


def _rows(parts: Any, pickup: int = 0) -> list[tuple[int, int, int, int, int]]:
    return [
        (round(n.offset * PPQ) + pickup, max(round(n.quarterLength * PPQ), 1), p.midi, 80, 0)
        for part in parts
        for n in part.flatten().stripTies().notes
        for p in n.pitches
        if n.quarterLength and "ChordSymbol" not in n.classes
    ]


def _score(name: str, rows: list[tuple[int, int, int, int, int]], time: Any) -> Score:
    part = Part(name=name, channel=0, notes=notes_array(rows))
    return Score(
        length=max(onset + duration for onset, duration, *_ in rows), tempos=(Tempo(0, 600_000),),
        meters=(MeterChange(0, Meter(time.numerator, time.denominator) if time else Meter(4, 4)),), parts=(part,),
    )  # fmt: skip
