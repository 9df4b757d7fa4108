"""Hostile MIDI files: deterministic mutants, generated files, and floods of one event."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from random import Random

from kmidi import Intent, KmidiError, midi
from kmidi.studio import LocalStudio

SPECIAL = (0x00, 0x01, 0x2F, 0x3F, 0x40, 0x51, 0x58, 0x59, 0x7F, 0x80, 0x81, 0x90, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0, 0xF4, 0xF7, 0xF8, 0xFF)  # fmt: skip


class Dice:
    """Whole numbers from Random.random alone, so that the same seed gives the same files everywhere."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed).random

    def below(self, count: int) -> int:
        """0 .. count - 1."""
        return int(self._random() * count)

    def one(self, items: list[bytes] | tuple[int, ...] | bytes) -> int | bytes:
        """One of them."""
        return items[self.below(len(items))]

    def bytes(self, count: int) -> bytes:
        """Any bytes, half of them ones that mean something."""
        return bytes(int(self.one(SPECIAL)) if self.below(2) else self.below(256) for _ in range(count))


def chunk(tag: bytes, content: bytes, length: int | None = None) -> bytes:
    """A chunk, with another length than its own where one is given."""
    return tag + struct.pack(">I", len(content) if length is None else length) + content


def varint(value: int) -> bytes:
    """A delta time or length in the file's seven-bit bytes."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def generated(dice: Dice) -> bytes:
    """A file of lawful events in unlawful measure: huge deltas, running status, odd divisions, wrong lengths."""
    tracks: list[bytes] = []
    for _ in range(dice.below(4)):
        body = bytearray()
        for _ in range(dice.below(60)):
            body += varint((0, 1, 120, 0x0FFFFFFF, 0x4000)[dice.below(5)] if dice.below(6) else dice.below(1 << 28))
            kind = dice.below(12)
            if kind < 6:
                body += bytes(
                    (dice.one((0x80, 0x90, 0x91, 0x99, 0xA0, 0xB0, 0xE0)), 58 + dice.below(5), dice.below(128))
                )  # type: ignore[arg-type]
            elif kind == 6:
                body += bytes((58 + dice.below(5), dice.below(128)))  # running status
            elif kind == 7:
                body += bytes((dice.one((0xC0, 0xD3)), dice.below(128)))  # type: ignore[arg-type]
            elif kind == 8:
                body += bytes((0xFF, 0x51, 3)) + dice.bytes(3)
            elif kind == 9:
                body += bytes((0xFF, 0x58, 4)) + dice.bytes(4)
            elif kind == 10:
                content = dice.bytes(dice.below(9))
                body += bytes((0xFF, dice.below(0x60))) + varint(len(content)) + content
            else:
                content = dice.bytes(dice.below(9))
                body += bytes((dice.one((0xF0, 0xF7, 0xF0)),)) + varint(len(content)) + content  # type: ignore[arg-type]
        if dice.below(8):
            body += b"\x00\xff\x2f\x00"
        length = None if dice.below(8) else (0, 4, 0xFFFFFFFF, len(body) + 9, dice.below(len(body) + 1))[dice.below(5)]
        tracks.append(chunk(b"MTrk", bytes(body), length))
    division = (480, 1, 0x7FFF, 0xE728, 0x8001, 0, 24)[dice.below(7)]
    header = chunk(b"MThd", struct.pack(">HHH", dice.below(4), (len(tracks), 0, 0xFFFF)[dice.below(3)], division))
    return header + b"".join(tracks)


def mutant(dice: Dice, seeds: list[bytes]) -> bytes:
    """A seed with one to six wounds."""
    data = bytearray(dice.one(seeds))  # type: ignore[arg-type]
    for _ in range(1 + dice.below(6)):
        at, run = dice.below(len(data) + 1), 1 + dice.below(12)
        match dice.below(9):
            case 0:
                data[at : at + 1] = dice.bytes(1)
            case 1:
                data[at : at + run] = dice.bytes(run)
            case 2:
                data[at:at] = dice.bytes(run)
            case 3:
                del data[at : at + run]
            case 4:
                del data[at:]
            case 5:
                data[at:at] = data[at : at + 8 * run]
            case 6:
                other = bytes(dice.one(seeds))  # type: ignore[arg-type]
                start = dice.below(len(other))
                data[at:at] = other[start : start + 8 * run]
            case 7:
                place = data.find(b"MTrk", at)
                if place >= 0:
                    data[place + 4 : place + 8] = struct.pack(
                        ">I", (0, 1, 0xFFFFFFFF, dice.below(1 << 16))[dice.below(4)]
                    )
            case _:
                data[at:at] = bytes((int(dice.one(SPECIAL)),)) * (4 * run)
    return bytes(data)


def floods() -> Iterator[tuple[str, bytes]]:
    """Files that say little a great many times."""
    end, head = b"\x00\xff\x2f\x00", chunk(b"MThd", struct.pack(">HHH", 1, 1, 480))
    many = 100_000
    events = {
        "tempos": [b"\x01\xff\x51\x03" + (500_000 + n % 1000).to_bytes(3, "big") for n in range(many)],
        "a million tempos": [b"\x01\xff\x51\x03" + (500_000 + n % 1000).to_bytes(3, "big") for n in range(1_000_000)],
        "meters": [b"\x01\xff\x58\x04" + bytes((1 + n % 9, n % 5, 24, 8)) for n in range(many)],
        "keys": [b"\x01\xff\x59\x02" + bytes((n % 7, n % 2)) for n in range(many)],
        "texts": [b"\x00\xff\x01\x02Cq" for n in range(many)],
        "markers": [b"\x00\xff\x06\x00"] * many,
        "longest deltas": [b"\xff\xff\xff\x7f\x90\x3c\x40"] * many,
        "notes without end": [b"\x00\x90\x3c\x40", *[b"\x00\x3c\x40"] * many],
        "offs without note": [b"\x00\x80\x3c\x40", *[b"\x00\x3c\x40"] * many],
        "pressure": [b"\x00\xd0\x01", *[b"\x00\x01"] * many],
        "clocks": [b"\x00\xf8"] * many,
        "sysex": [b"\x00\xf0\x00"] * many,
        "programs": [b"\x00\xc0\x01", b"\x00\x90\x3c\x40"] * (many // 2),
        "zeros": [b"\x00" * many],
        "0xff": [b"\xff" * many],
        "0x80": [b"\x80" * many],
        "0xf0": [b"\xf0" * many],
    }
    for name, rows in events.items():
        yield name, head + chunk(b"MTrk", b"".join(rows) + end)
    yield "empty tracks", head + b"MTrk\x00\x00\x00\x00" * 65_000
    yield (
        "tracks that reach ahead",
        head + b"".join(b"MTrk" + struct.pack(">I", 200_000 - n) for n in range(10_000)) + bytes(100_000),
    )
    yield "tracks of 4 GB", head + b"MTrk\xff\xff\xff\xff\x00\x90\x3c\x40" * 20_000
    yield "other chunks", head + b"XFIH\x00\x00\x00\x00" * 60_000
    yield "one note a track", head + chunk(b"MTrk", b"\x00\x90\x3c\x40\x01\x3c\x00" + end) * 5_000
    yield "a text a track", head + chunk(b"MTrk", b"\x00\xff\x01\x03Czz" + end) * 20_000
    yield (
        "16 channels",
        head + chunk(b"MTrk", b"".join(bytes((0, 0x90 | n % 16, n % 128, 64)) for n in range(many)) + end),
    )


def seeds() -> list[bytes]:
    """Lawful files to wound: generated ones, what kmidi writes of them, and short songs."""
    lawful: list[bytes] = []
    for n in range(40):
        data = generated(Dice(f"seed/{n}"))
        try:
            score = midi.read(data)
        except KmidiError:
            continue
        lawful += [data, midi.write(score)]
    for seed, genre in enumerate(("pop", "jazz_trio", "solo_piano", "waltz", "edm", "bossa")):
        lawful.append(LocalStudio().compose(Intent(valence=0.2, arousal=0.1, genre=genre, bars=2, seed=seed)).midi)
    return lawful


def files(count: int, *, first: int = 0) -> Iterator[bytes]:
    """So many hostile files, always the same, from the first on."""
    lawful = seeds()
    for n in range(first, first + count):
        dice = Dice(f"fuzz/{n}")
        yield generated(dice) if n % 4 == 0 else mutant(dice, lawful)
