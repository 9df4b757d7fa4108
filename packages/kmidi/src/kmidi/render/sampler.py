"""A sampler in numpy: the notes of a score played through the zones of a font.

Velocity is loudness and brightness; pedal, volume, expression, pan and pitch bend are followed. The same score and font
give the same frames in each process.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ..score import BEND, CONTROL_CHANGE, EXPRESSION, PAN, PROGRAM_CHANGE, SUSTAIN, VOLUME, Part, Score
from .font import Font, Wave, Zone

RATE = 44100
TAIL_SECONDS = 2.0
KEPT_FRAMES = 24_000_000  # of resampled waves: 96 MB
# SoundFonts' default is 2; General MIDI fonts of today set 700 to 800 of its 960 centibels
VELOCITY_POWER = 1.6
BEND_SEMITONES = 2.0  # the range that General MIDI sets
_SHORTEST_RELEASE = 0.03
_CHOKE_SECONDS = 0.03
_BLOCK = 256  # frames between which gains run in straight lines
_SENT, _SENT_LOW = 0.5, 0.1  # how much of a part goes to the room: less of what is low or struck, which would blur
Frames = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """One zone sounding: its first frame, for how many its key is held, its amplitude left and right, bend in
    semitones; `choked` is how many frames after the first another voice ends it, None where none does.
    """

    zone: Zone
    pitch: int
    velocity: int
    first: int
    held: int
    left: float
    right: float
    bend: float
    choked: int | None = None


class Sampler:
    """Plays scores through one font; keeps what it resampled for the notes to come."""

    def __init__(self, font: Font) -> None:
        self.font = font
        self._kept: dict[tuple[int, int, int, float], Wave] = {}
        self._lock = Lock()  # sessions share a sampler

    def play(self, score: Score) -> Frames:
        """Stereo frames (2, n) at RATE, the last release ringing out; not limited, 1.0 is full scale."""
        length = int((score.seconds + TAIL_SECONDS) * RATE) + 1
        dry, sent = np.zeros((2, length), np.float32), np.zeros(length, np.float32)
        for part in score.parts:
            bus = np.zeros((2, length), np.float32)
            for voice in self._voices(score, part):
                self._add(bus, voice)
            swell(score, part, bus)
            dry += bus
            sent += (bus[0] + bus[1]) * np.float32(_send(part))
            del bus  # it is as large as the piece
        reverb(sent, dry)
        return dry

    def _voices(self, score: Score, part: Part) -> list[Voice]:
        """The voices of a part in order of onset, exclusive ones cut where the next of their class begins."""
        if not len(part.notes):
            return []
        on = part.notes["onset"] + part.notes["shift"]
        off = pedalled(part, on + part.notes["duration"])
        first = np.maximum(0, score.to_seconds(on) * RATE).astype(np.int64)
        last = np.maximum(first + 1, (score.to_seconds(off) * RATE).astype(np.int64))
        programs, bends = _program_at(part, on), _steps(part, BEND, None, on, 0) / 8192 * BEND_SEMITONES
        pans = (_steps(part, CONTROL_CHANGE, PAN, on, 64) - 64) / 127
        voices: list[Voice] = []
        open_classes: dict[int, list[int]] = defaultdict(list)
        for row in np.argsort(first, kind="stable").tolist():
            pitch, velocity = int(part.notes["pitch"][row]), int(part.notes["velocity"][row])
            zones = [z for z in self.font.zones(int(programs[row]), drums=part.is_drums)
                     if z.keys[0] <= pitch <= z.keys[1] and z.velocities[0] <= velocity <= z.velocities[1]]  # fmt: skip
            start, end = int(first[row]), int(last[row])
            for group in {zone.exclusive for zone in zones if zone.exclusive}:
                _choke(voices, open_classes[group], start)
            for zone in zones:
                gain = (velocity / 127) ** VELOCITY_POWER * 10 ** (-zone.attenuation / 20)
                side = min(max(zone.pan + float(pans[row]), -0.5), 0.5) + 0.5
                if zone.exclusive:
                    open_classes[zone.exclusive].append(len(voices))
                voices.append(Voice(zone, pitch, velocity, start, end - start, gain * np.cos(side * np.pi / 2),
                                    gain * np.sin(side * np.pi / 2), float(bends[row])))  # fmt: skip
        return voices

    def _add(self, bus: Frames, voice: Voice) -> None:
        """Adds a voice to a part's bus: its wave up to the key's release, then the release."""
        release = max(voice.zone.release, _SHORTEST_RELEASE)
        ring = min(int(release * RATE * 0.6), 4 * RATE)  # 60 dB down of the 100 that a release falls
        size = min(voice.held + ring, bus.shape[1] - voice.first)
        if size <= 0:
            return
        wave = self._wave(voice, size)[:size]
        held = min(voice.held, len(wave))
        if len(wave) > held:
            fall = _fall(round(release, 3))[: len(wave) - held]
            wave = np.concatenate([wave[:held], wave[held : held + len(fall)] * fall])
        if voice.choked is not None and voice.choked < len(wave):
            fade = np.linspace(1, 0, int(_CHOKE_SECONDS * RATE), dtype=np.float32)[: len(wave) - voice.choked]
            wave = np.concatenate([wave[: voice.choked], wave[voice.choked : voice.choked + len(fade)] * fade])
        place = slice(voice.first, voice.first + len(wave))
        bus[0, place] += wave * np.float32(voice.left)
        bus[1, place] += wave * np.float32(voice.right)

    def _wave(self, voice: Voice, size: int) -> Wave:
        """At least `size` frames of a zone at a pitch, attack and decay applied; fewer where its sample is over."""
        band = 0 if voice.velocity < 48 else 1 if voice.velocity < 88 else 2
        key = (id(voice.zone), voice.pitch, band, voice.bend)
        kept = self._kept.get(key)
        if kept is None or (len(kept) < size and voice.zone.loop):
            kept = self._resampled(voice.zone, voice.pitch + voice.bend, band, max(size, RATE))
            with self._lock:
                self._kept[key] = kept
                while sum(map(len, self._kept.values())) > KEPT_FRAMES:
                    del self._kept[next(iter(self._kept))]
        return kept

    def _resampled(self, zone: Zone, pitch: float, band: int, size: int) -> Wave:
        source = self.font.wave(zone.sample)[zone.start : zone.end]
        speed = 2 ** (
            (pitch - zone.root) * zone.cents_a_key / 1200 + (60 - zone.root) * (100 - zone.cents_a_key) / 1200
        )
        speed *= zone.rate / RATE
        at = np.arange(size, dtype=np.float64) * speed
        if zone.loop and zone.loop[1] <= len(source):
            begin, end = zone.loop
            at[at >= end] = begin + np.mod(at[at >= end] - begin, end - begin)
            source = np.concatenate([source[:end], source[begin : begin + 3]])
        else:
            at = at[: int(np.searchsorted(at, len(source) - 3))]
        wave = _between(source, at)
        wave = _darker(wave, min(zone.cutoff, (1800.0 + 30 * pitch, 5200.0 + 30 * pitch, 20000.0)[band]))
        return wave * _rise_and_decay(zone, round(pitch), len(wave))


def pedalled(part: Part, off: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each note ends once the sustain pedal has its say, in ticks."""
    rows = part.controls[(part.controls["kind"] == CONTROL_CHANGE) & (part.controls["number"] == SUSTAIN)]
    if not len(rows):
        return off
    down = rows["value"] >= 64
    state = np.searchsorted(rows["tick"], off, side="right") - 1
    ups = np.append(rows["tick"][~down], max(int(off.max()), int(rows["tick"][-1])))
    lifted = ups[np.searchsorted(ups, off, side="left").clip(0, len(ups) - 1)]
    return np.where((state >= 0) & down[np.maximum(state, 0)], np.maximum(off, lifted), off)


