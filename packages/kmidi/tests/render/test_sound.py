"""What is heard: every instrument sounds, in tune; loudness, pedal and expression are followed; files are whole."""

from __future__ import annotations

import io
import lzma
import re
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from kmidi import IntentError, KmidiError, StudioUnavailable
from kmidi.render import sound as made
from kmidi.render.font import FontError, load_font
from kmidi.render.sampler import RATE, Sampler
from kmidi.score import CONTROL_CHANGE, MeterChange, Part, Score, Tempo, controls_array, notes_array
from kmidi.tables import instruments
from kmidi.theory import Meter

UNPACKED = lzma.decompress(made.BUNDLED.read_bytes())
PITCHED = [row for row in instruments().values() if not row.family.startswith("drums")]


@pytest.fixture(scope="module")
def player() -> Sampler:
    return made.sampler(made.BUNDLED)


def score(*rows: tuple[int, int, int, int], program: int = 0, channel: int = 0, controls: list = (), ticks: int = 960):
    """Rows are onset, duration, pitch, velocity; 960 ticks are a second."""
    part = Part(
        name="x",
        channel=channel,
        program=program,
        notes=notes_array([(*row, 0) for row in rows]),
        controls=controls_array([(at, CONTROL_CHANGE, number, value) for at, number, value in controls]),
    )
    return Score(
        length=ticks, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,)
    )  # fmt: skip


def level(frames: np.ndarray, start: float = 0.0, end: float = 1.0) -> float:
    """Root mean square between two moments in seconds."""
    return float(np.sqrt(np.mean(frames[:, int(start * RATE) : int(end * RATE)] ** 2)))


def pitch_of(frames: np.ndarray, near: float) -> float:
    """The frequency near one that is expected, from the autocorrelation over about 80 ms."""
    heard = frames[0, int(0.12 * RATE) : int(0.5 * RATE)]
    heard = (heard - heard.mean()) * np.hanning(len(heard))
    correlation = np.fft.irfft(np.abs(np.fft.rfft(heard, 1 << 16)) ** 2)
    periods = max(1, int(0.08 * near))
    middle, reach = RATE / near * periods, RATE / near * 0.3
    low = int(middle - reach)
    at = low + int(np.argmax(correlation[low : int(middle + reach) + 2]))
    a, b, c = correlation[at - 1 : at + 2]
    return RATE * periods / (at + (a - c) / (2 * (a - 2 * b + c)))


