"""What the meta events of a file say about the piece and its tracks, each fact with the row of the event that says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar, get_args

import numpy as np

from ..score import KeyChange, Marker, MeterChange, Tempo
from ..theory import MODES, QUALITIES, Chord, Key, Meter
from ..theory.chord import ALIASES
from .encode import CHANNEL_PREFIX, INSTRUMENT, KEY, MARKER, METER, NO_ROWS, TEMPO, TEXT, TITLE, Ints
from .events import Events, File, varints
from .repairs import Repairs, named
from .text import Encoding, decode

CLOSING = "end"  # the conductor's harmless event on the last tick
NO_CHORD = "N.C."
ROLE, MODE = "role: ", "mode: "
MOST_SAID = 1 << 15  # events of one type that are heeded: a change every tenth of a second for an hour
_TONICS = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
_QUALITY = "|".join(re.escape(q) for q in sorted([*QUALITIES, *ALIASES], key=len, reverse=True))
_CHORD = re.compile(rf"[A-G][#b♯♭]{{0,2}}(?:{_QUALITY})(?:/[A-G][#b♯♭]{{0,2}})?")

T = TypeVar("T")
Voice = tuple[int, int | None]  # a track, and a channel where a prefix named one


class Said(NamedTuple, Generic[T]):
    """Values by tick, and the row of the event that says each."""

    rows: list[int]
    values: list[T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of a file; `mode_rows` maps a key's row to the text that names its mode; names, instruments, roles by voice."""

    tempos: Said[Tempo]
    meters: Said[MeterChange]
    keys: Said[KeyChange]
    mode_rows: dict[int, int]
    markers: Said[Marker]
    chord_markers: Said[Marker]
    texts: Said[Marker]
    chords: Said[Marker]
    chord_track: int
    names: dict[Voice, tuple[int, str]]
    instruments: dict[Voice, tuple[int, str]]
    roles: dict[Voice, tuple[int, str]]
    repairs: list[Repairs]


def facts(file: File) -> Facts:
    """The facts of a file. In SMPTE time its tempos mean nothing and are left out."""
    events = file.events
    metas = _Metas(events)
    texts, markers = metas.texts(TEXT), metas.texts(MARKER)
    keys, mode_rows = _keys(metas, texts)
    roles: dict[Voice, tuple[int, str]] = {
        (t.track, None): (t.row, t.text[len(ROLE) :]) for t in reversed(texts) if t.text.startswith(ROLE)
    }
    used = {*mode_rows.values(), *(row for row, _ in roles.values())}
    ends = file.ends.tolist()
    free = [t for t in texts if t.row not in used and not (t.text == CLOSING and t.tick == ends[t.track])]
    chord_track = _chord_track(free)
    chords = [t for t in free if t.track == chord_track]
    marked = {(m.tick, m.text) for m in markers}
    named_there = {(t.tick, t.text) for t in chords}
    if not named_there <= marked:  # where chords are marked each is: one that is marked is a rehearsal letter
        named_there = set[tuple[int, str]]()
    return Facts(
        tempos=_tempos(metas) if file.division < 0x8000 else Said([], []),
        meters=_meters(metas),
        keys=keys,
        mode_rows=mode_rows,
        markers=_marked([m for m in markers if (m.tick, m.text) not in named_there]),
        chord_markers=_marked([m for m in markers if (m.tick, m.text) in named_there]),
        texts=_marked([t for t in free if t.track != chord_track]),
        chords=_marked(chords),
        chord_track=chord_track,
        names=metas.by_voice(TITLE),
        instruments={at: s for at, s in metas.by_voice(INSTRUMENT).items() if re.fullmatch(r"[a-z][a-z0-9_]*", s[1])},
        roles=roles,
        repairs=metas.repairs,
    )


class _Text(NamedTuple):
    row: int
    tick: int
    track: int
    text: str


