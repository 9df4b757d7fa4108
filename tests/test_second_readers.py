"""Other people's readers find in our files what the plan says: notes, tempo, meter, key signature, track names."""

from __future__ import annotations

import io
import warnings
from functools import lru_cache
from itertools import product

import mido
import pretty_midi
import pytest
import symusic

from kmidi import Affect, Intent, Plan, Score
from kmidi.composer import compose
from kmidi.midi import write
from kmidi.planner import plan
from kmidi.theory import Key

TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MODES = ("ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian")
METERS = ("4/4", "3/4", "6/8", "5/4", "7/8", "12/8")
ALL = [pytest.param(*case, id=" ".join(case)) for case in product(TONICS, MODES, METERS)]
# music21 takes a hundred times longer: it sees every key, and every meter by turns
SOME = [
    pytest.param(t, m, METERS[i % 6], id=f"{t} {m} {METERS[i % 6]}") for i, (t, m) in enumerate(product(TONICS, MODES))
]


@lru_cache(maxsize=1)
def made(tonic: str, mode: str, meter: str) -> tuple[Plan, Score, bytes]:
    decided = plan(
        Intent(text="x", key=tonic, mode=mode, meter=meter, bars=4, bpm=97.3), Affect(valence=0.1, arousal=0.4)
    )
    score = compose(decided)
    return decided, score, write(score)


def ours(score: Score, *, drums: bool = True) -> list[tuple[int, int, int, int]]:
    """(channel, start tick, pitch, velocity) of every note as it sounds, sorted."""
    return sorted(
        (part.channel, max(0, int(n["onset"] + n["shift"])), int(n["pitch"]), int(n["velocity"]))
        for part in score.parts
        if drums or not part.is_drums
        for n in part.notes
    )


@pytest.mark.parametrize(("tonic", "mode", "meter"), ALL)
def test_mido_symusic_and_pretty_midi(tonic: str, mode: str, meter: str):
    decided, score, data = made(tonic, mode, meter)
    signature = f"{decided.key.tonic}{'m' if decided.key.is_minor else ''}"
    assert Key(tonic, mode).pitch_class == decided.key.pitch_class

    file = mido.MidiFile(file=io.BytesIO(data))
    metas = {m.type: m for m in file.tracks[0]}
    assert (metas["set_tempo"].tempo, metas["key_signature"].key) == (round(60e6 / 97.3), signature)
    assert f"{metas['time_signature'].numerator}/{metas['time_signature'].denominator}" == meter
    assert [t.name for t in file.tracks[1:]] == [p.name for p in decided.parts]
    found, at_end = [], set()
    for track in file.tracks[1:]:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                found.append((message.channel, tick, message.note, message.velocity))
        at_end.add(tick)
    assert sorted(found) == ours(score)
    assert at_end == {score.length}

    other = symusic.Score.from_midi(data)
    channels = {p.name: p.channel for p in score.parts}
    assert sorted((channels[t.name], n.time, n.pitch, n.velocity) for t in other.tracks for n in t.notes) == ours(score)
    assert [t.mspq for t in other.tempos] == [round(60e6 / 97.3)]
    assert [(t.numerator, t.denominator) for t in other.time_signatures] == [
        (decided.meter.numerator, decided.meter.denominator)
    ]
    assert [(k.key, k.tonality) for k in other.key_signatures] == [(decided.key.sharps, int(decided.key.is_minor))]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        third = pretty_midi.PrettyMIDI(io.BytesIO(data))
    assert [i.name for i in third.instruments if i.notes] == [p.name for p in score.parts if len(p.notes)]
    starts = sorted((third.time_to_tick(n.start), n.pitch, n.velocity) for i in third.instruments for n in i.notes)
    assert starts == sorted(row[1:] for row in ours(score))
    assert [f"{t.numerator}/{t.denominator}" for t in third.time_signature_changes] == [meter]
    assert third.key_signature_changes[0].key_number == decided.key.pitch_class + 12 * decided.key.is_minor
    assert abs(third.get_tempo_changes()[1][0] - 97.3) < 1e-3


@pytest.mark.parametrize(("tonic", "mode", "meter"), SOME)
def test_music21(tonic: str, mode: str, meter: str):
    import music21

    decided, score, data = made(tonic, mode, meter)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stream = music21.midi.translate.midiStringToStream(data, quantizePost=False)
    flat = stream.flatten()
    assert flat.getElementsByClass(music21.tempo.MetronomeMark)[0].number == pytest.approx(97.3, abs=0.01)
    assert flat.getElementsByClass(music21.meter.TimeSignature)[0].ratioString == meter
    assert flat.getElementsByClass(music21.key.KeySignature)[0].sharps == decided.key.sharps
    assert [p.partName for p in stream.parts] == [p.name for p in score.parts]
    for theirs, part in zip(stream.parts, score.parts, strict=True):
        if part.is_drums:
            continue  # it turns kit pieces into percussion objects of its own
        pitches = sorted(
            p.midi for n in theirs.flatten().notes for p in n.pitches if n.tie is None or n.tie.type == "start"
        )
        assert pitches == sorted(int(p) for p in part.notes["pitch"])