@pytest.mark.parametrize("row", PITCHED, ids=lambda row: row.id)
def test_each_instrument_sounds_in_tune_over_its_range(player: Sampler, row):
    errors = []
    for pitch in (row.low, (row.low + row.high) // 2, row.high):
        frames = player.play(score((0, 900, pitch, 100), program=row.program))
        assert level(frames) > 0.002, f"{row.id} is silent at {pitch}"
        wanted = 440 * 2 ** ((pitch - 69) / 12)
        errors.append(abs(1200 * np.log2(pitch_of(frames, wanted) / wanted)))
    assert np.median(errors) < 25, f"{row.id} is {errors} cents off"


def test_all_128_programs_and_every_piece_of_the_kit_sound(player: Sampler):
    silent = [p for p in range(128) if level(player.play(score((0, 480, 60, 100), program=p))) < 0.001]
    mute = [p for p in range(27, 88) if p not in (29, 30, 32) and level(player.play(score((0, 480, p, 100), channel=9))) < 1e-4]  # fmt: skip
    assert (silent, mute) == ([], [])


@pytest.mark.parametrize(("program", "channel", "pitch"), [(0, 0, 60), (48, 0, 60), (73, 0, 74), (0, 9, 38)])
def test_velocity_is_loudness(player: Sampler, program: int, channel: int, pitch: int):
    levels = [
        level(player.play(score((0, 480, pitch, v), program=program, channel=channel))) for v in (20, 50, 90, 127)
    ]
    assert levels == sorted(levels)
    assert levels[-1] > 4 * levels[0]


def test_the_pedal_holds_what_the_key_let_go(player: Sampler):
    short = (0, 120, 60, 100)
    dry, held = player.play(score(short)), player.play(score(short, controls=[(0, 64, 127), (900, 64, 0)]))
    assert level(held, 0.5, 0.9) > 5 * level(dry, 0.5, 0.9)


def test_expression_and_pan_are_heard(player: Sampler):
    note = (0, 960, 60, 100)
    swelling = player.play(score(note, program=48, controls=[(0, 11, 20), (480, 11, 127)]))
    assert level(swelling, 0.7, 0.9) > 4 * level(swelling, 0.2, 0.4)
    left, right = player.play(score(note, program=48, controls=[(0, 10, 0)]))
    assert np.abs(left).mean() > 2 * np.abs(right).mean()


def test_a_closed_hat_stops_an_open_one(player: Sampler):
    open_, closed = (
        player.play(score((0, 60, 46, 110), channel=9)),
        player.play(score((0, 60, 46, 110), (96, 60, 42, 30), channel=9)),
    )
    assert level(closed, 0.3, 0.6) < level(open_, 0.3, 0.6) / 2


def test_a_held_note_lasts_as_long_as_it_is_held(player: Sampler):
    frames = player.play(score((0, 9600, 60, 100), program=73, ticks=9600))
    assert level(frames, 9, 9.9) > level(frames, 1, 2) / 3
    assert level(frames, 11.5, 12) < level(frames, 9, 9.9) / 20


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
def test_sound_files_are_whole_and_the_same_each_time(kind: str):
    song = score((0, 900, 60, 100), (480, 900, 67, 80), ticks=1920)
    data = made.sound(song, kind)
    frames, rate = soundfile.read(io.BytesIO(data))
    assert rate == RATE
    assert frames.shape == (int((2 + 2) * RATE) + 1, 2)
    assert np.abs(frames).max() > 0.02
    if kind != "ogg":  # an Ogg stream carries a random serial number
        assert data == made.sound(song, kind)


def test_the_loudest_music_is_bent_not_cut():
    crowd = score(*[(0, 900, pitch, 127) for pitch in range(40, 90)], program=61)
    heard = made.frames(crowd)
    assert 0.9 < np.abs(heard).max() <= 1


def test_a_new_process_hears_the_same():
    code = (
        "import sys,hashlib; sys.path.insert(0, sys.argv[1]); from test_sound import made, score;"
        "print(hashlib.sha256(made.sound(score((0, 900, 60, 100), (0, 900, 42, 90)))).hexdigest())"
    )
    run = [sys.executable, "-c", code, str(Path(__file__).parent)]
    assert len({subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in range(2)}) == 1


def test_wav_header_says_what_is_inside():
    with wave.open(io.BytesIO(made.sound(score((0, 480, 60, 90))))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)


def test_better_fonts_are_found_in_order(tmp_path: Path):
    first, second = tmp_path / "data", tmp_path / "system"
    for folder in (first, second):
        folder.mkdir()
    assert made.find_font("", (first, second)) == made.BUNDLED
    (first / "broken.sf2").write_bytes(b"RIFF....")
    (second / "good.sf3").write_bytes(UNPACKED)
    assert made.find_font("", (first, second)) == second / "good.sf3"
    assert made.find_font(str(first / "broken.sf2"), (second,)) == first / "broken.sf2"
    with pytest.raises(KmidiError, match="no such file"):
        made.find_font(str(tmp_path / "none.sf2"))


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\x00\x00\x00\x00WAVE", UNPACKED[:-5000]])
def test_damaged_fonts_are_named(tmp_path: Path, data: bytes):
    for name, content in (
        ("broken.sf3", data),
        ("broken.sf3.xz", lzma.compress(data)),
        ("cut.xz", lzma.compress(data)[:-9]),
    ):
        (path := tmp_path / name).write_bytes(content)
        with pytest.raises(FontError, match=re.escape(name)):
            load_font(path)


def test_a_python_without_lzma_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "lzma", None)
    with pytest.raises(StudioUnavailable, match="KMIDI_SOUND_FONT"):
        load_font(made.BUNDLED)


def test_formats_and_lengths_that_cannot_be_are_named():
    with pytest.raises(IntentError, match="did you mean 'ogg'"):
        made.sound(score((0, 480, 60, 90)), "oggg")  # type: ignore[arg-type]
    with pytest.raises(IntentError, match="480"):
        made.sound(score((0, 480, 60, 90), ticks=960 * 1000))


def test_another_synthesizer_reads_the_font_too(tmp_path: Path):
    symusic = pytest.importorskip("symusic")
    song = symusic.Score(480)
    for program, drums in ((0, False), (48, False), (0, True)):
        track = symusic.Track("x", program, drums)
        track.notes.append(symusic.Note(0, 480, 38, 100))
        song.tracks.append(track)
    (font := tmp_path / "kmidi.sf3").write_bytes(UNPACKED)
    heard = symusic.Synthesizer(str(font), 44100, 0).render(song, True)
    assert np.abs(heard).max() > 0.05


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(KmidiError, match=r"kmidi\[sound\]"):
        load_font(made.BUNDLED).wave(0)