class _Metas:
    """The meta events of a file, by type; those of one type by tick, and in file order at one tick."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.repairs: list[Repairs] = []
        rows = (events.status == 0xFF).nonzero()[0]
        kinds = events.one.take(rows)
        order = np.lexsort((events.tick.take(rows), kinds))
        self.rows, self.kinds = rows.take(order), kinds.take(order).tobytes()
        self.bytes = events.data.tobytes()
        at = events.at.take(self.rows)
        _, width = varints(events.data, at + 1)
        self.begins, self.ends = at + 1 + width, at + events.size.take(self.rows)  # bytes of each content

    def places_of(self, kind: int) -> slice:
        """Where a type stands among the rows, the first MOST_SAID of it: so many that come after are named, not heeded."""
        count = self.kinds.count(kind)
        begin = self.kinds.find(kind) if count else 0
        if count > MOST_SAID:
            past = f"meta event{{s}} of type {kind} past the first {MOST_SAID}, not heeded"
            self.repair(self.rows[begin + MOST_SAID : begin + count], past)
        return slice(begin, begin + min(count, MOST_SAID))

    def of(self, kind: int) -> tuple[Ints, list[bytes]]:
        """Rows and contents of a type."""
        if kind not in self.kinds:
            return NO_ROWS, []
        places, data = self.places_of(kind), self.bytes
        begins, ends = self.begins[places].tolist(), self.ends[places].tolist()
        return self.rows[places], [data[a:b] for a, b in zip(begins, ends, strict=True)]

    def repair(self, rows: Ints | list[int], what: str) -> None:
        """Name events that are not heeded."""
        if len(rows):
            ascending = np.sort(np.array(rows, np.int64))
            self.repairs.append(named(ascending, self.events.track, self.events.start, what))

    def texts(self, kind: int) -> list[_Text]:
        """The texts of a type, decoded; other encodings than UTF-8 are named."""
        rows, contents = self.of(kind)
        if not contents:
            return []
        known = {content: decode(content) for content in {*contents}}  # many files say one thing often
        decodings = [known[content] for content in contents]
        met = {encoding for _, encoding in known.values()}
        for name in get_args(Encoding)[1:] if met != {"UTF-8"} else ():
            odd = [row for row, (_, encoding) in zip(rows.tolist(), decodings, strict=True) if encoding == name]
            self.repair(odd, f"text{{s}} not in UTF-8, read as {name}")
        ticks, tracks = self.events.tick[rows].tolist(), self.events.track[rows].tolist()
        return list(map(_Text, rows.tolist(), ticks, tracks, (text for text, _ in decodings)))

    def by_voice(self, kind: int) -> dict[Voice, tuple[int, str]]:
        """The first text of a type for each track, or track and channel where a channel prefix stands before it."""
        texts = self.texts(kind)
        channels: dict[int, int] = {}
        if texts and CHANNEL_PREFIX in self.kinds:
            prefixes = self.rows[self.kinds.find(CHANNEL_PREFIX) : self.kinds.rfind(CHANNEL_PREFIX) + 1]
            prefixes = prefixes[self.events.size[prefixes] == 3]
            channels = {int(row): int(self.events.data[self.events.at[row] + 2]) & 15 for row in prefixes.tolist()}
        found: dict[Voice, tuple[int, str]] = {}
        for text in texts:
            found.setdefault((text.track, channels.get(text.row - 1)), (text.row, text.text))
        return found


def _marked(texts: list[_Text]) -> Said[Marker]:
    return Said([t.row for t in texts], [Marker(t.tick, t.text) for t in texts])


def _tempos(metas: _Metas) -> Said[Tempo]:
    events, rows = metas.events, metas.rows[metas.places_of(TEMPO)]
    at = events.at[rows]
    three = (events.size[rows] == 5) & (events.data[at + 1] == 3)
    body = np.where(three, at + 2, 0)
    byte = events.data
    us = byte[body].astype(np.int64) << 16 | byte[body + 1].astype(np.int64) << 8 | byte[body + 2]
    good = three & (us > 0)
    metas.repair(rows[~good], "tempo{s} of no length, not heeded")
    rows, us = rows[good], us[good]
    return Said(rows.tolist(), list(map(Tempo, events.tick[rows].tolist(), us.tolist())))


def _meters(metas: _Metas) -> Said[MeterChange]:
    rows, contents = metas.of(METER)
    ticks = metas.events.tick[rows].tolist()
    found = [(row, MeterChange(tick, _meter(body[0], 1 << body[1]))) for row, tick, body in zip(rows.tolist(), ticks, contents, strict=True) if len(body) >= 2 and body[0] and body[1] <= 6]  # fmt: skip
    said = Said([row for row, _ in found], [change for _, change in found])
    metas.repair(sorted({*rows.tolist()} - {*said.rows}), "meter{s} outside 1..255 over 1..64, not heeded")
    return said


@lru_cache(maxsize=1024)
def _meter(numerator: int, denominator: int) -> Meter:
    return Meter(numerator, denominator)


@lru_cache(maxsize=1024)
def _key(tonic: str, mode: str) -> Key:
    return Key(tonic, mode)


def _keys(metas: _Metas, texts: list[_Text]) -> tuple[Said[KeyChange], dict[int, int]]:
    """Key signatures, each with the mode that a text of the same track and tick names, and the rows of such texts by
    the key's row.
    """
    modes = {(t.tick, t.track): (t.row, t.text[len(MODE) :]) for t in texts if t.text.startswith(MODE)}
    events = metas.events
    rows, contents = metas.of(KEY)
    said: Said[KeyChange] = Said([], [])
    mode_rows: dict[int, int] = {}
    wrong: list[int] = []
    ticks, tracks = events.tick[rows].tolist(), events.track[rows].tolist()
    for row, tick, track, body in zip(rows.tolist(), ticks, tracks, contents, strict=True):
        sharps = int.from_bytes(body[:1], "big", signed=True)
        if len(body) != 2 or abs(sharps) > 7 or body[1] > 1:
            wrong.append(row)
            continue
        mode_row, mode = modes.get((tick, track), (row, ""))
        if mode in MODES and MODES[mode][2] == (3 if body[1] else 4):
            mode_rows[row] = mode_row
        else:
            mode = "aeolian" if body[1] else "ionian"
        said.rows.append(row)
        said.values.append(KeyChange(tick, _key(_TONICS[sharps + 7 + 3 * body[1]], mode)))
    metas.repair(wrong, "key signature{s} of no key, not heeded")
    return said, mode_rows


@lru_cache(maxsize=4096)
def chord_of(text: str) -> Chord | None:
    """The chord that a symbol names, None where it names none."""
    return Chord.parse(text) if _CHORD.fullmatch(text) else None


def _chord_track(texts: list[_Text]) -> int:
    """The first track whose texts are all chord names, -1 where there is none."""
    tracks: dict[int, bool] = {}
    for t in texts:
        tracks[t.track] = tracks.get(t.track, True) and (t.text == NO_CHORD or chord_of(t.text) is not None)
    return min((track for track, all_chords in tracks.items() if all_chords), default=-1)
