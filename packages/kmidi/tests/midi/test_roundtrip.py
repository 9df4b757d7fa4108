"""What write puts into bytes, read finds there again."""

from __future__ import annotations

import io

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmidi import Part, Score, midi
from kmidi.score import (
    BEND,
    CONTROL_CHANGE,
    KEY_PRESSURE,
    PRESSURE,
    PROGRAM_CHANGE,
    ChordSpan,
    KeyChange,
    Marker,
    MeterChange,
    Tempo,
    controls_array,
    notes_array,
)
from kmidi.theory import MODES, QUALITIES, Chord, Key, Meter, chord_to_roman

BAR = 1920


def _facts(score: Score) -> object:
    """A score as plain values; a note at the tick where it sounds."""

    def sounding(part: Part) -> list[tuple[int, ...]]:
        n = part.notes
        return sorted(
            zip(
                (n["onset"] + n["shift"]).tolist(),
                *(n[f].tolist() for f in ("pitch", "duration", "velocity")),
                strict=True,
            )
        )

    parts = [
        (p.name, p.channel, p.program, p.instrument, p.role, sounding(p), p.controls.tolist()) for p in score.parts
    ]
    return (
        score.ppq,
        score.title,
        score.length,
        score.tempos,
        score.meters,
        score.keys,
        score.markers,
        score.chords,
        score.texts,
        parts,
    )


@st.composite
def _parts(draw: st.DrawFn, channel: int) -> Part:
    rows: list[tuple[int, int, int, int, int]] = []
    for pitch in draw(st.lists(st.integers(0, 127), unique=True, max_size=6)):
        at = draw(st.integers(0, 900))
        for _ in range(draw(st.integers(1, 3))):
            duration, shift = draw(st.integers(1, 700)), draw(st.integers(-20, 20))
            shift = max(shift, -at)
            rows.append((at, duration, pitch, draw(st.integers(1, 127)), shift))
            at += duration + 40
    control = st.tuples(st.just(CONTROL_CHANGE), st.integers(0, 127), st.integers(0, 127))
    bend = st.tuples(st.just(BEND), st.just(0), st.integers(-8192, 8191))
    lone = st.tuples(st.sampled_from([PRESSURE, PROGRAM_CHANGE]), st.just(0), st.integers(0, 127))
    key = st.tuples(st.just(KEY_PRESSURE), st.integers(0, 127), st.integers(0, 127))
    ticks = st.integers(0, 2 * BAR - 1)
    controls = draw(st.lists(st.tuples(ticks, control | bend | lone | key).map(lambda c: (c[0], *c[1])), max_size=8))
    return Part(
        name=draw(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12)),
        channel=channel,
        notes=notes_array(rows),
        program=draw(st.integers(0, 127)),
        instrument=draw(st.sampled_from(["", "grand_piano"])),
        role=draw(st.sampled_from(["", "melody", "chords"])),
        controls=controls_array(controls),
    )


@st.composite
def _scores(draw: st.DrawFn) -> Score:
    key = Key.of(draw(st.integers(0, 11)), draw(st.sampled_from(sorted(MODES))))
    names = draw(st.lists(st.tuples(st.integers(0, 11), st.sampled_from(sorted(QUALITIES))), max_size=4))
    chords = [
        ChordSpan(480 * n, 480, Chord(root, quality), chord_to_roman(Chord(root, quality), key))
        for n, (root, quality) in enumerate(names)
    ]
    channels = draw(st.lists(st.integers(0, 15), unique=True, min_size=1, max_size=4))
    return Score(
        title=draw(st.sampled_from(["", "Grief in F", "Köln 🎹"])),
        length=2 * BAR,
        tempos=(Tempo(0, draw(st.integers(200_000, 2_000_000))),),
        meters=(
            MeterChange(
                0,
                draw(
                    st.sampled_from([Meter(4, 4), Meter(2, 4), Meter(12, 8)]).filter(
                        lambda m: 2 * BAR % m.bar_ticks(480) == 0
                    )
                ),
            ),
        ),
        keys=(KeyChange(0, key),),
        markers=(Marker(0, "verse"), Marker(BAR, "chorus")),
        chords=tuple(chords),
        parts=tuple(draw(_parts(channel)) for channel in channels),
        texts=(Marker(0, "made for a friend"),),
    )


@settings(max_examples=60)
@given(_scores(), st.sampled_from(["sections", "both"]))
def test_read_finds_what_write_wrote(score: Score, markers: midi.MarkerNames) -> None:
    data = midi.write(score, markers=markers)
    again = midi.read(data)
    assert _facts(again) == _facts(score)
    mido.MidiFile(file=io.BytesIO(data))


def _score(*rows: tuple[int, int, int, int, int], channel: int = 0) -> Score:
    part = Part(name="keys", channel=channel, notes=notes_array(list(rows)))
    return Score(length=BAR, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))


@pytest.mark.parametrize(
    ("rows", "heard"),
    [
        pytest.param([(0, 480, 60, 90, -15)], [(0, 465, 60)], id="ahead of tick 0"),
        pytest.param([(0, 9, 60, 90, -15)], [(0, 1, 60)], id="wholly before tick 0"),
        pytest.param([(1440, 960, 60, 90, 0)], [(1440, 480, 60)], id="past the last bar line"),
        pytest.param([(1920, 960, 60, 90, 0)], [], id="starts past the last bar line"),
        pytest.param(
            [(0, 960, 60, 90, 0), (480, 480, 60, 80, 0)], [(0, 480, 60), (480, 480, 60)], id="one pitch twice"
        ),
        pytest.param([(0, 960, 60, 90, 0), (0, 480, 60, 80, 0)], [(0, 960, 60)], id="the same start twice"),
        pytest.param([(480, 0, 60, 90, 0)], [(480, 1, 60)], id="no length"),
    ],
)
def test_no_note_hangs_overlaps_or_rings_over(
    rows: list[tuple[int, int, int, int, int]], heard: list[tuple[int, int, int]]
) -> None:
    notes = midi.read(midi.write(_score(*rows))).parts[0].notes
    assert [(int(n["onset"]), int(n["duration"]), int(n["pitch"])) for n in notes] == heard


def test_all_tracks_end_at_the_bar_line_with_an_event_there() -> None:
    file = mido.MidiFile(file=io.BytesIO(midi.write(_score((0, 480, 60, 90, 0)))))
    assert file.type == 1
    assert file.ticks_per_beat == 480
    for track in file.tracks:
        at = np.cumsum([message.time for message in track])
        assert at[-1] == at[-2] == BAR
