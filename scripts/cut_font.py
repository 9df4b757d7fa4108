"""Cut the small General MIDI font that comes with kmidi out of MuseScore_General (MIT).

    uv run --group bench python -m scripts.cut_font MuseScore_General_Lite.sf3

The font lies in Debian's package musescore-general-soundfont-small. Each instrument keeps a few of its samples, mono, at
one velocity; decaying sounds are flattened by their own decay, looped early, and given that decay back as an envelope,
held ones are looped where they repeat best. The result is an SF3 that any synthesizer reads once it is unpacked. Same
input, same bytes.
"""

from __future__ import annotations

import io
import lzma
import struct
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from kmidi.render import font as sf
from kmidi.render.font import Font, Wave, Zone

OUT = Path(__file__).parents[1] / "packages/kmidi/src/kmidi/render/kmidi.sf3.xz"
VELOCITY = 96
PACKED = [
    {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}
]  # sixteen kB less than gzip


@dataclass(frozen=True)
class Cut:
    """What is kept of a program: samples at these keys, for so long, at this rate.

    It is held (looped as it is), struck (looped while it dies away) or hit (over at its end).
    """

    keys: tuple[int, ...]
    seconds: float
    rate: int = 22050
    kind: Literal["held", "struck", "hit"] = "struck"


def held(*keys: int, seconds: float = 0.9, rate: int = 22050) -> Cut:
    return Cut(keys, seconds, rate, "held")


CUTS = {
    0: Cut((28, 38, 48, 57, 65, 74, 84, 98), 1.9, 24000),
    4: Cut((40, 60, 80), 1.2), 6: Cut((48, 66, 84), 0.8), 8: Cut((72, 92), 0.9), 9: Cut((84,), 1.0, 32000), 10: Cut((66,), 0.9),
    11: Cut((60, 79), 1.1), 12: Cut((55, 79), 0.5), 16: held(60, seconds=0.6), 21: held(60, 78, seconds=0.7),
    24: Cut((45, 58, 72), 1.1), 25: Cut((45, 57, 71), 1.1, 24000), 27: Cut((45, 58, 72), 1.0), 28: Cut((45, 62), 0.35), 30: held(43, 57, 71, seconds=1.0),
    32: Cut((31, 43, 55), 0.9, 16000), 33: Cut((30, 40, 50), 0.9, 16000), 38: held(40, seconds=0.5),
    40: held(60, 72, 86), 41: held(52, 67), 42: held(40, 52, 67), 45: Cut((40, 58, 74), 0.5), 46: Cut((40, 60, 80), 1.0),
    47: Cut((46,), 1.2, 16000), 48: held(36, 48, 60, 72, 84, seconds=1.5), 52: held(48, 60, 74, seconds=1.4), 56: held(60, 74),
    57: held(45, 60), 58: held(38, 52, rate=16000), 60: held(48, 64), 61: held(50, 64, 77), 62: held(60, seconds=0.6), 64: held(60, 76), 66: held(50, 64, 76),
    68: held(62, 76), 69: held(58, 72), 71: held(54, 68, 82), 73: held(64, 76, 90), 75: held(72, seconds=0.7), 78: held(72, seconds=0.6),
    80: held(60, seconds=0.4), 81: held(60, seconds=0.5), 89: held(48, 64, 79, seconds=1.6),
}  # fmt: skip
KIT = {
    35: 0.35, 36: 0.35, 37: 0.3, 38: 0.4, 39: 0.35, 40: 0.4, 41: 0.6, 42: 0.25, 44: 0.2, 45: 0.6, 46: 0.9, 48: 0.6, 49: 1.8, 51: 1.3, 52: 1.2, 53: 1.0,
    54: 0.35, 55: 0.9, 56: 0.3, 60: 0.2, 61: 0.25, 62: 0.2, 63: 0.4, 64: 0.4, 65: 0.5, 67: 0.25, 69: 0.15, 70: 0.1, 75: 0.1, 76: 0.2, 80: 0.5, 82: 0.3,
}  # fmt: skip
LOUDER_DB = {
    0: 9.0,
    30: 3.0,
    38: 3.0,
    89: 6.0,
}  # modulators make up for how quiet these zones are; the new font has none
BRIGHT = {42, 44, 46, 49, 51, 52, 53, 54, 55, 69, 70, 80, 82}  # metal and rattles: nothing is cut above 11 kHz
# Kit pieces that play another's sample, so many semitones higher.
ALSO = {43: (41, 2), 47: (45, 2), 50: (48, 2), 57: (49, 2), 59: (51, 1), 66: (65, -5), 68: (67, -5), 77: (76, -4), 81: (80, 0), 27: (75, 5), 28: (62, 3), 31: (37, 3), 33: (76, 5), 34: (80, 5), 58: (69, -7), 71: (75, 7), 72: (75, 5), 73: (69, -3), 74: (69, -5), 78: (61, 3), 79: (61, -2), 83: (54, 2), 84: (80, 3), 85: (75, 2), 86: (41, -2), 87: (41, -5)}  # fmt: skip
# The program that stands in for each General MIDI program that is not cut: the last at or before it, unless named here.
STAND_IN = {5: 4, 7: 6, 13: 12, 14: 9, 15: 25, 20: 16, 22: 21, 23: 21, 26: 27, 29: 30, 31: 30, 39: 38, 44: 48, 49: 48, 50: 48, 51: 48, 55: 61, 59: 56, 65: 64, 67: 66,
            70: 69, 76: 75, 77: 75, 83: 81, 84: 81, 85: 52, 88: 89, 91: 52, 92: 89, 97: 89, 98: 9, 104: 25, 105: 25, 106: 25, 107: 24, 108: 12, 109: 69, 110: 40, 111: 69,
            112: 9, 113: 12, 114: 11, 115: 12, 116: 47, 117: 47, 118: 47, 119: 89, 120: 28, 121: 75, 122: 89, 123: 78, 124: 9, 125: 89, 126: 89, 127: 47}  # fmt: skip


