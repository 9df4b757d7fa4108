"""Sound fonts: SF2 and SF3 files as zones that a sampler can play.

Read after the SoundFont Technical Specification 2.04; SF3 is the same with each sample an Ogg Vorbis stream. What a zone
says and this reader leaves out: modulators, low-frequency oscillators and modulation envelopes.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import KmidiError, StudioUnavailable

Wave = NDArray[np.float32]
DRUM_BANK = 128
_COMPRESSED = 0x10
# Generator numbers, section 8.1.2 of the specification.
START, END, LOOP_START, LOOP_END, START_32K, FILTER, END_32K, PAN = 0, 1, 2, 3, 4, 8, 12, 17
DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE, KEY_TO_DECAY = 33, 34, 35, 36, 37, 38, 40
INSTRUMENT, KEYS, VELOCITIES, LOOP_START_32K, ATTENUATION, LOOP_END_32K = 41, 43, 44, 45, 48, 50
COARSE, FINE, SAMPLE, LOOP_MODE, SCALE, EXCLUSIVE, ROOT = 51, 52, 53, 54, 56, 57, 58
DEFAULTS = {FILTER: 13500, DELAY: -12000, ATTACK: -12000, HOLD: -12000, DECAY: -12000, RELEASE: -12000, KEYS: 0x7F00,
            VELOCITIES: 0x7F00, SCALE: 100, ROOT: -1}  # fmt: skip
_NOT_ADDED = {KEYS, VELOCITIES, INSTRUMENT}
# Synthesizers of the EMU line, which fonts are tuned on, halve what a font calls attenuation (0.4 of it).
_ATTENUATION_DB = 0.04


class FontError(KmidiError):
    """A file that is no sound font, or one that is damaged."""


class SampleHead(NamedTuple):
    """Where a sample lies in the font, its loop in frames from its own start, its rate in Hz and root key."""

    name: str
    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    root: int
    cents: int
    kind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A sample and how it sounds over a range of keys and velocities.

    root in semitones (60 = C4) at which it plays at its own rate; times in seconds, sustain and attenuation in dB down,
    cutoff in Hz, pan -0.5 (left) .. 0.5; loop in frames from the sample's start, or None; voices of one `exclusive`
    class above 0 cut each other off.
    """

    sample: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    root: float
    cents_a_key: int
    rate: int
    start: int
    end: int | None
    loop: tuple[int, int] | None
    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float
    attenuation: float
    pan: float
    cutoff: float
    exclusive: int
    key_to_decay: int

    def decay_at(self, pitch: int) -> float:
        """Seconds to fall by 100 dB at a pitch."""
        return self.decay * 2 ** (self.key_to_decay * (60 - pitch) / 1200)


@dataclass(slots=True)
class Font:
    """A sound font: zones by (bank, program), drum kits on bank 128; samples are decoded when first asked for."""

    name: str
    presets: dict[tuple[int, int], tuple[str, tuple[Zone, ...]]]
    heads: list[SampleHead]
    data: memoryview
    waves: dict[int, Wave] = field(default_factory=dict)

    def zones(self, program: int, *, drums: bool = False) -> tuple[Zone, ...]:
        """The zones of a General MIDI program, or of a drum kit (the standard kit where the font has no such kit)."""
        bank = DRUM_BANK if drums else 0
        found = self.presets.get((bank, program)) or (self.presets.get((bank, 0)) if drums else None)
        return found[1] if found else ()

    def wave(self, sample: int) -> Wave:
        """The frames of a sample, -1..1, mono."""
        if sample not in self.waves:
            self.waves[sample] = self._decode(self.heads[sample])
        return self.waves[sample]

    def _decode(self, head: SampleHead) -> Wave:
        if head.kind & _COMPRESSED:
            frames, _ = soundfile().read(io.BytesIO(self.data[head.start : head.end]), dtype="float32", always_2d=True)
            return np.ascontiguousarray(frames[:, 0], np.float32)
        return np.frombuffer(self.data[2 * head.start : 2 * head.end], "<i2").astype(np.float32) / np.float32(32768)


def soundfile() -> Any:
    """The library of the extra `sound`, which knows Vorbis and FLAC; plain SF2 to WAV does without."""
    try:
        return import_module("soundfile")
    except ImportError:
        raise StudioUnavailable("this sound needs the library soundfile; install kmidi[sound]") from None


def _unxz(data: bytes) -> bytes:
    try:
        lzma = import_module("lzma")
    except ImportError:  # a Python may be built without it
        raise StudioUnavailable(
            "this Python has no module lzma, which unpacks kmidi's sound font; name an .sf2 or .sf3 file by KMIDI_SOUND_FONT"
        ) from None
    try:
        return lzma.decompress(data)
    except lzma.LZMAError as error:
        raise EOFError(str(error)) from None


