"""The harmony: a Roman progression for each kind of section, cadences where sections close."""

from __future__ import annotations

from ..plan import PlannedChord
from ..streams import Stream
from ..theory import Key, Meter
from .form import Shape

_MAJOR = (
    ("I", "V", "vi", "IV"),
    ("I", "vi", "IV", "V"),
    ("vi", "IV", "I", "V"),
    ("I", "IV", "vi", "V"),
    ("I", "iii", "IV", "V"),
)
_LOOPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ionian": _MAJOR,
    "lydian": (("I", "II", "vi", "I"), ("I", "II", "I", "V"), ("I", "vi", "II", "I")),
    "mixolydian": (("I", "bVII", "IV", "I"), ("I", "v", "IV", "I"), ("I", "bVII", "ii", "I")),
    "dorian": (("i", "IV", "bVII", "i"), ("i", "IV", "i", "bVII"), ("i", "ii", "IV", "i")),
    "aeolian": (
        ("i", "bVI", "bIII", "bVII"),
        ("i", "iv", "bVI", "v"),
        ("i", "bVII", "bVI", "iv"),
        ("i", "bVI", "iv", "v"),
    ),
    "phrygian": (("i", "bII", "bvii", "i"), ("i", "bII", "i", "bvii"), ("i", "bVI", "bII", "i")),
    "locrian": (("idim", "bII", "biii", "idim"), ("idim", "bV", "bII", "idim")),
    "harmonic_minor": (("i", "iv", "V", "i"), ("i", "bVI", "iv", "V"), ("i", "iidim", "V", "i")),
    "melodic_minor": (("i", "IV", "V", "i"), ("i", "ii", "V", "i")),
}


def harmony(key: Key, meter: Meter, shape: Shape, *, last: bool, stream: Stream) -> tuple[PlannedChord, ...]:
    """The chords of a section, one a bar; the last section closes on the tonic."""
    loop = stream.choice(_LOOPS[key.mode])
    romans = [loop[bar % len(loop)] for bar in range(shape.bars)]
    if last:
        romans[-1] = (
            loop[0] if loop[0].casefold().startswith("i") and loop[0].casefold()[:2] not in ("ii", "iv") else romans[-1]
        )
        if romans[-1].casefold().strip("dim") != "i":
            romans[-1] = {True: "i", False: "I"}[key.is_minor] if key.mode != "locrian" else "idim"
    return tuple(PlannedChord(roman=roman, quarters=meter.bar_quarters) for roman in romans)
