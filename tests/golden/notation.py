"""A score as text that a musician can read: bar by bar for pitched parts, drum tablature for a kit."""

from __future__ import annotations

from collections import defaultdict

from kmidi.score import Part, Score
from kmidi.tables import KIT
from kmidi.theory import Key

_PIECES = {pitch: name for name, pitch in KIT.items()}
_SLOTS_A_QUARTER = 4


def to_text(score: Score) -> str:
    """Lines: the header, each section's chords, each pitched part bar by bar, the kit as tablature.

    A note is `beat:pitch/length`, beat and length in quarter notes from 1 (chords as E4+G4); notes of a bar end with its
    mean velocity. Times are rounded to the twelfth of a quarter, so microtiming is not seen. In tablature x is a stroke,
    o a soft one (velocity under 50), bars apart.
    """
    key = score.keys[0].key if score.keys else Key("C")
    tempos = " ".join(f"{t.bpm:g}@{t.tick / score.ppq:g}" if t.tick else f"{t.bpm:g}" for t in score.tempos)
    bars = [int(b) for b in score.bar_starts()] + [score.length]
    lines = [f"{score.title}", f"{key} · {score.meters[0].meter} · {tempos} bpm · {len(bars) - 1} bars"]
    marks = [m for m in score.markers if m.tick < score.length]
    for index, mark in enumerate(marks):
        end = marks[index + 1].tick if index + 1 < len(marks) else score.length
        lines += ["", f"[{mark.text}] from bar {_bar_of(bars, mark.tick) + 1}: {_chords(score, key, mark.tick, end)}"]
        inside = [at for at, start in enumerate(bars[:-1]) if mark.tick <= start < end]
        for part in score.parts:
            lines += _kit(score, part, bars, inside) if part.is_drums else _pitched(score, part, key, bars, inside)
    return "\n".join(lines) + "\n"


def _bar_of(bars: list[int], tick: int) -> int:
    return max((at for at, start in enumerate(bars[:-1]) if start <= tick), default=0)


def _chords(score: Score, key: Key, start: int, end: int) -> str:
    names = tuple(key.name_of(pc) for pc in range(12))
    spans = [span for span in score.chords if start <= span.onset < end]
    return " ".join(f"{span.chord.symbol(names)}/{span.duration / score.ppq:g}" for span in spans)


def _name(key: Key, pitch: int) -> str:
    """The key's spelling with its octave: 71 in Gb major is Cb5."""
    name = key.name_of(pitch % 12)
    octave = pitch // 12 - 1 + (name.startswith("C") and "b" in name) - (name.startswith("B") and "#" in name)
    return f"{name}{octave}"


def _by_bar(score: Score, part: Part, bars: list[int]) -> dict[int, list[tuple[int, int, int, int]]]:
    """Onset in the bar and duration (both rounded), pitch, velocity of each note, by bar."""
    step = score.ppq // 12
    rows: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for note in part.notes:
        start = round((int(note["onset"]) + int(note["shift"])) / step) * step
        bar = _bar_of(bars, start)
        length = max(step, round(int(note["duration"]) / step) * step)
        rows[bar].append((start - bars[bar], length, int(note["pitch"]), int(note["velocity"])))
    return rows


def _pitched(score: Score, part: Part, key: Key, bars: list[int], inside: list[int]) -> list[str]:
    rows = _by_bar(score, part, bars)
    lines: list[str] = []
    for bar in inside:
        chords: dict[tuple[int, int], list[int]] = defaultdict(list)
        for onset, length, pitch, _ in rows.get(bar, []):
            chords[onset, length].append(pitch)
        notes = " ".join(
            f"{1 + onset / score.ppq:.4g}:{'+'.join(_name(key, p) for p in sorted(pitches))}/{length / score.ppq:.3g}"
            for (onset, length), pitches in sorted(chords.items())
        )
        if notes:
            loud = sum(v for *_, v in rows[bar]) / len(rows[bar])
            lines.append(f"  {part.name} {bar + 1:>3}  {notes}  ({loud:.0f})")
    return lines


def _kit(score: Score, part: Part, bars: list[int], inside: list[int]) -> list[str]:
    slot = score.ppq // _SLOTS_A_QUARTER
    struck: dict[int, dict[int, list[str]]] = defaultdict(dict)
    rows = _by_bar(score, part, bars)
    for bar in inside:
        slots = -(-(bars[bar + 1] - bars[bar]) // slot)
        for onset, _, pitch, velocity in rows.get(bar, []):
            cells = struck[pitch].setdefault(bar, ["."] * slots)
            cells[min(slots - 1, round(onset / slot))] = "x" if velocity >= 50 else "o"
    lines: list[str] = []
    for pitch in sorted(struck, reverse=True):
        cells = ["".join(struck[pitch].get(bar, ["."] * ((bars[bar + 1] - bars[bar]) // slot))) for bar in inside]
        lines.append(f"  {_PIECES.get(pitch, str(pitch)):>10}  {' '.join(cells)}")
    return lines
