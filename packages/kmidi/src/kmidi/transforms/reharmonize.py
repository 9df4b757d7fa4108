"""Reharmonize: other chords under the same melody, by named techniques of the craft."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..errors import IntentError, TooLittleMusic, nearest
from ..score import MOST_BARS, NOTE, ChordSpan, Score, find_part
from ..techniques import TECHNIQUES, changed_chords
from ..theory import Chord, Key, chord_to_roman
from .parts import bars_asked, each_part, notes_of, with_notes

_Row = tuple[int, int, int, int, int]  # a note's fields
MOST_CUTS = 250_000  # forty parts of a long symphony have a tenth


def reharmonize(score: Score, *, technique: str, key: Key, melody: str, bar: int = 0, bars: int = MOST_BARS) -> Score:
    """The score with chords changed by a technique of TECHNIQUES where the melody allows, and the parts under it moved.

    Chords that start in these bars (from 0), all unless asked otherwise. `melody` names the part that stays note for
    note. A chord is only changed where no melody note of a beat or more that starts on it or is held into it would stand a
    semitone above a foreign or a new tone, or as the minor third of a major chord; else the old chord stays. Other pitched
    parts keep rhythm and register and take the nearest tones of the new chords, pressure on their keys too; drums stay.
    IntentError where the technique changes nothing here, TooLittleMusic where the score names no chords, or notes are
    held over more changes of chord than MOST_CUTS.
    """
    if technique not in TECHNIQUES:
        raise IntentError(f"unknown technique {technique!r}{nearest(technique, TECHNIQUES)}", field="technique")
    if not score.chords:
        raise TooLittleMusic("the score names no chords; analyze it first and pass them in Score.chords")
    where = bars_asked(bar, bars)
    at = find_part(score, melody)
    lines = score.bar_starts()
    number = np.searchsorted(lines, [span.onset for span in score.chords], side="right") - 1
    inside = (number >= bar) & (number < bar + bars)
    if not inside.any():
        raise IntentError(f"no chord starts {where}; chords start in bars {number[0]} to {number[-1]}", field="bar")
    tune = score.parts[at].notes
    fresh = changed_chords(
        score.chords, inside.tolist(), technique=technique, key=key, tune=tune, ppq=score.ppq, bars=lines
    )
    named = tuple(replace(s, roman=chord_to_roman(s.chord, key)) for s in fresh)
    if [(s.onset, s.chord) for s in named] == [(s.onset, s.chord) for s in score.chords]:
        raise IntentError(f"{technique} finds nothing to change here that the melody allows", field="technique")
    return replace(_followed(score, named, at), chords=named)


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
    follows = np.array([part.is_pitched for part in score.parts], bool)[part_of] & (part_of != tune)
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
    places: list[int] = []
    for at, mine in each_part(part_of):
        for place, pieces in enumerate(_follow(held[mine], chords, at in basses, bool(basses))):
            rows += pieces
            places += [place] * len(pieces)
        of += [at] * (len(rows) - len(of))
    return with_notes(score, np.array(rows, NOTE), np.array(of, np.int64), np.array(places, np.int64))


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
        if part.role == "bass" or (part.role == "" and part.is_pitched and at in low)
    }


def _follow(held: list[tuple[_Row, int, int]], chords: list[_Under], is_bass: bool, grounded: bool) -> list[list[_Row]]:
    """Of each of a part's notes its pieces under the new chords from a first to a last, each on the nearest free tone.

    Where a chord has a tone more than before, one voice of three or more struck together gives its own up for it;
    `grounded` says that a bass has the root. Of a bass the lowest note of each moment takes the chord's bass.
    """
    together: dict[int, list[int]] = {}
    for (onset, _, pitch, _, _), _, _ in held:
        together.setdefault(onset, []).append(pitch)
    rows: list[list[_Row]] = []
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
        rows.append([(left, right - left, fresh, velocity, shift) for left, right, fresh in pieces])
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
