"""What remarks look at, and the words that they are made of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ..score import ChordSpan, Score
from ..theory import Key, pitch_name
from .heard import Heard
from .result import Fix, KeySpan, MelodyLine, Texture, key_at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """What the remarks look at, on the bars of the file, where fixes are applied."""

    score: Score
    heard: Heard
    key: Key | None
    keys: Sequence[KeySpan]
    chords: Sequence[ChordSpan]
    melody: MelodyLine | None
    textures: Sequence[Texture]
    bar_starts: list[int]
    on_grid: bool  # whether the strokes stand on the beats of the file

    def bar(self, tick: int) -> int:
        """The bar, from 0, in which a tick lies."""
        return max(bisect_right(self.bar_starts, tick) - 1, 0)

    def file_bar(self, tick: int) -> int:
        """The same on the file's own grid, which transforms count by; the heard one may lag behind it as a whole."""
        return self.bar(tick + int(self.heard.beats[0]))

    def name(self, pitch: int, tick: int) -> str:
        """A pitch as the key at a tick spells it, with its octave."""
        key = key_at(tick, self.keys, self.key)
        return key.pitch_name(pitch) if key else pitch_name(pitch)


def part_name(score: Score, part: int) -> str:
    """How a part is called in words: by its label, its role or its number from 1."""
    found = score.parts[part]
    return score.labels[part] if found.name.strip() else found.role or f"part {part + 1}"


def moved(score: Score, part: int, bar: int, pitch: int, semitones: int) -> Fix:
    """The fix that moves one pitch of a part in one bar of the file."""
    where: dict[str, str | int] = {"part": score.labels[part], "semitones": semitones, "bar": bar, "bars": 1}
    return Fix(transform="move_notes", arguments={**where, "lowest": pitch, "highest": pitch})
