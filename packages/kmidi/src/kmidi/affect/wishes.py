"""Musical wishes in plain words: "slow waltz in D minor, no drums" sets what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from ..errors import IntentError
from ..intent import Affect, Intent
from ..tables.rows import genres, instruments
from ..theory import MODES
from .modifiers import ADVERBS
from .rule_names import rules_named


@dataclass(frozen=True, slots=True)
class Wish:
    """What text[start:end] asks for: an Intent field and its value as text. `places` where it is said in pieces."""

    start: int
    end: int
    field: str
    value: str
    places: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches of the text that speak of nothing else."""
        return self.places or ((self.start, self.end),)


_NUMBERS = {"half": 0.5, "a": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0}
_MUSIC = r"(?:songs?|music|tracks?|pieces?|tunes?|loops?|beats?|melody|waltz|ballad|instrumental|jam|groove|intro|long|score|theme)"
_MODE = r"(?:harmonic minor|melodic minor|major|minor|maj|min|" + "|".join(MODES).replace("_", " ") + ")"
_BPM = re.compile(
    r"\b(\d{2,3}(?:\.\d+)?) ?(?:bpm|beats per minute|beats a minute)\b|\b(?:tempo|bpm)(?: of| at|:| =)? ?(\d{2,3})\b",
    re.I,
)
# a noun behind "in A" or "in a minor" makes an article of the letter ("in A good mood", "in a minor crash"); these do not
_NOUN = r" +(?!(?:and|at|with|without|but|for|please|about|that|which|where|when|like|from|then|to|by|on)\b)[a-z]{2,}"
_SIGN = r"(?:[ -]?(?:sharp|flat)\b|[#b♯♭])"
_KEY = re.compile(
    rf"\b(?:(?:in|key of|key:?) +(?!(?-i:a) (?:major|minor)\b{_NOUN})([A-Ga-g]{_SIGN}?)[ -]+({_MODE})\b"
    rf"|(?:in|key of) +((?-i:[A-G])(?:{_SIGN}(?![\w'’#♯♭])|(?![\w'’#♯♭])(?!{_NOUN})))"
    rf"|((?-i:[A-G]){_SIGN}?)[ -]?({_MODE}|(?-i:m))\b|((?-i:[b-g]){_SIGN}?|(?-i:a){_SIGN})[ -](major|minor)\b)",
    re.I,
)
_MODE_ALONE = re.compile(rf"\b(?:in (?:a )?|a )?(major|minor) (?:key|mode|scale|tonality)\b|\bin (major|minor)\b|\bin a (major|minor)\b(?!{_NOUN})|\b(dorian|phrygian|lydian|mixolydian|aeolian|locrian|ionian)\b|\b(harmonic minor|melodic minor)\b", re.I)  # fmt: skip
_METER = re.compile(r"\b(\d{1,2}) ?/ ?(2|4|8|16)\b(?! of\b)(?!/)")
_WALTZ = re.compile(r"\b(?:waltz|walz|wals|valse)(?:es)?\b|\bin three[- ]four\b|\bthree[- ]four time\b", re.I)
_A_WALTZ = re.compile(r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )(?<!\bto )(?<!\bno )(?<!\bnot )(?<!let's )\b(?:waltz|walz|wals|valse)(?:es)?\b", re.I)  # fmt: skip
_BARS = re.compile(r"\b(\d{1,3})[ -]?bars?\b(?! of (?:gold|chocolate|soap))", re.I)
_LENGTH = re.compile(
    r"\b(?P<n>\d+(?:\.\d+)?|half a|a|one|two|three|four|five|ten)(?: |-)?(?P<unit>seconds?|secs?|minutes?|mins?)\b(?P<music>(?:[ -]+[a-z]+){0,2}?[ -]+"
    + _MUSIC + r"\b)?|\b(?P<mm>\d{1,2}):(?P<ss>[0-5]\d)(?= (?:long|min))",
    re.I,
)  # fmt: skip
_ABOUT = re.compile(
    r"(?:\babout|\baround|\blasts?|\blasting|\bmake it|\bexactly|\blength|\blength of|\bunder|[,;.:(]|^) *(?:is|be|for)? *$",
    re.I,
)
_LOOP = re.compile(r"\b(?:seamless(?:ly)? loop(?:ing)?|loopable|looping|as a loop|a loop|(?:second|minute|bar)s?[ -]loop|that loops|loops? forever)\b", re.I)  # fmt: skip
_TEMPO_WORDS = {
    "very slow": 52, "very slower": 52, "slow": 64, "slower": 64, "largo": 48, "adagio": 66, "lento": 56,
    "andante": 84, "mid-tempo": 98, "midtempo": 98, "mid tempo": 98, "medium tempo": 98, "moderate tempo": 104, "moderato": 108,
    "allegro": 132, "vivace": 160, "presto": 180, "fast": 144, "faster": 144, "very fast": 168, "very faster": 168,
    "up-tempo": 136, "uptempo": 136, "up tempo": 136, "fast-paced": 148, "fast paced": 148, "slow tempo": 62, "fast tempo": 148,
}  # fmt: skip
_BALLAD, _BALLAD_BPM = re.compile(r"\bballads?\b(?! of\b)", re.I), "72"
_TEMPO = re.compile(
    r"(?<!too )(?<!not )(?<!as )\b(?:(?P<very>" + "|".join(ADVERBS) + r") )?(?P<word>"
    + "|".join(sorted(_TEMPO_WORDS, key=len, reverse=True)) + r")\b",
    re.I,
)  # fmt: skip
# "slow" and "fast" speak of the music only beside a word of music, or where they stand among plain adjectives
_TEMPO_AFTER = re.compile(
    r"^(?:[ ,]+(?:and|but|yet|[a-z-]+)){0,2}[ ,]+"
    + _MUSIC
    + r"\b|^ *(?:[,.;!]|$|and\b|but\b|in [A-G]\b|with\b|for\b|please\b|\d)",
    re.I,
)
_TEMPO_BEFORE = re.compile(r"(?:\b(?:something|anything|make it|keep it|play it|tempo|be|is|music|song)(?: (?:really|very|nice and|quite))?|[,;.(]|^(?:a|an)?|\band) *$", re.I)  # fmt: skip
_WITHOUT = re.compile(
    r"\b(?:no|without(?: any)?|minus(?: the)?|skip the|drop the|leave out(?: the)?|don'?t want(?: any)?|not any|zero)\b",
    re.I,
)
_WITH = re.compile(r"\b(?:(?:with(?: only| just)?|featuring|plus|add(?: some)?|for|played (?:on|by)|on|just|only|solo|using|use)(?: the)?|and|,|&|a|an|some|lots of|soft|gentle|big|lonely|single|acoustic)$", re.I)  # fmt: skip
_ALONE = re.compile(
    r"\b(?:just|only|solo|nothing but|played on|for)(?: a| an| the| some)?(?: soft| gentle| lonely| single| acoustic)?$",
    re.I,
)
_NOUN_BEHIND = re.compile(r"^[ -](?:thing|vibes?|songs?|pieces?|tunes?|ballads?|melod(?:y|ies)|riffs?|lines?|loops?|tracks?|music|instrumentals?|parts?|arpeggios?|chords|intro|outro)\b", re.I)  # fmt: skip
_NO_PLAYER = re.compile(r"[ -](?:drops?|heavy|boosted)\b", re.I)  # "a bass drop", "bass heavy" name no player
_SOLO_BEHIND = re.compile(r"^ (?:solo|only|alone|duo|duet|trio)\b", re.I)
_WORD = re.compile(r"[^\W_]+")
_ROLES = ("drums", "bass", "melody", "pad", "chords")


# Names of genres that are plain words too: they name a genre only beside a word of music.
_PLAIN_WORDS = frozenset(
    [
        "soul",
        "dance",
        "dreamy",
        "ethereal",
        "epic",
        "club",
        "house",
        "bedroom",
        "country",
        "rock",
        "trance",
        "film",
        "acoustic",
        "industrial",
        "alternative",
        "festival",
        "swing",
        "trio",
        "trap",
        "progressive",
        "ballroom",
        "piano",
        "ambient",
        "electronic",
        "goth",
        "folk",
        "orchestra",
        "pop",
        "punk",
        "rap",
        "latin",
        "blues",
        "metal",
        "waltz",
        "quartet",
    ]
)


def find_wishes(text: str) -> list[Wish]:
    """The wishes in a text, by place; of two for one field the plainer holds (a number before a word), then the first."""
    kept: dict[str, Wish] = {}
    for wish in (*_tempo(text), *_tonality(text), *_time(text), *_players(text), *_genre(text)):
        kept.setdefault(wish.field, wish)
    rules = rules_named(text, wishing=bool(kept))
    if rules is not None:
        places, ids = rules
        kept["rule_breaks"] = Wish(places[0][0], places[-1][1], "rule_breaks", ", ".join(ids), tuple(places))
    return sorted(kept.values(), key=lambda wish: wish.start)


def wished(intent: Intent, affect: Affect) -> Intent:
    """The Intent with its unset fields filled from the wishes in the words; what is set always wins.

    IntentError as for any Intent.
    """
    unset = {f: value for f, value in affect.wishes if getattr(intent, f) in (None, (), False)}
    if intent.rule_breaks is not None:  # "none" is set too
        unset.pop("rule_breaks", None)
    if intent.mode is not None and "key" in unset:
        unset["key"] = unset["key"].split()[0]
    if intent.key is not None and "mode" in unset and intent.mode is not None:
        del unset["mode"]
    if any(value is not None for value in (intent.bars, intent.seconds, intent.sections)):
        unset.pop("bars", None)
        unset.pop("seconds", None)
    return replace(intent, **{field: typed(field, value) for field, value in unset.items()})


def typed(field: str, value: str) -> Any:
    """A wish's text as the type of its Intent field."""
    if field in ("bpm", "seconds"):
        return float(value)
    if field == "bars":
        return int(value)
    if field in ("instruments", "without", "including", "rule_breaks"):
        return tuple(value.split(", ")) if value else ()
    return True if field == "loop" else value


def legal(wish: Wish) -> str | None:
    """Why a wish can't be met, None where it can."""
    try:
        Intent(**{wish.field: typed(wish.field, wish.value)})
    except IntentError as error:
        return str(error)
    return None


def _tempo(text: str) -> Iterator[Wish]:
    for match in _BPM.finditer(text):
        yield Wish(match.start(), match.end(), "bpm", f"{float(match.group(1) or match.group(2)):g}")
    for match in _TEMPO.finditer(text):
        word = match["word"].casefold()
        plain = word.split()[-1] in ("slow", "fast", "slower", "faster")
        after, before = text[match.end() : match.end() + 48], text[max(0, match.start() - 32) : match.start()]
        if not plain or (_TEMPO_AFTER.search(after) and not re.match(r" (?:reveal|burn|down|build|motion|asleep)", after) and (_TEMPO_BEFORE.search(before) or re.match(r"(?:[ ,]+[a-z-]+){0,3}[ ,]+" + _MUSIC, after, re.I))):  # fmt: skip
            yield Wish(
                match.start(),
                match.end(),
                "bpm",
                f"{_TEMPO_WORDS[f'very {word}' if match['very'] and plain else word]:g}",
            )
    if (ballad := _BALLAD.search(text)) is not None:
        yield Wish(ballad.end(), ballad.end(), "bpm", _BALLAD_BPM)  # after a tempo that is said, which holds


def _tonality(text: str) -> Iterator[Wish]:
    for match in _KEY.finditer(text):
        said = ((match[1], match[2]), (match[3], ""), (match[4], match[5]), (match[6], match[7]))
        tonic, mode = next((a, b) for a, b in said if a)
        yield Wish(match.start(), match.end(), "key", f"{_tonic(tonic)} {_mode(mode)}".strip())
    if not _KEY.search(text):
        for match in _MODE_ALONE.finditer(text):
            yield Wish(match.start(), match.end(), "mode", next(g for g in match.groups() if g).casefold())


def _tonic(written: str) -> str:
    word = (
        written.casefold()
        .replace(" ", "")
        .replace("-", "")
        .replace("sharp", "#")
        .replace("flat", "b")
        .replace("♯", "#")
        .replace("♭", "b")
    )
    return word[0].upper() + word[1:]


def _mode(written: str | None) -> str:
    return {"m": "minor", "maj": "major", "min": "minor"}.get(written or "", (written or "").casefold())


def _time(text: str) -> Iterator[Wish]:
    for match in _METER.finditer(text):
        yield Wish(match.start(), match.end(), "meter", f"{match[1]}/{match[2]}")
    for match in _WALTZ.finditer(text):
        yield Wish(match.end(), match.end(), "meter", "3/4")
    for match in _BARS.finditer(text):
        yield Wish(match.start(), match.end(), "bars", match[1])
    for match in _LENGTH.finditer(text):
        if match["mm"]:
            yield Wish(match.start(), match.end(), "seconds", str(int(match["mm"]) * 60 + int(match["ss"])))
        elif match["music"] or _ABOUT.search(text[max(0, match.start() - 16) : match.start()]):
            word = match["n"].casefold().split()[0]
            number = _NUMBERS[word] if word in _NUMBERS else float(word)
            yield Wish(match.start(), match.end(), "seconds", f"{number * (60 if match['unit'][0] in 'mM' else 1):g}")
    match = _LOOP.search(text)
    if match and not re.search(
        r"(?:stuck|trapped|caught|lost|living) (?:in|on) *$", text[max(0, match.start() - 16) : match.start()]
    ):
        yield Wish(match.start(), match.end(), "loop", "yes")


class _Names(NamedTuple):
    """Names as a pattern, what each means, and the words that one of them begins with: a text without any names none."""

    pattern: re.Pattern[str]
    ids: dict[str, str]
    openers: frozenset[str]

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """The places of names in a text."""
        none = self.openers.isdisjoint(_WORD.findall(text.casefold()))
        return iter(()) if none else self.pattern.finditer(text)


def _openers(names: Iterable[str]) -> frozenset[str]:
    """The first word of each name, alone and with the words behind it joined ("hiphop")."""
    return frozenset(
        "".join(words[: n + 1]) for name in names for words in [_WORD.findall(name)] for n in range(len(words))
    )


@lru_cache(maxsize=1)
def _player_words() -> _Names:
    words: dict[str, str] = {}
    for row in instruments().values():
        for word in (row.name.casefold(), row.id.replace("_", " "), *row.synonyms):
            words.setdefault(word.casefold(), row.id)
    for word in list(words):
        words.setdefault(word + "s", words[word])
    pattern = "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
    return _Names(re.compile(rf"\b(?:{pattern})\b", re.I), words, _openers(words))


def _players(text: str) -> Iterator[Wish]:
    names, words = _player_words(), _player_words().ids
    wanted: list[tuple[int, int, str]] = []
    unwanted: list[tuple[int, int, str]] = []
    alone, last_end, refusing = False, -1, False
    for match in names.found(text):
        if _NO_PLAYER.match(text, match.end()):
            continue
        before = text[max(0, match.start() - 24) : match.start()].rstrip()
        between = text[last_end : match.start()] if 0 <= last_end >= match.start() - 24 else "-"
        listed = (
            last_end >= 0
            and re.fullmatch(r"\s*(?:,|and|or|&|\+|/|nor)?\s*(?:a |an |the |some )?", between, re.I) is not None
        )
        refusal = re.search(_WITHOUT.pattern + r"(?: \w+)?$", before, re.I)
        refusing = (refusing and listed) or refusal is not None
        if refusing:
            role = match.group().casefold()
            start = match.start() - len(before) - 1 + refusal.start() if refusal else match.start()
            name = "drums" if words[role] == "drum_kit" else words[role]  # percussion, beats: whoever drums
            unwanted.append((max(0, start), match.end(), role if role in _ROLES else name))
        elif (
            (listed and wanted)
            or _WITH.search(before)
            or _SOLO_BEHIND.match(text[match.end() :])
            or _NOUN_BEHIND.match(text[match.end() :])
            or (not before and len(text) < 40)
        ):
            wanted.append((match.start(), match.end(), words[match.group().casefold()]))
            alone = alone or bool(_ALONE.search(before)) or bool(_SOLO_BEHIND.match(text[match.end() :]))
        else:
            continue
        last_end = match.end()
    if unwanted:
        yield _players_wish("without", unwanted)
    if wanted:
        yield _players_wish("instruments" if alone or len(wanted) > 2 else "including", wanted)


def _players_wish(field: str, players: list[tuple[int, int, str]]) -> Wish:
    value = ", ".join(dict.fromkeys(name for _, _, name in players))
    return Wish(players[0][0], players[-1][1], field, value, tuple((start, end) for start, end, _ in players))


@lru_cache(maxsize=1)
def _genre_words() -> _Names:
    words: dict[str, str] = {}
    for row in genres().values():
        for word in (row.name, row.id.replace("_", " "), *row.synonyms):
            words.setdefault(" ".join(word.casefold().replace("-", " ").split()), row.id)
    pattern = "|".join(re.escape(w).replace(r"\ ", "[ -]?") for w in sorted(words, key=lambda word: (-len(word), word)))
    return _Names(
        re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I),
        {word.replace(" ", ""): row for word, row in words.items()},
        _openers(words),
    )


