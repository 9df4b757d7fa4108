"""From a feeling to musical cues: linear and additive, so that each cue has exact contributions.

Eerola, Friberg & Bresin, "Emotional expression in music: contribution, linearity, and additivity of primary musical
cues", Frontiers in Psychology 4:487, 2013. Coefficients: tables/cues.toml, counted from human playing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ..intent import Affect, Feeling, Intent
from ..plan import Reason
from ..streams import Stream
from ..tables import Genre, cue_rows, textures

# the modes from dark to bright, each with the brightness at which it begins
LADDER = (("phrygian", -9.0), ("minor", -1.25), ("dorian", -0.22), ("mixolydian", 0.0), ("ionian", 0.16), ("lydian", 1.2))  # fmt: skip
# people who mean the same feeling differ by `spread`; one who means it clearly keeps to half of that
CLARITY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A cue's value in its unit, the exact sum of its contributions."""

    value: float
    contributions: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """What the feeling asks of the music.

    bpm in quarters a minute; register in semitones around the genre's; loudness, legato, density, dissonance 0..1 with
    0.5 the middle of what people do. `natural` has every cue in its own unit.
    """

    bpm: float
    mode: str
    register: float
    loudness: float
    legato: float
    density: float
    dissonance: float
    natural: tuple[tuple[str, Cue], ...]
    reasons: tuple[Reason, ...]

    def cue(self, name: str) -> Cue:
        """A cue of tables/cues.toml in its own unit."""
        return dict(self.natural)[name]


def to_share(name: str, value: float) -> float:
    """A cue's value as 0..1 of its lowest to highest."""
    row = cue_rows()[name]
    return round(min(1.0, max(0.0, (value - row.low) / (row.high - row.low))), 3)


def from_share(name: str, share: float) -> float:
    """A cue's value in its unit at a share 0..1 of its lowest to highest: what a part's dial means."""
    row = cue_rows()[name]
    return row.low + (row.high - row.low) * share


def felt(name: str, feeling: Feeling) -> float:
    """A cue's value in its unit at a feeling, without taste: what moves when the feeling moves."""
    row = cue_rows()[name]
    return min(row.high, max(row.low, row.base + row.valence * feeling.valence + row.arousal * feeling.arousal))


def cue(name: str, feeling: Feeling, seed: int, scale: float = 1.0, shift: float = 0.0, extra: tuple[tuple[str, float], ...] = ()) -> Cue:  # fmt: skip
    """A cue in its unit, each contribution rounded to the unit's decimals so that the sum is exact.

    `scale` and `shift` map the cue linearly into a genre's range; `extra` are further contributions (a texture's).
    """
    row = cue_rows()[name]
    stream = Stream(f"{seed}/taste/{row.taste}")
    leaning = min(1.5, max(-1.5, stream.bell())) * CLARITY * row.spread
    terms = [
        ("base", row.base * scale + shift), ("arousal", row.arousal * feeling.arousal * scale),
        ("valence", row.valence * feeling.valence * scale), *extra, ("this take", leaning * scale),
    ]  # fmt: skip
    rounded = [(what, round(amount, row.decimals)) for what, amount in terms]
    total = sum(amount for _, amount in rounded)
    low, high = sorted((row.low * scale + shift, row.high * scale + shift))
    if not low <= total <= high:
        rounded.append(("kept in range", round(min(max(total, low), high) - total, row.decimals)))
    kept = tuple((what, amount) for what, amount in rounded if amount or what == "base")
    return Cue(value=round(sum(amount for _, amount in kept), row.decimals), contributions=kept)


def cues(intent: Intent, affect: Affect, genre: Genre) -> Cues:
    """The cues of a feeling in a genre; what the person set is taken as it is."""
    feeling = Feeling(valence=affect.valence, arousal=affect.arousal)
    bpm, tempo_reason = _tempo(intent, feeling, genre)
    mode, mode_reason = _mode(intent, affect.surface or feeling)
    natural = {
        name: cue(name, feeling, intent.seed, extra=_textured(name, affect))
        for name in cue_rows()
        if name not in ("bpm", "brightness")
    }
    reasons = (tempo_reason, mode_reason, *(_reason(name, natural[name]) for name in _SAID))
    return Cues(
        bpm=bpm, mode=mode, register=natural["register"].value - cue_rows()["register"].base,
        loudness=to_share("loudness", natural["loudness"].value), legato=to_share("legato", natural["legato"].value),
        density=to_share("density", natural["density"].value), dissonance=natural["dissonance"].value,
        natural=tuple(natural.items()), reasons=reasons,
    )  # fmt: skip