@dataclass
class Cutting:
    """A sample of the new font, its loop in frames or None, and the zone it stands for."""

    name: str
    wave: Wave
    rate: float
    loop: tuple[int, int] | None
    zone: Zone
    decay: float
    sustain: float
    louder_db: float


def best_zone(font: Font, program: int, key: int, *, drums: bool = False) -> Zone:
    """The loudest mono or left zone that sounds at a key, made as loud as all that sound together with it."""
    zones = [
        z
        for z in font.zones(program, drums=drums)
        if z.keys[0] <= key <= z.keys[1] and z.velocities[0] <= VELOCITY <= z.velocities[1]
    ]
    best = min([z for z in zones if z.pan <= 0] or zones, key=lambda z: z.attenuation)
    power = sum(10 ** (-z.attenuation / 10) for z in zones)
    return replace(best, attenuation=-10 * np.log10(power) - (0 if drums else LOUDER_DB.get(program, 0.0)))


def seam(wave: Wave, rate: int, least: float, end: int) -> tuple[int, int]:
    """The loop (start, end), at least `least` seconds long, whose end is most like what comes before its start.

    By normalised correlation over 40 ms, for six ends from the given one down; longer loops win among likes.
    """
    window, shortest = int(0.04 * rate), int(least * rate)
    low, found = int(0.12 * rate), []
    for last in (end - int(0.03 * rate) * back for back in range(6)):
        tail, body = wave[last - window : last].astype(np.float64), wave[low : last - shortest].astype(np.float64)
        if len(body) <= window:
            continue
        power = np.cumsum(np.concatenate([[0.0], body**2]))
        level = np.sqrt((power[window:] - power[:-window]) * np.dot(tail, tail)) + 1e-9
        likeness = np.correlate(body, tail, "valid") / level
        lengths = last - low - window - np.arange(len(likeness))
        at = int(np.argmax(likeness + 0.02 * lengths / len(wave)))
        found.append((float(likeness[at]), low + window + at, last))
    if not found:
        return max(0, end - shortest), end
    return max(found)[1:]


