"""Other people's readers find in our files what the plan says: notes, tempo, meter, key signature, track names."""

from __future__ import annotations

import pytest

from bench.readers import CASES, METERS, READERS, made, planned
from kmidi.theory import Key


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_every_reader_finds_what_was_planned(case: tuple[str, str, str]):
    tonic, mode, meter = case
    file = made(*case)
    told = planned(file)
    assert Key(tonic, mode).pitch_class == file.plan.key.pitch_class
    assert told["meter"] == [meter]
    assert len(file.plan.parts) > 2
    for name, find in READERS.items():
        # music21 takes a hundred times longer: here it sees every key, and every meter by turns; bench.readers shows it all
        if name != "music21" or METERS.index(meter) == CASES.index(case) // 6 % 6:
            assert find(file) == told, name
