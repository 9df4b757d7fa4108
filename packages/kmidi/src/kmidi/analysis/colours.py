"""Chords from outside the key, named for what they are and for what they carry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import compress

from ..score import ChordSpan
from ..theory import Chord, Key
from .heard import Flags
from .result import Finding, of_each

# (semitones above the tonic, family) -> (name, what it carries), in major and in minor.
BORROWED_MAJOR = {
    (5, "min"): ("the borrowed minor iv", "its lowered sixth leans down to the fifth: tenderness turning to longing, hope with an ache in it"),
    (0, "min"): ("the tonic borrowed from minor", "home itself darkens: the light goes out of the place you return to"),
    (10, "maj"): ("the borrowed bVII", "a broad step from below home: open, defiant, unsentimental"),
    (8, "maj"): ("the borrowed bVI", "a sudden wide shadow: awe, memory, a door into another light"),
    (3, "maj"): ("the borrowed bIII", "bright and bruised at once: grit, the blues' third"),
    (7, "min"): ("the borrowed minor v", "the pull home is let go: floating, resigned"),
    (1, "maj"): ("the Neapolitan bII", "pressure from a semitone above home: dread, fate"),
    (2, "dim"): ("the borrowed ii°", "minor's unease before the dominant"),
    (6, "dim"): ("#iv°", "a leading tone to the fifth: strain that wants to rise"),
    (1, "dim"): ("#i°", "a passing diminished chord: suspense between two steps"),
}  # fmt: skip
BORROWED_MINOR = {
    (0, "maj"): ("the Picardy tonic", "the sorrow ends in light"),
    (5, "maj"): ("the major IV of dorian", "a lift inside the minor: resolve, movement"),
    (2, "min"): ("the ii of dorian", "minor without its heaviest tone"),
    (1, "maj"): ("the Neapolitan bII", "pressure from a semitone above home: dread, fate"),
    (9, "min"): ("vi from the parallel major", "a glimpse of the major home"),
}  # fmt: skip
FELT = "Aldwell & Schachter, Harmony and Voice Leading (mixture); feeling: house"


def strangers(chords: Sequence[ChordSpan], keys: Sequence[Key | None]) -> list[int]:
    """Which chords have tones that are not at home in the key of their section."""
    away = of_each(
        chords, keys, lambda chord, key: key is not None and not _home(key).issuperset(chord.pitch_classes[:3])
    )
    return [*compress(range(len(away)), away)]


def find_colours(
    chords: Sequence[ChordSpan],
    keys: Sequence[Key | None],
    outside: Sequence[int],
    sounds: Flags,
    bar_of: Callable[[int], int],
) -> list[Finding]:
    """One finding for each kind of chord from outside the key of its section, at the bar where it first comes: colour,
    not error. keys: of each chord; outside: the strangers among them; sounds: (strangers, 12) whether each pitch class
    does; bar_of: the bar of a tick.

    A major chord or seventh a fifth above the next root is that chord's own dominant; minor's V and vii° with their
    raised seventh are at home in minor (harmonic). Others are looked up in the tables of borrowed chords. A chord none
    of whose tones from outside sounds is a guess of the ear's, and no colour.
    """
    seen: set[str] = set()
    found: list[Finding] = []
    for index, sounding in zip(outside, sounds.tolist(), strict=True):
        span, key = chords[index], keys[index]
        if key is None or not any(sounding[p] for p in span.chord.pitch_classes[:3] if p not in _home(key)):
            continue
        later = (chords[at].chord for at in range(index + 1, len(chords)))
        following = next((chord for chord in later if chord.root != span.chord.root), None)
        named = _name(span.chord, following, key)
        if named and named[0] not in seen:
            seen.add(named[0])
            symbol = span.chord.symbol(key.names)
            found.append(
                Finding(
                    id="borrowed_chord" if "own dominant" not in named[0] else "applied_dominant", kind="colour", bar=bar_of(span.onset),
                    part=-1, what=f"{symbol} ({span.roman}) is {named[0]}", why=named[1],
                    audible=0.6 if span.chord.family == "min" else 0.5, source=FELT,
                )
            )  # fmt: skip
    return found


@lru_cache(maxsize=256)
def _home(key: Key) -> frozenset[int]:
    """The pitch classes that are at home in a key: its scale, and minor's raised seventh."""
    return frozenset(key.pitch_classes) | ({(key.pitch_class + 11) % 12} if key.is_minor else frozenset[int]())


def _name(chord: Chord, following: Chord | None, key: Key) -> tuple[str, str] | None:
    """What a chord from outside a key is, and what it carries."""
    step = (chord.root - key.pitch_class) % 12
    dominant = chord.family == "maj" and following is not None and (chord.root - following.root) % 12 == 7
    table = BORROWED_MINOR if key.is_minor else BORROWED_MAJOR
    # a seventh pulls, and minor's tonic made major before iv is no ending: borrowed is what else the tables name
    pulls = (chord.root + 10) % 12 in chord.pitch_classes or (key.is_minor and step == 0)
    if (
        dominant
        and following is not None
        and following.root != key.pitch_class
        and (pulls or (step, "maj") not in table)
    ):
        target = key.name_of(following.root)
        return f"{target}'s own dominant", "the next chord is lit for a moment as if it were home: pull, direction"
    return table.get((step, chord.family))
