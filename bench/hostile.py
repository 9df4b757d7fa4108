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
                status = int(dice.one((0x80, 0x90, 0x91, 0x99, 0xA0, 0xB0, 0xE0)))
                body += bytes((status, 58 + dice.below(5), dice.below(128)))
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


Rows = list[bytes]
END, MANY, MILLION = b"\x00\xff\x2f\x00", 100_000, 1_000_000


def file_of(*tracks: bytes, kind: int = 1, claimed: int | None = None, division: int = 480) -> bytes:
    """A file of such tracks' bytes, an end of track put behind each."""
    head = struct.pack(">HHH", kind, len(tracks) if claimed is None else claimed, division)
    return chunk(b"MThd", head) + b"".join(chunk(b"MTrk", track + END) for track in tracks)


def floods() -> Iterator[tuple[str, bytes]]:
    """Files that say little a great many times, and files that claim what no memory holds."""
    for name, rows in (_floods_of_meta() | _floods_of_notes() | _floods_of_bytes()).items():
        yield name, file_of(b"".join(rows))
    yield from _wide()
    yield from _long()


def _floods_of_meta() -> dict[str, Rows]:
    """One kind of meta event, a great many times in a track."""
    return {
        "a million tempos": [b"\x01\xff\x51\x03" + (500_000 + n % 1000).to_bytes(3, "big") for n in range(MILLION)],
        "a million meters": [b"\x01\xff\x58\x04" + bytes((1 + n % 9, n % 5, 24, 8)) for n in range(MILLION)],
        "a million keys": [b"\x01\xff\x59\x02" + bytes((n % 7, n % 2)) for n in range(MILLION)],
        "texts": [b"\x00\xff\x01\x02Cq"] * MANY,
        "a million texts, all unlike": [b"\x01\xff\x01\x06" + b"%06d" % n for n in range(MILLION)],
        "texts in Latin-1": [b"\x00\xff\x01\x02\xe9%c" % (97 + n % 26) for n in range(MANY)],
        "chord names": [b"\x01\xff\x01\x02" + b"CDEFGAB"[n % 7 :][:1] + b"m" for n in range(MANY)],
        "chord names as markers too": [b"\x01\xff\x01\x01C\x00\xff\x06\x01C"] * MANY,
        "modes of keys": [b"\x01\xff\x59\x02\x00\x00\x00\xff\x01\x0cmode: dorian"] * MANY,
        "markers": [b"\x00\xff\x06\x00"] * MANY,
        "track names": [b"\x00\xff\x03\x01x"] * MANY,
        "lyrics": [b"\x01\xff\x05\x02la"] * MANY,
        "channel prefixes": [b"\x00\xff\x20\x01\x03\x00\xff\x03\x01x"] * MANY,
        "a text of 1 MB": [b"\x00\xff\x01" + varint(MILLION) + b"x" * MILLION],
    }