def _genre(text: str) -> Iterator[Wish]:
    names = _genre_words()
    cradle: Wish | None = None
    for match in names.found(text):
        if not re.search(
            r"\b(?:no|not|without|hate|isn't|anything but|the)(?: a| any)? *$",
            text[max(0, match.start() - 18) : match.start()],
            re.I,
        ):
            word = match.group().casefold()
            if word in _PLAIN_WORDS and not re.match(
                rf"[ -](?:[a-z]+ )?{_MUSIC}", text[match.end() : match.end() + 24], re.I
            ):
                continue
            genre = names.ids[re.sub(r"[ -]", "", match.group().casefold())]
            if genre != "lullaby":
                yield Wish(match.start(), match.end(), "genre", genre)
            elif not re.search(
                r"\b(?:start|begin|open)\w* (?:as|like|with) (?:an? )?$",
                text[max(0, match.start() - 24) : match.start()],
                re.I,
            ):
                cradle = cradle or Wish(match.end(), match.end(), "genre", genre)  # a tender word too: it stays felt
    if cradle is not None:
        yield cradle  # after a style that is named, as a waltz
    waltz = _A_WALTZ.search(text)
    if waltz is not None:
        yield Wish(waltz.end(), waltz.end(), "genre", "waltz")  # after a style that is named: a jazz waltz is jazz
