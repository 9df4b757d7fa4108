"""Reharmonize: other chords under the same melody, by named techniques of the craft."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..errors import IntentError, TooLittleMusic, nearest
from ..score import MOST_BARS, NOTE, ChordSpan, Notes, Score, find_part
from ..theory import Chord, Key, chord_to_roman
from .parts import bars_asked, each_part, notes_of, with_notes

Spans = list[ChordSpan]
_Row = tuple[int, int, int, int, int]  # a note's fields
MOST_CUTS = 250_000  # forty parts of a long symphony have a tenth
_SEVENTHS = {"": "maj7", "m": "m7", "dim": "m7b5"}


def reharmonize(score: Score, *, technique: str, key: Key, melody: str, bar: int = 0, bars: int = MOST_BARS) -> Score:
    """The score with chords changed by a technique of TECHNIQUES where the melody allows, and the parts under it moved.

    Chords that start in these bars (from 0), all unless asked otherwise. `melody` names the part that stays note for
    note. A chord is only changed where each melody note that starts on it
    for a beat or more is a chord tone or does not stand a semitone above one; else the old chord stays. Other pitched
    parts keep rhythm and register and take the nearest tones of the new chords; drums stay. IntentError where the
    technique changes nothing here, TooLittleMusic where the score names no chords, or notes are held over more changes
    of chord than MOST_CUTS.
    """
    if technique not in TECHNIQUES:
        raise IntentError(f"unknown technique {technique!r}{nearest(technique, TECHNIQUES)}", field="technique")
    if not score.chords:
        raise TooLittleMusic("the score names no chords; analyze it first and pass them in Score.chords")
    where = bars_asked(bar, bars)
    at = find_part(score, melody)
    tune = score.parts[at].notes
    heavy = _Heavy.of(tune[tune["duration"] >= score.ppq * 3 // 4])
    fresh: Spans = []
    number = np.searchsorted(score.bar_starts(), [span.onset for span in score.chords], side="right") - 1
    if not ((number >= bar) & (number < bar + bars)).any():
        raise IntentError(f"no chord starts {where}; chords start in bars {number[0]} to {number[-1]}", field="bar")
    for index, span in enumerate(score.chords):
        following = score.chords[index + 1] if index + 1 < len(score.chords) else None
        inside = bar <= number[index] < bar + bars
        proposed = TECHNIQUES[technique](span, following, key, score.ppq) if inside else []
        fresh += proposed if proposed and all(map(heavy.carry, proposed)) else [span]
    named = tuple(replace(s, roman=chord_to_roman(s.chord, key)) for s in fresh)
    if [(s.onset, s.chord) for s in named] == [(s.onset, s.chord) for s in score.chords]:
        raise IntentError(f"{technique} finds nothing to change here that the melody allows", field="technique")
    return replace(_followed(score, named, at), chords=named)


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


class _Heavy(NamedTuple):
    """The notes of a melody that last a beat or more, in onset order: those that chords must bear."""

    onsets: list[int]
    pitches: list[int]

    @classmethod
    def of(cls, notes: Notes) -> _Heavy:
        """Of these notes, in NOTE order."""
        return cls(notes["onset"].tolist(), notes["pitch"].tolist())

    def carry(self, span: ChordSpan) -> bool:
        """True where none of them that starts within the chord stands a semitone above a chord tone."""
        first, end = (bisect_left(self.onsets, tick) for tick in (span.onset, span.onset + span.duration))
        tones = span.chord.pitch_classes
        return all(p % 12 in tones or (p - 1) % 12 not in tones for p in self.pitches[first:end])


class _Under(NamedTuple):
    """A new chord: where it starts and ends, its tones, those it has more than the old one, and whether it is that one."""

    onset: int
    end: int
    chord: Chord
    tones: set[int]
    gained: set[int]
    same: bool


def _unders(old: tuple[ChordSpan, ...], new: tuple[ChordSpan, ...]) -> list[_Under]:
    """The new chords against those that stood where they start."""
    olds = np.array([span.onset for span in old], np.int64)
    before = np.maximum(0, np.searchsorted(olds, [span.onset for span in new], side="right") - 1).tolist()
    found: list[_Under] = []
    for span, was in zip(new, (old[index].chord for index in before), strict=True):
        tones, old_tones = set(span.chord.pitch_classes), set(was.pitch_classes)
        gained = tones - old_tones if len(tones) > len(old_tones) else set[int]()
        found.append(_Under(span.onset, span.onset + span.duration, span.chord, tones, gained, was == span.chord))
    return found


def _followed(score: Score, new: tuple[ChordSpan, ...], tune: int) -> Score:
    """The score with the notes of all pitched parts but the tune under new chords: cut where a chord changes within them.

    TooLittleMusic where that would be in more than MOST_CUTS places.
    """
    notes, part_of = notes_of(score)
    starts = np.array([span.onset for span in new], np.int64)
    follows = ~np.array([part.is_drums for part in score.parts], bool)[part_of] & (part_of != tune)
    notes, part_of = notes[follows], part_of[follows]
    first = np.maximum(0, np.searchsorted(starts, notes["onset"], side="right") - 1)
    last = np.maximum(first, np.searchsorted(starts, notes["onset"] + notes["duration"]) - 1)
    cuts = int((last - first).sum())
    if cuts > MOST_CUTS:
        raise TooLittleMusic(f"notes are held over {cuts} changes of chord; legal: up to {MOST_CUTS}")
    basses, chords = _basses(score), _unders(score.chords, new)
    held = [*zip(notes.tolist(), first.tolist(), last.tolist(), strict=True)]
    rows: list[_Row] = []
    of: list[int] = []
    for at, mine in each_part(part_of):
        rows += _follow(held[mine], chords, at in basses, bool(basses))
        of += [at] * (len(rows) - len(of))
    return with_notes(score, np.array(rows, NOTE), np.array(of, np.int64))


def _basses(score: Score) -> set[int]:
    """The indices of the basses: by their role, and pitched parts without one whose median lies below C3."""
    notes, part_of = notes_of(score)
    pitch = notes["pitch"][np.lexsort((notes["pitch"], part_of))].tolist()
    low = {
        at
        for at, mine in each_part(part_of)
        if pitch[(mine.start + mine.stop - 1) // 2] + pitch[(mine.start + mine.stop) // 2] < 2 * 48
    }
    return {
        at
        for at, part in enumerate(score.parts)
        if part.role == "bass" or (part.role == "" and not part.is_drums and at in low)
    }


def _follow(held: list[tuple[_Row, int, int]], chords: list[_Under], is_bass: bool, grounded: bool) -> list[_Row]:
    """A part's notes under the new chords from a first to a last, each piece of them on the nearest free tone.

    Where a chord has a tone more than before, one voice of three or more struck together gives its own up for it;
    `grounded` says that a bass has the root. Of a bass the lowest note of each moment takes the chord's bass.
    """
    together: dict[int, list[int]] = {}
    for (onset, _, pitch, _, _), _, _ in held:
        together.setdefault(onset, []).append(pitch)
    rows: list[_Row] = []
    taken: dict[int, set[int]] = {}
    givers: dict[tuple[int, int], int | None] = {}
    for (onset, duration, pitch, velocity, shift), first, last in held:
        low = is_bass and pitch == together[onset][0]
        pieces: list[list[int]] = []
        for index in range(first, last + 1):
            chord = chords[index]
            left = max(onset, chord.onset) if index > first else onset
            right = min(onset + duration, chord.end) if index < last else onset + duration
            occupied = taken.setdefault(left, set())
            if chord.same:
                fresh = pitch
            else:
                classes = {chord.chord.bass} if low else chord.tones
                if chord.gained and not low:
                    if (onset, index) not in givers:
                        givers[onset, index] = _giver(together[onset], chord.chord, grounded)
                    if givers[onset, index] == pitch:
                        classes = chord.gained
                fresh = _near(pitch, classes, occupied)
            occupied.add(fresh)
            if pieces and pieces[-1][2] == fresh:
                pieces[-1][1] = right
            elif right > left or duration == 0:
                pieces.append([left, right, fresh])
        rows += [(left, right - left, fresh, velocity, shift) for left, right, fresh in pieces]
    return rows


def _giver(pitches: list[int], chord: Chord, grounded: bool) -> int | None:
    """Which of the notes struck together gives way to a tone that the chord gains: a root that others hold, else the fifth."""
    if len(pitches) < 3:
        return None
    roots = [p for p in pitches if p % 12 == chord.root]
    fifths = [p for p in pitches if (p - chord.root) % 12 in (6, 7, 8)]
    return max(roots if roots and (grounded or len(roots) > 1) else fifths, default=None)


def _near(pitch: int, classes: set[int], taken: set[int]) -> int:
    """The nearest pitch of these classes that no note of this moment has, the nearest where none is free."""
    pool = [p for p in _NEAREST[pitch] if p % 12 in classes]
    return next((p for p in pool if p not in taken), pool[0])


def _outward(pitch: int) -> list[int]:
    """The pitches about one, the nearest first."""
    low, high = max(0, min(pitch - 9, 116)), min(127, max(pitch + 9, 11))  # an octave at least, at either end too
    return sorted(range(low, high + 1), key=lambda p: (abs(p - pitch), p))


_NEAREST = [_outward(pitch) for pitch in range(128)]
