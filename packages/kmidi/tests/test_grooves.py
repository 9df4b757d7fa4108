"""Grooves and drum patterns: rows that say what can be played."""

from __future__ import annotations

import pytest

from kmidi.tables import drum_patterns, drum_styles, drum_timing, genres, grooves


@pytest.mark.parametrize("pattern", drum_patterns().values(), ids=lambda row: row.id)
def test_pattern_cells_fill_their_bars(pattern):
    assert pattern.style in drum_styles()
    for meter, bars, cymbals in [
        ("4/4", pattern.bars, pattern.cymbals),
        *((m, pattern.bars_in[m], pattern.cymbals_in[m]) for m in pattern.bars_in),
    ]:
        slots = {"4/4": 16, "3/4": 12, "6/8": 12}[meter]
        for bar in bars:
            assert [len(cell) for cell in bar.split()] == [slots, slots]
            assert set(bar) <= set("x. ")
        for row in cymbals:
            piece, cell = row.split()
            assert piece in (*drum_timing(), "none")
            assert len(cell) == slots
        for column in (bars, cymbals):
            strokes = [cell.count("x") for cell in column]
            assert strokes == sorted(strokes), "bars run from calm to full"


def test_pockets_name_pieces_or_roles():
    known = {*drum_timing(), "melody", "counter", "chords", "pad", "bass", "piano"}
    for groove in grooves().values():
        assert set(groove.late_ms) <= known
        assert all(abs(ms) <= 25 for ms in groove.late_ms.values())


def test_measured_quartiles_hold_their_median():
    for row in drum_timing().values():
        assert row.sd_low_ms <= row.sd_ms <= row.sd_high_ms
        assert row.lag1_low <= row.lag1 <= row.lag1_high


@pytest.mark.parametrize("genre", genres().values(), ids=lambda row: row.id)
def test_genres_name_grooves_and_drum_patterns_that_exist(genre):
    assert genre.groove in grooves()
    assert {part.pattern for part in genre.parts if part.role == "drums"} <= set(drum_patterns())
