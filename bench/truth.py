"""What people say of pop songs, to be measured against: keys, chords and phrases."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from kmidi.analysis.chord_net import READ
from kmidi.analysis.heard import Floats, Ints
from kmidi.midi import read
from kmidi.score import ChordSpan, Part, Score
from kmidi.theory import Chord, Key


def shared() -> Path:
    """The folder of corpora, named by KMIDI_SHARED."""
    return Path(os.environ["KMIDI_SHARED"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """A pop song as people labelled it: the score without its chord track, expert chords, keys and the bytes."""

    name: str
    data: bytes
    score: Score
    keys: tuple[Key, ...]
    chords: tuple[ChordSpan, ...]


def pop_songs() -> Iterator[Song]:
    """The songs of POP909-CL: track 0 is the music, track 1 the expert's chords as block chords."""
    for path in sorted((shared() / "data" / "pop909" / "score").glob("*.mid")):
        data = path.read_bytes()
        score = read(data)
        chords = expert_chords(score.parts[1]) if len(score.parts) > 1 else ()
        music = replace(score, parts=score.parts[:1], source=None)
        yield Song(name=path.stem, data=data, score=music, keys=tuple(k.key for k in score.keys), chords=chords)


def expert_chords(part: Part) -> tuple[ChordSpan, ...]:
    """A track of block chords as spans; pitch sets that are no chord of READ are left out."""
    notes, spans = part.notes, []
    for onset in np.unique(notes["onset"]):
        together = notes[notes["onset"] == onset]
        chord = chord_of_pitches(tuple(sorted(together["pitch"].tolist())))
        if chord:
            spans.append(ChordSpan(int(onset), int(together["duration"].max()), chord))
    return tuple(spans)


@lru_cache(maxsize=4096)
def chord_of_pitches(pitches: tuple[int, ...]) -> Chord | None:
    """The chord whose tones are exactly these, the lowest pitch its root if it can be; bare intervals as their triad."""
    bass, present = pitches[0] % 12, {p % 12 for p in pitches}
    for root in (bass, *sorted(present - {bass})):
        for quality in READ:
            if set(Chord(root, quality).pitch_classes) == present:
                return Chord(root, quality, bass)
    bare = {(0, 4): "", (0, 3): "m", (0, 7): "", (0, 4, 10): "7", (0, 3, 10): "m7", (0, 4, 11): "maj7", (0, 7, 10): "7"}
    quality = bare.get(tuple(sorted((p - bass) % 12 for p in present)))
    return None if quality is None else Chord(bass, quality)


def beat_labels(chords: tuple[ChordSpan, ...], edges: Ints) -> Ints:
    """The chord in the middle of each cell as root * qualities + quality of READ; -1 where none is."""
    middle, labels = (edges[:-1] + edges[1:]) // 2, np.full(len(edges) - 1, -1)
    for span in chords:
        quality = read_as(span.chord.quality)
        if quality is not None:
            first, last = np.searchsorted(middle, [span.onset, span.onset + span.duration])
            labels[first:last] = span.chord.root * len(READ) + READ.index(quality)
    return labels


@lru_cache(maxsize=256)
def read_as(quality: str) -> str | None:
    """The fullest quality of READ that a chord of this quality holds, in its family: a ninth is read as its seventh."""
    if quality in READ:
        return quality
    tones = {step % 12 for step in Chord(0, quality).intervals}
    inside = [
        known for known in READ
        if {step % 12 for step in Chord(0, known).intervals} <= tones and Chord(0, known).family == Chord(0, quality).family
    ]  # fmt: skip
    return max(inside, key=lambda known: len(Chord(0, known).intervals), default=None)


def phrase_starts(song: Song) -> list[list[int]]:
    """Where phrases start, in bars of the score, as each of two people marked a song ("i4A4B8..."); [] unaligned.

    The marks count from a bar that no file names. It is found by the tune: the MELODY track of the same arrangement,
    laid over the score note for note, sounds in capital phrases and rests in small ones. Songs in which no bar makes
    the two agree (0.9 of bars, 0.01 more than at any other bar) are left out: their bars are counted in another meter.
    """
    folder = shared() / "data" / "pop909" / "phrases"
    tune = _tune_by_bar(song)
    marks = [re.findall(r"([A-Za-z])(\d+)", p.read_text("utf-8")) for p in sorted(folder.glob(f"{song.name}.*.txt"))]
    sings = [np.concatenate([np.full(int(bars), float(letter.isupper())) for letter, bars in m]) for m in marks]
    fits = {at: np.mean([1 - np.abs(_laid(s, at, len(tune)) - tune).mean() for s in sings]) for at in range(-3, 13)}
    best, second = sorted(fits, key=lambda at: (-round(fits[at], 6), abs(at)))[:2]
    if fits[best] < 0.9 or fits[best] - fits[second] < 0.01:
        return []
    return [(best + np.cumsum([int(bars) for _, bars in m])[:-1]).tolist() for m in marks]


def phrase_letters(song: Song) -> list[tuple[list[str], list[int]]]:
    """Each person's letters and the bar lines of their phrases (one more than letters), aligned as in phrase_starts."""
    folder = shared() / "data" / "pop909" / "phrases"
    told: list[tuple[list[str], list[int]]] = []
    for path, starts in zip(sorted(folder.glob(f"{song.name}.*.txt")), phrase_starts(song), strict=False):
        marks = re.findall(r"([A-Za-z])(\d+)", path.read_text("utf-8"))
        edges = [starts[0] - int(marks[0][1]), *starts, starts[-1] + int(marks[-1][1])]
        told.append(([letter for letter, _ in marks], edges))
    return told


def letters_f1(found: list[str], told: list[str]) -> float:
    """F1 of the pairs of phrases that wear one letter, 0..1; 1 where neither has such a pair."""
    pairs = [(found[i] == found[k], told[i] == told[k]) for k in range(len(told)) for i in range(k)]
    both, either = sum(a and b for a, b in pairs), sum(a + b for a, b in pairs)
    return 2 * both / either if either else 1.0


def _laid(values: Floats, at: int, length: int) -> Floats:
    laid = np.zeros(length)
    part = values[max(-at, 0) :][: max(length - max(at, 0), 0)]
    laid[max(at, 0) : max(at, 0) + len(part)] = part
    return laid


def _tune_by_bar(song: Song) -> Floats:
    """How much the melody sings in each bar of the score: 0 (rests) to 1 (two strokes or more).

    Strokes late in a bar are not counted: they lead into the bar after it.
    """
    parts = read((shared() / "data" / "pop909" / "song" / f"{song.name}.mid").read_bytes()).parts
    every, written = np.concatenate([p.notes for p in parts]), song.score.parts[0].notes
    melody = next(p.notes for p in parts if p.name == "MELODY")
    bar = song.score.meters[0].meter.bar_ticks(song.score.ppq)
    counts = np.zeros(song.score.length // bar + 2)
    for pitch in np.unique(melody["pitch"]):
        there = np.sort(every["onset"][every["pitch"] == pitch])
        here = np.sort(written["onset"][written["pitch"] == pitch])
        if len(there) == len(here):
            sung = here[np.searchsorted(there, melody["onset"][melody["pitch"] == pitch])]
            np.add.at(counts, sung[sung % bar < bar * 5 // 8] // bar, 1)
    return np.minimum(counts / 1.5, 1)


def boundary_f1(found: list[int], marked: list[int]) -> float:
    """F1 of bar lines that agree exactly, 0..1."""
    both = len(set(found) & set(marked))
    return 2 * both / (len(found) + len(marked)) if found or marked else 1.0
