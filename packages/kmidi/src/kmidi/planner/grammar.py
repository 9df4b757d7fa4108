"""Where progressions come from: rows of the table, counts from songs, the functional grammar, the modes themselves."""

from __future__ import annotations

from functools import lru_cache

from ..streams import Stream
from ..tables import counts, draw, harmony_styles, progressions
from ..theory import MODES, QUALITIES, Chord, Key, chord_to_roman, roman_to_chord

Bars = tuple[tuple[str, ...], ...]  # the numerals of each bar, one or two

# How a phrase closes on the tonic, and what it closes with when it stays open, in each mode.
CLOSES: dict[str, tuple[str, ...]] = {
    "ionian": ("V", "V", "IV", "V"), "lydian": ("II", "V", "vii"), "mixolydian": ("bVII", "v", "IV"), "dorian": ("IV", "bVII", "v"),
    "aeolian": ("bVII", "v", "iv", "V"), "phrygian": ("bII", "bvii"), "locrian": ("bII", "biii"), "harmonic_minor": ("V", "V", "iv"),
    "melodic_minor": ("V", "IV"),
}  # fmt: skip
OPENS: dict[str, tuple[str, ...]] = {
    "ionian": ("V", "V", "IV", "ii"), "lydian": ("V", "II"), "mixolydian": ("bVII", "v", "IV"), "dorian": ("IV", "v", "bVII"),
    "aeolian": ("bVII", "v", "bVII", "V"), "phrygian": ("bII", "bvii", "bVI"), "locrian": ("bII", "bV"),
    "harmonic_minor": ("V", "V", "iv"), "melodic_minor": ("V", "IV"),
}  # fmt: skip
_LETTER = Key("C")
_ENOUGH = 4  # progressions of a mode with which a style goes without those of its kin


def tonic(mode: str) -> str:
    """The numeral of a mode's tonic triad: I, i, or idim in locrian."""
    return "idim" if mode == "locrian" else "i" if MODES[mode][2] == 3 else "I"


@lru_cache(maxsize=256)
def diatonic(mode: str, degree: int, tones: int = 3) -> str:
    """The numeral of the chord of thirds on a degree (0..6) of a mode; with no name for four or five tones, the triad."""
    scale = MODES[mode]
    steps = tuple((scale[(degree + 2 * n) % 7] - scale[degree]) % 12 for n in range(min(tones, 4)))
    if tones == 5:
        steps = (*steps, 12 + (scale[(degree + 1) % 7] - scale[degree]) % 12)
    for quality in QUALITIES:
        chord = Chord(scale[degree], quality)
        if chord.intervals == steps:
            return chord_to_roman(chord, _LETTER)
    return diatonic(mode, degree, 4 if tones == 5 else 3)


@lru_cache(maxsize=1024)
def degree_of(roman: str, mode: str) -> int | None:
    """The degree (0..6) of a numeral whose triad belongs to a mode, else None."""
    chord = roman_to_chord(roman, _LETTER)
    scale = MODES[mode]
    return (
        scale.index(chord.root) if chord.root in scale and {p % 12 for p in chord.pitch_classes} <= set(scale) else None
    )


def from_rows(mode: str, style: str, valence: float, stream: Stream) -> tuple[Bars, str]:
    """A row of progressions.toml for a mode, those of the style and near the valence likelier; and what it says."""
    fitting = _rows(mode, style)
    weights = [1 / (0.12 + (valence - row_valence) ** 2) for _, row_valence, _ in fitting]
    bars, _, about = stream.weighted(fitting, weights)
    return bars, about


@lru_cache(maxsize=256)
def _rows(mode: str, style: str) -> tuple[tuple[Bars, float, str], ...]:
    """(bars, valence, what it says) of the rows of a mode that a style knows; all of the mode where it knows one at most."""
    of_mode = [row for row in progressions().values() if mode in row.modes]
    known = [row for row in of_mode if style in row.styles]
    for kin in harmony_styles()[style].kin:
        if len(known) < _ENOUGH:
            known += [row for row in of_mode if kin in row.styles and row not in known]
    return tuple((row.bars, row.valence, row.about) for row in (known if len(known) > 1 else of_mode))