def load_font(path: Path) -> Font:
    """The font in an SF2 or SF3 file, which may be packed by xz. FontError names the file and what is wrong with it."""
    try:
        data = memoryview(_unxz(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes())
        if bytes(data[:4]) != b"RIFF" or bytes(data[8:12]) != b"sfbk":
            raise FontError(f"{path.name} is no sound font: it does not start with RIFF … sfbk")
        return _parse(path.stem, {kind: body for _, group in _lists(data) for kind, body in _chunks(group)})
    except (struct.error, KeyError, IndexError, EOFError) as error:
        raise FontError(f"{path.name} is damaged: {type(error).__name__} {error}") from None


def _lists(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    for kind, body in _chunks(data[12 : 8 + struct.unpack_from("<I", data, 4)[0]]):
        if kind == b"LIST":
            yield bytes(body[:4]), body[4:]


def _chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    while at + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        yield bytes(data[at : at + 4]), data[at + 8 : at + 8 + size]
        at += 8 + size
        if size % 2 and at < len(data) and data[at] == 0:  # some writers leave the padding out
            at += 1


def _parse(name: str, chunks: dict[bytes, memoryview]) -> Font:
    def rows(kind: bytes, layout: str) -> list[tuple[Any, ...]]:
        size = struct.calcsize(layout)
        return [struct.unpack_from(layout, chunks[kind], at) for at in range(0, len(chunks[kind]) - size + 1, size)]

    heads = [_head(row) for row in rows(b"shdr", "<20sIIIIIBbHH")[:-1]]
    instruments, presets = rows(b"inst", "<20sH"), rows(b"phdr", "<20sHHHIII")
    inside = _Bags(rows(b"ibag", "<HH"), rows(b"igen", "<HH"), SAMPLE)
    outside = _Bags(rows(b"pbag", "<HH"), rows(b"pgen", "<HH"), INSTRUMENT)
    found: dict[tuple[int, int], tuple[str, tuple[Zone, ...]]] = {}
    for here, following in pairwise(presets):
        zones = [
            zone
            for above in outside.zones(here[3], following[3])
            for below in inside.zones(instruments[above[INSTRUMENT]][1], instruments[above[INSTRUMENT] + 1][1])
            if (zone := _zone(above, below, heads))
        ]
        found[here[2], here[1]] = (_text(here[0]), tuple(zones))
    return Font(name, found, heads, chunks[b"smpl"])


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("latin-1").strip()


def _head(row: tuple[Any, ...]) -> SampleHead:
    name, start, end, loop_start, loop_end, rate, root, cents, _, kind = row
    if not kind & _COMPRESSED:  # SF2 counts the loop from the start of all samples
        loop_start, loop_end = loop_start - start, loop_end - start
    return SampleHead(_text(name), start, end, loop_start, loop_end, rate, root, cents, kind)


class _Bags:
    """The zones of presets or instruments as generator values; a first zone that ends in no `last` is for all."""

    def __init__(self, bags: list[tuple[Any, ...]], generators: list[tuple[Any, ...]], last: int) -> None:
        self.bags, self.generators, self.last = bags, generators, last

    def zones(self, first: int, end: int) -> Iterator[dict[int, int]]:
        common: dict[int, int] = {}
        for bag in range(first, end):
            values = {kind: _signed(kind, v) for kind, v in self.generators[self.bags[bag][0] : self.bags[bag + 1][0]]}
            if self.last in values:
                yield {**common, **values}
            elif bag == first:
                common = values


def _signed(kind: int, value: int) -> int:
    unsigned = kind in (KEYS, VELOCITIES, SAMPLE, INSTRUMENT)
    return value if unsigned or value < 0x8000 else value - 0x10000


def _zone(above: dict[int, int], below: dict[int, int], heads: list[SampleHead]) -> Zone | None:
    """One playable zone from a preset's zone and an instrument's; None where their ranges do not meet."""
    head = heads[below[SAMPLE]]
    if head.kind & 0x8000:  # it lies in the ROM of a sound card
        return None

    def of(kind: int) -> int:
        return below.get(kind, DEFAULTS.get(kind, 0)) + (0 if kind in _NOT_ADDED else above.get(kind, 0))

    def both(kind: int) -> tuple[int, int]:
        a, b = above.get(kind, 0x7F00), below.get(kind, 0x7F00)
        return max(a & 0xFF, b & 0xFF), min(a >> 8, b >> 8)

    keys, velocities = both(KEYS), both(VELOCITIES)
    if keys[0] > keys[1] or velocities[0] > velocities[1]:
        return None
    root = below.get(ROOT, -1)
    root = (head.root if head.root <= 127 else 60) if root < 0 else root
    tune = of(COARSE) + (of(FINE) + head.cents) / 100
    start = of(START) + 32768 * of(START_32K)
    end = of(END) + 32768 * of(END_32K)
    loop = (head.loop_start + of(LOOP_START) + 32768 * of(LOOP_START_32K) - start,
            head.loop_end + of(LOOP_END) + 32768 * of(LOOP_END_32K) - start)  # fmt: skip
    loops = of(LOOP_MODE) in (1, 3) and loop[0] >= 0 and loop[1] - loop[0] >= 2
    return Zone(
        sample=below[SAMPLE],
        keys=keys,
        velocities=velocities,
        root=root - tune,
        cents_a_key=of(SCALE),
        rate=head.rate,
        start=max(0, start),
        end=end if end < 0 else None,
        loop=loop if loops else None,
        delay=_seconds(of(DELAY)),
        attack=_seconds(of(ATTACK)),
        hold=_seconds(of(HOLD)),
        decay=_seconds(of(DECAY)),
        sustain=min(max(of(SUSTAIN), 0), 1440) / 10,
        release=_seconds(of(RELEASE)),
        attenuation=max(of(ATTENUATION), 0) * _ATTENUATION_DB,
        pan=min(max(of(PAN), -500), 500) / 1000,
        cutoff=8.176 * 2 ** (min(max(of(FILTER), 1500), 13500) / 1200),
        exclusive=of(EXCLUSIVE),
        key_to_decay=of(KEY_TO_DECAY),
    )


def _seconds(timecents: int) -> float:
    return 0.0 if timecents <= -12000 else 2 ** (min(timecents, 8000) / 1200)