def swell(score: Score, part: Part, bus: Frames) -> None:
    """Multiplies a part's bus by its volume and expression controllers (full volume where it has none)."""
    for number, full in ((VOLUME, 100.0), (EXPRESSION, 127.0)):
        rows = part.controls[(part.controls["kind"] == CONTROL_CHANGE) & (part.controls["number"] == number)]
        if not len(rows):
            continue
        at = score.to_seconds(rows["tick"]) * RATE
        gains = np.minimum((rows["value"] / full) ** 2, 1.6)
        # a ramp of 10 ms before each step, so that steps do not click
        frames = np.stack([np.maximum(at - 0.01 * RATE, np.append(0, at[:-1])), at], 1).ravel()
        values = np.stack([np.append(gains[0], gains[:-1]), gains], 1).ravel()
        edges = np.interp(np.arange(0, bus.shape[1] + _BLOCK, _BLOCK), frames, values).astype(np.float32)
        ramp = np.arange(_BLOCK, dtype=np.float32) / np.float32(_BLOCK)
        bus *= (edges[:-1, None] + np.diff(edges)[:, None] * ramp).ravel()[: bus.shape[1]]


def _send(part: Part) -> float:
    """How much of a part goes to the room."""
    return _SENT_LOW if part.is_drums or part.role == "bass" or 32 <= (part.program or 0) < 40 else _SENT


