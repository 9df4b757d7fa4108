"""The arrangement: who plays what, where; a person's instruments always win."""

from __future__ import annotations

from ..errors import IntentError, nearest
from ..intent import Intent
from ..plan import PartPlan, Reason, Role
from ..tables import Genre, Instrument, PartRow, instruments
from .cues import Cues
from .form import Shape

_ROLE_OF_FAMILY: dict[str, Role] = {
    "drums": "drums",
    "bass": "bass",
    "guitar": "chords",
    "keys": "chords",
    "voice": "pad",
}


def find_instrument(word: str) -> Instrument:
    """The instrument that a word names, by id, name or synonym; IntentError names the nearest."""
    rows = instruments()
    wanted = word.strip().casefold().replace(" ", "_").replace("-", "_")
    for row in rows.values():
        if wanted in (
            row.id,
            row.name.casefold().replace(" ", "_"),
            *(s.replace(" ", "_").replace("-", "_") for s in row.synonyms),
        ):
            return row
    raise IntentError(f"unknown instrument {word!r}{nearest(wanted, rows)}", field="instruments")


def arrange(
    intent: Intent, genre: Genre, cues: Cues, shapes: tuple[Shape, ...]
) -> tuple[tuple[PartPlan, ...], tuple[Reason, ...]]:
    """The parts of a piece, in the genre's order or the person's."""
    rows, reasons = _rows(intent, genre)
    parts: list[PartPlan] = []
    for row in rows:
        played = tuple(s.name for s in shapes if s.energy >= row.from_energy)
        everywhere = len(played) == len(shapes) or not played
        tool = instruments()[row.instrument]
        low, high = max(tool.low, row.register[0]), min(tool.high, row.register[1])
        move = round(cues.register) if row.role not in ("bass", "drums") else 0
        if tool.low <= low + move and high + move <= tool.high:
            low, high = low + move, high + move
        parts.append(PartPlan(
            name=_unused(row.name or tool.name, parts), role=row.role, instrument=row.instrument, register=(low, high),
            density=_mid(cues.density + row.density - 0.5), loudness=_mid(cues.loudness + row.loudness - 0.5),
            legato=_mid(cues.legato + row.legato - 0.5), pattern=row.pattern, sections=() if everywhere else played,
        ))  # fmt: skip
    return tuple(parts), reasons


def _mid(value: float) -> float:
    return min(1.0, max(0.0, value))


def _unused(name: str, parts: list[PartPlan]) -> str:
    taken = {part.name for part in parts}
    count = 2
    wanted = name
    while name in taken:
        name, count = f"{wanted} {count}", count + 1
    return name


def _rows(intent: Intent, genre: Genre) -> tuple[list[PartRow], tuple[Reason, ...]]:
    rows, reasons = list(genre.parts), []
    if intent.instruments is not None:
        wanted = [find_instrument(word) for word in intent.instruments]
        rows = [_seat(tool, genre, first=at == 0, alone=len(wanted) == 1) for at, tool in enumerate(wanted)]
        reasons.append(Reason(what="instruments", value=", ".join(t.name for t in wanted), why="you set them"))
    for word in intent.without:
        gone = word.strip().casefold()
        tool = None if gone in ("melody", "chords", "bass", "drums", "pad", "counter") else find_instrument(word)
        rows = [row for row in rows if row.role != gone and (tool is None or row.instrument != tool.id)]
        reasons.append(Reason(what="instruments", value=f"no {word}", why="you left it out"))
    if not rows:
        raise IntentError("no instrument is left to play; name one or leave fewer out", field="without")
    return rows, tuple(reasons)


def _seat(tool: Instrument, genre: Genre, *, first: bool, alone: bool) -> PartRow:
    """The part that an instrument takes: the genre's own seat for it, else by its family."""
    for row in genre.parts:
        if row.instrument == tool.id:
            return row
    if alone and tool.id == "piano":
        return PartRow(role="piano", instrument=tool.id, register=(tool.low, tool.high), pattern="two_hands")
    role: Role = (
        "melody" if first and tool.family not in ("drums", "bass") else _ROLE_OF_FAMILY.get(tool.family, "melody")
    )
    for row in genre.parts:
        if row.role == role:
            return PartRow(role=role, instrument=tool.id, register=(tool.low, tool.high), pattern=row.pattern)
    pattern = {"drums": "backbeat", "bass": "roots", "chords": "comping", "pad": "sustained"}.get(role, "song")
    return PartRow(role=role, instrument=tool.id, register=(tool.low, tool.high), pattern=pattern)
