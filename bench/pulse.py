"""How well the pulse of playing without a grid is told: drummers to a click, and pop songs replayed by a free hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import mir_eval
import numpy as np

from kmidi.analysis.pulse import find_pulse, to_ticks
from kmidi.midi import read
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter

from .table import figure, show
from .truth import Song, pop_songs, shared

Row = tuple[str, str, str, str]
Take = tuple[Score, np.ndarray, float, int]  # in seconds on a dead grid, beats in seconds, bpm, beats in a bar
DRIFT, JITTER = 0.04, 0.015


def without_grid(score: Score, seconds: np.ndarray, end: float) -> Score:
    """The score with each note at given seconds (part after part) in a file that knows nothing of tempo."""
    blank = replace(
        score, ppq=PPQ, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), keys=(), chords=(), markers=(),
        length=round(end * 2 * PPQ), parts=(), source=None,
    )  # fmt: skip
    ticks, at, parts = to_ticks(blank, np.maximum(seconds, 0)), 0, []
    for part in score.parts:
        notes = part.notes.copy()
        lasting = np.diff(score.to_seconds(np.stack([notes["onset"], notes["onset"] + notes["duration"]])), axis=0)[0]
        notes["onset"], notes["shift"] = ticks[at : at + len(notes)], 0
        notes["duration"] = np.maximum(1, np.rint(lasting * 2 * PPQ))
        at += len(notes)
        parts.append(replace(part, notes=notes_array(notes)))
    return replace(blank, parts=tuple(parts))


def drummers(most: int = 60, *, odd: bool = False, seconds: float = 20.0) -> Iterator[Take]:
    """Takes of the Groove MIDI Dataset, every other one (the odd ones train): beats are those of the click that they
    played to.
    """
    folder = shared() / "data" / "groove"
    with (folder / "info.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["beat_type"] == "beat" and float(r["duration"]) >= seconds]
    rows = rows[odd::2]
    for row in rows[:: max(1, len(rows) // most)][:most]:
        score = read((folder / row["midi_filename"]).read_bytes())
        onset = np.concatenate([p.notes["onset"] + p.notes["shift"] for p in score.parts])
        numerator, denominator = (int(n) for n in row["time_signature"].split("-"))
        step = score.ppq * 4 // denominator * (3 if denominator == 8 and numerator % 3 == 0 else 1)
        beats = score.to_seconds(np.arange(0, int(onset.max()) + 1, step))
        per_bar = numerator // 3 if denominator == 8 and numerator % 3 == 0 else numerator
        yield (
            without_grid(score, score.to_seconds(onset), float(beats[-1]) + 1),
            beats,
            60 / float(beats[1] - beats[0]),
            per_bar,
        )


def free_hands(most: int = 60, *, odd: bool = False) -> Iterator[Take]:
    """Pop songs in another tempo that wanders by DRIFT, each stroke JITTER seconds off.

    Their bars begin where the experts' chords do: the bar lines of four files in ten stand elsewhere. Songs whose chords
    begin on no beat of the bar more than on all others are left out.
    """
    songs = [(song, first) for song in pop_songs() if (first := downbeat(song)) is not None][odd::2]
    for number, (song, first) in enumerate(songs[:: max(1, len(songs) // most)][:most]):
        dice = Random(f"pulse/{odd}/{number}")
        onset = np.concatenate([p.notes["onset"] for p in song.score.parts])
        meter, bpm = song.score.meters[0].meter, 70 + 80 * dice.random()
        quarter = np.arange(0, int(onset.max()) // song.score.ppq + 2)
        wander = 1 + DRIFT * np.sin(2 * np.pi * (quarter / (40 + 40 * dice.random()) + dice.random()))
        at = np.append(0, np.cumsum(60 / bpm * wander))[: len(quarter)] + 0.5
        played = np.interp(onset / song.score.ppq, quarter, at)
        played += [JITTER * (dice.random() + dice.random() + dice.random() - 1.5) * 2 for _ in onset]
        yield without_grid(song.score, played, float(at[-1]) + 1), at[first:], bpm, meter.numerator


def downbeat(song: Song) -> int | None:
    """The quarter of the file's bar on which most chords begin; None where half of them or fewer do."""
    quarter = np.rint([span.onset / song.score.ppq for span in song.chords]).astype(np.int64)
    per_bar = song.score.meters[0].meter.numerator
    begun = np.bincount(quarter % per_bar, minlength=per_bar)
    return int(begun.argmax()) if 2 * begun.max() > len(quarter) else None