def _steps(part: Part, kind: int, number: int | None, ticks: NDArray[np.int64], default: int) -> NDArray[np.float64]:
    """The value of a controller at each tick."""
    rows = part.controls[part.controls["kind"] == kind]
    if number is not None:
        rows = rows[rows["number"] == number]
    if not len(rows):
        return np.full(len(ticks), float(default))
    index = np.searchsorted(rows["tick"], ticks, side="right") - 1
    return np.where(index >= 0, rows["value"][np.maximum(index, 0)], default).astype(np.float64)


def _program_at(part: Part, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    return _steps(part, PROGRAM_CHANGE, None, ticks, part.program or 0)


def _choke(voices: list[Voice], rows: list[int], at: int) -> None:
    """Ends the voices of an exclusive class at a frame: the closed hat stops the open one."""
    for row in rows:
        voices[row] = replace(voices[row], choked=max(1, at - voices[row].first))
    rows.clear()


def _between(source: Wave, at: NDArray[np.float64]) -> Wave:
    """The source at fractions of frames, by Hermite's cubic through four neighbours."""
    index = at.astype(np.int64)
    f = (at - index).astype(np.float32)
    before, here, next_, after = source[np.maximum(index - 1, 0)], source[index], source[index + 1], source[index + 2]
    half = np.float32(0.5)
    slope, slope_next = (next_ - before) * half, (after - here) * half
    a = np.float32(2) * (here - next_) + slope + slope_next
    b = next_ - here - slope - a
    return (((a * f + b) * f + slope) * f + here).astype(np.float32, copy=False)


def _darker(wave: Wave, cutoff: float) -> Wave:
    """A low-pass of 12 dB an octave, without phase."""
    if cutoff >= 16000 or not len(wave):
        return wave
    size = 1 << (len(wave) + 2000 - 1).bit_length()
    response = (1 / (1 + (np.fft.rfftfreq(size, 1 / RATE) / cutoff) ** 2)).astype(np.float32)
    return np.fft.irfft(np.fft.rfft(wave, size) * response, size)[: len(wave)].astype(np.float32)


def _rise_and_decay(zone: Zone, pitch: int, size: int) -> Wave:
    delay, attack, hold = (int(seconds * RATE) for seconds in (zone.delay, zone.attack, zone.hold))
    curve = np.ones(size, np.float32)
    curve[:delay] = 0
    rise = curve[delay : delay + attack]
    rise[:] = np.arange(len(rise), dtype=np.float32) / max(attack, 1)
    start, decay = delay + attack + hold, zone.decay_at(pitch)
    if zone.sustain > 0 and start < size:
        frames = np.arange(size - start, dtype=np.float32)
        down = np.minimum(frames * np.float32(100 / max(decay, 0.001) / RATE), np.float32(zone.sustain))
        curve[start:] = _amplitude(down)
    return curve


def _amplitude(down: Wave) -> Wave:
    """Decibels down as amplitudes."""
    return np.power(np.float32(10), -down / 20).astype(np.float32)


@lru_cache(maxsize=64)
def _fall(release: float) -> Wave:
    frames = np.arange(4 * RATE, dtype=np.float32)
    return _amplitude(frames * np.float32(100 / release / RATE))


@lru_cache(maxsize=1)
def _room() -> tuple[NDArray[np.complex64], int]:
    """The spectrum of a small hall's two impulse responses: noise that dies away in 1.4 s, darker as it goes."""
    size, block = int(1.4 * RATE), 1 << 17
    noise = np.random.Generator(np.random.PCG64(909)).standard_normal((2, size)).astype(np.float32)
    time = np.arange(size, dtype=np.float32) / RATE
    late = np.stack([_darker(row, 2600) for row in noise])
    early = np.stack([_darker(row, 6500) for row in noise])
    tail = early * np.exp(-time * 9) + late * np.exp(-time * 4.2)
    tail[:, : int(0.012 * RATE)] = 0
    tail /= np.sqrt((tail**2).sum(1, keepdims=True))
    return np.fft.rfft(tail, block).astype(np.complex64), block - size


def reverb(sent: Wave, into: Frames, wet: float = 0.3) -> None:
    """Adds what a small hall gives back of a mono signal to stereo frames of the same length, by overlapping blocks."""
    room, step = _room()
    block = (room.shape[1] - 1) * 2
    for at in range(0, len(sent), step):
        piece = sent[at : at + step]
        if piece.any():
            place = into[:, at : at + block]
            heard = np.fft.irfft(np.fft.rfft(piece, block) * room, block)[:, : place.shape[1]]
            place += heard.astype(np.float32) * np.float32(wet)