def crossfade(wave: Wave, loop: tuple[int, int], rate: int) -> Wave:
    """The wave with its loop's end faded into what comes before the loop's start."""
    start, end = loop
    length = min(int(0.06 * rate), start, (end - start) // 2)
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    made = wave[:end].copy()
    made[end - length :] = (
        made[end - length :] * np.cos(ramp * np.pi / 2) ** 2
        + wave[start - length : start] * np.sin(ramp * np.pi / 2) ** 2
    )
    return made


def decay_db(wave: Wave, rate: int) -> float:
    """Decibels a second by which a sound dies away, by least squares on its level; at least 0."""
    step = rate // 20
    level = np.array([np.sqrt(np.mean(wave[a : a + step] ** 2) + 1e-12) for a in range(step, len(wave) - step, step)])
    if len(level) < 4:
        return 0.0
    return max(0.0, -float(np.polyfit(np.arange(len(level)) / 20, 20 * np.log10(level), 1)[0]))


def resample(
    wave: Wave, loop: tuple[int, int] | None, rate: int, wanted: int
) -> tuple[Wave, float, tuple[int, int] | None]:
    """The wave at about `wanted` Hz, exactly so that the loop is a whole number of frames long."""
    if rate <= wanted and loop is None:
        return wave, rate, None
    unit = loop[1] - loop[0] if loop else rate
    ratio = min(1.0, max(1, round(unit * wanted / rate)) / unit) if loop else wanted / rate
    if loop:  # go on in the loop past its end, so that the seam is resampled like the rest
        times = -(-(int(0.2 * rate)) // unit)
        wave = np.concatenate([wave[: loop[1]], *[wave[loop[0] : loop[1]]] * times])
    size = -(-len(wave) // unit) * unit
    spectrum = np.fft.rfft(wave, size)
    new = round(size * ratio)
    keep = new // 2 + 1
    edge = np.minimum(1.0, (keep - np.arange(keep)) / (0.06 * keep))  # a soft edge rings less
    made = (np.fft.irfft(spectrum[:keep] * edge, new) * ratio).astype(np.float32)
    if loop is None:
        return made[: int(len(wave) * ratio)], rate * ratio, None
    start = round(loop[0] * ratio)
    end = start + round(unit * ratio)
    return made[: end + int(0.03 * rate * ratio)], rate * ratio, (start, end)


def cut(font: Font, zone: Zone, plan: Cut) -> Cutting:
    """One sample of the new font, as loud as 16 bits allow."""
    whole = font.wave(zone.sample)[zone.start : zone.end]
    rate, loop, most = zone.rate, zone.loop, int(plan.seconds * zone.rate)
    decay, sustain = zone.decay, zone.sustain
    if loop and loop[1] <= most * 1.15 and plan.kind != "hit":
        wave = whole[: loop[1]]
    elif plan.kind == "held":
        loop = seam(whole, rate, min(0.35, plan.seconds / 2), min(most, loop[1] if loop else len(whole)))
        wave = crossfade(whole, loop, rate)
    else:
        wave = whole[:most].copy()
        fall = decay_db(wave, rate)
        loop = None
        if plan.kind == "hit" or not 1 < fall < 45:  # over where it is cut, or nearly
            fade = min(len(wave) // 2, len(whole) - len(wave)) + rate // 100
            wave[len(wave) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
        else:
            wave *= np.float32(10) ** (np.arange(len(wave), dtype=np.float32) * np.float32(fall / 20 / rate))
            loop = seam(wave, rate, min(0.25, plan.seconds / 3), len(wave))
            wave = crossfade(wave, loop, rate)
            own = 100 / zone.decay if zone.decay and zone.sustain >= 40 else 0.0
            decay, sustain = 100 / (fall + own), 100.0
    made, exact, loop = resample(wave, loop, rate, plan.rate)
    peak = float(np.abs(made).max())
    name, louder_db = font.heads[zone.sample].name, float(20 * np.log10(peak / 0.9))
    return Cutting(name, made * np.float32(0.9 / peak), exact, loop, zone, decay, sustain, louder_db)


def ogg(wave: Wave, rate: int, quality: float) -> bytes:
    """Ogg Vorbis with serial number 0 in place of a random one."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1, format="OGG", subtype="VORBIS", compression_level=quality) as out:
        out.write(wave)
    data, at = bytearray(file.getvalue()), 0
    while at < len(data):
        segments = data[at + 26]
        size = 27 + segments + sum(data[at + 27 : at + 27 + segments])
        data[at + 14 : at + 18] = data[at + 22 : at + 26] = bytes(4)
        data[at + 22 : at + 26] = struct.pack("<I", _crc(data[at : at + size]))
        at += size
    return bytes(data)


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        word = value << 24
        for _ in range(8):
            word = (word << 1) ^ 0x04C11DB7 if word & 0x80000000 else word << 1
        table.append(word & 0xFFFFFFFF)
    return table


_CRC = _crc_table()


def _crc(data: bytes | bytearray) -> int:
    word = 0
    for byte in data:
        word = ((word << 8) & 0xFFFFFFFF) ^ _CRC[(word >> 24) ^ byte]
    return word


def timecents(seconds: float) -> int:
    """Seconds as SoundFonts say them."""
    return -12000 if seconds <= 0.001 else max(-12000, min(8000, round(1200 * np.log2(seconds))))


class Writer:
    """Collects samples, instruments and presets, and writes them as SF3."""

    def __init__(self) -> None:
        self.samples, self.heads = bytearray(), []
        self.instruments: list[tuple[str, list[dict[int, int]]]] = []
        self.presets: list[tuple[str, int, int, int]] = []

    def sample(self, cutting: Cutting, quality: float) -> int:
        rate = round(cutting.rate)
        data = ogg(cutting.wave, rate, quality)
        loop = cutting.loop or (0, 0)
        self.heads.append(
            (cutting.name.encode()[:19], len(self.samples), len(self.samples) + len(data), *loop, rate, 60, 0, 0, 0x11)
        )
        self.samples += data
        return len(self.heads) - 1

    def bytes(self, info: dict[bytes, bytes]) -> bytes:
        ibag, igen, inst = [], [], []
        for name, zones in self.instruments:
            inst.append(struct.pack("<20sH", name.encode()[:19], len(ibag)))
            for zone in zones:
                ibag.append(struct.pack("<HH", len(igen), 0))
                order = sorted(zone, key=lambda g: (g == sf.SAMPLE, g not in (sf.KEYS, sf.VELOCITIES), g))
                igen += [struct.pack("<HH", kind, zone[kind] & 0xFFFF) for kind in order]
        inst.append(struct.pack("<20sH", b"EOI", len(ibag)))
        ibag.append(struct.pack("<HH", len(igen), 0))
        igen.append(bytes(4))
        phdr, pbag, pgen = [], [], []
        for name, bank, program, instrument in sorted(self.presets, key=lambda p: p[1:3]):
            phdr.append(struct.pack("<20sHHHIII", name.encode()[:19], program, bank, len(pbag), 0, 0, 0))
            pbag.append(struct.pack("<HH", len(pgen), 0))
            pgen.append(struct.pack("<HH", sf.INSTRUMENT, instrument))
        phdr.append(struct.pack("<20sHHHIII", b"EOP", 0, 0, len(pbag), 0, 0, 0))
        pbag.append(struct.pack("<HH", len(pgen), 0))
        pgen.append(bytes(4))
        shdr = [struct.pack("<20sIIIIIBbHH", *head) for head in self.heads] + [
            struct.pack("<20sIIIIIBbHH", b"EOS", *[0] * 9)
        ]
        pdta = [(b"phdr", phdr), (b"pbag", pbag), (b"pmod", [bytes(10)]), (b"pgen", pgen), (b"inst", inst), (b"ibag", ibag), (b"imod", [bytes(10)]), (b"igen", igen), (b"shdr", shdr)]  # fmt: skip
        body = (
            _list(b"INFO", b"".join(_chunk(kind, value + bytes(2 - len(value) % 2)) for kind, value in info.items()))
            + _list(b"sdta", _chunk(b"smpl", bytes(self.samples)))
            + _list(b"pdta", b"".join(_chunk(kind, b"".join(rows)) for kind, rows in pdta))
        )
        return _chunk(b"RIFF", b"sfbk" + body)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _list(kind: bytes, body: bytes) -> bytes:
    return _chunk(b"LIST", kind + body)


def generators(cutting: Cutting, sample: int, keys: tuple[int, int], root: float) -> dict[int, int]:
    """A zone of the new font."""
    zone = cutting.zone
    # the exact rate is not whole: what rounding it bends is put back into the tuning, as is the root's fraction
    true_root = root - 12 * np.log2(cutting.rate / round(cutting.rate))
    key = round(true_root)
    made = {
        sf.KEYS: keys[0] | keys[1] << 8, sf.SAMPLE: sample, sf.ROOT: key, sf.FINE: round(100 * (key - true_root)), sf.ATTACK: timecents(zone.attack),
        sf.HOLD: timecents(zone.hold), sf.DECAY: timecents(cutting.decay), sf.SUSTAIN: min(1440, round(10 * cutting.sustain)), sf.RELEASE: timecents(min(zone.release, 2.0)),
        sf.ATTENUATION: max(0, round((zone.attenuation - cutting.louder_db) / 0.04)), sf.SCALE: zone.cents_a_key, sf.LOOP_MODE: int(cutting.loop is not None),
        sf.EXCLUSIVE: zone.exclusive, sf.KEY_TO_DECAY: zone.key_to_decay if cutting.decay == zone.decay else 0,
    }  # fmt: skip
    if zone.cutoff < 15000:
        made[sf.FILTER] = round(1200 * np.log2(zone.cutoff / 8.176))
    return {kind: value for kind, value in made.items() if value != sf.DEFAULTS.get(kind, 0) or kind == sf.SAMPLE}


def main() -> None:
    """Cut, write, say what came out."""
    font, out = sf.load_font(Path(sys.argv[1])), Writer()
    at: dict[int, int] = {}
    for program, plan in CUTS.items():
        chosen = {z.sample: (z, key) for key in plan.keys for z in [best_zone(font, program, key)]}
        zones, rows, before = list(chosen.values()), [], len(out.samples)
        for index, (zone, key) in enumerate(zones):
            low = 0 if index == 0 else (zones[index - 1][1] + key) // 2 + 1
            high = 127 if index == len(zones) - 1 else (key + zones[index + 1][1]) // 2
            cutting = cut(font, zone, plan)
            rows.append(generators(cutting, out.sample(cutting, 0.75), (low, high), zone.root))
        at[program] = len(out.instruments)
        out.instruments.append((font.presets[0, program][0], rows))
        print(program, font.presets[0, program][0], len(rows), len(out.samples) - before)
    for program in range(128):
        source = program if program in at else STAND_IN.get(program, max(p for p in at if p <= program))
        out.presets.append((font.presets[0, program][0], 0, program, at[source]))
    kit, rows, before = {}, [], len(out.samples)
    for key, seconds in KIT.items():
        zone = best_zone(font, 0, key, drums=True)
        cutting = cut(font, zone, Cut((key,), seconds, 32000 if key in BRIGHT else 24000, "hit"))
        kit[key] = (cutting, out.sample(cutting, 0.8))
    for key, (source, higher) in {**{k: (k, 0) for k in KIT}, **ALSO}.items():
        cutting, sample = kit[source]
        root = (cutting.zone.root - source if cutting.zone.cents_a_key else cutting.zone.root - 60) + key - higher
        rows.append(generators(cutting, sample, (key, key), root) | {sf.SCALE: 100})
    out.presets.append(("Standard", 128, 0, len(out.instruments)))
    out.instruments.append(("Standard Kit", sorted(rows, key=lambda row: row[sf.KEYS])))
    print("kit", len(kit), len(out.samples) - before)
    info = {b"ifil": struct.pack("<HH", 3, 0), b"isng": b"EMU8000", b"INAM": b"kmidi small GM", b"ICOP": b"MIT; see LICENSE beside this file",
            b"ICMT": b"Cut from MuseScore_General (S. Christian Collins), FluidR3Mono (Michael Cowgill), FluidR3 (Frank Wen)"}  # fmt: skip
    OUT.write_bytes(lzma.compress(out.bytes(info), filters=PACKED))
    print(OUT.name, OUT.stat().st_size, "bytes,", len(out.heads), "samples")


if __name__ == "__main__":
    main()
