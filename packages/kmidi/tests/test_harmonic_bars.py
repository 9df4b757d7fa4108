"""Bars are heard where the harmony changes, though the file's bar lines stand beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kmidi.analysis import analyze
from kmidi.analysis.chord_net import BLOCKS, TOGETHER, fits, harmonic_places
from kmidi.analysis.heard import Heard
from kmidi.analysis.products import SMALL
from kmidi.midi import read, write
from kmidi.score import PPQ, MeterChange, Part, Score, Tempo, notes_array
from kmidi.tables.weights import read_weights
from kmidi.theory import Chord, Meter

LOOP = ("C", "Am", "F", "G", "C", "Em", "Dm", "G") * 2


def moved(beats: int, per_bar: int = 4, meters: tuple[MeterChange, ...] = ()) -> Score:
    """A chord a bar, broken upwards from a low root, that begin so many beats after the file's bar lines."""
    rows: list[tuple[int, int, int, int, int]] = []
    for bar, name in enumerate(LOOP):
        at, chord = (bar * per_bar + beats) * PPQ, Chord.parse(name)
        rows.append((at, per_bar * PPQ, 36 + chord.root, 90, 0))
        rows += [
            (at + beat * PPQ, PPQ, 60 + chord.pitch_classes[beat % 3], 70, 0) for beat in range(per_bar)
        ]  # the third and the fifth are told by later beats alone
    part = Part(name="piano", channel=0, notes=notes_array(sorted(rows)))
    meters = meters or (MeterChange(0, Meter(per_bar, 4)),)
    return Score(length=rows[-1][0] + 2 * PPQ, tempos=(Tempo(0, 500_000),), meters=meters, parts=(part,))


def places(per_beat: list[str], beat_in_bar: list[int]) -> list[int]:
    chroma = np.zeros((len(per_beat), 12))
    for beat, name in enumerate(per_beat):
        chroma[beat, list(Chord.parse(name).pitch_classes)] = PPQ
    return harmonic_places(chroma, np.array(beat_in_bar)).tolist()


@pytest.mark.parametrize("per_bar", [2, 3, 4])
@pytest.mark.parametrize("beats", [0, 1, 2, 3])
def test_bars_begin_where_the_chords_do(beats: int, per_bar: int) -> None:
    first = beats % per_bar
    chords = ["C"] * first + [name for name in LOOP for _ in range(per_bar)]
    found = places(chords, [beat % per_bar for beat in range(len(chords))])
    assert found == [(beat - first) % per_bar for beat in range(len(chords))]


def test_a_piece_without_changes_or_in_several_meters_keeps_its_bars() -> None:
    fours = [beat % 4 for beat in range(64)]
    assert places(["C"] * 64, fours) == fours
    mixed = [0, 1, 2, 0, 1, 2, 3, *(beat % 4 for beat in range(57))]
    assert places(["C", *[name for name in LOOP for _ in range(4)][:63]], mixed) == mixed


@pytest.mark.parametrize("beats", [0, 1, 2, 3])
@pytest.mark.parametrize("per_bar", [3, 4])
def test_chords_are_heard_whole_wherever_the_bar_lines_stand(beats: int, per_bar: int) -> None:
    chords = analyze(read(write(moved(beats, per_bar)))).chords
    assert [(c.onset // PPQ, str(c.chord)) for c in chords] == [
        (bar * per_bar + beats, name) for bar, name in enumerate(LOOP)
    ]


def test_no_product_of_the_chord_net_wakes_the_threads_of_a_linear_algebra_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weights = read_weights("chords.npz")
    hidden = weights["bias"].size
    assert TOGETHER * max(2 * BLOCKS * hidden, weights["second"].size) <= SMALL
    sizes: list[int] = []
    matmul = np.matmul

    def counted(left: np.ndarray, right: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        sizes.append(left.shape[-2] * right.shape[-2] * right.shape[-1])
        return matmul(left, right, out=out)

    song = moved(0)
    heard = Heard.of(replace(song, parts=tuple(replace(song.parts[0], notes=shifted) for shifted in again(song, 12))))
    monkeypatch.setattr(np, "matmul", counted)
    fits(heard)
    assert len(heard.beats) > 2 * TOGETHER
    assert SMALL // 2 < max(sizes) <= SMALL


def again(song: Score, times: int) -> list[np.ndarray]:
    """The notes of a song's part so many times, one behind the other."""
    found: list[np.ndarray] = []
    for turn in range(times):
        notes = song.parts[0].notes.copy()
        notes["onset"] += turn * 64 * PPQ
        found.append(notes)
    return found
