"""Techniques of reharmonizing: which chord each puts in place of another, and where a melody bears it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from .score import ChordSpan, Notes
from .theory import Chord, Key

Spans = list[ChordSpan]
Ints = NDArray[np.int64]
HELD = 4  # a tune's note that ends within so many a beat of a chord's start is not held into it
AGAIN = 4  # nor is one let go that is struck again within so many a beat
LONG_BARS = 4  # bar lines that a chord lasts over, from which it is left and come back to
MOST_BARS = 400  # over all such chords: where they last longer, they are left less often
_SEVENTHS = {"": "maj7", "m": "m7", "dim": "m7b5"}


def changed_chords(
    chords: Sequence[ChordSpan], inside: Sequence[bool], *, technique: str, key: Key, tune: Notes, ppq: int, bars: Ints
) -> Spans:
    """The chords with those `inside` changed by a technique of TECHNIQUES where the tune's notes of a beat or more bear it.

    One of MOVING goes to and fro within a chord that lasts long; `bars` are the ticks of the bar lines.
    """
    onsets, ends, pitches = _stated(tune, ppq)
    reach = np.maximum.accumulate(ends)

    def bears(span: ChordSpan, old: Chord) -> bool:
        """Whether all such notes that start within a chord, or are held into it, stand to its tones as a tune may."""
        first = reach.searchsorted(span.onset + ppq // HELD, side="right")
        end = onsets.searchsorted(span.onset + span.duration)
        held = pitches[first:end][ends[first:end] > span.onset + ppq // HELD]
        return all(_stands(int(pitch) % 12, span.chord, old) for pitch in held)

    fresh: Spans = []
    edges = _edges(chords, inside, bars) if technique in MOVING else {}
    for index, (whole, after, within) in enumerate(zip(chords, [*chords[1:], None], inside, strict=True)):
        bounds = pairwise(edges.get(index, (whole.onset, whole.onset + whole.duration)))
        pieces = [replace(whole, onset=start, duration=end - start) for start, end in bounds]
        new: Spans = []
        for at, (span, following) in enumerate(zip(pieces, [*pieces[1:], after], strict=True), 1 - len(pieces)):
            turn = within and at % 2 == 0 and (new or len(pieces) == 1)
            proposed = TECHNIQUES[technique](span, following, key, ppq) if turn else []
            borne = all(each.chord == span.chord or bears(each, span.chord) for each in proposed)
            new += proposed if proposed and borne else [span]
        fresh += _joined(new)
    return fresh


def _edges(chords: Sequence[ChordSpan], inside: Sequence[bool], bars: Ints) -> dict[int, list[int]]:
    """Where the pieces of each chord `inside` that lasts over four bar lines or more begin and end: of two bars, counted
    from its end, longer where all such last over more than MOST_BARS.
    """
    spans = np.array([(span.onset, span.onset + span.duration) for span in chords], np.int64).reshape(-1, 2)
    first, past = bars.searchsorted(spans[:, 0], side="right"), bars.searchsorted(spans[:, 1])
    long = np.flatnonzero(np.array(inside, bool) & (past - first >= LONG_BARS))
    step = -2 * max(1, -int((past - first)[long].sum() // -MOST_BARS))
    lines = {at: bars[first[at] : past[at]][step::step][::-1] for at in long.tolist()}
    return {at: [int(spans[at, 0]), *inner.tolist(), int(spans[at, 1])] for at, inner in lines.items()}


def _joined(spans: Spans) -> Spans:
    """Chords in a row, each of which goes on while it stays the same."""
    rows = [[*same] for _, same in groupby(spans, key=lambda span: span.chord)]
    return [replace(row[0], duration=sum(span.duration for span in row)) for row in rows]


def _stated(tune: Notes, ppq: int) -> tuple[Ints, Ints, Ints]:
    """Onset, end and pitch of what a tune states for a beat or more, struck once or again and again; onsets ascend."""
    notes = tune[np.lexsort((tune["onset"], tune["pitch"]))]
    onset, end, pitch = notes["onset"], notes["onset"] + notes["duration"], notes["pitch"].astype(np.int64)
    first = np.flatnonzero((np.diff(pitch, prepend=-1) != 0) | (onset - np.roll(end, 1) >= ppq // AGAIN))
    onset, end = onset[first], end[np.append(first[1:], len(end)) - 1] if len(end) else end
    heavy = np.flatnonzero(end - onset >= ppq * 3 // 4)
    heavy = heavy[onset[heavy].argsort(kind="stable")]
    return onset[heavy], end[heavy], pitch[first][heavy]


def _stands(tone: int, chord: Chord, old: Chord) -> bool:
    """Whether a tune may hold a pitch class over a chord in place of an old one: not a semitone above a tone that it
    lacked, nor, where foreign to it, above any, nor as the minor third of a major chord; nor as a tone that gave way to
    one a semitone above, but for a fifth.
    """
    tones = {*chord.pitch_classes}
    gained = tones.difference(old.pitch_classes)
    if tone in tones:
        return (tone - 1) % 12 not in gained
    above = (tone + 1) % 12
    lost = tone in old.pitch_classes and above in gained and (above - chord.root) % 12 != 7
    return not lost and (tone - 1) % 12 not in tones and not ((tone - chord.root) % 12 == 3 and above in tones)


def _extended(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """Triads become the sevenths that the key gives them."""
    chord = span.chord
    quality = _SEVENTHS.get(chord.quality)
    if (
        quality == "maj7"
        and (chord.root + 11) % 12 not in key.pitch_classes
        and (chord.root + 10) % 12 in key.pitch_classes
    ):
        quality = "7"
    return [] if quality is None else [replace(span, chord=Chord(chord.root, quality, chord.bass))]


def _relative(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """A triad's own third below or above: I for vi, IV for ii, and back."""
    chord = span.chord
    if chord.quality not in ("", "m") or chord.bass != chord.root:
        return []
    root, quality = ((chord.root + 9) % 12, "m") if chord.quality == "" else ((chord.root + 3) % 12, "")
    inside = {root % 12, (root + (3 if quality else 4)) % 12, (root + 7) % 12} <= set(key.pitch_classes)
    return [replace(span, chord=Chord(root, quality))] if inside else []


