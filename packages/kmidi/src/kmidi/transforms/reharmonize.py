"""Reharmonize: other chords under the same melody, by named techniques of the craft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..errors import IntentError, TooLittleMusic, nearest
from ..score import MOST_BARS, ChordSpan, Notes, Part, Score, find_part, notes_array, without_overlaps
from ..theory import Chord, Key, chord_to_roman
from .parts import bars_asked

Spans = list[ChordSpan]
_SEVENTHS = {"": "maj7", "m": "m7", "dim": "m7b5"}


def reharmonize(score: Score, *, technique: str, key: Key, melody: str, bar: int = 0, bars: int = MOST_BARS) -> Score:
    """The score with chords changed by a technique of TECHNIQUES where the melody allows, and the parts under it moved.

    Chords that start in these bars (from 0), all unless asked otherwise. `melody` names the part that stays note for
    note. A chord is only changed where each melody note that starts on it
    for a beat or more is a chord tone or does not stand a semitone above one; else the old chord stays. Other pitched
    parts keep rhythm and register and take the nearest tones of the new chords; drums stay. IntentError where the
    technique changes nothing here, TooLittleMusic where the score names no chords.
    """
    if technique not in TECHNIQUES:
        raise IntentError(f"unknown technique {technique!r}{nearest(technique, TECHNIQUES)}", field="technique")
    if not score.chords:
        raise TooLittleMusic("the score names no chords; analyze it first and pass them in Score.chords")
    where = bars_asked(bar, bars)
    tune = score.parts[find_part(score, melody)]
    fresh: Spans = []
    number = np.searchsorted(score.bar_starts(), [span.onset for span in score.chords], side="right") - 1
    if not ((number >= bar) & (number < bar + bars)).any():
        raise IntentError(f"no chord starts {where}; chords start in bars {number[0]} to {number[-1]}", field="bar")
    for index, span in enumerate(score.chords):
        following = score.chords[index + 1] if index + 1 < len(score.chords) else None
        inside = bar <= number[index] < bar + bars
        proposed = TECHNIQUES[technique](span, following, key, score.ppq) if inside else []
        fresh += proposed if proposed and all(_carries(p.chord, tune.notes, p, score.ppq) for p in proposed) else [span]
    named = tuple(replace(s, roman=chord_to_roman(s.chord, key)) for s in fresh)
    if [(s.onset, s.chord) for s in named] == [(s.onset, s.chord) for s in score.chords]:
        raise IntentError(f"{technique} finds nothing to change here that the melody allows", field="technique")
    grounded = any(map(_is_bass, score.parts))
    parts = tuple(
        p if p.is_drums or p is tune else _follow(p, score.chords, named, score.length, grounded) for p in score.parts
    )
    return replace(score, chords=named, parts=parts)


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


def _carries(chord: Chord, tune: Notes, span: ChordSpan, ppq: int) -> bool:
    """True where no melody note of a beat or more, started within the chord, stands a semitone above a chord tone."""
    inside = (tune["onset"] >= span.onset) & (tune["onset"] < span.onset + span.duration)
    heavy = tune[inside & (tune["duration"] >= ppq * 3 // 4)]
    tones = set(chord.pitch_classes)
    return all(int(p) % 12 in tones or (int(p) - 1) % 12 not in tones for p in heavy["pitch"])


def _is_bass(part: Part) -> bool:
    return part.role == "bass" or (
        part.role == "" and not part.is_drums and len(part.notes) > 0 and float(np.median(part.notes["pitch"])) < 48
    )


def _follow(part: Part, old: tuple[ChordSpan, ...], new: tuple[ChordSpan, ...], length: int, grounded: bool) -> Part:
    """A part's notes under the new chords: cut where a chord changes within them, each piece on the nearest free tone.

    Where a chord has a tone more than before, one voice of three or more struck together gives its own up for it;
    `grounded` says that a bass has the root. Of a bass the lowest note of each moment takes the chord's bass.
    """
    starts = np.array([span.onset for span in new], np.int64)
    olds = np.array([span.onset for span in old], np.int64)
    is_bass = _is_bass(part)
    together: dict[int, list[int]] = {}
    for onset, pitch in zip(part.notes["onset"].tolist(), part.notes["pitch"].tolist(), strict=True):
        together.setdefault(onset, []).append(pitch)
    rows: list[tuple[int, int, int, int, int]] = []
    taken: dict[int, set[int]] = {}
    for onset, duration, pitch, velocity, shift in part.notes.tolist():
        first = max(0, int(np.searchsorted(starts, onset, side="right")) - 1)
        last = max(first, int(np.searchsorted(starts, onset + duration, side="left")) - 1)
        pieces: list[list[int]] = []
        for index in range(first, last + 1):
            span = new[index]
            before = old[max(0, int(np.searchsorted(olds, span.onset, side="right")) - 1)]
            left = max(onset, span.onset) if index > first else onset
            right = min(onset + duration, span.onset + span.duration) if index < last else onset + duration
            same = before.chord == span.chord
            low = is_bass and pitch == min(together[onset])
            tones, old_tones = set(span.chord.pitch_classes), set(before.chord.pitch_classes)
            classes = {span.chord.bass} if low else tones
            gains = not same and len(tones) > len(old_tones)
            if gains and not low and _giver(together[onset], span.chord, grounded) == pitch:
                classes = tones - old_tones
            fresh = pitch if same else _near(pitch, classes, taken.setdefault(left, set()))
            taken.setdefault(left, set()).add(fresh)
            if pieces and pieces[-1][2] == fresh:
                pieces[-1][1] = right
            elif right > left or duration == 0:
                pieces.append([left, right, fresh])
        rows += [(left, right - left, fresh, velocity, shift) for left, right, fresh in pieces]
    return replace(part, notes=without_overlaps(notes_array(rows), length))


def _giver(pitches: list[int], chord: Chord, grounded: bool) -> int | None:
    """Which of the notes struck together gives way to a tone that the chord gains: a root that others hold, else the fifth."""
    if len(pitches) < 3:
        return None
    roots = [p for p in pitches if p % 12 == chord.root]
    fifths = [p for p in pitches if (p - chord.root) % 12 in (6, 7, 8)]
    return max(roots if roots and (grounded or len(roots) > 1) else fifths, default=None)


def _near(pitch: int, classes: set[int], taken: set[int]) -> int:
    """The nearest pitch of these classes that no note of this moment has."""
    low, high = max(0, min(pitch - 9, 116)), min(127, max(pitch + 9, 11))  # an octave at least, at either end too
    pool = [p for p in range(low, high + 1) if p % 12 in classes]
    free = [p for p in pool if p not in taken] or pool
    return min(free, key=lambda p: (abs(p - pitch), p))
