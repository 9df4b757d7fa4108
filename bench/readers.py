"""Other people's readers on our files: every tonic, mode and meter, read by mido, symusic, pretty_midi and music21.

    uv run --group bench python -m bench.readers

A file counts where the reader finds the notes, the tempo, the meter, the key signature and the names of the plan.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import mido
import pretty_midi
import symusic

from bench.table import figure, show
from kmidi import Affect, Intent, Plan, Score
from kmidi.composer import compose
from kmidi.midi import write
from kmidi.planner import plan

TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MODES = ("ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian")
METERS = ("4/4", "3/4", "6/8", "5/4", "7/8", "12/8")
CASES = tuple(product(TONICS, MODES, METERS))
BPM = 97.3
Found = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was planned, what was composed of it, and its bytes."""

    plan: Plan
    score: Score
    data: bytes


def made(tonic: str, mode: str, meter: str) -> Made:
    """Four bars in that key and meter."""
    intent = Intent(text="x", key=tonic, mode=mode, meter=meter, bars=4, bpm=BPM)
    decided = plan(intent, Affect(valence=0.1, arousal=0.4))
    score = compose(decided)
    return Made(plan=decided, score=score, data=write(score))


def _sounding(score: Score) -> list[tuple[str, int, int, int]]:
    """(track name, start tick, pitch, velocity) of every note as it sounds, sorted."""
    return sorted(
        (part.name, max(0, int(n["onset"] + n["shift"])), int(n["pitch"]), int(n["velocity"]))
        for part in score.parts
        for n in part.notes
    )


def planned(case: Made) -> Found:
    """What a reader has to find."""
    decided = case.plan
    return {
        "notes": _sounding(case.score),
        "tempo": [round(60e6 / BPM)],
        "meter": [f"{decided.meter.numerator}/{decided.meter.denominator}"],
        "key": [(decided.key.sharps, decided.key.is_minor)],
        "names": [part.name for part in decided.parts],
    }


def by_mido(case: Made) -> Found:
    """What mido finds."""
    file = mido.MidiFile(file=io.BytesIO(case.data))
    notes: list[tuple[str, int, int, int]] = []
    for track in file.tracks[1:]:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                notes.append((track.name, tick, message.note, message.velocity))
    metas = [m for m in file.tracks[0] if m.is_meta]
    keys = {key: (sharps, bool(minor)) for (sharps, minor), key in mido.midifiles.meta._key_signature_decode.items()}
    return {
        "notes": sorted(notes),
        "tempo": [m.tempo for m in metas if m.type == "set_tempo"],
        "meter": [f"{m.numerator}/{m.denominator}" for m in metas if m.type == "time_signature"],
        "key": [keys[m.key] for m in metas if m.type == "key_signature"],
        "names": [track.name for track in file.tracks[1:]],
    }


def by_symusic(case: Made) -> Found:
    """What symusic finds."""
    score = symusic.Score.from_midi(case.data)
    return {
        "notes": sorted((t.name, n.time, n.pitch, n.velocity) for t in score.tracks for n in t.notes),
        "tempo": [t.mspq for t in score.tempos],
        "meter": [f"{t.numerator}/{t.denominator}" for t in score.time_signatures],
        "key": [(k.key, bool(k.tonality)) for k in score.key_signatures],
        "names": [t.name for t in score.tracks],
    }


def by_pretty_midi(case: Made) -> Found:
    """What pretty_midi finds; it gives a key as one of 24 numbers, so the sharps are those of the plan when it fits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = pretty_midi.PrettyMIDI(io.BytesIO(case.data))
    key = case.plan.key
    number = key.pitch_class + 12 * key.is_minor
    return {
        "notes": sorted(
            (i.name, file.time_to_tick(n.start), n.pitch, n.velocity) for i in file.instruments for n in i.notes
        ),
        "tempo": [round(60e6 / bpm) for bpm in file.get_tempo_changes()[1]],
        "meter": [f"{t.numerator}/{t.denominator}" for t in file.time_signature_changes],
        "key": [
            (key.sharps, key.is_minor) if k.key_number == number else k.key_number for k in file.key_signature_changes
        ],
        "names": [i.name for i in file.instruments],
    }


def by_music21(case: Made) -> Found:
    """What music21 finds; it copies tempo, meter and key into every part, so a fact counts once where all parts agree.

    Notes closer than a sixteenth of a quarter become one chord at the first one's onset: such an onset is read as planned.
    """
    import music21

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stream = music21.midi.translate.midiStringToStream(case.data, quantizePost=False)
    ppq = case.score.ppq
    notes: list[tuple[str, int, int, int]] = []
    facts: Found = {}
    for part in stream.parts:
        flat = part.flatten()
        for element in _untied(flat.notes):
            for note in element.notes if isinstance(element, music21.chord.ChordBase) else [element]:
                if note.tie is not None and note.tie.type != "start":
                    continue
                percussion = isinstance(note, music21.note.Unpitched)
                pitch = note.storedInstrument.percMapPitch if percussion else note.pitch.midi
                notes.append((part.partName, round(Fraction(element.offset) * ppq), pitch, note.volume.velocity))
        here: Found = {
            "tempo": [round(60e6 / m.number) for m in flat.getElementsByClass(music21.tempo.MetronomeMark)],
            "meter": [m.ratioString for m in flat.getElementsByClass(music21.meter.TimeSignature)],
            "key": [(k.sharps, k.mode == "minor") for k in flat.getElementsByClass(music21.key.Key)],
        }
        if facts and here != facts:
            return {"parts differ": (facts, here)}
        facts = here
    return facts | {
        "notes": sorted(_at_the_planned(notes, _sounding(case.score), ppq // 16)),
        "names": [part.partName for part in stream.parts],
    }


def _untied(elements: Iterable[Any]) -> Iterator[Any]:
    """Without the second halves of percussion chords that a bar line cuts: music21 ties none of these."""
    before: Any = None
    for element in elements:
        cut = (
            element.classes[0] == "PercussionChord"
            and before is not None
            and before.classes[0] == "PercussionChord"
            and before.offset + before.quarterLength == element.offset
            and element.getContextByClass("Measure").offset == element.offset
        )
        if not cut:
            yield element
        before = element


def _at_the_planned(
    notes: list[tuple[str, int, int, int]], told: list[tuple[str, int, int, int]], near: int
) -> list[tuple[str, int, int, int]]:
    """The notes, those that begin at most `near` ticks before the planned note of their pitch moved onto it."""

    def by_pitch(note: tuple[str, int, int, int]) -> tuple[str, int, int]:
        return note[0], note[2], note[1]

    pairs = zip(sorted(notes, key=by_pitch), sorted(told, key=by_pitch), strict=False)
    return [
        (
            name,
            other[1] if (other[0], other[2]) == (name, pitch) and 0 <= other[1] - tick <= near else tick,
            pitch,
            loud,
        )
        for (name, tick, pitch, loud), other in pairs
    ]


READERS: dict[str, Callable[[Made], Found]] = {
    "mido": by_mido,
    "symusic": by_symusic,
    "pretty_midi": by_pretty_midi,
    "music21": by_music21,
}


def main() -> None:
    """Print in how many files each reader finds what was planned."""
    agreed = dict.fromkeys(READERS, 0)
    for case in (made(*each) for each in CASES):
        told = planned(case)
        for name, find in READERS.items():
            agreed[name] += find(case) == told
    rows = [
        figure(f"files of {len(CASES)} that {name} reads as planned", n, len(CASES), digits=0)
        for name, n in agreed.items()
    ]
    show(rows, ("what", "figure", "bar", "met"))


if __name__ == "__main__":
    main()
