"""What parts do to each other: rubs that nothing explains, lines that fuse, tones too low to be told apart."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from ..errors import counted
from ..score import ChordSpan
from .heard import Flags, Heard, Ints, overlaps, steps_up
from .piece import Piece, moved, part_name
from .result import Finding, Fix, key_at

MUD_BELOW = 48  # C3: thirds and seconds under it blur
MUD_SHARE = 0.1  # of the beats
MUD_BEATS = 0.5  # so long two low notes sound together before they blur
MUD_NEAR = 12  # onsets within which two notes that sound together begin
LEAST_PARALLELS, DOUBLED = 2, 3  # so many parallels are a habit, so many in a row a doubling meant as one
MOST_PARALLELS = 8
WIDEST_STEP = 4  # semitones that the upper line moves by; both leap from dominant to tonic in many a cadence
BASS_BELOW = 54  # where the lowest line lies higher no bass is there to lean on
CLASH_BEATS = 1.0
CLASH_NEAR = 12  # held notes on: more do not begin within a beat
MOST_CLASHES = 8
NEXT = 16  # notes after a dissonance among which its resolution is looked for


def clashes(piece: Piece) -> Iterator[Finding]:
    """Semitones and minor ninths held by two parts for a beat, where one of the two is no chord tone."""
    heard = piece.heard
    least = CLASH_BEATS * heard.ppq
    held = (heard.end - heard.onset >= least).nonzero()[0]
    onset, end, pitch, part = (column[held] for column in (heard.onset, heard.end, heard.pitch, heard.part))
    reported: set[tuple[str | int, ...]] = set()
    first, second = _pairs(pitch, CLASH_NEAR, (1, 13))
    meet = np.minimum(end[first], end[second]) - onset[second]  # onsets ascend
    rub = (part[first] != part[second]) & (meet >= least)
    for a, b, together in zip(first[rub].tolist(), second[rub].tolist(), meet[rub].tolist(), strict=True):
        begin = int(onset[b])
        bar = piece.bar(begin)
        if len(reported) >= 2 * MOST_CLASHES:
            break
        both, two = sorted((int(part[a]), int(part[b]))), sorted((int(pitch[a]) % 12, int(pitch[b]) % 12))
        places = {("parts", bar, *both), ("tones", bar, *two)}  # said once, whoever doubles the tones
        if places & reported:
            continue
        tones = _tones_at(piece.chords, begin)
        stray = [i for i in (a, b) if int(pitch[i]) % 12 not in tones and not _is_ornament(piece, int(held[i]))]
        lower, upper = sorted((int(pitch[a]), int(pitch[b])))
        if not stray or _is_colour(piece, begin, lower, upper):
            continue
        reported |= places
        names = " and ".join(
            f"{piece.name(int(pitch[i]), int(onset[i]))} in {part_name(piece.score, int(part[i]))}" for i in (a, b)
        )
        at = next((i for i in stray if piece.melody is None or int(part[i]) != piece.melody.part), stray[0])
        other = b if at == a else a
        yield Finding(
            id="clash", kind="trouble", bar=bar, part=int(part[at]), what=f"{names} rub for {counted(f'{together / heard.ppq:.2g}', 'beat')}",
            why="a held semitone between two parts beats; one of them is foreign to the chord", audible=0.9,
            source="Plomp & Levelt, Tonal consonance and critical bandwidth, JASA 1965",
            fix=moved(piece.score, int(part[at]), piece.file_bar(int(onset[at])), int(pitch[at]), _out_of_rub(int(pitch[at]), int(pitch[other]), tones)),
        )  # fmt: skip


def _is_ornament(piece: Piece, note: int) -> bool:
    """Whether a tone of the key is one that its chords explain: its part steps on to a chord tone, as from a suspension,
    or it is held into a chord that it belongs to, or struck again there: it anticipates it.
    """
    heard = piece.heard
    begin, end, pitch = int(heard.onset[note]), int(heard.end[note]), int(heard.pitch[note])
    key = key_at(begin, piece.keys, piece.key)
    if key is None or pitch % 12 not in key.pitch_classes:
        return False
    if pitch % 12 in _tones_at(piece.chords, end - 1):
        return True
    first = int(heard.onset.searchsorted(end - heard.ppq // 8))
    later = slice(first, first + NEXT)
    follow = zip(heard.onset[later].tolist(), heard.pitch[later].tolist(), heard.part[later].tolist(), strict=True)
    mine = [(onset, to) for onset, to, part in follow if part == int(heard.part[note])]
    soon = min(mine[0][0], end + heard.ppq) if mine else 0  # onsets ascend
    return any(onset <= soon and abs(to - pitch) <= 2 and to % 12 in _tones_at(piece.chords, onset) for onset, to in mine)  # fmt: skip


def _pairs(pitch: Ints, near: int, apart: tuple[int, ...]) -> tuple[Ints, Ints]:
    """Notes and later ones, up to `near` notes on, that lie so many semitones apart; the pairs of neighbours first."""
    padded = np.full(len(pitch) + near, -1_000, np.int16)  # nothing is so far below
    padded[: len(pitch)] = pitch
    wide = padded.itemsize
    later = np.ndarray((near, len(pitch)), np.int16, padded, wide, (wide, wide))  # row k: the notes k + 1 on
    steps = later - padded[: len(pitch)]
    np.abs(steps, out=steps)
    wanted = steps == apart[0]
    for semitones in apart[1:]:
        wanted |= steps == semitones
    # of one long row what is wanted is found in a tenth of the time
    on, first = np.divmod(wanted.ravel().nonzero()[0], max(len(pitch), 1))
    return first, first + on + 1


def _out_of_rub(pitch: int, other: int, tones: frozenset[int]) -> int:
    """Semitones to the nearest chord tone that does not rub in its turn."""
    ways = [s for s in (1, -1, 2, -2, 3, -3) if pitch + s in range(128) and (pitch + s) % 12 in tones and abs(pitch + s - other) not in (1, 13)]  # fmt: skip
    return ways[0] if ways else (1 if pitch < other else -1)


def _tones_at(chords: Sequence[ChordSpan], tick: int) -> frozenset[int]:
    span = _span_at(chords, tick)
    return frozenset(span.chord.pitch_classes) if span else frozenset(range(12))


def _is_colour(piece: Piece, tick: int, lower: int, upper: int) -> bool:
    """Whether a rub on `lower` is a colour that people voice on purpose: a major seventh under its root, the ninth under
    a minor third, or, an octave wider, the flat ninth of a dominant over its root.
    """
    span = _span_at(piece.chords, tick)
    if span is None:
        return False
    step, seventh = (lower - span.chord.root) % 12, (span.chord.root + 10) % 12
    if upper - lower > 1:
        return step == 0 and span.chord.family == "maj" and _sounds(piece.heard, tick, seventh)
    return (step, span.chord.family) == (2, "min") or (
        (step, span.chord.family) == (11, "maj") and seventh not in span.chord.pitch_classes
    )


def _sounds(heard: Heard, tick: int, pitch_class: int) -> bool:
    """Whether a pitch class sounds at a tick."""
    begun = slice(0, heard.onset.searchsorted(tick, side="right"))
    return bool(((heard.pitch_class[begun] == pitch_class) & (heard.end[begun] > tick)).any())


def _span_at(chords: Sequence[ChordSpan], tick: int) -> ChordSpan | None:
    at = bisect_right(chords, tick, key=lambda span: span.onset) - 1
    return chords[at] if at >= 0 and tick < chords[at].onset + chords[at].duration else None


def mud(piece: Piece) -> Iterator[Finding]:
    """Thirds and seconds under C3 that sound together, by the beats in which they do."""
    heard = piece.heard
    low = (heard.pitch < MUD_BELOW).nonzero()[0]
    onset, end, pitch, part = (column[low] for column in (heard.onset, heard.end, heard.pitch, heard.part))
    first, second = _pairs(pitch, MUD_NEAR, (1, 2, 3, 4))
    begins, ends = onset[second], np.minimum(end[first], end[second])
    blurs = ends - begins >= MUD_BEATS * heard.ppq
    first, second, begins, ends = first[blurs], second[blurs], begins[blurs], ends[blurs]
    if not len(first):
        return
    cell, _, _ = overlaps(begins, ends, heard.beats)
    muddy = int(np.count_nonzero(np.bincount(cell)))
    if muddy < max(2, MUD_SHARE * (len(heard.beats) - 1)):
        return
    tick = int(begins.min())
    rises = pitch[first] < pitch[second]
    lower, upper = np.where(rises, first, second), np.where(rises, second, first)
    named = min(
        (a, b) for a, b, begin in zip(lower.tolist(), upper.tolist(), begins.tolist(), strict=True) if begin == tick
    )
    names = " with ".join(piece.name(int(pitch[i]), tick) for i in named)
    busiest = int(np.bincount(part[upper]).argmax())
    yield Finding(
        id="low_mud", kind="trouble", bar=piece.bar(tick), part=busiest,
        what=f"{counted(muddy, 'beat')} of {len(heard.beats) - 1} hold seconds or thirds under C3, first {names}",
        why="so low, tones a third apart fall within one critical band and blur", audible=0.75,
        source="Plomp & Levelt 1965; Adler, The Study of Orchestration (low interval limits)",
        fix=Fix(transform="move_notes", arguments={"part": piece.score.labels[busiest], "semitones": 12, "highest": MUD_BELOW - 1}),
    )  # fmt: skip


def parallels(piece: Piece) -> Iterator[Finding]:
    """Parallel fifths and octaves between the top line and the bass, where both are single lines and both move."""
    lines = [t for t in piece.textures if t.kind == "single line"]
    sung = [t for t in lines if piece.melody and t.part == piece.melody.part]
    top = max(sung or piece.textures, key=lambda t: t.highest + t.lowest, default=None)
    low = min(lines, key=lambda t: t.highest + t.lowest, default=None)
    if top not in lines or low is None or top is low or (low.highest + low.lowest) / 2 >= BASS_BELOW:
        return
    upper, lower = piece.score.parts[top.part].notes, piece.score.parts[low.part].notes
    both, at, under = _together(upper["onset"], lower["onset"])
    if len(both) < 2:
        return
    high, deep = upper["pitch"][at].astype(np.int64), lower["pitch"][under].astype(np.int64)
    near, tutti = np.diff(both) <= 2 * piece.heard.ppq, _in_unison(piece.heard, both)
    bars = np.array([piece.file_bar(tick) for tick in both.tolist()])
    names = f"{part_name(piece.score, top.part)} and {part_name(piece.score, low.part)}"
    for interval, name in ((7, "fifths"), (0, "octaves")):
        where = _parallel(high, deep, near, interval)
        where = where[~(tutti[where] & tutti[where + 1])]
        if len(where) < LEAST_PARALLELS:
            continue
        for step in where[:MOST_PARALLELS].tolist():
            tick, pitch = int(both[step + 1]), int(deep[step + 1])
            moves = " to ".join(
                f"{piece.name(int(high[i]), tick)} over {piece.name(int(deep[i]), tick)}" for i in (step, step + 1)
            )
            away = _apart(high, deep, near, (bars == bars[step + 1]) & (deep == pitch), _tones_at(piece.chords, tick))
            yield Finding(
                id=f"parallel_{name}", kind="trouble", bar=piece.bar(tick), part=low.part,
                what=f"{names} move in parallel {name}, {moves}, one of {len(where)} such steps",
                why="two lines that move so fuse into one: the piece loses a voice", audible=0.35,
                source="Huron, Tone and Voice, Music Perception 2001",
                fix=moved(piece.score, low.part, int(bars[step + 1]), pitch, away) if away else None,
            )  # fmt: skip


def _together(upper: Ints, lower: Ints) -> tuple[Ints, Ints, Ints]:
    """The ticks at which both lines strike, ascending, and the first note of each there."""
    at = steps_up(upper).nonzero()[0]
    ticks = upper[at]
    under = lower.searchsorted(ticks)
    both = lower[np.minimum(under, len(lower) - 1)] == ticks
    return ticks[both], at[both], under[both]


def _in_unison(heard: Heard, onsets: Ints) -> Flags:
    """At which of these onsets three notes or more strike one pitch class between them."""
    first = steps_up(heard.onset).nonzero()[0]
    struck = np.bitwise_or.reduceat(1 << heard.pitch_class, first)
    count = np.diff(first, append=len(heard))
    return ((struck & struck - 1 == 0) & (count >= 3))[heard.onset[first].searchsorted(onsets)]


def _parallel(high: Ints, deep: Ints, near: Flags, interval: int) -> Ints:
    """The steps at which both lines move the same way from one such interval to the next, doublings left out."""
    apart = np.where(high < deep, -1, (high - deep) % 12)  # crossed, a fifth is a fourth
    upward = np.sign(np.diff(high))
    kept = near & (apart[1:] == interval) & (apart[:-1] == interval) & (upward == np.sign(np.diff(deep)))
    steps = np.flatnonzero(kept & (upward != 0))
    stretch = np.cumsum(~kept)[steps]  # a tone struck again does not end a doubling
    few = np.bincount(stretch, minlength=1)[stretch] < DOUBLED
    return steps[few & (np.abs(np.diff(high))[steps] <= WIDEST_STEP)]


def _apart(high: Ints, deep: Ints, near: Flags, which: Flags, tones: frozenset[int]) -> int:
    """Semitones by which such notes of the lower line leave most parallels behind, the nearest chord tones first; 0: none."""

    def left(semitones: int) -> int:
        shifted = np.where(which, deep + semitones, deep)
        return sum(len(_parallel(high, shifted, near, interval)) for interval in (0, 7))

    pitch = int(deep[which][0])
    ways = [s for s in (3, -3, 4, -4, 5, -5, 2, -2, 7, -7, 12, -12) if (pitch + s) % 12 in tones and 0 <= pitch + s < int(high[which].min())]  # fmt: skip
    best = min(ways, key=left, default=0)
    return best if best and left(best) < left(0) else 0
