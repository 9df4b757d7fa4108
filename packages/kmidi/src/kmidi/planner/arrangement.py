"""The arrangement: who plays what, where; a person's instruments always win."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

from ..errors import IntentError, nearest
from ..intent import Affect, Intent
from ..plan import INNER, PartPlan, Reason, Role
from ..streams import Stream
from ..tables import DrumPattern, Genre, Instrument, PartRow, drum_patterns, find_row, instruments
from .cues import Cues, hands
from .form import Shape

# instruments that sing one line, that play chords, that hold chords, that lie under everything
_CHORDAL = ("guitar", "keys", "harp")
_HOLDING = ("choir", "strings", "synth_pad", "synth_strings", "brass", "organ", "accordion")
_LOW = ("acoustic_bass", "electric_bass", "synth_bass", "contrabass", "tuba")
_LINE_OF_ROLE: dict[str, tuple[int, int]] = {
    "melody": (57, 84),
    "counter": (50, 79),
    "chords": (45, 76),
    "pad": (48, 79),
    "bass": (28, 52),
}
_PATTERN_OF_ROLE = {
    "drums": "backbeat",
    "bass": "roots",
    "chords": "comping",
    "pad": "sustained",
    "melody": "song",
    "counter": "answer",
}

_LEFT_OUT = ("melody", "chords", "bass", "drums", "pad", "counter")  # roles that can be left out; a piano is named
# who shows and who means, where the words hide one feeling under another
Side = Literal["whole", "surface", "undertow"]
_SIDES: dict[str, Side] = {
    "melody": "surface", "counter": "surface", "chords": "undertow", "pad": "undertow", "bass": "undertow"
}  # fmt: skip


def find_instrument(word: str, field: str = "instruments") -> Instrument:
    """The instrument that a word names, by id, name or synonym; IntentError on the field names the nearest."""
    return find_row(word, instruments(), "instrument", field=field)


def find_left_out(word: str) -> Role | Instrument:
    """The role or instrument that is not to play; IntentError names the nearest instrument."""
    gone = cast(Role, word.strip().casefold())
    return gone if gone in _LEFT_OUT else find_instrument(word, "without")


def find_drums(word: str) -> DrumPattern:
    """The pattern of that id; IntentError names the nearest."""
    if word not in drum_patterns():
        raise IntentError(f"unknown drum pattern {word!r}{nearest(word, drum_patterns())}", field="drums")
    return drum_patterns()[word]


def arrange(
    intent: Intent, affect: Affect, genre: Genre, whole: Cues, shapes: tuple[Shape, ...], sides: Mapping[str, Cues]
) -> tuple[tuple[PartPlan, ...], tuple[Reason, ...]]:
    """The parts of a piece, in the genre's order or the person's; melodies play the surface, what carries them the undertow."""
    rows, reasons = _rows(intent, affect, genre)
    parts: list[PartPlan] = []
    for row in rows:
        least = min(row.from_energy, max(s.energy for s in shapes))
        played = tuple(s.name for s in shapes if s.energy >= least)
        everywhere = len(played) == len(shapes)
        tool = instruments()[row.instrument]
        low, high = max(tool.low, row.register[0]), min(tool.high, row.register[1])
        side: Side = _SIDES.get(row.role, "whole") if sides else "whole"
        cues = sides.get(side, whole)
        move = round(cues.register) if row.role not in ("bass", "drums") else 0
        if tool.low <= low + move and high + move <= tool.high:
            low, high = low + move, high + move
        if row.role == "piano":
            low, high = hands(cues, max(tool.low, row.register[0]), min(tool.high, row.register[1]))
        parts.append(PartPlan(
            name=_unused(row.name or tool.name, parts), role=row.role, instrument=row.instrument, register=(low, high),
            density=_mid(cues.density + row.density - 0.5), loudness=_mid(cues.loudness + row.loudness - 0.5),
            legato=_mid(cues.legato + row.legato - 0.5), pattern=row.pattern, sections=() if everywhere else played,
            feeling=side,
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


def _rows(intent: Intent, affect: Affect, genre: Genre) -> tuple[list[PartRow], tuple[Reason, ...]]:
    eldest = intent
    while eldest.parent is not None:  # takes of one family keep their band
        eldest = eldest.parent
    stream = Stream(f"{affect.root(eldest.seed)}/arrangement")
    rows, reasons = [row for row in genre.parts if stream.chance(row.chance)], []
    if intent.instruments is not None:
        wanted = [_meant(word, genre) for word in intent.instruments]
        rows = seat(wanted, genre)
        why = "you set them" + _stand_ins(intent.instruments)
        reasons.append(Reason(what="instruments", value=", ".join(t.name for t in wanted), why=why))
    asked = [_meant(word, genre) for word in intent.including]
    added = [tool for tool in asked if tool.id not in {r.instrument for r in rows}]
    if added:
        rows = _joined(rows, added, genre)
    if asked:
        why = "you asked for them too" + _stand_ins(intent.including)
        reasons.append(Reason(what="instruments", value=", ".join(t.name for t in asked), why=why))
    for word in intent.without:
        gone = find_left_out(word)
        rows = [row for row in map(_untuned, rows) if row] if gone == "melody" else rows
        rows = [row for row in rows if gone != row.role and (isinstance(gone, str) or row.instrument != gone.id)]
        reasons.append(Reason(what="instruments", value=f"no {word}", why="you left it out"))
    if intent.drums is not None:
        comes = intent.instruments is None and not {"drums", "drum_kit"} & {*intent.without}
        why = f"you asked for it: {find_drums(intent.drums).about}"
        rows = _drummed(rows, intent.drums, comes=comes)
        reasons.append(Reason(what="drums", value=intent.drums.replace("_", " "), why=why))
    if not rows:
        raise IntentError("no instrument is left to play; name one or leave fewer out", field="without")
    return rows, tuple(reasons)


def _meant(word: str, genre: Genre) -> Instrument:
    """The player that a word names: "bass" is whoever has it in the genre."""
    own = next((row.instrument for row in genre.parts if row.role == "bass" == word), None)
    return instruments()[own] if own else find_instrument(word)


def _stand_ins(words: tuple[str, ...]) -> str:
    """What is said of those who play for instruments that are not here."""
    found = [(word.strip().casefold().replace("_", " "), find_instrument(word)) for word in words]
    return "".join(f"; {w} is not among the instruments, {t.name} is the nearest" for w, t in found if w in t.near)


def _drummed(rows: list[PartRow], wanted: str, *, comes: bool) -> list[PartRow]:
    """The rows with a kit that plays a pattern; where there is none, one `comes`."""
    if comes and not any(row.role == "drums" for row in rows):
        rows = [*rows, PartRow(role="drums", instrument="drum_kit", register=(27, 87), pattern=wanted)]
    return [replace(row, pattern=wanted) if row.role == "drums" else row for row in rows]


def _untuned(row: PartRow) -> PartRow | None:
    """A part where nobody has the tune: none that answers it, a pianist's hands on the chords; inner voices are harmony."""
    if row.role == "piano":
        return replace(row, role="chords", register=(45, 79), pattern="songs")
    return None if row.role in ("melody", "counter") and row.pattern not in INNER else row


