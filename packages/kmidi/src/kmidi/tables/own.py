"""A person's own tables: which files of theirs hold, and whether what their rows say can be.

They lie in the folder that the setting KMIDI_DATA names, called as kmidi's: `genres/*.toml`, `emotions.toml` and so on. A row
with a new id is added, one with an id that kmidi has replaces kmidi's. They are read once a process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import KmidiError, TableError, nearest
from ..theory import MODES, Key, Meter
from ..theory.roman import roman_to_chord
from .kit import Groove, drum_patterns, grooves
from .load import GENRES, OWN, data_folder, files_in, read_rows, table_path
from .rows import (
    Emotion,
    Genre,
    HarmonyStyle,
    Instrument,
    Pattern,
    Progression,
    Texture,
    emotions,
    genres,
    harmony_styles,
    instruments,
    patterns,
    progressions,
    textures,
)
from .rule_rows import RuleBreak, rule_breaks

Wrong = tuple[str, str]  # a column and what is wrong with its value
# What a role's writer knows without a table.
_WRITTEN = {
    "melody": ("chorale", "march", "song"),
    "counter": ("answer", "chorale", "inner", "lines"),
    "piano": ("two_hands",),
}
_WORDS = ("where", "shape", "otherwise")  # arguments of rule breaks that are one of a few words
_MOST_MS = 100.0


@lru_cache(maxsize=1)
def own_tables() -> tuple[str, ...]:
    """The files of a person's own tables that hold here, each with the start of its SHA-256; () where there are none.

    TableError names the folder that can't be read, a file that is no table, or file, row and column of what can't be.
    """
    folder = data_folder()
    files = [path.relative_to(folder) for path in _toml(folder)] if folder else []
    for file in files:
        if file.parts[0] != GENRES and str(file) not in OWN:
            raise TableError(f"{folder}/{file} is no table of kmidi{nearest(str(file), (*OWN, f'{GENRES}/*.toml'))}")
    if files:
        for problem in problems():
            raise TableError(f"{folder}: {problem}")
    return tuple(f"{file} ({hashlib.sha256((folder / file).read_bytes()).hexdigest()[:8]})" for file in files if folder)


def _toml(folder: Path) -> list[Path]:
    """The tables in the folder and in its folder of genres; other folders are the person's affair."""
    return sorted(path for path in (*files_in(folder), *files_in(folder / GENRES)) if path.suffix == ".toml")


def problems() -> Iterator[str]:
    """What can't be in the rows that hold, kmidi's and a person's own: table, row, column and why."""
    for table, (rows, wrong) in _CHECKS.items():
        for key, row in rows().items():
            where = f"{table}/{key}.toml" if table == GENRES else f"{table}[{key}]"
            for column, why in wrong(row):
                yield f"{where}: column {column!r}: {why}"


def _within(row: object, low: float, high: float, *columns: str) -> Iterator[Wrong]:
    for column in columns:
        value = getattr(row, column)
        if not low <= value <= high:
            yield column, f"{value} is not within {low:g}..{high:g}"


def _known(column: str, value: str, what: str, legal: Mapping[str, object] | tuple[str, ...]) -> Iterator[Wrong]:
    if value not in legal:
        yield column, f"unknown {what} {value!r}{nearest(value, legal)}"


def _emotion(row: Emotion) -> Iterator[Wrong]:
    yield from _within(row, -1, 1, "valence", "arousal")
    yield from _within(row, 0, 1, "intensity")


def _texture(row: Texture) -> Iterator[Wrong]:
    yield from _within(row, -1, 1, "valence", "arousal", "density", "loudness", "legato", "dissonance")
    yield from _within(row, -24, 24, "register")


def _instrument(row: Instrument) -> Iterator[Wrong]:
    yield from _within(row, 0, 127, "program", "low", "high")
    if row.low >= row.high:
        yield "high", f"{row.high} is not above low, {row.low}"


def _groove(row: Groove) -> Iterator[Wrong]:
    yield from _within(row, 0, 1, "accents")
    yield from _within(row, 0, 3, "tightness")
    for name, late in row.late_ms.items():
        if abs(late) > _MOST_MS:
            yield "late_ms", f"{name} = {late} is not within -{_MOST_MS:g}..{_MOST_MS:g}"


