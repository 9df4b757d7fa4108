"""Chord symbols as musicians spell them."""

from __future__ import annotations

import pytest

from kmidi.theory import QUALITIES, Chord, Key


@pytest.mark.parametrize(
    ("symbol", "key"),
    [("E/G#", "D major"), ("B/D#", "G major"), ("Gb/Bb", "Db major"), ("G#m/B", "E major"), ("Abm/Cb", "Ab major"),
     ("C7/Bb", "F major"), ("D#m7b5/C#", "E major"), ("Cadd9/D", "C major"), ("Bm/C", "D major")],
)  # fmt: skip
def test_a_chord_tone_in_the_bass_is_spelled_from_the_root(symbol: str, key: str) -> None:
    assert Chord.parse(symbol).symbol(Key.parse(key).names) == symbol


@pytest.mark.parametrize("tonic", ["C", "Gb", "F#", "Db", "B"])
@pytest.mark.parametrize("mode", ["ionian", "aeolian", "phrygian"])
def test_every_symbol_is_read_as_the_chord_it_spells(tonic: str, mode: str) -> None:
    names = Key.parse(f"{tonic} {mode}").names
    for quality in QUALITIES:
        for root in range(12):
            for bass in range(12):
                chord = Chord(root, quality, bass)
                assert Chord.parse(chord.symbol(names)) == chord
                assert Chord.parse(str(chord)) == chord
