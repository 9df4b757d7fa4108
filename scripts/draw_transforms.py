"""Draws each transform before and after, from one short piece, by running the commands that the page names.

    uv run python -m scripts.draw_transforms

Writes docs/transforms.md and, beside it, docs/transforms/: the piece and the pictures. A test holds them to what the
code gives.
"""

from __future__ import annotations

import inspect
import re
import shlex
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from kmidi import midi
from kmidi.cli.change import step_of
from kmidi.render.picture import picture
from kmidi.score import ChordSpan, KeyChange, MeterChange, Part, Score, Tempo, notes_array
from kmidi.studio.change import change
from kmidi.theory import Chord, Key, Meter
from kmidi.transforms import TECHNIQUES, TRANSFORMS, humanize, quantize

DOCS = Path(__file__).parents[1] / "docs"
BAR_WIDTH, CAPTION = 150, 18
CHORDS = ("C", "Am", "F", "G", "Am", "Dm", "G", "C")
TUNE = "E4 G4 A4 G4 E4 C5 B4 A4 A4 C5 A4 F4 D4 G4 B4 D5 C5 E5 C5 A4 F4 A4 F4 D4 G4 F4 E4 D4 C4 - - -"
BASS = {"C": 36, "Am": 45, "F": 41, "G": 43, "Dm": 38}
INSIDE = {"C": (60, 64, 67), "Am": (57, 60, 64), "F": (57, 60, 65), "G": (59, 62, 67), "Dm": (57, 62, 65)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A picture: its file's name, the transform and the words of the command, the input, and what is to be seen."""

    name: str
    words: str
    seen: str
    input: str = "song.mid"


def song() -> Score:
    """Four bars in C at 100 bpm: a tune in eighths, chords of half a bar, a bass, a kit."""
    steps = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
    tune = [
        (at * 240, 1200 if at == 28 else 230, 12 * int(name[1]) + 12 + steps[name[0]], 92 if at % 4 == 0 else 80, 0)
        for at, name in enumerate(TUNE.split())
        if name != "-"
    ]
    inside = [(at * 960, 940, pitch, 62, 0) for at, name in enumerate(CHORDS) for pitch in INSIDE[name]]
    bass = [(at * 960 + off, 460, BASS[name], 84, 0) for at, name in enumerate(CHORDS) for off in (0, 480)]
    kit = [(at * 240, 60, 42, 80 if at % 2 == 0 else 56, 0) for at in range(32)]
    kit += [(at * 960, 60, 36, 100, 0) for at in range(8)] + [(480 + at * 960, 60, 38, 96, 0) for at in range(8)]
    parts = (
        Part(name="Tune", channel=0, program=73, instrument="flute", role="melody", notes=notes_array(tune)),
        Part(name="Chords", channel=1, program=0, instrument="piano", role="chords", notes=notes_array(inside)),
        Part(name="Bass", channel=2, program=32, role="bass", notes=notes_array(bass)),
        Part(name="Drums", channel=9, program=None, role="drums", notes=notes_array(kit)),
    )
    spans = tuple(ChordSpan(at * 960, 960, Chord.parse(name)) for at, name in enumerate(CHORDS))
    return Score(
        title="Four bars", length=4 * 1920, tempos=(Tempo(0, 600_000),), meters=(MeterChange(0, Meter(4, 4)),),
        keys=(KeyChange(0, Key("C")),), chords=spans, parts=parts,
    )  # fmt: skip


def inputs() -> dict[str, bytes]:
    """The files that the commands start from: the piece, the piece played loosely, its tune alone, and swung drums."""
    piece = song()
    drums = replace(piece, parts=piece.parts[3:], chords=())
    return {
        "song.mid": midi.write(piece),
        "loose.mid": midi.write(humanize(piece, amount=4, seed=3)),
        "tune.mid": midi.write(replace(piece, parts=piece.parts[:1], chords=())),
        "swung.mid": midi.write(quantize(drums, grid_quarters=0.5, swing=1)),
    }


EXAMPLES = (
    Example(name="apply_groove", words="apply_groove groove=swung.mid:Drums", seen="The off-beats of every part move to where the swung drums have theirs; beats and bar lines stay."),
    Example(name="harmonise", words="harmonise melody=Tune key=C", input="tune.mid", seen="The tune alone gets chords that hold its notes and close on the tonic, and a piano that plays them."),
    Example(name="humanize", words="humanize amount=3 seed=1", seen="Notes leave the grid and their loudness varies as players' do, each instrument by its own measure (three times over here, to be seen)."),
    Example(name="merge_parts", words="merge_parts parts=Tune,Bass", seen="Tune and bass become one part, in one colour."),
    Example(name="move_notes", words="move_notes part=Tune semitones=12 bar=2 bars=1", seen="The tune of the third bar stands an octave higher; all else stays."),
    Example(name="quantize", words="quantize grid_quarters=1/2", input="loose.mid", seen="Loosely played notes stand on the eighths again."),
    Example(name="quantize_swing", words="quantize grid_quarters=0.5 swing=1", seen="Every second eighth comes late, two to one."),
    Example(name="recolour", words="recolour key=C before=0.5,0.2 after=-0.5,-0.5", seen="From content to sad: the mode darkens, notes are softer and longer, and the tempo falls; the tune keeps its rhythm and its degrees."),
    *(
        Example(name=f"reharmonize_{technique}", words=f"reharmonize technique={technique} key=C melody=Tune", seen=(inspect.getdoc(call) or "").splitlines()[0])
        for technique, call in sorted(TECHNIQUES.items())
    ),
    Example(name="set_meter", words="set_meter meter=4/4 pickup_beats=2", seen="Bars begin two beats later, after a bar of two beats; the notes stay where they are."),
    Example(name="split_part", words="split_part part=Chords pitch=60", seen="The chords divide at C4 into an upper and a lower part, each with a channel of its own."),
    Example(name="to_mode", words="to_mode key=C mode=phrygian", seen="E, A, B and D fall a semitone: the degrees stay, their distances are those of the phrygian mode."),
    Example(name="transpose", words="transpose semitones=5", seen="All but the drums stands a fourth higher, note for note."),
    Example(name="transpose_diatonic", words="transpose_diatonic degrees=2 key=C", seen="Each note goes two degrees up the scale of C, a major third or a minor one, so that no note leaves the key."),
)  # fmt: skip


def both(before: Score, after: Score) -> str:
    """Two piano rolls under each other, in one scale of time and pitch."""
    every = [int(p) for s in (before, after) for part in s.parts if not part.is_drums for p in part.notes["pitch"]]
    pitches = (min(every), max(every))
    y, width, inner = 0, 0, ""
    for caption, score in (("before", before), ("after", after)):
        drawn = picture(score, bar_width=BAR_WIDTH, pitches=pitches)
        size = re.search(r'width="(\d+)" height="(\d+)"', drawn)
        assert size
        said = f"{caption}: {', '.join(p.name for p in score.parts)}; {score.tempos[0].bpm:.4g} bpm"
        inner += f'<text x="6" y="{y + 13}" font-family="system-ui, sans-serif" font-size="12" font-weight="600">{said}</text>'
        inner += drawn.replace("<svg ", f'<svg y="{y + CAPTION}" ', 1)
        y, width = y + CAPTION + int(size[2]), max(width, int(size[1]))
    white = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" viewBox="0 0 {width} {y}">{white}{inner}</svg>\n'


def page() -> str:
    """The page in Markdown."""
    lines = [
        "# Ways to change a piece",
        "",
        "Written by `scripts/draw_transforms.py`, which runs each command below on four bars in C (`docs/transforms/song.mid`) and draws",
        "what was there and what came out. Softer notes are fainter. Key, melody, chords and feeling may be left out of a command: then they",
        "are what the analysis finds. Several steps make a recipe (`--json` prints it, `--recipe` applies it); fewer steps of it are the undo.",
        "",
        "Key switches, the low notes that tell a sampler how to play, are notes like any other here: no file says which notes they are, and",
        "in many libraries they lie where basses play. What moves or shifts every note moves them too. To leave them, transpose part by part",
        "what lies above them: `move_notes part=Violins semitones=3 lowest=36`.",
        "",
        "Drums are what plays on channel 10, apart from a voice of an MPE instrument, and a part called drums that strikes a kit's keys on",
        "another channel. Woodblocks, synth drums, reversed cymbals and sound effects (programs 116 and 119 to 128) have no pitch that moves.",
    ]
    for name, call in TRANSFORMS.items():
        lines += ["", f"## {name}", "", (inspect.getdoc(call) or "").splitlines()[0]]
        for example in EXAMPLES:
            if shlex.split(example.words)[0] == name:
                lines += ["", example.seen, "", f"    kmidi change {example.input} {example.words} -o changed.mid", "", f"![{example.name}, before and after](transforms/{example.name}.svg)"]  # fmt: skip
    return "\n".join(lines) + "\n"


def files() -> dict[str, bytes]:
    """Every file of the page, by its path under docs/."""
    found = {f"transforms/{name}": data for name, data in inputs().items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in inputs().items():
            (Path(folder) / name).write_bytes(data)
        for example in EXAMPLES:
            transform, *words = shlex.split(example.words)
            words = [word.replace("groove=", f"groove={folder}/") for word in words]
            before = midi.read(inputs()[example.input])
            changed = change(before, (step_of(transform, tuple(words)),))
            found[f"transforms/{example.name}.svg"] = both(before, midi.read(changed.midi)).encode()
    return found | {"transforms.md": page().encode()}


def main() -> None:
    """Write them."""
    (DOCS / "transforms").mkdir(exist_ok=True)
    for name, data in files().items():
        (DOCS / name).write_bytes(data)


if __name__ == "__main__":
    main()