def _textured(name: str, affect: Affect) -> tuple[tuple[str, float], ...]:
    """What the textures that the words called up add to a cue, in its unit: their dials are 0..1 of its range."""
    if name not in _TEXTURED:
        return ()
    row = cue_rows()[name]
    unit = 1.0 if name == "register" else row.high - row.low
    rows = [textures()[texture] for texture in affect.textures]
    return tuple(
        (f"texture: {texture.name}", getattr(texture, name) * unit) for texture in rows if getattr(texture, name)
    )


_TEXTURED = ("register", "density", "loudness", "legato", "dissonance")


def sides(whole: Cues, intent: Intent, affect: Affect) -> dict[str, Cues]:
    """The cues of what is shown and what is meant, where the words hide one under the other; else none."""
    if affect.surface is None or affect.undertow is None:
        return {}
    return {side: sided(whole, intent, affect, side) for side in ("surface", "undertow")}


def sided(whole: Cues, intent: Intent, affect: Affect, side: Literal["surface", "undertow"]) -> Cues:
    """The cues as one side of a misdirection has them; tempo and mode stay those of the whole."""
    feeling = affect.surface if side == "surface" else affect.undertow
    if feeling is None:
        return whole
    moved = {name: cue(name, feeling, intent.seed, extra=_textured(name, affect)) for name, _ in whole.natural}
    return replace(
        whole, register=moved["register"].value - cue_rows()["register"].base,
        loudness=to_share("loudness", moved["loudness"].value), legato=to_share("legato", moved["legato"].value),
        density=to_share("density", moved["density"].value), dissonance=moved["dissonance"].value,
        natural=tuple(moved.items()),
    )  # fmt: skip


# where a pianist's hands reach, in standard deviations of the pitches below and above their mean (EMOPIA's extremes)
HANDS_BELOW, HANDS_ABOVE = 2.6, 2.1


def hands(made: Cues, low: int, high: int) -> tuple[int, int]:
    """The lowest and highest pitch of a solo piano: the feeling's register and width, held in low..high."""
    mean, width = made.cue("register").value, made.cue("width").value
    return max(low, round(mean - HANDS_BELOW * width)), min(high, round(mean + HANDS_ABOVE * width))


_SAID = {
    "loudness": "stirred feelings are played harder", "density": "stirred feelings fill time with more notes",
    "legato": "still feelings bind their notes, stirred ones separate them", "dissonance": "stirred and unpleasant feelings rub",
    "register": "high or low is taste more than feeling: each take has its own",
    "width": "stirred feelings reach further apart",
}  # fmt: skip


def _reason(name: str, made: Cue) -> Reason:
    return Reason(
        what=name.replace("_", " "), value=f"{made.value:g} ({cue_rows()[name].unit})", why=_SAID[name],
        contributions=made.contributions,
    )  # fmt: skip


def _tempo(intent: Intent, feeling: Feeling, genre: Genre) -> tuple[float, Reason]:
    if intent.bpm is not None:
        return float(intent.bpm), Reason(what="tempo", value=f"{intent.bpm:g} bpm", why="you set it")
    row = cue_rows()["bpm"]
    scale = (genre.bpm[1] - genre.bpm[0]) / (row.high - row.low)
    made = cue("bpm", feeling, intent.seed, scale, genre.bpm[0] - row.low * scale)
    moved = dict(made.contributions).get("arousal", 0.0)
    side = (
        "stirred feelings move faster"
        if moved > 0
        else "still feelings move slower"
        if moved
        else "neither stirred nor still"
    )
    why = f"{side}, within the {genre.bpm[0]:g} to {genre.bpm[1]:g} bpm of {genre.name}"
    return made.value, Reason(what="tempo", value=f"{made.value:g} bpm", why=why, contributions=made.contributions)


def _mode(intent: Intent, feeling: Feeling) -> tuple[str, Reason]:
    if intent.mode is not None:
        return intent.mode, Reason(what="mode", value=intent.mode, why="you set it")
    made = cue("brightness", feeling, intent.seed)
    mode = next(name for name, edge in reversed(LADDER) if made.value >= edge)
    if mode == "minor":  # which minor is colour, not brightness: the leading tone presses where the feeling is stirred
        pressing = max(0.0, 0.15 + 0.2 * feeling.arousal)
        mode = "harmonic_minor" if Stream(f"{intent.seed}/taste/minor").chance(pressing) else "aeolian"
    why = f"brightness {made.value:+.2f}: brighter feelings take more raised degrees"
    return mode, Reason(what="mode", value=mode, why=why, contributions=made.contributions)
