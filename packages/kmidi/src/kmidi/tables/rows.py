"""The rows that several stages read: instruments and genres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..plan import Role
from .load import Rows, load_folder, load_rows, table_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument: its General MIDI program 0..127, playable pitches and family; `drums` programs are kits."""

    id: str
    name: str
    program: int
    low: int
    high: int
    family: str
    source: str
    synonyms: tuple[str, ...] = ()
    near: tuple[str, ...] = ()  # others that it plays for, being the nearest that is here


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A part of a genre's arrangement, most needed first. register: low and high pitch; from_energy 0..1: sections with
    less energy leave it out; chance 0..1: the share of pieces that have it. density, loudness, legato are 0..1 around
    .5 = as the feeling says.
    """

    role: Role
    instrument: str
    register: tuple[int, int]
    pattern: str
    name: str = ""
    density: float = 0.5
    loudness: float = 0.5
    legato: float = 0.5
    from_energy: float = 0.0
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Genre:
    """A genre: who plays, how fast (bpm low, high), in which meter and groove.

    `forms` are the orders of sections it is known for ("intro verse chorus"), the usual one first; `harmony` is the id
    of a harmonic style. ritardando: the share of the tempo (0..0.6) that its players lose before the last stroke. `near`
    names styles that are none of the genres and of which this is the nearest, `scenes` of games and films what it is played to.
    """

    id: str
    name: str
    bpm: tuple[float, float]
    meter: str
    groove: str
    swing: float
    forms: tuple[str, ...]
    harmony: str
    parts: tuple[PartRow, ...]
    source: str
    ritardando: float = 0.0
    about: str = ""
    synonyms: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progression:
    """Bars of Roman numerals ("I | V | vi IV | V"), the modes and harmonic styles it belongs to, and its valence -1..1."""

    id: str
    chords: str
    modes: tuple[str, ...]
    styles: tuple[str, ...]
    valence: float
    about: str
    source: str

    @property
    def bars(self) -> tuple[tuple[str, ...], ...]:
        """The numerals of each bar."""
        return tuple(tuple(bar.split()) for bar in self.chords.split("|"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmonyStyle:
    """A way with chords: which grammar writes them, and how often (0..1) a chord takes each kind of colour.

    kin: styles whose progressions it knows too where its own are few, nearest first.
    passing: the share of bars of four beats in which some chord lasts one beat. plagal: the share of pieces that close from
    the subdominant. major_sevenths, dominant_sevenths: how often (0..1), of `sevenths`, triads with
    such a seventh take it; a minor tonic as those with a major one.
    """

    id: str
    grammar: Literal["rows", "counted", "functional"]
    sevenths: float
    major_sevenths: float = 1.0
    dominant_sevenths: float = 1.0
    ninths: float
    suspensions: float
    inversions: float
    secondary: float
    borrowed: float
    tritone: float
    bars_per_chord: float
    kin: tuple[str, ...] = ()
    passing: float = 0.0
    plagal: float = 0.0
    about: str
    source: str

    @property
    def all_sevenths(self) -> bool:
        """Whether every chord has its seventh, as in jazz."""
        return self.sevenths >= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How an accompaniment moves: levels from calm to full, each half bars of `slot:notes`; see the head of the table.

    No levels: half bars as counted in songs. `hold` says how long notes last: short, tenuto (towards the next), ring
    (until their voice moves), full (until the chord changes).
    """

    id: str
    role: Role
    voicing: Literal["close", "open", "ladder", "guitar", "rootless", "power", "bass"]
    notes: int
    hold: Literal["short", "tenuto", "ring", "full"]
    levels: tuple[str, ...]
    compound: tuple[str, ...]
    about: str
    source: str


@lru_cache(maxsize=1)
def patterns() -> Rows[Pattern]:
    """All accompaniment patterns by id."""
    return load_rows(table_path("patterns.toml.gz"), Pattern)


@lru_cache(maxsize=1)
def progressions() -> Rows[Progression]:
    """All progressions by id."""
    return load_rows(table_path("progressions.toml.gz"), Progression)


@lru_cache(maxsize=1)
def harmony_styles() -> Rows[HarmonyStyle]:
    """All harmonic styles by id."""
    return load_rows(table_path("harmonies.toml.gz"), HarmonyStyle)


@lru_cache(maxsize=1)
def instruments() -> Rows[Instrument]:
    """All instruments by id."""
    return load_rows(table_path("instruments.toml.gz"), Instrument)


@lru_cache(maxsize=1)
def genres() -> Rows[Genre]:
    """All genres by id."""
    return load_folder(table_path("genres.toml.gz"), Genre)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emotion:
    """A feeling: where it lies (valence, arousal -1..1), how strong it is (intensity 0..1), and the words that name it."""

    id: str
    name: str
    valence: float
    arousal: float
    intensity: float
    source: str
    synonyms: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def emotions() -> Rows[Emotion]:
    """All feelings by id."""
    return load_rows(table_path("emotions.toml.gz"), Emotion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texture:
    """An image that words paint: what it adds to the feeling and to the cues (register in semitones, others 0..1 dials)."""

    id: str
    name: str
    valence: float
    arousal: float
    register: float
    density: float
    loudness: float
    legato: float
    dissonance: float
    source: str
    synonyms: tuple[str, ...]


@lru_cache(maxsize=1)
def textures() -> Rows[Texture]:
    """All textures by id."""
    return load_rows(table_path("textures.toml.gz"), Texture)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What people tell when they name no feeling: its phrases call the feeling with the id `emotion`."""

    id: str
    emotion: str
    phrases: str  # divided by commas
    source: str

    @property
    def told(self) -> tuple[str, ...]:
        """The phrases one by one."""
        return tuple(phrase for part in self.phrases.split(",") if (phrase := part.strip()))


@lru_cache(maxsize=1)
def situations() -> Rows[Situation]:
    """All situations by id."""
    return load_rows(table_path("situations.toml.gz"), Situation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that wish for something: a pattern, the words it can't do without ("a|b": either), and the Intent's
    field it sets; without a field a part of others, named there as "{part}", or one that is looked for by its name.
    """

    id: str
    pattern: str
    source: str
    field: str = ""
    value: str = ""
    cues: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def phrases() -> Rows[Phrase]:
    """All wishes in plain words by id."""
    return load_rows(table_path("wishes.toml.gz"), Phrase)


@lru_cache(maxsize=1)
def structures() -> Rows[Phrase]:
    """How stories are built, by id: what joins their stages, hides one side under another, or is ironic."""
    return load_rows(table_path("structure.toml.gz"), Phrase)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordKind:
    """Words that stand for one another in the phrases of situations; "{kin}" among them takes in another kind."""

    id: str
    words: str
    source: str


@lru_cache(maxsize=1)
def word_kinds() -> Rows[WordKind]:
    """All kinds of words by id."""
    return load_rows(table_path("kinds.toml.gz"), WordKind)
