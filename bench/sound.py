"""How fast a piece becomes sound, and what of its performance is heard, beside symusic's synthesizer on the same font."""

from __future__ import annotations

import gzip
import tempfile

import numpy as np
import symusic

from bench.table import medians, show
from kmidi import Intent
from kmidi.render.font import load_font
from kmidi.render.sampler import Sampler
from kmidi.render.sound import BUNDLED, sound
from kmidi.score import MeterChange, Part, Score, Tempo, notes_array
from kmidi.studio import LocalStudio
from kmidi.theory import Meter


def louder(peaks: list[float]) -> str:
    """How many decibels lie between the softest and the loudest stroke."""
    return f"{20 * np.log10(peaks[-1] / peaks[0]):.1f} dB"


def main() -> None:
    """One table."""
    take = LocalStudio().compose(Intent(text="grief hidden as love"))
    with tempfile.NamedTemporaryFile(suffix=".sf3") as font:
        font.write(gzip.decompress(BUNDLED.read_bytes()))
        font.flush()
        theirs = symusic.Synthesizer(font.name, 44100, 0)
    their_score = symusic.Score.from_midi(take.midi)
    ours = Sampler(load_font(BUNDLED))
    times = medians(
        {
            "kmidi": lambda: ours.play(take.score),
            "symusic": lambda: theirs.render(their_score, True),
            "flac": lambda: sound(take.score, "flac", BUNDLED),
        },
        3,
    )
    strokes: dict[str, list[float]] = {"kmidi": [], "symusic": []}
    for velocity in (30, 80, 120):
        part = Part(name="x", channel=0, notes=notes_array([(0, 480, 60, velocity, 0)]))
        one = Score(length=960, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,))
        strokes["kmidi"].append(float(np.abs(ours.play(one)).max()))
        other = symusic.Score(480)
        other.tracks.append(symusic.Track("x", 0, False, [symusic.Note(0, 480, 60, velocity)]))
        strokes["symusic"].append(float(np.abs(theirs.render(other, True)).max()))
    seconds = take.score.seconds
    rows = [
        (name, f"{times[name]:.2f}", f"{seconds / times[name]:.0f}", louder(strokes[name]))
        for name in ("kmidi", "symusic")
    ]
    rows.append(("kmidi, as a FLAC file", f"{times['flac']:.2f}", f"{seconds / times['flac']:.0f}", ""))
    show(rows, (f"{seconds:.0f} s of music", "seconds", "times real time", "velocity 30 to 120"))


if __name__ == "__main__":
    main()
