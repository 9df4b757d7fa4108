"""What a good teacher would remark: colours named, troubles shown with a fix, ranked by how plainly they are heard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..score import ChordSpan, Part, Score
from ..tables import instruments
from ..theory import Key, pitch_name
from .colours import find_colours
from .heard import Heard
from .result import Finding, Fix, KeySpan, MelodyLine, Texture, key_at

MUD_BELOW = 48  # C3: thirds and seconds under it blur
MUD_SHARE = 0.1  # of the time that anything sounds so low
FLAT_SD = 3.0  # velocities that differ less are one velocity; people at the piano differ by 10 to 15
STILL_BARS = 8  # bars on one chord
LEAST_LOOPS = 8  # times that one loop of chords comes round
CLASH_BEATS = 1.0
MOST_CLASHES = 8
LEAST_NOTES = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """What the remarks look at."""

    score: Score
    heard: Heard
    key: Key | None
    keys: Sequence[KeySpan]
    chords: Sequence[ChordSpan]
    melody: MelodyLine | None
    textures: Sequence[Texture]
    bar_starts: list[int]

    @classmethod
    def of(
        cls,
        score: Score,
        heard: Heard,
        key: Key | None,
        keys: Sequence[KeySpan],
        chords: Sequence[ChordSpan],
        melody: MelodyLine | None,
        textures: Sequence[Texture],
    ) -> Piece:
        """A piece on the bars of its file, where fixes are applied."""
        starts = heard.bars.tolist()
        return cls(
            score=score, heard=heard, key=key, keys=keys, chords=chords, melody=melody, textures=textures,
            bar_starts=starts,
        )  # fmt: skip

    def bar(self, tick: int) -> int:
        """The bar, from 0, in which a tick lies."""
        return max(bisect_right(self.bar_starts, tick) - 1, 0)

    def name(self, pitch: int, tick: int) -> str:
        """A pitch as the key at a tick spells it, with its octave."""
        key = key_at(tick, self.keys, self.key)
        return key.pitch_name(pitch) if key else pitch_name(pitch)


def diagnose(piece: Piece) -> tuple[Finding, ...]:
    """All remarks, the most audible first, then by bar. Each says where, why, what to do, and on whose word."""
    found = [finding for remark in REMARKS for finding in remark(piece)]
    return tuple(sorted(found, key=lambda f: (-f.audible, f.bar, f.part, f.id)))


def _colours(piece: Piece) -> Iterator[Finding]:
    keys = [key_at(c.onset, piece.keys, piece.key) for c in piece.chords]
    yield from find_colours(piece.chords, keys, [piece.bar(c.onset) for c in piece.chords])


def _ending(piece: Piece) -> Iterator[Finding]:
    if piece.key is None or len(piece.chords) < 4:
        return
    last = piece.chords[-1]
    step = (last.chord.root - piece.key.pitch_class) % 12
    if step:
        where = "on the dominant, a question" if step == 7 else f"on {last.roman}, away from home"
        yield Finding(
            id="open_ending", kind="colour", bar=piece.bar(last.onset), part=-1, what=f"the piece ends {where}",
            why="what began at home does not come back to it: the ear waits on", audible=0.55,
            source="Caplin, Classical Form, ch. 2 (closure)",
        )  # fmt: skip


def _clashes(piece: Piece) -> Iterator[Finding]:
    """Semitones and minor ninths held by two parts for a beat, where one of the two is no chord tone."""
    heard = piece.heard
    least = CLASH_BEATS * heard.ppq
    held = np.flatnonzero(heard.end - heard.onset >= least)
    onset, end, pitch, part = (column[held] for column in (heard.onset, heard.end, heard.pitch, heard.part))
    reported: set[tuple[int, int, int]] = set()
    for later in range(1, 13):  # pairs up to twelve onsets apart: more notes than that do not begin within a beat
        near = np.flatnonzero(np.abs(pitch[later:] - pitch[:-later]) % 12 % 10 == 1)
        for a, b in zip(near.tolist(), (near + later).tolist(), strict=True):
            together = min(end[a], end[b]) - max(onset[a], onset[b])
            apart = abs(int(pitch[a] - pitch[b]))
            if part[a] == part[b] or together < least or apart not in (1, 13):
                continue
            bar = piece.bar(int(max(onset[a], onset[b])))
            place = (bar, int(min(part[a], part[b])), int(max(part[a], part[b])))
            tones = _tones_at(piece.chords, int(max(onset[a], onset[b])))
            stray = [i for i in (a, b) if int(pitch[i]) % 12 not in tones]
            if not stray or place in reported or len(reported) >= MOST_CLASHES:
                continue
            reported.add(place)
            names = " and ".join(
                f"{piece.name(int(pitch[i]), int(onset[i]))} in {_name(piece.score, int(part[i]))}" for i in (a, b)
            )
            at = next((i for i in stray if piece.melody is None or int(part[i]) != piece.melody.part), stray[0])
            other = b if at == a else a
            yield Finding(
                id="clash", kind="trouble", bar=bar, part=int(part[at]), what=f"{names} rub for {together / heard.ppq:.2g} beats",
                why="a held semitone between two parts beats; one of them is foreign to the chord", audible=0.9,
                source="Plomp & Levelt, Tonal consonance and critical bandwidth, JASA 1965",
                fix=_move(piece.score, int(part[at]), bar, int(pitch[at]), _out_of_rub(int(pitch[at]), int(pitch[other]), tones)),
            )  # fmt: skip


def _out_of_rub(pitch: int, other: int, tones: frozenset[int]) -> int:
    """Semitones to the nearest chord tone that does not rub in its turn."""
    ways = [s for s in (1, -1, 2, -2, 3, -3) if (pitch + s) % 12 in tones and abs(pitch + s - other) not in (1, 13)]
    return ways[0] if ways else (1 if pitch < other else -1)


def _tones_at(chords: Sequence[ChordSpan], tick: int) -> frozenset[int]:
    for span in chords:
        if span.onset <= tick < span.onset + span.duration:
            return frozenset(span.chord.pitch_classes)
    return frozenset(range(12))


def _mud(piece: Piece) -> Iterator[Finding]:
    heard = piece.heard
    low = heard.pitch < MUD_BELOW
    edges, cells = heard.beats, len(heard.beats) - 1
    cell, note, _ = heard.sounding(edges)
    deep = low[note]
    cell, note = cell[deep], note[deep]
    order = np.lexsort((heard.pitch[note], cell))
    cell, pitch, part = cell[order], heard.pitch[note][order], heard.part[note][order]
    close = (cell[1:] == cell[:-1]) & (np.diff(pitch) >= 1) & (np.diff(pitch) <= 4)
    muddy = np.unique(cell[1:][close])
    if len(muddy) < max(2, MUD_SHARE * cells):
        return
    first = int(np.flatnonzero(close)[0]) + 1
    busiest = int(np.bincount(part[1:][close]).argmax())
    bar = piece.bar(int(edges[muddy[0]]))
    yield Finding(
        id="low_mud", kind="trouble", bar=bar, part=busiest,
        what=f"{len(muddy)} beats have close intervals under C3, first {piece.name(int(pitch[first - 1]), int(edges[muddy[0]]))} with {piece.name(int(pitch[first]), int(edges[muddy[0]]))}",
        why="so low, tones a third apart fall within one critical band and blur", audible=0.75,
        source="Plomp & Levelt 1965; Adler, The Study of Orchestration (low interval limits)",
        fix=Fix(transform="move_notes", arguments={"part": piece.score.parts[busiest].name, "semitones": 12, "highest": MUD_BELOW - 1}),
    )  # fmt: skip


def _parallels(piece: Piece) -> Iterator[Finding]:
    """Parallel fifths and octaves between the top and bottom line, where both are single lines and both move."""
    lines = [t for t in piece.textures if t.kind == "single line"]
    if len(lines) < 2:
        return
    top = max(lines, key=lambda t: t.highest + t.lowest)
    low = min(lines, key=lambda t: t.highest + t.lowest)
    upper, lower = piece.score.parts[top.part].notes, piece.score.parts[low.part].notes
    both, at, under = np.intersect1d(upper["onset"], lower["onset"], return_indices=True)
    if len(both) < 2:
        return
    high, deep = upper["pitch"][at].astype(np.int64), lower["pitch"][under].astype(np.int64)
    apart = (high - deep) % 12
    moved = (np.diff(high) != 0) & (np.sign(np.diff(high)) == np.sign(np.diff(deep)))
    near = np.diff(both) <= 2 * piece.heard.ppq
    for interval, name in ((7, "fifths"), (0, "octaves")):
        where = np.flatnonzero(moved & near & (apart[1:] == interval) & (apart[:-1] == interval))
        # a line that doubles another all along is a doubling, not a fault of voice leading
        if len(where) and len(where) < 0.3 * len(both):
            yield Finding(
                id=f"parallel_{name}", kind="trouble", bar=piece.bar(int(both[where[0]])), part=low.part,
                what=f"{_name(piece.score, top.part)} and {_name(piece.score, low.part)} move in parallel {name}, {len(where)} times",
                why="two lines that move so fuse into one: the piece loses a voice", audible=0.35,
                source="Huron, Tone and Voice, Music Perception 2001",
                fix=_move(piece.score, low.part, piece.bar(int(both[where[0] + 1])), int(deep[where[0] + 1]), 12 if interval else -12),
            )  # fmt: skip


def _range(piece: Piece) -> Iterator[Finding]:
    rows = instruments()
    by_program = {row.program: row for row in rows.values() if row.family != "drums"}
    for index, part in enumerate(piece.score.parts):
        row = rows.get(part.instrument) or (by_program.get(part.program) if part.program else None)
        if part.is_drums or row is None or not len(part.notes):
            continue
        pitch = part.notes["pitch"]
        for outside, limit, word, step in (
            (pitch < row.low, row.low, "below", 12),
            (pitch > row.high, row.high, "above", -12),
        ):
            if not outside.any():
                continue
            first = int(np.flatnonzero(outside)[0])
            edge = {"highest": row.low - 1} if step > 0 else {"lowest": row.high + 1}
            yield Finding(
                id="out_of_range", kind="trouble", bar=piece.bar(int(part.notes["onset"][first])), part=index,
                what=f"{int(outside.sum())} notes of {_name(piece.score, index)} lie {word} {pitch_name(limit)}",
                why=f"no player of a {row.name.lower()} reaches them", audible=0.5, source=row.source,
                fix=Fix(transform="move_notes", arguments={"part": part.name, "semitones": step, **edge}),
            )  # fmt: skip


def _monotony(piece: Piece) -> Iterator[Finding]:
    chords = piece.chords
    bars = len(piece.heard.bars) - 1
    for span in chords:
        lasting = piece.bar(span.onset + span.duration - 1) - piece.bar(span.onset) + 1
        if lasting >= STILL_BARS:
            yield Finding(
                id="still_harmony", kind="trouble", bar=piece.bar(span.onset), part=-1, what=f"{span.roman or span.chord} for {lasting} bars",
                why="the ear stops expecting anything of the harmony", audible=0.45, source="Huron, Sweet Anticipation, ch. 14",
                fix=_reharmonize(piece, "passing_diminished"),
            )  # fmt: skip
            break
    names = [(c.chord.root, c.chord.quality) for c in chords]
    for length in (1, 2, 3, 4):
        rounds = len(names) // length
        if rounds >= LEAST_LOOPS and length > 1 and bars >= 16 and names[: rounds * length] == names[:length] * rounds:
            yield Finding(
                id="one_loop", kind="colour", bar=0, part=-1, what=f"one loop of {length} chords all through, {rounds} times",
                why="constancy can be trance or numbness; one changed chord at a return would be heard at once",
                audible=0.4, source="Huron, Sweet Anticipation, ch. 14", fix=_reharmonize(piece, "extensions"),
            )  # fmt: skip
            break


def _dynamics(piece: Piece) -> Iterator[Finding]:
    flat = [
        i
        for i, p in enumerate(piece.score.parts)
        if len(p.notes) >= LEAST_NOTES and p.notes["velocity"].std() < FLAT_SD
    ]
    for index in flat:
        part = piece.score.parts[index]
        yield Finding(
            id="flat_velocities", kind="trouble", bar=0, part=index,
            what=f"{_name(piece.score, index)} plays every note about as loud ({part.notes['velocity'].mean():.0f})",
            why="players' strokes differ by 10 and more; accents tell the listener where the beat and the phrase are",
            audible=0.65, source="Gillick et al., Groove MIDI Dataset, ICML 2019 (velocity sd 14 to 30)",
            fix=Fix(transform="humanize", arguments={"amount": 1.0, "part": part.name}),
        )  # fmt: skip


REMARKS = (_colours, _ending, _clashes, _mud, _parallels, _range, _monotony, _dynamics)


def _name(score: Score, part: int) -> str:
    found: Part = score.parts[part]
    return found.name or found.role or f"part {part + 1}"


def _move(score: Score, part: int, bar: int, pitch: int, semitones: int) -> Fix:
    where: dict[str, str | int] = {"part": score.parts[part].name, "semitones": semitones, "bar": bar, "bars": 1}
    return Fix(transform="move_notes", arguments={**where, "lowest": pitch, "highest": pitch})


def _reharmonize(piece: Piece, technique: str) -> Fix | None:
    if piece.key is None or piece.melody is None:
        return None
    key = {"tonic": piece.key.tonic, "mode": piece.key.mode}
    name = piece.score.parts[piece.melody.part].name
    return Fix(transform="reharmonize", arguments={"technique": technique, "key": key, "melody": name})
