"""The sections of songs by name, and orders of them, spelled out or in letters."""

from __future__ import annotations

import re

SECTIONS = (
    "intro", "verse", "prechorus", "chorus", "refrain", "bridge", "breakdown", "build", "drop", "hook", "solo", "interlude",
    "theme", "contrast", "climax", "wash", "outro", "coda",
)  # fmt: skip
LETTERS = r"A[ABCD]{1,9}"
# what letters stand for: in songs of thirty-two bars the bridge is B, in songs with a chorus C
_STANDARD, _WITH_CHORUS = (
    {"A": "verse", "B": "bridge", "C": "solo", "D": "coda"},
    {"A": "verse", "B": "chorus", "C": "bridge", "D": "outro"},
)


def order_of(text: str) -> tuple[str, ...]:
    """The words of an order, "verse, pre-chorus -> chorus", or the sections that "AABA" and "A B A B" stand for."""
    words = tuple(re.findall(r"\w+", re.sub(r"\bpre\W+(?=chorus)", "pre", text.casefold())))
    letters = "".join(words).upper()
    if re.fullmatch(LETTERS, letters) and len(words) in (1, len(letters)):
        stands = _STANDARD if letters.startswith("AA") else _WITH_CHORUS
        return tuple(map(stands.__getitem__, letters))
    return words