def _floods_of_notes() -> dict[str, Rows]:
    """One kind of channel event, a great many times in a track."""
    return {
        "longest deltas": [b"\xff\xff\xff\x7f\x90\x3c\x40"] * MANY,
        "notes without end": [b"\x00\x90\x3c\x40", *[b"\x00\x3c\x40"] * MANY],
        "notes without end, one after another": [b"\x00\x90\x3c\x40", *[b"\x78\x3c\x40"] * MANY],
        "one pitch 100,000 deep": [b"\x00\x90\x3c\x40", *[b"\x01\x3c\x40"] * MANY, *[b"\x01\x3c\x00"] * MANY],
        "chords of 10,000 notes": [b"\x00\x90\x3c\x40", *([b"\x00\x3c\x40"] * 10_000 + [b"\x78\x3c\x00"] + [b"\x00\x3c\x00"] * 9999) * 10],
        "notes of no length": [b"\x00\x90\x3c\x40", *[b"\x00\x3c\x00\x01\x3c\x40"] * MANY],
        "a million notes in running status": [b"\x00\x90\x3c\x40", *(bytes((1, 60 + n % 12, 64 * (n // 12 % 2))) for n in range(MILLION))],
        "notes of one tick": [b"\x00\x90\x3c\x40", *(bytes((1, 40 + n % 40, 0, 0, 41 + n % 40, 64)) for n in range(MANY))],
        "offs without note": [b"\x00\x80\x3c\x40", *[b"\x00\x3c\x40"] * MANY],
        "pressure": [b"\x00\xd0\x01", *[b"\x00\x01"] * MANY],
        "a million bends": [b"\x00\xe0\x00\x40", *(bytes((1, n % 128, n % 127)) for n in range(MILLION))],
        "a million programs": [b"\x00\xc0\x01", *(bytes((1, n % 128)) for n in range(MILLION))],
        "a million controllers": [b"\x00\xb0\x0b\x40", *(bytes((1, 11, n % 128)) for n in range(MILLION))],
        "programs in running status between notes": [b"\x00\xc0\x01\x00\x02\x00\x90\x3c\x40"] * MANY,
        "programs between notes": [b"\x00\xc0\x01\x00\x90\x3c\x40"] * (MANY // 2),
        "16 channels": [bytes((0, 0x90 | n % 16, n % 128, 64)) for n in range(MANY)],
        "a million random strokes": [b"\x00\x90\x3c\x40", *(bytes((n * n % 97, n * 7919 % 128, n * 31 % 128)) for n in range(MILLION))],
        "a long note under a million short": [b"\x00\x91\x24\x40\x00\x90\x3c\x40", *(bytes((1, 60, 64 * (n % 2))) for n in range(MILLION))],
        "drums alone": [b"\x00\x99\x24\x40", *[b"\x0a\x24\x40"] * MANY],
        "strokes off every grid": [b"\x00\x90\x3c\x40", *(bytes((1 + n * n % 97, 60 + n % 7, 64 * (1 - n % 2))) for n in range(MANY))],
    }  # fmt: skip


def _floods_of_bytes() -> dict[str, Rows]:
    """What is hardly music."""
    return {
        "clocks": [b"\x00\xf8"] * MANY,
        "empty sysex": [b"\x00\xf0\x00"] * MANY,
        "a sysex of 1 MB": [b"\x00\xf0" + varint(MILLION) + b"\x01" * MILLION],
        "undefined status": [b"\x00\xf4\x00\xf5"] * 750_000,
        "zeros": [b"\x00" * MANY],
        "0xff": [b"\xff" * MANY],
        "0x80": [b"\x80" * MANY],
        "0xf0": [b"\xf0" * MANY],
    }


def _wide() -> Iterator[tuple[str, bytes]]:
    """Many tracks and chunks."""
    head, one = file_of(claimed=1), b"\x00\x90\x3c\x40\x01\x3c\x00"
    yield "65,535 tracks declared, one there", file_of(one, claimed=0xFFFF)
    yield "65,535 empty tracks", file_of(*[b""] * 0xFFFF)
    yield "tracks of no bytes", head + b"MTrk\x00\x00\x00\x00" * 65_000
    yield "one note a track", file_of(*[one] * 10_000)
    yield "one note a track, 65,535 times", file_of(*[one] * 0xFFFF)
    yield "patterns of a type 2 file", file_of(*[one] * 10_000, kind=2)
    yield "a text a track", file_of(*[b"\x00\xff\x01\x03Czz"] * 20_000)
    yield "a name and a program a track", file_of(*[b"\x00\xff\x03\x01a\x00\xc0\x05"] * 20_000)
    yield "a chord name a track", file_of(*[b"\x00\xff\x01\x01C"] * 20_000)
    yield "one bad byte a track", file_of(*[b"\x00\x90\x3c\xff"] * 20_000)
    faults = (
        b"\x00\x90\x3c\xff\x00\x3c\x40\x00\x80\x3d\x00"  # a byte above 127, a pitch struck twice, an off without a note
    )
    named = (
        b"\x00\xff\x03\x01a" + varint(n * 7) + b"\xff\x58\x04" + bytes((1 + n % 9, n % 5, 24, 8)) for n in range(0xFFFF)
    )
    yield (
        "too short a length, a stray byte and all faults a track, 65,535 times",
        head + b"".join(chunk(b"MTrk", track + faults + END, 2) + b"!" for track in named),
    )
    texts = b"\x00\xff\x04\x03abc\x00\xff\x03\x01x\x00\xff\x01\x0crole: melody\x00\xff\x01\x01\xe9"
    yield "all that is said of a part a track, 65,535 times", file_of(*[texts + b"\x00\xc0\x05" + faults] * 0xFFFF)
    torn = b"".join(bytes((0, 0x90, pitch, 64, 1, pitch, 64, 1, pitch, 0)) for pitch in range(128))
    yield "a note that hangs in each of 245,000 voices", file_of(*[torn] * 1_900)
    walks = [
        b"".join(bytes((n * n % 97, 0x90 | t, 30 + (n * 7 + t) % 71, n * 31 % 128)) for n in range(45_000))
        for t in range(16)
    ]
    yield "16 parts at random", file_of(*walks)
    yield "16 channels a track", file_of(*[b"".join(bytes((0, 0x90 | c, 60, 64)) for c in range(16))] * 4_000)
    reach = b"".join(b"MTrk" + struct.pack(">I", 200_000 - n) for n in range(10_000))
    yield "tracks that reach ahead", head + reach + bytes(100_000)
    yield "tracks of 4 GB", head + b"MTrk\xff\xff\xff\xff\x00\x90\x3c\x40" * 20_000
    yield "other chunks", head + b"XFIH\x00\x00\x00\x00" * 60_000
    song = file_of(*[one * 1000] * 16)
    yield "in RIFF", b"RIFF" + struct.pack("<I", len(song) + 12) + b"RMIDdata" + struct.pack("<I", len(song)) + song
    yield "a million stray bytes before the header", b"MTh" * 333_333 + song


def _long() -> Iterator[tuple[str, bytes]]:
    """Few events over ages, in bars of every length."""
    far, note = b"\xff\xff\xff\x7f", b"\x00\x90\x3c\x40\x78\x3c\x00"
    tune = b"".join(bytes((0, 0x90, 60 + n % 7, 64, 120, 60 + n % 7, 0)) for n in range(2000))
    short, tiny = b"\x00\xff\x58\x04\x01\x06\x18\x08", b"\x00\xff\x51\x03\x00\x00\x01"
    yield "a note, then 268 million ticks", file_of(note + far + note[1:])
    yield "a bar of one tick, 480,000 bars of tune", file_of(short + tune, division=1)
    yield "10^9 bars of one tick", file_of(short + note + (far + b"\xff\x01\x00") * 4 + note, division=16)
    yield "tunes at the ends of 10^11 ticks", file_of(tune + (far + b"\xff\x01\x00") * 400 + tune)
    yield "a quarter a microsecond", file_of(tiny + tune * 10)
    yield "a quarter of 16 s, 32,767 ticks", file_of(b"\x00\xff\x51\x03\xff\xff\xff" + tune * 10, division=0x7FFF)
    yield "one tick a quarter", file_of(tune * 10, division=1)
    yield "SMPTE, 25 frames", file_of(tune * 10, division=0xE728)
    yield "SMPTE, 29.97 frames of 255 ticks", file_of(tune * 10, division=0xE3FF)
    yield "SMPTE, -128 frames", file_of(tune * 10, division=0x8001)
    yield "a bar of 255 whole notes", file_of(b"\x00\xff\x58\x04\xff\x00\x18\x08" + tune * 10)
    yield (
        "a meter every tick under a tune",
        file_of(tune * 10, short[:-1] + b"\x08" + b"\x01\xff\x58\x04\x03\x02\x18\x08" * MANY),
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
