"""What a plain progression is dressed in: sevenths, ninths, suspensions, inversions, borrowed and applied chords."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..streams import Stream
from ..tables import HarmonyStyle
from ..theory import MODES, QUALITIES, Chord, Key, chord_to_roman, roman_to_chord
from ..theory.pitch import LETTERS
from .grammar import Bars, degree_of, diatonic

_C = Key("C")
# what a chord off the scale takes as its seventh
_OUTSIDE_SEVENTH = {"bVI": "bVImaj7", "bIII": "bIIImaj7", "bVII": "bVII7", "iv": "iv7", "II": "II7", "III": "III7", "VI": "VI7", "V": "V7",
                    "bII": "bIImaj7", "v": "v7", "IV": "IV7", "I": "I7"}  # fmt: skip
# chord -> what it may be borrowed as, from the darker side of the same tonic
_BORROWED = {"ionian": {"IV": "iv", "ii": "iidim", "vi": "bVI", "iii": "bIII"}, "mixolydian": {"IV": "iv", "vi": "bVI"}, "lydian": {"iii": "bIII", "vi": "bVI"},
             "aeolian": {"iv": "IV", "v": "V", "bVII": "V"}, "dorian": {"v": "V", "IV": "iv"}, "phrygian": {"bvii": "bVII", "vdim": "V"}}  # fmt: skip


@lru_cache(maxsize=2048)
def root(roman: str) -> int:
    """Semitones of a numeral's root above the tonic."""
    return roman_to_chord(roman, _C).root


@lru_cache(maxsize=2048)
def triad(roman: str) -> str:
    """The numeral of a chord's root with no more than its third: what an applied dominant leads to."""
    chord = roman_to_chord(roman, _C)
    return chord_to_roman(Chord(chord.root, "m" if chord.family == "min" else ""), _C)


@lru_cache(maxsize=2048)
def is_plain(roman: str) -> bool:
    """Whether a numeral is a triad in root position: what may still take a colour."""
    chord = roman_to_chord(roman, _C)
    return "/" not in roman and chord.quality in ("", "m", "dim")


@lru_cache(maxsize=2048)
def _has_seventh(roman: str) -> bool:
    chord: Chord = roman_to_chord(roman, _C)
    return len(chord.intervals) > 3


@lru_cache(maxsize=128)
def _tones(roman: str, mode: str) -> dict[int, int]:
    """Root, third and fifth of a numeral, each with the tone of the mode on its letter: itself unless it is altered."""
    chord = roman_to_chord(roman, _C)
    letter = [*LETTERS].index(Key("C", mode).name_of(chord.root)[0])
    degrees = (int(degree.lstrip("b#")) - 1 for degree in QUALITIES[chord.quality][:3])
    return {pitch: MODES[mode][(letter + d) % 7] for d, pitch in zip(degrees, chord.pitch_classes[:3], strict=True)}


@lru_cache(maxsize=256)
def cross_related(before: str, after: str, mode: str) -> bool:
    """Whether two chords have more cross-relations than tones in common: E G B and Ab C Eb, with two kinds of E.

    A cross-relation is an altered tone beside the tone that it stands for; one is a colour where a tone is held, as in IV iv.
    """
    one, two = _tones(before, mode), _tones(after, mode)
    rubs = sum(
        natural != pitch and natural in other and pitch not in other
        for tones, other in ((one, two), (two, one))
        for pitch, natural in tones.items()
    )
    return rubs > len(one.keys() & two.keys()) or rubs > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """How often chords of one piece take each colour: the style's habits moved by the feeling. Shares 0..1."""

    style: HarmonyStyle
    mode: str
    valence: float
    dissonance: float

    def share(self, habit: float, more: float = 0.0) -> float:
        """A habit of the style, scaled by how much dissonance the feeling bears, and more where it asks; what it
        always does stays.
        """
        return 1.0 if habit >= 1 else min(1.0, habit * (0.4 + 2.0 * self.dissonance) + (more if habit else 0.0))


def colour(bars: Bars, palette: Palette, stream: Stream) -> tuple[Bars, dict[str, str]]:
    """The bars in colours, and why by numeral. Each numeral is dressed the same way wherever it stands in these bars."""
    style, mode = palette.style, palette.mode
    why: dict[str, str] = {}
    # what a minor mode borrows is brighter than itself: darkness does not ask for more of it
    dark = max(0.0, -palette.valence) if MODES[mode][2] == 4 else 0.0
    flat = [roman for bar in bars for roman in bar]
    dress: dict[str, str] = {}
    for index, roman in enumerate(flat):
        one, two, three = (
            stream.unit(),
            stream.unit(),
            stream.unit(),
        )  # drawn for all, so that one choice moves no other
        if roman in dress or not is_plain(roman):
            continue
        to = _BORROWED.get(mode, {}).get(roman)
        if to and index and one < palette.share(style.borrowed, 0.1 * dark) and _fits(flat, roman, to, dress, mode):
            dress[roman] = to
            why[to] = "borrowed from the parallel mode: the colour of what is not said"
        elif two < palette.share(style.sevenths) * _seventh_taken(roman, palette):
            dress[roman] = seventh(roman, palette, nine=three < palette.share(style.ninths))
        elif two > 1 - palette.share(style.suspensions):
            dress[roman] = _suspended(roman, palette, three)
        else:
            dress[roman] = roman
    return tuple(tuple(dress.get(roman, roman) for roman in bar) for bar in bars), why


