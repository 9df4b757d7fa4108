"""A lead sheet in MusicXML 4.0: the melody, the chord symbols above it, the sections.

Light libraries that write MusicXML bring a notation model of their own with a hundred times this code; a lead sheet
needs notes, rests, ties, chord symbols and rehearsal marks only.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np

from ..errors import TooLittleMusic
from ..score import ChordSpan, Part, Score
from ..theory import Chord, Key, Meter
from ..theory.pitch import FLAT_NAMES

# MusicXML's kind of each quality; what it has no word for is its nearest kind with the tones that differ as degrees.
KINDS: dict[str, tuple[str, tuple[tuple[int, int, str], ...]]] = {
    "": ("major", ()), "m": ("minor", ()), "dim": ("diminished", ()), "aug": ("augmented", ()), "5": ("power", ()),
    "sus2": ("suspended-second", ()), "sus4": ("suspended-fourth", ()), "6": ("major-sixth", ()), "m6": ("minor-sixth", ()),
    "7": ("dominant", ()), "maj7": ("major-seventh", ()), "m7": ("minor-seventh", ()), "mmaj7": ("major-minor", ()),
    "m7b5": ("half-diminished", ()), "dim7": ("diminished-seventh", ()), "7#5": ("augmented-seventh", ()),
    "7b5": ("dominant", ((5, -1, "alter"),)), "maj7#5": ("major-seventh", ((5, 1, "alter"),)),
    "7sus4": ("suspended-fourth", ((7, -1, "add"),)), "add9": ("major", ((9, 0, "add"),)), "madd9": ("minor", ((9, 0, "add"),)),
    "6/9": ("major-sixth", ((9, 0, "add"),)), "9": ("dominant-ninth", ()), "maj9": ("major-ninth", ()), "m9": ("minor-ninth", ()),
    "7b9": ("dominant", ((9, -1, "add"),)), "7#9": ("dominant", ((9, 1, "add"),)),
    "9sus4": ("suspended-fourth", ((7, -1, "add"), (9, 0, "add"))), "maj7#11": ("major-seventh", ((11, 1, "add"),)),
    "7#11": ("dominant", ((11, 1, "add"),)), "11": ("dominant-11th", ()), "m11": ("minor-11th", ()), "13": ("dominant-13th", ()),
    "maj13": ("major-13th", ()), "7b13": ("dominant", ((13, -1, "add"),)),
}  # fmt: skip
DIVISIONS = 4  # a sixteenth is one division
_VALUES = ((16, "whole", 0), (12, "half", 1), (8, "half", 0), (6, "quarter", 1), (4, "quarter", 0), (3, "eighth", 1), (2, "eighth", 0), (1, "16th", 0))  # fmt: skip
_MODES = {"harmonic_minor": "minor", "melodic_minor": "minor", "ionian": "major", "aeolian": "minor"}


def lead_sheet(score: Score) -> bytes:
    """MusicXML of a score's melody with its chord symbols, in sixteenths; UTF-8.

    The melody is the part of role "melody", else the top line of the first part with pitches. Raises TooLittleMusic
    where no part has pitches.
    """
    key, meter = (
        (score.keys[0].key if score.keys else Key("C")),
        (score.meters[0].meter if score.meters else Meter(4, 4)),
    )
    bar = round(meter.bar_quarters * DIVISIONS)
    bars = -(-score.length * DIVISIONS // (score.ppq * bar)) or 1
    root = ElementTree.Element("score-partwise", version="4.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "work"), "work-title").text = "".join(
        c for c in score.title if c.isprintable()
    )
    listed = ElementTree.SubElement(ElementTree.SubElement(root, "part-list"), "score-part", id="P1")
    part = melody_part(score)
    ElementTree.SubElement(listed, "part-name").text = part.name
    staff = ElementTree.SubElement(root, "part", id="P1")
    line = list(_line(part, score, bars * bar))
    names, changes = key.names, {k.tick * DIVISIONS // (score.ppq * bar): k.key for k in score.keys[1:]}
    for number in range(bars):
        measure = ElementTree.SubElement(staff, "measure", number=str(number + 1))
        if number == 0:
            _attributes(measure, key, meter)
            _tempo(measure, score)
        elif number in changes:
            names = changes[number].names
            _signature(ElementTree.SubElement(measure, "attributes"), changes[number])
        _write_bar(measure, score, line, number * bar, bar, meter, names)
    ElementTree.indent(root)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
    return head + ElementTree.tostring(root, encoding="utf-8") + b"\n"


def melody_part(score: Score) -> Part:
    """The part of role "melody", else the first that has pitches. TooLittleMusic where none has."""
    pitched = [part for part in score.parts if part.is_pitched and len(part.notes)]
    if not pitched:
        raise TooLittleMusic("no part has pitches; a lead sheet needs a melody")
    return next((part for part in pitched if part.role == "melody"), pitched[0])


def _line(part: Part, score: Score, end: int) -> Iterator[tuple[int, int, int]]:
    """(onset, duration, pitch) in sixteenths: the top note at each onset, held until it ends or the next one starts."""
    step = score.ppq / DIVISIONS
    onsets = np.round(part.notes["onset"] / step).astype(int)
    lengths = np.maximum(1, np.round(part.notes["duration"] / step).astype(int))
    order = np.lexsort((-part.notes["pitch"], onsets))
    first = np.concatenate([[True], np.diff(onsets[order]) > 0])
    kept = order[first]
    following = np.concatenate([onsets[kept][1:], [end]])
    for onset, length, pitch, after in zip(
        onsets[kept], lengths[kept], part.notes["pitch"][kept], following, strict=True
    ):
        if onset < end:
            yield int(onset), int(min(length, after - onset)), int(pitch)


def _attributes(measure: ElementTree.Element, key: Key, meter: Meter) -> None:
    attributes = ElementTree.SubElement(measure, "attributes")
    ElementTree.SubElement(attributes, "divisions").text = str(DIVISIONS)
    _signature(attributes, key)
    time = ElementTree.SubElement(attributes, "time")
    ElementTree.SubElement(time, "beats").text = str(meter.numerator)
    ElementTree.SubElement(time, "beat-type").text = str(meter.denominator)
    clef = ElementTree.SubElement(attributes, "clef")
    ElementTree.SubElement(clef, "sign").text = "G"
    ElementTree.SubElement(clef, "line").text = "2"


def _signature(attributes: ElementTree.Element, key: Key) -> None:
    signature = ElementTree.SubElement(attributes, "key")
    ElementTree.SubElement(signature, "fifths").text = str(key.sharps)
    ElementTree.SubElement(signature, "mode").text = _MODES.get(key.mode, "minor" if key.is_minor else "major")


def _tempo(measure: ElementTree.Element, score: Score) -> None:
    bpm = score.tempos[0].bpm if score.tempos else 120.0
    direction = ElementTree.SubElement(measure, "direction", placement="above")
    mark = ElementTree.SubElement(ElementTree.SubElement(direction, "direction-type"), "metronome")
    ElementTree.SubElement(mark, "beat-unit").text = "quarter"
    ElementTree.SubElement(mark, "per-minute").text = f"{bpm:.5g}"
    ElementTree.SubElement(direction, "sound", tempo=f"{bpm:.5g}")


def _write_bar(
    measure: ElementTree.Element,
    score: Score,
    line: list[tuple[int, int, int]],
    start: int,
    bar: int,
    meter: Meter,
    names: tuple[str, ...],
) -> None:
    """One bar: sections and chords where they stand, notes and rests split at beats, ties over what is split."""
    step = score.ppq / DIVISIONS
    for marker in score.markers:
        if start <= round(marker.tick / step) < start + bar:
            direction = ElementTree.SubElement(measure, "direction", placement="above")
            ElementTree.SubElement(ElementTree.SubElement(direction, "direction-type"), "rehearsal").text = marker.text
    chords = {round(c.onset / step): c for c in score.chords if start <= round(c.onset / step) < start + bar}
    sounding = [
        (max(on, start), min(on + length, start + bar), pitch, on, on + length)
        for on, length, pitch in line
        if on < start + bar and on + length > start
    ]
    at = start
    spans: list[tuple[int, int, int | None, bool, bool]] = []
    for left, right, pitch, onset, end in sounding:
        if left > at:
            spans.append((at, left, None, False, False))
        spans.append((left, right, pitch, onset < left, end > right))
        at = right
    if at < start + bar:
        spans.append((at, start + bar, None, False, False))
    for left, right, pitch, tied_in, tied_out in spans:
        cuts = sorted({left, right, *(c for c in chords if left < c < right), *_beats(left, right, start, meter)})
        notated = [
            (a + off, length, kind, dots) for a, b in pairwise(cuts) for off, length, kind, dots in _values(b - a)
        ]
        for index, (onset, length, kind, dots) in enumerate(notated):
            if onset in chords:
                _harmony(measure, chords[onset], names)
            stops, starts = index > 0 or tied_in, index < len(notated) - 1 or tied_out
            _note(measure, pitch, length, kind, dots, stops and pitch is not None, starts and pitch is not None, names)


def _beats(left: int, right: int, start: int, meter: Meter) -> list[int]:
    """Where a span is split so that beats can be seen: at beats inside it, unless it starts on one and fits a value."""
    beats = [start + b * DIVISIONS // 480 for b in meter.beat_ticks(480)]
    if left in beats and right - left in {value for value, _, _ in _VALUES}:
        return []
    inside = [b for b in beats if left < b < right]
    return inside[:1] if left not in beats else inside[-1:]


def _values(length: int) -> Iterator[tuple[int, int, str, int]]:
    at = 0
    while length > 0:
        value, kind, dots = next(v for v in _VALUES if v[0] <= length)
        yield at, value, kind, dots
        at, length = at + value, length - value


def _note(measure: ElementTree.Element, pitch: int | None, length: int, kind: str, dots: int, stops: bool, starts: bool, names: tuple[str, ...]) -> None:  # fmt: skip
    note = ElementTree.SubElement(measure, "note")
    if pitch is None:
        ElementTree.SubElement(note, "rest")
    else:
        spelled = names[pitch % 12]
        alter = spelled.count("#") - spelled[1:].count("b")
        element = ElementTree.SubElement(note, "pitch")
        ElementTree.SubElement(element, "step").text = spelled[0]
        if alter:
            ElementTree.SubElement(element, "alter").text = str(alter)
        ElementTree.SubElement(element, "octave").text = str((pitch - alter) // 12 - 1)
    ElementTree.SubElement(note, "duration").text = str(length)
    tied = [name for name, on in (("stop", stops), ("start", starts)) if on]
    for name in tied:
        ElementTree.SubElement(note, "tie", type=name)
    ElementTree.SubElement(note, "type").text = kind
    for _ in range(dots):
        ElementTree.SubElement(note, "dot")
    if tied:
        notations = ElementTree.SubElement(note, "notations")
        for name in tied:
            ElementTree.SubElement(notations, "tied", type=name)


def _harmony(measure: ElementTree.Element, span: ChordSpan, names: tuple[str, ...]) -> None:
    chord: Chord = span.chord
    kind, degrees = KINDS[chord.quality]
    harmony = ElementTree.SubElement(measure, "harmony")
    _named(ElementTree.SubElement(harmony, "root"), "root", names[chord.root])
    ElementTree.SubElement(harmony, "kind", text=chord.quality).text = kind
    if chord.bass != chord.root:
        _named(ElementTree.SubElement(harmony, "bass"), "bass", names[chord.bass] if names else FLAT_NAMES[chord.bass])
    for value, alter, what in degrees:
        degree = ElementTree.SubElement(harmony, "degree")
        ElementTree.SubElement(degree, "degree-value").text = str(value)
        ElementTree.SubElement(degree, "degree-alter").text = str(alter)
        ElementTree.SubElement(degree, "degree-type").text = what


def _named(parent: ElementTree.Element, what: str, name: str) -> None:
    ElementTree.SubElement(parent, f"{what}-step").text = name[0]
    alter = name.count("#") - name[1:].count("b")
    if alter:
        ElementTree.SubElement(parent, f"{what}-alter").text = str(alter)