def seat(tools: list[Instrument], genre: Genre) -> list[PartRow]:
    """A part for each instrument that a person named, in their order: the genre's own seat for it, else what it does best.

    The first instrument that sings takes the melody; without one, a piano plays with two hands, and a guitar both
    melody and chords.
    """
    roles = _roles(tools)
    rows = _seats(tools, roles, genre)
    if not {"chords", "pad", "piano"} & set(roles):  # nobody else tells the chords
        rows = [replace(row, pattern="inner") if row.role == "counter" else row for row in rows]
    if not {"melody", "piano"} & set(roles):
        lead = next((t for t in tools if {t.family, t.id} & {*_CHORDAL}), None)
        if lead is not None:
            rows.insert(
                0, PartRow(role="melody", instrument=lead.id, register=_range(lead, "melody", None), pattern="song")
            )
    return rows


def _joined(rows: list[PartRow], tools: list[Instrument], genre: Genre) -> list[PartRow]:
    """A genre's rows with instruments that a person asked for too: one bass plays, and one tune, which the first that sings
    takes over; the others answer, and all do where the voices are one texture.
    """
    textured = any(row.pattern in INNER for row in rows)
    roles: list[Role] = [_seat_of(tool, joins=True) or "counter" for tool in tools]
    if "counter" in roles and not textured:
        roles[roles.index("counter")] = "melody"
        rows = [row for row in rows if row.role != "melody"]
        rows = [(_untuned(row) or row) if row.role == "piano" else row for row in rows]
    if "bass" in roles:
        rows = [row for row in rows if row.role != "bass"]
    seated = _seats(tools, roles, genre)
    if textured:
        seated = [replace(row, pattern="answer") if row.role == "counter" else row for row in seated]
    return [*(r for r in seated if r.role == "melody"), *rows, *(r for r in seated if r.role != "melody")]