def rain(most: int = 60, *, odd: bool = False) -> Iterator[Take]:
    """Strokes at random, few and many, on one pitch, a drum kit or a keyboard: no beats are in them."""
    for number in range(most):
        dice = Random(f"rain/{odd}/{number}")
        seconds, count = dice.choice((30, 60, 120)), dice.choice((60, 200, 500, 1000))
        lowest, span = dice.choice(((40, 40), (60, 1), (36, 10)))
        rows = sorted(
            (int(dice.random() * seconds * 2 * PPQ), 60, lowest + int(dice.random() * span), dice.randrange(40, 110), 0)
            for _ in range(count)
        )
        part = Part(name="rain", channel=number % 2 * 9, notes=notes_array(rows))
        meters = (MeterChange(0, Meter(4, 4)),)
        yield (
            Score(length=seconds * 2 * PPQ, tempos=(Tempo(0, 500_000),), meters=meters, parts=(part,)),
            np.zeros(0),
            np.nan,
            0,
        )


def judged(takes: Iterator[Take]) -> dict[str, float]:
    """Means over takes: tempo right, tempo right up to an octave, beat F1, beats in a bar and downbeat F1 where
    bars are told, and how often they are.
    """
    marks: list[tuple[float, ...]] = []
    for score, beats, bpm, per_bar in takes:
        pulse = find_pulse(score)
        if pulse is None:
            marks.append((0, 0, 0, np.nan, np.nan, 0))
            continue
        near = [abs(pulse.bpm / (bpm * ratio) - 1) <= 0.04 for ratio in (1, 2, 0.5, 3, 1 / 3)]
        start = mir_eval.beat.trim_beats
        f1 = mir_eval.beat.f_measure(start(beats), start(pulse.beats))
        downs = pulse.beats[pulse.first :: pulse.per_bar] if pulse.per_bar else np.zeros(0)
        told = pulse.per_bar is not None
        bars = mir_eval.beat.f_measure(start(beats[::per_bar]), start(downs)) if told else np.nan
        marks.append((near[0], any(near), f1, pulse.per_bar == per_bar if told else np.nan, bars, told))
    names = ("tempo", "octave", "beats", "meter", "downbeats", "told")
    return dict(zip(names, np.nanmean(marks, 0).tolist(), strict=True)) | {"takes": len(marks)}


def rows() -> list[Row]:
    """Figures of both kinds of takes."""
    out: list[Row] = []
    for name, takes in (("drummers", drummers()), ("pop songs by a free hand", free_hands())):
        found = judged(takes)
        out += [
            figure(
                f"{name}: tempo within 4 % ({found['takes']} takes, up to an octave {found['octave']:.3f})",
                found["tempo"],
                0.7,
            ),
            figure(f"{name}: beats, F1 (mir_eval)", found["beats"], 0.7),
            figure(f"{name}: beats in a bar, where told ({found['told']:.0%} of takes)", found["meter"], 0.7),
            figure(f"{name}: downbeats, F1 where told", found["downbeats"], 0.5),
        ]
    told = [find_pulse(score) is not None for score, *_ in rain()]
    return [
        *out,
        figure(
            f"strokes at random that are told a pulse ({len(told)} pieces)", float(np.mean(told)), 0.05, at_least=False
        ),
    ]


def main() -> None:
    """Print the table."""
    show(rows(), ("playing without a grid", "figure", "bar", "met"))


if __name__ == "__main__":
    main()
