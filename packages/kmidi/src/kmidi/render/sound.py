"""A score as sound: the font is found, the sampler plays, a file's bytes come out."""

from __future__ import annotations

import io
import os
import wave
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from ..errors import IntentError, KmidiError, nearest
from ..score import Score
from ..tables import data_folder
from .font import load_font, soundfile
from .sampler import RATE, Frames, Sampler

Format = Literal["wav", "flac", "ogg"]
LONGEST_SECONDS = 480.0  # eight minutes take about 0.6 GB while they are played
MOST_NOTES = 100_000
BUNDLED = Path(__file__).parent / "kmidi.sf3.xz"
SETTING = "KMIDI_SOUND_FONT"
FOLDERS = tuple(map(Path, ("/usr/share/sounds/sf3", "/usr/share/sounds/sf2", "/usr/share/soundfonts")))
_LOUDNESS = np.float32(0.9)
_KNEE = np.float32(0.8)  # above this, peaks are bent instead of cut
# The heaviest fonts hold a gigabyte; one that big is for studios, named by the setting.
_LARGEST_FOUND = 256_000_000


def find_font(setting: str | None = None, folders: tuple[Path, ...] | None = None) -> Path:
    """The font to play with: the one that the setting (KMIDI_SOUND_FONT) names, else the largest General MIDI one in
    the folder of KMIDI_DATA or else in the system's, else the small one that comes with kmidi.

    KmidiError where the setting names no file: what was asked for is not replaced in silence.
    """
    named = os.environ.get(SETTING, "") if setting is None else setting
    if named:
        path = Path(named)
        if not path.is_file():
            raise KmidiError(f"{SETTING} is {named!r}; no such file; legal: an .sf2 or .sf3 file")
        return path
    own = data_folder()
    for folder in folders if folders is not None else (*((own,) if own else ()), *FOLDERS):
        for path in sorted(_fonts_in(folder), key=lambda p: (-p.stat().st_size, p.name)):
            if path.stat().st_size <= _LARGEST_FOUND and _is_general(path):
                return path
    return BUNDLED


def _fonts_in(folder: Path) -> list[Path]:
    try:
        return [p for p in folder.iterdir() if p.suffix.lower() in (".sf2", ".sf3") and p.is_file()]
    except OSError:
        return []


def _is_general(path: Path) -> bool:
    """Whether a font has a piano, a bass and a drum kit where General MIDI wants them."""
    try:
        font = sampler(path).font
    except KmidiError:
        return False
    return all(font.zones(program) for program in (0, 32, 48)) and bool(font.zones(0, drums=True))


@lru_cache(maxsize=2)
def sampler(path: Path) -> Sampler:
    """A sampler with the font of a file, kept for the pieces to come."""
    return Sampler(load_font(path))


def frames(score: Score, font: Path | None = None) -> Frames:
    """Stereo frames (2, n) at 44,100 Hz within -1..1. IntentError where the score is longer than eight minutes or
    has too many notes.
    """
    if score.seconds > LONGEST_SECONDS:
        raise IntentError(
            f"the piece lasts {score.seconds:.0f} s; legal for sound: up to {LONGEST_SECONDS:g} s", field="seconds"
        )
    notes = sum(len(part.notes) for part in score.parts)
    if notes > MOST_NOTES:
        raise IntentError(f"the piece has {notes} notes; legal for sound: up to {MOST_NOTES}", field="bars")
    played = sampler(font or find_font()).play(score)
    played *= _LOUDNESS
    return _limited(played)


def _limited(played: Frames) -> Frames:
    """The frames themselves, peaks above the knee bent below full scale."""
    for second in range(0, played.shape[1], RATE):  # in pieces: copies of a long piece are large
        piece = played[:, second : second + RATE]
        size = np.abs(piece)
        bent = _KNEE + (1 - _KNEE) * np.tanh((size - _KNEE) / (1 - _KNEE))
        piece[:] = np.where(size <= _KNEE, piece, np.sign(piece) * bent)
    return played


def sound(score: Score, kind: Format = "wav", font: Path | None = None) -> bytes:
    """A sound file's bytes: 16-bit stereo at 44,100 Hz as wav, flac or ogg (Vorbis).

    IntentError names an unknown format. The same score, font and format give the same bytes.
    """
    if kind not in get_args(Format):
        raise IntentError(f"unknown sound format {kind!r}{nearest(kind, get_args(Format))}", field="format")
    heard = frames(score, font).T
    return _wav(heard) if kind == "wav" else _packed(heard, kind)


def _wav(heard: Frames) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((2, 2, RATE, 0, "NONE", "not compressed"))
        out.writeframes(np.round(heard * 32767).astype("<i2").tobytes())
    return file.getvalue()


def _packed(heard: Frames, kind: Format) -> bytes:
    file = io.BytesIO()
    subtype = "VORBIS" if kind == "ogg" else "PCM_16"
    with soundfile().SoundFile(file, "w", RATE, 2, format=kind.upper(), subtype=subtype) as out:
        for second in range(0, len(heard), RATE):  # a minute at once crashes libsndfile's Vorbis encoder
            out.write(heard[second : second + RATE])
    return file.getvalue()