def _seats(tools: list[Instrument], roles: list[Role], genre: Genre) -> list[PartRow]:
    """A part for each instrument in its role: the genre's own, or one like it."""
    rows: list[PartRow] = []
    for tool, role in zip(tools, roles, strict=True):
        own = next((row for row in genre.parts if row.instrument == tool.id and row.role == role), None)
        alike = next((row for row in genre.parts if row.role == role), None)
        if own is not None:
            rows.append(own)
        elif role == "piano":
            rows.append(PartRow(role="piano", instrument=tool.id, register=(tool.low, tool.high), pattern="two_hands"))
        else:
            pattern = alike.pattern if alike is not None else _PATTERN_OF_ROLE[role]
            rows.append(PartRow(role=role, instrument=tool.id, register=_range(tool, role, alike), pattern=pattern))
    return rows


def _seat_of(tool: Instrument, *, joins: bool = False) -> Role | None:
    """What an instrument does that sings no line, None where it does; keys that hold do so beside a band that they join."""
    if tool.family == "drums":
        return "drums"
    if tool.family == "bass" or tool.id in _LOW:
        return "bass"
    if {tool.family, tool.id} & {*_CHORDAL} and not (joins and tool.id in _HOLDING):
        return "chords"
    return "pad" if tool.id in _HOLDING else None


def _roles(tools: list[Instrument]) -> list[Role]:
    roles: list[Role | None] = [_seat_of(tool) for tool in tools]
    singers = [at for at, role in enumerate(roles) if role is None]
    if not singers:
        singers = [at for at, role in enumerate(roles) if role == "pad"][:1]
    for at in singers:
        roles[at] = "counter"
    if singers:
        roles[singers[0]] = "melody"
    elif "piano" in [tool.id for tool in tools]:
        roles[[tool.id for tool in tools].index("piano")] = "piano"
    if "bass" not in roles and len(singers) > 1 and tools[singers[-1]].id in ("cello", "trombone", "timpani"):
        roles[singers[-1]] = "bass"
    return [role or "counter" for role in roles]


def _range(tool: Instrument, role: Role, alike: PartRow | None) -> tuple[int, int]:
    """The stretch of an instrument's range that suits a role: the genre's where an octave of it fits, else the usual one."""
    for low, high in ([alike.register] if alike is not None else []) + [_LINE_OF_ROLE.get(role, (tool.low, tool.high))]:
        if min(tool.high, high) - max(tool.low, low) >= 12:
            return max(tool.low, low), min(tool.high, high)
    return tool.low, tool.high