def _fits(flat: list[str], roman: str, to: str, dress: dict[str, str], mode: str) -> bool:
    """Whether a chord may be put for another wherever that stands, what is dressed seen as it is dressed.

    It is cross-related to no neighbour; and a dominant put for another chord leads home, or to the sixth degree in
    place of home.
    """
    worn = [to if each == roman else dress.get(each, each) for each in flat]
    moves = zip(worn, [*worn[1:], worn[0]], flat, [*flat[1:], flat[0]], strict=True)
    return not any(
        (roman in (here, there) and cross_related(before, after, mode))
        or (here == roman and to == "V" and root(after) not in (0, 7, 8))
        for before, after, here, there in moves
    )


def _seventh_taken(roman: str, palette: Palette) -> float:
    """How often, of the style's sevenths, a triad takes the one that it has."""
    dressed = roman_to_chord(seventh(roman, palette), _C)
    if (root(roman) == 0 and dressed.family == "min") or (dressed.family == "maj" and 11 in dressed.intervals):
        return palette.style.major_sevenths
    return palette.style.dominant_sevenths if dressed.family == "maj" and 10 in dressed.intervals else 1.0


def seventh(roman: str, palette: Palette, *, nine: bool = False) -> str:
    """The numeral of a triad with its seventh, or with seventh and ninth."""
    mode = palette.mode
    degree = degree_of(roman, mode)
    if degree is None:
        return _OUTSIDE_SEVENTH.get(roman, roman)
    jazz = palette.style.all_sevenths
    if degree == 0 and mode in ("harmonic_minor", "melodic_minor") and not jazz:
        return "iadd9"  # the leading tone stings in a chord of rest: jazz likes it, pop songs never do (1 of 200 minor ones)
    # a minor ninth on the dominant is jazz's too
    if nine and "dim" not in roman and (jazz or (root(roman) + 2) % 12 in MODES[mode]):
        return diatonic(mode, degree, 5)
    return diatonic(mode, degree, 4)


def _suspended(roman: str, palette: Palette, unit: float) -> str:
    """The numeral of a triad with its fourth held for the third, or with a ninth where the style knows ninths."""
    ninth = (root(roman) + 2) % 12
    if "dim" in roman or ninth not in MODES[palette.mode]:  # E G B with an F# in C: a ninth of another key
        return roman
    if roman == "V" and unit < 0.7:
        return "Vsus4"
    return roman + "add9" if palette.style.ninths and unit < (1.0 if roman.endswith(("I", "V")) else 0.4) else roman


def applied(bars: Bars, palette: Palette, stream: Stream) -> tuple[Bars, dict[str, str]]:
    """Bars with applied dominants and tritone substitutes in the second half of a bar before the chord they lead to."""
    style = palette.style
    why: dict[str, str] = {}
    out: list[tuple[str, ...]] = []
    for index, bar in enumerate(bars):
        one, two = stream.unit(), stream.unit()
        following = bars[(index + 1) % len(bars)][0]
        last = bar[-1]
        degree = degree_of(following, palette.mode) if "/" not in following else None
        if (
            len(bar) == 1
            and degree not in (None, 0)
            and root(last) != root(following)  # who is there need not be led there
            and "dim" not in following
            and one < palette.share(style.secondary)
            and not cross_related(last, lead := f"V7/{(target := triad(following))}", palette.mode)
        ):
            why[lead] = f"an applied dominant: it makes the arrival on {target} wanted"
            bar = (last, lead)
        elif degree == 0 and root(last) == 7 and _has_seventh(last) and two < palette.share(style.tritone):
            bar = (*bar[:-1], "bII7")
            why["bII7"] = "a tritone substitute for V7: the same pull, a half step away"
        out.append(bar)
    return tuple(out), why


def inverted(bars: Bars, palette: Palette, stream: Stream) -> Bars:
    """Bars whose bass steps where it would leap: first and second inversions between roots a third or more apart."""
    flat = [(index, place) for index, bar in enumerate(bars) for place in range(len(bar))]
    out = [list(bar) for bar in bars]
    for (i, p), (j, q), (k, r) in zip(flat, flat[1:], flat[2:], strict=False):
        unit = stream.unit()
        here = out[j][q]
        if not is_plain(here) or unit >= palette.share(palette.style.inversions, 0.05):
            continue
        before, after = _bass(out[i][p]), root(bars[k][r])
        chord = roman_to_chord(here, _C)
        for name, tone in (("3", chord.pitch_classes[1]), ("5", chord.pitch_classes[2])):
            down, up = (before - tone) % 12, (tone - after) % 12
            if before != tone != after and down in (1, 2, 10, 11) and up in (1, 2, 10, 11):
                out[j][q] = f"{here}/{name}"
                break
    return tuple(tuple(bar) for bar in out)


def _bass(roman: str) -> int:
    return roman_to_chord(roman, _C).bass
