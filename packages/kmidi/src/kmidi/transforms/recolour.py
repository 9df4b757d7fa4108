"""Recolour: a piece moved toward another feeling, its melody still itself, with what changed and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import IntentError
from ..intent import BPM_RANGE, Feeling, check_range
from ..score import Notes, Score, Tempo
from ..tables import cue_rows
from ..theory import Key
from .parts import notes_of, with_notes
from .pitch import to_mode

Ints = NDArray[np.int64]

# Modes from dark to bright by their raised degrees; the minors that raise their upper degrees stand at their third.
_BRIGHTNESS = ("locrian", "phrygian", "aeolian", "dorian", "mixolydian", "ionian", "lydian")
# A piece is moved no further than major, and minor with its leading tone: phrygian's notes are those of a major key. Minor
# pieces asked to darken are read as darker in 21 of 21 wishes, with phrygian in 13; songs move an eighth further.
_BRIGHTEST, _DARKEST = 5, "harmonic_minor"
_STEPS_PER_VALENCE = 4.0  # half the way from -1 to 1 is four modes, minor to major and one more
# So much darker and more leaves a major third for the minor mode: mixolydian is not heard as darker, and dorian's notes
# are those of a major key. Read as darker: 0.892 -> 0.952 of 166 wishes, on pieces it was not chosen on.
_THIRD, _MINOR, _MAJOR = 0.3, 2, 4

# The house's slopes for what cues.toml has none for; their signs: Eerola, Friberg & Bresin, "Emotional expression in
# music", Frontiers in Psychology 2013 (register), and people's labels of played clips, where low and unequally long
# notes go with dark feelings: Hung et al., "EMOPIA", ISMIR 2021.
_EVENER, _UNEVENER = 0.4, 0.9  # of a long note's surplus over the median, taken off or put on for one of valence
_OVER = 8  # a note sounds on where it reaches such a part of its time into the next
_LEAST_SURPLUS = 0.5  # of it stays, so that pads do not fall apart
# C2, E2: notes under the one are lifted, over the other sunk; semitones a valence
_FLOOR, _CEILING, _REACH = 36, 40, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that recolouring changed: what, from, to, why."""

    what: str
    before: str
    after: str
    why: str


def recolour(score: Score, *, key: Key, before: Feeling, after: Feeling) -> Score:
    """The score moved toward another feeling: tempo, loudness, articulation by arousal; mode, register by valence.

    Every onset stays, and each note on its degree of the scale; with valence, notes that lie low are lifted or sunk by
    an octave, and long notes let go or held on to. `key` is the key the score is in, `before` the feeling it has. The
    slopes of tempo, loudness and articulation are those of cues.toml, which composing uses too. Equal feelings give
    the same score.
    """
    return _recoloured(score, key, before, after)[0]


def recolour_changes(score: Score, *, key: Key, before: Feeling, after: Feeling) -> tuple[Change, ...]:
    """What recolour changes with the same arguments, and why; empty where nothing does."""
    return _recoloured(score, key, before, after)[1]


def _recoloured(score: Score, key: Key, before: Feeling, after: Feeling) -> tuple[Score, tuple[Change, ...]]:
    check_range("valence", after.valence, -1, 1)
    brighter = after.valence - before.valence
    mode, factor = _mode(key, brighter), _factor(score, before, after)
    louder, longer = _louder(before, after), _longer(before, after)
    surplus = _surplus(brighter, min(1.0, factor) / longer)
    moved = score if mode == key.mode else to_mode(score, key=key, mode=mode)
    if factor != 1:
        tempos = tuple(Tempo(t.tick, _slower(t.us_per_quarter, factor)) for t in score.tempos_from_start)
        moved = replace(moved, tempos=tempos)
    notes, part_of = notes_of(moved)
    pitched = np.array([part.is_pitched for part in moved.parts], bool)[part_of]
    shift = np.zeros(len(notes), np.int64)
    shift[pitched] = _sunk_or_lifted(notes[pitched], part_of[pitched], brighter)
    octaves = int(np.count_nonzero(shift))
    if louder or longer != 1 or surplus != 1 or octaves:
        notes["velocity"] = np.clip(np.rint(notes["velocity"] + louder), 1, 127)
        lengths = _lengths(notes["duration"][pitched], longer, surplus)
        notes["duration"][pitched] = _let_go(notes[pitched], part_of[pitched], lengths)
        notes["pitch"] += shift.astype(np.int16)
        places = np.arange(len(notes)) - part_of.searchsorted(part_of)
        moved = with_notes(moved, notes, part_of, places)
    return moved, tuple(_said(score, key, mode, factor, louder, longer, surplus, octaves, brighter))


def _said(
    score: Score, key: Key, mode: str, factor: float, louder: int, longer: float, surplus: float, octaves: int,
    brighter: float,
) -> Iterator[Change]:  # fmt: skip
    """A change for everything that is not as it was."""
    shade = "brighter" if brighter > 0 else "darker"
    if mode != key.mode:
        why = f"a {shade} feeling takes a {shade} mode; each note keeps its degree"
        yield Change(what="mode", before=key.mode, after=mode, why=why)
    if octaves:
        why = "bright feelings stand clear of the depths" if brighter > 0 else "dark feelings weigh from below"
        after = f"{octaves} low note{'' if octaves == 1 else 's'} an octave {'higher' if brighter > 0 else 'lower'}"
        yield Change(what="register", before="low notes as they were", after=after, why=why)
    if surplus != 1:
        why = "bright feelings let long notes go" if brighter > 0 else "dark feelings hold on to long notes"
        after = f"what long notes have over the usual length × {surplus:.2f}"
        yield Change(what="long notes", before="lengths as they were", after=after, why=why)
    if factor != 1:
        bpm = score.tempos_from_start[0].bpm
        why = "more stirred feelings move faster" if factor > 1 else "stiller feelings move slower"
        yield Change(what="tempo", before=f"{bpm:.4g} bpm", after=f"{bpm * factor:.4g} bpm", why=why)
    if louder:
        why = "stirred feelings are played harder, still ones softer"
        yield Change(what="loudness", before="velocity as it was", after=f"velocity {louder:+d}", why=why)
    if longer != 1:
        why = "stirred feelings separate their notes, still ones bind them"
        yield Change(what="articulation", before="lengths as they were", after=f"lengths × {longer:.2f}", why=why)