def _secondary(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """The second half becomes the dominant of the chord that follows."""
    if (
        following is None
        or following.chord.root == span.chord.root
        or following.chord.family == "dim"
        or span.duration < 2 * ppq
    ):
        return []
    dominant = Chord((following.chord.root + 7) % 12, "7")
    return [] if dominant.root == span.chord.root and span.chord.quality == "7" else _halves(span, dominant, ppq)


def _tritone(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """A dominant that falls a fifth becomes the one a tritone away: the bass falls a semitone instead."""
    chord = span.chord
    if (
        following is None
        or chord.family != "maj"
        or "maj" in chord.quality
        or (chord.root - following.chord.root) % 12 != 7
    ):
        return []
    return [replace(span, chord=Chord((chord.root + 6) % 12, "7"))]


def _borrowed(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """Chords of the parallel mode: iv, ii half-diminished and bVI in major, IV and a major V in minor."""
    step, chord = (span.chord.root - key.pitch_class) % 12, span.chord
    table = (
        {(5, "min"): "", (7, "min"): "", (0, "min"): None}
        if key.is_minor
        else {(5, "maj"): "m", (2, "min"): "m7b5", (9, "min"): ""}
    )
    quality = table.get((step, chord.family))
    if quality is None:
        return []
    root = chord.root if (step, chord.family) != (9, "min") else (chord.root - 1) % 12
    return [replace(span, chord=Chord(root, quality))]


def _suspended(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """The fourth is held for the first half and falls to the third."""
    if (
        span.chord.family not in ("maj", "min")
        or span.duration < 2 * ppq
        or (span.chord.root + 5) % 12 not in key.pitch_classes
    ):
        return []
    held = replace(span, chord=Chord(span.chord.root, "sus4", span.chord.bass))
    first, second = _halves(held, span.chord, ppq)
    return [first, second]


def _passing(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """Between roots a whole tone apart going up, a diminished seventh on the semitone between, in the last beat."""
    if following is None or (following.chord.root - span.chord.root) % 12 != 2 or span.duration < 2 * ppq:
        return []
    return _halves(span, Chord((span.chord.root + 1) % 12, "dim7"), ppq, last=ppq)


def _pedal(span: ChordSpan, following: ChordSpan | None, key: Key, ppq: int) -> Spans:
    """The tonic stays in the bass."""
    chord = Chord(span.chord.root, span.chord.quality, key.pitch_class)
    return [] if chord == span.chord else [replace(span, chord=chord)]


def _halves(span: ChordSpan, second: Chord, ppq: int, last: int | None = None) -> Spans:
    tail = last if last is not None else max(ppq // 2, span.duration // 2 // ppq * ppq)
    return [replace(span, duration=span.duration - tail), ChordSpan(span.onset + span.duration - tail, tail, second)]


TECHNIQUES: dict[str, Callable[[ChordSpan, ChordSpan | None, Key, int], Spans]] = {
    "extensions": _extended,
    "modal_interchange": _borrowed,
    "passing_diminished": _passing,
    "pedal": _pedal,
    "relative": _relative,
    "secondary_dominants": _secondary,
    "suspensions": _suspended,
    "tritone_substitution": _tritone,
}
MOVING = ("secondary_dominants", "relative", "suspensions", "passing_diminished", "modal_interchange")  # audibly
