"""Tables: strict where a row is wrong, and the error names file, row and column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kmidi import TableError, tables
from kmidi.tables import load_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    id: str
    red: int
    source: str
    names: tuple[str, ...] = ()


def written(folder: Path, text: str) -> Path:
    path = folder / "colours.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[b]\nred = 1\nsource = "house"\n[a]\nred = 1\nsource = "house"', "sorted by id"),
        ('[a]\nred = 1\nsource = "house"\n[b]\nred = 1\nsource = "house"\n[a.names]', "names: {} is no list"),
        ('[a]\nred = 1\nrde = 1\nsource = "house"', r"colours.toml\[a\]: unknown column 'rde'; did you mean 'red'"),
        ('[a]\nsource = "house"', r"colours.toml\[a\]: column 'red' is missing"),
        ('[a]\nred = "1"\nsource = "house"', r"colours.toml\[a\]: red: '1' is no whole number"),
        ('[a]\nred = 1\nsource = " "', "names its source"),
        ('[A-b]\nred = 1\nsource = "house"', "snake_case"),
        ("[a]\nred = 1\nred = 2", "colours.toml: .*overwrite"),
        ("red = 1 2\n[a]\nred = 1", "colours.toml"),
        ("", "no rows"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str):
    with pytest.raises(TableError, match=said):
        list(load_rows(written(tmp_path, text), Colour).values())


def test_a_row_reads_the_same_alone_and_among_others(tmp_path: Path):
    path = written(
        tmp_path, '# all\n[a]\nred = 1\nsource = "house"\n\n[b]\nred = 2\nnames = [\n  "x",\n]\nsource = "house"\n'
    )
    rows = load_rows(path, Colour)
    assert load_rows(path, Colour)["b"] == list(rows.values())[1] == Colour(id="b", red=2, source="house", names=("x",))
    assert (list(rows), len(rows), "b" in rows, "c" in rows) == (["a", "b"], 2, True, False)
    with pytest.raises(KeyError):
        _ = rows["c"]


@pytest.mark.parametrize(
    "table",
    [tables.cue_rows, tables.drum_patterns, tables.drum_styles, tables.drum_timing, tables.emotions, tables.genres, tables.grooves,
     tables.harmony_styles, tables.instruments, tables.patterns, tables.progressions, tables.rule_breaks, tables.textures],
)  # fmt: skip
def test_every_row_that_ships_is_right(table):
    assert [row.id for row in table().values()] == list(table())
