"""A person's own tables change the music and are named; what can't be is said with file, row and column."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kmidi.errors import TableError
from kmidi.tables import own_tables
from kmidi.tables.own import _CHECKS, problems

Fresh = Callable[[Path], tuple[str, ...]]

SCRIPT = """
import hashlib, json, sys
from kmidi import Intent, KmidiError
from kmidi.studio import LocalStudio
from kmidi.studio.explain import explain
from kmidi.tables import emotions, genres
try:
    take = LocalStudio().compose(Intent(seed=4, bars=8, **json.loads(sys.argv[1])))
    print(json.dumps({
        "meter": str(take.plan.meter), "bpm": take.plan.bpm, "midi": hashlib.sha256(take.midi).hexdigest(),
        "programs": sorted({part.program for part in take.score.parts}), "why": explain(take.plan),
        "valence": take.affect.valence, "genres": list(genres()), "emotions": list(emotions()),
    }))
except KmidiError as error:
    print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
"""
WALTZ = Path(__file__).parents[3].joinpath("docs/waltz.toml").read_text()
MINE = WALTZ.replace('"Waltz"', '"Night ferry"').replace("[84, 180]", "[60, 61]").replace('"3/4"', '"5/4"')
DREAD = '[{id}]\nname = "Ferry dread"\nvalence = {valence}\narousal = 0.7\nintensity = 0.8\nsource = "me"\nsynonyms = ["ferrydread"]\n'


def compose(folder: Path | None, **asked: object) -> dict:
    """What a fresh process makes with the tables of a folder."""
    environment = {key: value for key, value in os.environ.items() if key != "KMIDI_DATA"}
    if folder is not None:
        environment["KMIDI_DATA"] = str(folder)
    command = [sys.executable, "-c", SCRIPT, json.dumps(asked)]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fresh]:
    """own_tables as a new process has it, for a folder; what this process knows of tables is forgotten before and after."""
    kept = (own_tables, *(rows for rows, _ in _CHECKS.values()))

    def read(folder: Path) -> tuple[str, ...]:
        monkeypatch.setenv("KMIDI_DATA", str(folder))
        return own_tables()

    for cache in kept:
        cache.cache_clear()
    yield read
    for cache in kept:
        cache.cache_clear()


def test_kmidi_s_own_rows_are_such_as_can_be():
    assert not list(problems())


def test_own_genres_and_emotions_are_asked_for_by_name_heard_and_named(tmp_path: Path):
    (tmp_path / "genres").mkdir()
    (tmp_path / "genres/night_ferry.toml").write_text(MINE)
    (tmp_path / "emotions.toml").write_text(DREAD.format(id="ferry_dread", valence=-0.9))
    made = compose(tmp_path, genre="night ferry", text="ferrydread")
    assert made["meter"] == "5/4"
    assert 60 <= made["bpm"] <= 61
    assert made["valence"] < -0.4
    assert "night_ferry" in made["genres"]
    assert made["emotions"] == sorted(made["emotions"])
    assert "your own tables: emotions.toml (" in made["why"]
    assert "genres/night_ferry.toml (" in made["why"]
    assert made == compose(tmp_path, genre="night_ferry", text="ferrydread"), "and the same again"


def test_the_genre_that_the_documents_begin_with_is_kmidi_s(tmp_path: Path):
    (tmp_path / "genres").mkdir()
    (tmp_path / "genres/waltz.toml").write_text(WALTZ)
    assert compose(tmp_path, genre="waltz")["midi"] == compose(None, genre="waltz")["midi"]


def test_an_own_row_replaces_kmidi_s_and_leaves_all_else_as_it_was(tmp_path: Path):
    (tmp_path / "genres").mkdir()
    (tmp_path / "genres/waltz.toml").write_text(MINE)
    plain, changed = (compose(folder, genre="waltz", text="grief") for folder in (None, tmp_path))
    assert plain["meter"] == "3/4"
    assert changed["meter"] == "5/4"
    assert plain["midi"] != changed["midi"]
    assert "your own tables" not in plain["why"]
    other = [compose(folder, genre="pop", text="grief") for folder in (None, tmp_path)]
    assert other[0]["midi"] == other[1]["midi"]


def test_an_own_table_may_be_written_as_toml_may_be(tmp_path: Path):
    """Lists over several lines, and a line that looks like a row within a text."""
    row = DREAD.format(id="ferry", valence=-0.9).replace('["ferrydread"]', '[\n"ferrydread",\n]')
    (tmp_path / "emotions.toml").write_text(row.replace('"me"', '"""me\n[and you]\n"""'))
    assert compose(tmp_path, text="ferrydread")["valence"] < -0.5


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("genres/mine.toml", MINE.replace('"straight"', '"straigt"'), "genres/mine.toml: column 'groove': unknown groove 'straigt'; did you mean 'straight'"),
        ("genres/mine.toml", MINE.replace('"violin"', '"violine"'), "genres/mine.toml: column 'parts[0].instrument': unknown instrument 'violine'; did you mean 'violin'"),
        ("genres/mine.toml", MINE.replace("[62, 86]", "[12, 86]"), "column 'parts[0].register': 12..86 does not lie within violin's"),
        ("genres/mine.toml", MINE.replace("swing", "swng"), "/genres/mine.toml[mine]: unknown column 'swng'; did you mean 'swing'"),
        ("genres/mine.toml", MINE + "[", "/genres/mine.toml: "),
        ("emotions.toml", DREAD.format(id="dread", valence=-9.0), "emotions.toml[dread]: column 'valence': -9.0 is not within -1..1"),
        ("emotions.toml", DREAD.format(id="dread", valence='"low"'), "/emotions.toml[dread]: valence: 'low' is no number"),
        ("emotions.toml", "loud = 1.0\n" + DREAD.format(id="quiet", valence=-0.9), "/emotions.toml[loud]: this is no row but a single value"),
        ("emotion.toml", DREAD.format(id="dread", valence=-0.9), "/emotion.toml is no table of kmidi; did you mean 'emotions.toml'"),
        ("progressions.toml", '[mine]\nchords = "I | IX"\nmodes = ["ionian"]\nstyles = ["pop"]\nvalence = 0.0\nabout = ""\nsource = "me"\n', "progressions.toml[mine]: column 'chords': 'IX'"),
        (
            "harmonies.toml",
            '[mine]\nkin = ["popp"]\ngrammar = "rows"\nsevenths = 0.1\nninths = 0.0\nsuspensions = 0.0\ninversions = 0.0\nsecondary = 0.0\n'
            'borrowed = 0.0\ntritone = 0.0\nbars_per_chord = 1.0\nabout = ""\nsource = "me"\n',
            "harmonies.toml[mine]: column 'kin': unknown harmonic style 'popp'; did you mean 'pop'",
        ),
        (
            "rule_breaks.toml",
            '[mine]\nname = "m"\ndoes = "d"\nwhy = "w"\nemotions = ["grief"]\nfeeling = [0, 0]\nprecedent = "p"\noperation = "displace"\nsource = "me"\narguments = { voices = ["melody"] }\n',
            "rule_breaks.toml[mine]: column 'arguments': voices; displace takes voices, sixteenths",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(tmp_path: Path, fresh: Fresh, name: str, content: str, said: str):
    (tmp_path / "genres").mkdir()
    (tmp_path / name).write_text(content)
    with pytest.raises(TableError, match=re.escape(said)) as raised:
        fresh(tmp_path)
    assert str(tmp_path) in str(raised.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, fresh: Fresh):
    with pytest.raises(TableError, match=r"KMIDI_DATA is .*no such folder"):
        fresh(tmp_path / "none")


def test_every_verb_says_so(tmp_path: Path):
    (tmp_path / "grooves.toml").write_text("[")
    assert compose(tmp_path, text="grief")["error"].startswith(f"TableError: {tmp_path}/grooves.toml: ")