def _harmony(row: HarmonyStyle) -> Iterator[Wrong]:
    yield from _within(
        row, 0, 1, "sevenths", "ninths", "suspensions", "inversions", "secondary", "borrowed", "tritone", "passing"
    )
    yield from _within(row, 0.25, 8, "bars_per_chord")
    for style in row.kin:
        yield from _known("kin", style, "harmonic style", harmony_styles())


def _progression(row: Progression) -> Iterator[Wrong]:
    yield from _within(row, -1, 1, "valence")
    for style in row.styles:
        yield from _known("styles", style, "harmonic style", harmony_styles())
    for mode in row.modes:
        yield from _known("modes", mode, "mode", tuple(MODES))
    for bar in row.bars:
        if not bar:
            yield "chords", "a bar is empty"
        for numeral in bar:
            try:
                roman_to_chord(numeral, Key("C"))
            except KmidiError as error:
                yield "chords", f"{numeral!r}: {error}"


def _genre(row: Genre) -> Iterator[Wrong]:
    yield from _known("groove", row.groove, "groove", grooves())
    yield from _known("harmony", row.harmony, "harmonic style", harmony_styles())
    yield from _within(row, 0, 1, "swing")
    if not 20 <= row.bpm[0] < row.bpm[1] <= 300:
        yield "bpm", f"{list(row.bpm)}; legal: low and high, 20 to 300"
    try:
        Meter.parse(row.meter)
    except KmidiError as error:
        yield "meter", str(error)
    if not row.forms or not all(form.split() for form in row.forms):
        yield "forms", "at least one, of at least one section"
    if not row.parts:
        yield "parts", "at least one"
    for number, part in enumerate(row.parts):
        pattern: Mapping[str, Pattern] | Mapping[str, object] | tuple[str, ...] = (
            drum_patterns() if part.role == "drums" else _WRITTEN.get(part.role) or patterns()
        )
        found = [
            *_known("instrument", part.instrument, "instrument", instruments()),
            *_known("pattern", part.pattern, f"pattern of {part.role}", pattern),
            *_within(part, 0, 1, "density", "loudness", "legato", "from_energy", "chance"),
        ]
        tool, (low, high) = instruments().get(part.instrument), part.register
        if tool and part.role != "drums" and not tool.low <= low < high <= tool.high:
            found.append(("register", f"{low}..{high} does not lie within {part.instrument}'s {tool.low}..{tool.high}"))
        yield from ((f"parts[{number}].{column}", why) for column, why in found)


def _rule_break(row: RuleBreak) -> Iterator[Wrong]:
    for emotion in row.emotions:
        yield from _known("emotions", emotion, "emotion", emotions())
    models = read_rows(table_path("rule_breaks.toml.gz"), RuleBreak).values()
    for column in ("needs", "touches", "clashes"):
        for word in getattr(row, column):
            yield from _known(column, word, "word", tuple({w for model in models for w in getattr(model, column)}))
    alike = [model.arguments for model in models if model.operation == row.operation]
    if not any(row.arguments.keys() == model.keys() for model in alike):
        legal = " or ".join(sorted({", ".join(model) for model in alike}))
        yield "arguments", f"{', '.join(row.arguments) or 'none'}; {row.operation} takes {legal}"
    for name, value in row.arguments.items():
        models_of = [model[name] for model in alike if name in model]
        if models_of and not any(_alike(value, model) for model in models_of):
            yield "arguments", f"{name} = {value!r} is not like {models_of[0]!r}"
        elif name in _WORDS and value not in models_of:
            yield "arguments", f"{name} = {value!r}; legal: {', '.join(sorted(models_of))}"


def _alike(value: object, model: object) -> bool:
    numbers = (int, float)
    return type(value) is type(model) or (type(value) in numbers and type(model) in numbers)


_CHECKS: dict[str, tuple[Callable[[], Mapping[str, Any]], Callable[[Any], Iterator[Wrong]]]] = {
    "emotions.toml": (emotions, _emotion),
    GENRES: (genres, _genre),
    "grooves.toml": (grooves, _groove),
    "harmonies.toml": (harmony_styles, _harmony),
    "instruments.toml": (instruments, _instrument),
    "progressions.toml": (progressions, _progression),
    "rule_breaks.toml": (rule_breaks, _rule_break),
    "textures.toml": (textures, _texture),
}