def _mode(key: Key, brighter: float) -> str:
    steps = round(brighter * _STEPS_PER_VALENCE)
    home = key.mode if key.mode in _BRIGHTNESS else "aeolian"
    at = _BRIGHTNESS.index(home)
    aim = min(at + steps, _MINOR) if brighter <= -_THIRD and at >= _MAJOR else at + steps
    if aim < _MINOR <= at:
        return _DARKEST if key.mode in _BRIGHTNESS else key.mode
    aim = min(max(_BRIGHTEST, at), max(min(_MINOR, at), aim))
    return key.mode if aim == at else _BRIGHTNESS[aim]


def _factor(score: Score, before: Feeling, after: Feeling) -> float:
    row = cue_rows()["bpm"]
    slope = (row.arousal * (after.arousal - before.arousal) + row.valence * (after.valence - before.valence)) / row.base
    factor = round(1 + slope, 4) if slope >= 0 else round(1 / (1 - slope), 4)
    bpms = [tempo.bpm for tempo in score.tempos_from_start]
    low, high = BPM_RANGE[0] / min(bpms), BPM_RANGE[1] / max(bpms)
    if low > high:
        raise IntentError("the score's tempos lie too far apart to be moved together", field="after")
    return min(max(factor, min(1.0, low)), max(1.0, high))


def _slower(us_per_quarter: int, factor: float) -> int:
    return max(1, min((1 << 24) - 1, round(us_per_quarter / factor)))


def _louder(before: Feeling, after: Feeling) -> int:
    row = cue_rows()["loudness"]
    return round(row.arousal * (after.arousal - before.arousal) + row.valence * (after.valence - before.valence))


def _longer(before: Feeling, after: Feeling) -> float:
    row = cue_rows()["legato"]
    slope = (row.arousal * (after.arousal - before.arousal) + row.valence * (after.valence - before.valence)) / row.base
    return round(min(1.6, max(0.5, 1 + slope)), 2)


def _surplus(brighter: float, drawn_out: float) -> float:
    """The share of its surplus over the usual length that a long note keeps; `drawn_out` undoes what tempo and
    articulation stretch, so that long notes are let go in seconds too.
    """
    if round(brighter, 2) == 0:
        return 1.0
    share = (1 - _EVENER * brighter) * min(1.0, drawn_out) if brighter > 0 else 1 - _UNEVENER * brighter
    return round(max(_LEAST_SURPLUS, share), 2)


def _lengths(lengths: Ints, longer: float, surplus: float) -> Ints:
    """Other lengths for those of all pitched notes, in ticks: `longer` times as long, of the surplus over their
    median a share.
    """
    usual = max(1.0, float(np.median(lengths))) * longer if len(lengths) else 1.0
    stretched = lengths * longer
    stretched = np.where(stretched > usual, usual + (stretched - usual) * surplus, stretched)
    return np.maximum(1, np.rint(stretched)).astype(np.int64)


def _let_go(notes: Notes, part: Ints, lengths: Ints) -> Ints:
    """Lengths that keep a line a line: what did not sound on through its part's next stroke is held no further than that."""
    onset, before = notes["onset"], notes["duration"].astype(np.int64)
    place = part * (int(onset.max(initial=0)) + 1) + onset
    following = place.searchsorted(place, side="right")
    last = following == part.searchsorted(part, side="right")
    room = onset[np.where(last, 0, following)] - onset
    on = last | (before > room + room // _OVER)
    return np.where(on, lengths, np.minimum(lengths, np.maximum(room, before)))


def _sunk_or_lifted(notes: Notes, part: Ints, brighter: float) -> Ints:
    """Semitones by which each pitched note moves: an octave for low ones, for a bass that lies there as a whole.

    A note stays where its part already strikes the pitch it would move to.
    """
    pitch = notes["pitch"].astype(np.int64)
    step = 12 if brighter > 0 else -12
    low = (
        pitch < _FLOOR + _REACH * brighter
        if brighter > 0
        else (pitch >= _CEILING) & (pitch < _CEILING - _REACH * brighter)
    )
    if not low.any():
        return np.zeros(len(pitch), np.int64)
    firsts = np.flatnonzero(np.diff(part, prepend=-1))
    counts = np.diff(firsts, append=len(part))
    most = 2 * np.add.reduceat(low, firsts, dtype=np.int64) > counts
    in_reach = np.maximum.reduceat(pitch, firsts) < _CEILING + 2 * _REACH
    stays_over = np.minimum.reduceat(pitch, firsts) + step >= _FLOOR - _REACH
    low |= (most & in_reach & stays_over).repeat(counts)  # a bass keeps its line
    moment = np.unique(notes["onset"], return_inverse=True)[1]
    place = (part * len(notes) + moment) << 7 | pitch
    return np.where(low & ~np.isin(place + step, place[~low]), step, 0)
