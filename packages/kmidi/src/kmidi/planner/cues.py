"""From a feeling to musical cues: linear and additive, so that each cue has exact contributions.

Eerola, Friberg & Bresin, "Emotional expression in music: contribution, linearity, and additivity of primary musical
cues", Frontiers in Psychology 4:487, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..intent import Affect, Intent
from ..plan import Reason
from ..tables import Genre


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """What the feeling asks of the music. bpm in quarters a minute; register in semitones around the genre's; others 0..1."""

    bpm: float
    mode: str
    register: float
    loudness: float
    legato: float
    density: float
    dissonance: float
    reasons: tuple[Reason, ...]


def cues(intent: Intent, affect: Affect, genre: Genre) -> Cues:
    """The cues of a feeling in a genre; what the person set is taken as it is."""
    v, a = affect.valence, affect.arousal
    low, high = genre.bpm
    middle, reach = (low + high) / 2, (high - low) / 2
    bpm = round(middle + 0.9 * reach * a + 0.1 * reach * v, 1)
    reasons: list[Reason] = []
    if intent.bpm is not None:
        bpm = float(intent.bpm)
        reasons.append(Reason(what="tempo", value=f"{bpm:g} bpm", why="you set it"))
    else:
        parts = ((f"middle of {genre.name}", middle), ("arousal", 0.9 * reach * a), ("valence", 0.1 * reach * v))
        why = "stirred feelings move faster, still ones slower" if a >= 0 else "still feelings move slower"
        reasons.append(Reason(what="tempo", value=f"{bpm:g} bpm", why=why, contributions=parts))
    if intent.mode is not None:
        mode = intent.mode
        reasons.append(Reason(what="mode", value=mode, why="you set it"))
    else:
        ladder = ("phrygian", "aeolian", "dorian", "mixolydian", "ionian", "lydian")
        edges = (-0.85, -0.25, -0.05, 0.1, 0.85)
        mode = ladder[sum(v > edge for edge in edges)]
        reasons.append(
            Reason(
                what="mode",
                value=mode,
                why="brighter feelings take more raised degrees",
                contributions=(("valence", v),),
            )
        )
    return Cues(
        bpm=bpm, mode=mode, register=2.0 * v + 2.0 * a, loudness=0.5 + 0.35 * a, legato=0.5 - 0.35 * a, density=0.5 + 0.35 * a,
        dissonance=0.3 - 0.3 * v, reasons=tuple(reasons),
    )  # fmt: skip
