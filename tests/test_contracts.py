"""Every row of every table leads somewhere, and nothing is larger than it was promised to be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kmidi
from kmidi import Intent
from kmidi.composer.rhythm import TUNES
from kmidi.studio import LocalStudio
from kmidi.tables import drum_patterns, drum_styles, emotions, genres, grooves, harmony_styles, instruments, patterns

# roles whose writer has one style
ONE_STYLE = {"melody": ("song", *TUNES), "counter": ("answer", "chorale", "inner", "lines"), "piano": ("two_hands",)}
TABLES = Path(kmidi.__file__).parent / "tables"


@pytest.mark.parametrize("genre", sorted(genres()))
def test_a_genre_names_rows_that_are_there_and_plays(genre: str):
    row = genres()[genre]
    assert row.groove in grooves()
    assert 20 <= row.bpm[0] < row.bpm[1] <= 300
    for part in row.parts:
        tool = instruments()[part.instrument]
        assert part.role == "drums" or tool.low <= part.register[0] < part.register[1] <= tool.high
        assert part.pattern in (drum_patterns() if part.role == "drums" else ONE_STYLE.get(part.role, patterns()))
    for asked in ({}, {"bars": 3}, {"meter": "7/8"}):
        take = LocalStudio().compose(Intent(valence=0.3, arousal=0.2, genre=genre, seed=1, **asked))
        sounding = [part for part in take.score.parts if len(part.notes)]
        assert sounding
        for part in sounding:
            tool = instruments()[part.instrument]
            assert part.is_drums or (tool.low <= part.notes["pitch"].min() and part.notes["pitch"].max() <= tool.high)


def test_drum_patterns_name_styles_that_are_there():
    assert {row.style for row in drum_patterns().values()} <= set(drum_styles())
    assert harmony_styles()


@pytest.mark.parametrize("emotion", sorted(emotions()))
def test_an_emotion_asked_by_name_is_the_one_that_is_planned(emotion: str):
    row = emotions()[emotion]
    affect = LocalStudio().read(Intent(emotion=emotion))
    assert (affect.valence, affect.arousal) == pytest.approx((row.valence, row.arousal), abs=0.02)
    assert affect.emotion == emotion


def test_tables_are_as_small_as_promised():
    sizes = {
        path.name: path.stat().st_size
        for path in TABLES.rglob("*")
        if path.is_file() and path.suffix in (".toml", ".json", ".npz", ".gz")
    }
    assert sum(sizes.values()) <= 3_000_000, sizes
    assert sizes.get("words.npz", 0) <= 1_000_000


def test_importing_brings_no_heavy_library():
    script = "import sys\nimport kmidi\nprint([m for m in sys.modules if m.startswith(('pandas', 'symusic', 'streamlit', 'fastapi'))])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
