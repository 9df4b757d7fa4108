"""The bundle: everything a DAW, a band or a reader wants of a take, in one zip that is the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..codec import to_json, to_plain
from ..midi import write
from ..plan import Plan
from ..render.lead_sheet import lead_sheet
from ..score import Score
from ..transforms.parts import stems
from .explain import explain
from .take import Take

if TYPE_CHECKING:
    from .change import Changed

_README = """Opening this in your DAW

song.mid has every part on a track and a channel of its own; stems/ has one file a part, each with tempo, meter, key
and section markers.

Ableton Live   drag song.mid in; say yes when it asks for the tempo.
Logic Pro      use File > Open: dragging or importing leaves tempo, key and markers behind.
Cubase         File > Import > MIDI File; markers and chord names come along.
Pro Tools      tick tempo and key signature in the import window.
FL Studio      File > Import > MIDI file; it groups by channel.
Reason         reads one tempo: this file has one.
MuseScore      opens lead.musicxml (melody and chords) and song.mid.

Chord names are text events in the chord track (in the first track where there is none).
recipe.json recreates the same bytes with the same version: kmidi compose --recipe recipe.json
"""
_LICENSE = """This music is yours.

kmidi claims no right in what it writes for you: use it, change it, sell it, without naming anybody.
To the extent that any right could exist, it is waived as by CC0 1.0.
"""


def bundle(take: Take, *, preview: tuple[str, bytes] | None = None) -> bytes:
    """The zip of a take: song, stems, chord sheet, lead sheet, explanation, recipe; `preview` is a sound file.

    Equal takes give equal bytes on every platform.
    """
    files = [("song.mid", take.midi), *_stems(take.score)]
    if preview is not None:
        files.append(preview)
    if any(len(part.notes) and not part.is_drums for part in take.score.parts):
        files.append(("lead.musicxml", lead_sheet(take.score)))
    files += [
        ("chords.txt", chord_sheet(take.plan).encode()),
        ("explain.md", explain(take.plan).encode()),
        ("recipe.json", take.recipe.encode()),
        ("README.txt", _README.encode()),
        ("LICENSE.txt", _LICENSE.encode()),
    ]
    return _zipped(files)


def changed_bundle(changed: Changed) -> bytes:
    """The zip of a changed file: the song, its stems, and the steps that lead to it, which `kmidi change --recipe` takes."""
    steps = to_json([to_plain(step) for step in changed.steps])
    return _zipped([("song.mid", changed.midi), *_stems(changed.score), ("steps.json", steps.encode())])


def _stems(score: Score) -> list[tuple[str, bytes]]:
    """A file a part, named by its place, role and name."""
    return [
        (f"stems/{number:02d}_{_plain(part.role or part.name)}_{_plain(part.name)}.mid", write(stem))
        for number, (part, stem) in enumerate(zip(score.parts, stems(score), strict=True), 1)
    ]


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Entries are stored, not packed, with one fixed date."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else the host's system is noted
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def chord_sheet(plan: Plan) -> str:
    """Chord symbols bar by bar, four bars a line, each section with its name; a chord that goes on is a slash, and
    so is each further beat in bars whose chords do not last alike.
    """
    lines = [plan.title, f"{plan.key}, {plan.meter}, {plan.bpm:.5g} bpm", ""]
    for section in plan.sections:
        key = plan.key_of(section)
        bars: list[list[str]] = [[] for _ in range(section.bars)]
        lasting: list[list[float]] = [[] for _ in range(section.bars)]
        at = 0.0
        for chord in section.chords:
            first, last = int(at // plan.meter.bar_quarters), at + chord.quarters
            bars[first].append(plan.chord(chord, section.raised).symbol(key.names))
            lasting[first].append(chord.quarters)
            for bar in range(first + 1, int(-(-last // plan.meter.bar_quarters))):
                bars[bar].append("/")
            at = last
        for bar, lengths in zip(bars, lasting, strict=True):
            if len(set(lengths)) > 1 and all(length % 1 == 0 for length in lengths):
                bar[:] = [symbol + " /" * (round(length) - 1) for symbol, length in zip(bar, lengths, strict=True)]
        lines.append(f"[{section.name}]{f' in {key}' if section.raised else ''}")
        for start in range(0, section.bars, 4):
            lines.append("| " + " | ".join(" ".join(bar) for bar in bars[start : start + 4]) + " |")
        lines.append("")
    return "\n".join(lines)


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name.casefold()).strip("-")