@lru_cache(maxsize=4)
def _phrases(mode: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Counted phrases of four bars that start where phrases start, and the running sums of their counts."""
    starts = ("I", "vi", "IV", "ii", "iii") if mode == "major" else ("i", "bVI", "iv", "bIII")
    items, sums = counts().progressions[mode]
    kept: list[str] = []
    running: list[float] = []
    total = before = 0.0
    for item, until in zip(items, sums, strict=True):
        if item.split()[0] in starts and len(set(item.replace("|", "").split())) > 2:
            total += until - before
            kept.append(item)
            running.append(total)
        before = until
    return tuple(kept), tuple(running)


def from_counts(minor: bool, stream: Stream, stays: float = 0.6) -> Bars:
    """Four bars as songs have them: a counted phrase, or a walk along the counted moves from chord to chord.

    stays: the share (0..1) of bars that keep their first chord.
    """
    mode = "minor" if minor else "major"
    if stream.chance(0.4):
        return tuple(tuple(bar.split()) for bar in draw(stream.unit(), _phrases(mode)).split("|"))
    start = stream.weighted(("i", "bVI", "iv", "bIII") if minor else ("I", "vi", "IV", "ii"), (10, 3, 1, 1))
    moves = counts().moves[mode]
    halves = [start]
    for slot in range(1, 8):
        here = halves[-1]
        drawn = here if slot % 2 and stream.chance(stays) else draw(stream.unit(), moves[here])
        halves.append(drawn if drawn in moves else here)
    bars = zip(halves[::2], halves[1::2], strict=True)
    return tuple((a,) if a == b else (a, b) for a, b in bars)


def functional(mode: str, stream: Stream) -> Bars:
    """Eight bars of tonic, subdominant and dominant: an antecedent that stays open, a consequent that closes."""
    home = tonic(mode)
    second, fourth, sixth, third = (diatonic(mode, d) for d in (1, 3, 5, 2))
    five = (
        "V"
        if mode in ("ionian", "aeolian", "harmonic_minor", "melodic_minor", "lydian")
        else stream.choice(OPENS[mode])
    )
    soft = [c for c in (second, fourth, fourth) if "dim" not in c] or [fourth]
    far = [c for c in (sixth, third) if "dim" not in c and "aug" not in c] or [fourth]

    def opening() -> list[tuple[str, ...]]:
        return [
            (home,),
            stream.choice([(home,), (five,), (stream.choice(far),), (home, stream.choice(soft))]),
        ]  # fmt: skip

    first = opening()
    bars = [*first, (stream.choice(soft),), stream.choice([(five,), (stream.choice(soft), five)])]
    again = first if stream.chance(0.6) else opening()
    close = stream.choice([(stream.choice(soft), five), (five,), (home, five)])
    return (
        (*bars, *again, close, (home,))
        if stream.chance(0.7)
        else (*bars, (stream.choice(far),), (stream.choice(soft),), close, (home,))
    )


def modal(mode: str, stream: Stream) -> Bars:
    """Four bars that circle the tonic through the chords that tell a mode from its neighbours."""
    telling = {
        "dorian": (3, 1, 6),
        "phrygian": (1, 6, 5),
        "lydian": (1, 4, 5),
        "mixolydian": (6, 4, 3),
        "locrian": (1, 4, 2),
    }
    degrees = telling.get(mode, (3, 5, 6))
    home = tonic(mode)
    away = [diatonic(mode, d) for d in degrees]
    away = [chord for chord in away if "dim" not in chord] or away
    return ((home,), (stream.choice(away),), (stream.choice((home, *away)),), (stream.choice(away),))
