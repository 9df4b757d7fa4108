"""Wishes of sound in plain words: who plays and who does not, and in which style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ..tables.rows import genres, instruments
from .tokens import folded
from .vocabulary import emotion_of
from .wish import MUSIC, Wish, behind, said
from .wish_measures import AT_PACE, refused

_A_WALTZ = re.compile(r"\b(?=[wv]al)(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )(?<!\bto )(?<!let's )\b(?:waltz|walz|wals|valse)(?:es)?\b", re.I)  # fmt: skip
_WITHOUT = re.compile(
    r"\b(?:no|without(?: any)?|minus(?: the)?|skip the|(?:drop|ditch|cut) the|leave out(?: the)?|don'?t want(?: any)?|not any|zero|(?:any|every)thing (?:but|except)|except(?: for)?|i (?:really )?(?:hate|dislike|don'?t like|can'?t stand))\b(?: the| an?\b)?",
    re.I,
)
_WITH = re.compile(r"\b(?:(?:with(?: only| just)?|featuring|plus|add(?: some)?|for|played (?:on|by)|on|just|only|solo|using|use|me and my)(?: the)?|and|,|:|&|a|an|some|lots of|soft|gentle|big|lonely|single|acoustic|a ?cappella)$", re.I)  # fmt: skip
_ALONE = re.compile(
    r"\b(?:just|only|solo|nothing but|played on|for|me and|a ?cappella)(?: a| an| the| some| my)?(?: soft| gentle| lonely| single| acoustic)?$",
    re.I,
)
_NOUN_BEHIND = re.compile(r"^[ -](?:thing|vibes?|songs?|pieces?|tunes?|ballads?|melod(?:y|ies)|riffs?|lines?|loops?|tracks?|music|instrumentals?|parts?|arpeggios?|chords|intro|outro)\b", re.I)  # fmt: skip
_NO_PLAYER = re.compile(r"[ -](?:drops?|heavy|boosted|notes?)\b", re.I)  # "a bass drop", "bass heavy" name no player
_DRUM_AND_BASS = re.compile(r"\bdrum (?:and|&|n)$", re.I)
_SOLO_BEHIND = re.compile(r"^ (?:solo|only|alone|duo|duet|trio)\b", re.I)
_FOR_NOW = re.compile(
    r" (?:un)?til\b| before\b| (?:in|for|during) the (?:verses?|intro|beginning|start|first)\b", re.I
)  # "no drums until the chorus"
_KEPT_OUT = re.compile(r"\b(?:keep|leave)(?: the| any)?$", re.I)  # ... "out"
# a tune is missed elsewhere too, so it is refused where the words end with it
_LESS = re.compile(
    rf"\b(?P<less>drum|beat|percussion|bass|melody)(?:less|[ -]free)\b|(?:(?:^|[,;.(] ?|\b(?:with|and|but|or) )no|\b(?:{MUSIC}|piano|quartet) without(?: an?y?)?) (?P<tune>melody|chords)(?= *(?:[,.;!)]|$|(?:and|or|but|just|please)\b))",
    re.I,
)
_LESS_HINTS = ("less", "free", "no melody", "no chords", " without ")
_CHORDS_ALONE = re.compile(
    r"(?:^|[,;.(] ?|\b(?:with|and|but|want|make it|as) )(?P<said>(?:just|only|nothing but) (?:the |some )?(?P<them>(?:(?:chords|bass|drums)(?:, (?:and )?| and | & |\b))+)|chords only\b)(?= *(?:[,.;!)]|$|(?:for|in|at|please|under)\b))",
    re.I,
)
_WORD = re.compile(r"[^\W_]+")
_ROLES = ("drums", "bass", "melody", "pad", "chords")
# Names of genres that are plain words too: they name a genre only beside a word of music.
_PLAIN_WORDS = frozenset(["soul", "dance", "dreamy", "ethereal", "epic", "club", "house", "bedroom", "country", "rock", "trance", "film", "acoustic", "industrial", "alternative", "festival", "swing", "trio", "trap", "progressive", "ballroom", "piano", "ambient", "electronic", "goth", "folk", "orchestra", "pop", "punk", "rap", "dub", "latin", "blues", "metal", "funk", "gospel", "salsa", "disco", "celtic", "waltz", "quartet", "march", "hymn", "chorale", "psalm"])  # fmt: skip
# ... and of these, those that begin a list of wishes: "ambient, peaceful"
_ALONE_TOO = frozenset(["acoustic", "ambient", "blues", "celtic", "disco", "electronic", "folk", "funk", "gospel", "industrial", "metal", "punk"])  # fmt: skip


_OF_MUSIC = re.compile(rf"[ -](?:[a-z]+ )?{MUSIC}| in (?-i:[A-G])\b", re.I)


class Names(NamedTuple):
    """Names as a pattern, what each means, and the words that one of them begins with: a text without any names none."""

    pattern: re.Pattern[str]
    ids: dict[str, str]
    openers: frozenset[str]

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """The places of names in a text."""
        return iter(()) if self.openers.isdisjoint(_words_of(text)) else self.pattern.finditer(text)


@lru_cache(maxsize=1)
def _words_of(text: str) -> list[str]:
    """The words of a text: each kind of names is looked for in it."""
    return _WORD.findall(text.casefold())


def openers_of(names: Iterable[str]) -> frozenset[str]:
    """The first word of each name, alone and with the words behind it joined ("hiphop")."""
    return frozenset(
        "".join(words[: n + 1]) for name in names for words in [_WORD.findall(name)] for n in range(len(words))
    )


@lru_cache(maxsize=1)
def _player_words() -> Names:
    words: dict[str, str] = {}
    for row in instruments().values():
        for word in (row.name.casefold(), row.id.replace("_", " "), *row.synonyms):
            words.setdefault(word.casefold(), row.id)
        for word in row.near:  # as it is said: the plan tells that it is none of the instruments
            words[word] = word
    for word in list(words):
        words.setdefault(word + "s", words[word])
    words["bass"] = "bass"  # whoever has it in the style
    pattern = "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
    return Names(re.compile(rf"\b(?:{pattern})\b", re.I), words, openers_of(words))


@lru_cache(maxsize=1)
def _players_first() -> re.Pattern[str]:
    """A text that begins with the names of two players or more and goes on with something else: "flute and harp, calm"."""
    name = rf"(?:an? )?(?:{_player_words().pattern.pattern})"
    return re.compile(rf"{name}(?:(?:,? (?:and|&)|,) {name})+(?=\s*(?:[,;:.!(]|$))", re.I)


def players_wishes(text: str) -> Iterator[Wish]:
    """Who is to play, who not, and who alone."""
    names, words = _player_words(), _player_words().ids
    wanted: list[tuple[int, int, str]] = []
    unwanted: list[tuple[int, int, str]] = []
    alone, last_end, refusing = False, -1, False
    first = _players_first().match(text)
    begins = 0 if first is None else first.end()
    for match in names.found(text):
        if match.start() < begins:
            wanted.append((match.start(), match.end(), words[match.group().casefold()]))
            alone, last_end = True, match.end()
            continue
        if _NO_PLAYER.match(text, match.end()):
            continue
        before = text[max(0, match.start() - 24) : match.start()].rstrip()
        if _DRUM_AND_BASS.search(before) and match.group().casefold() == "bass":
            continue  # a style
        between = text[last_end : match.start()] if 0 <= last_end >= match.start() - 24 else "-"
        listed = (
            last_end >= 0
            and re.fullmatch(r"\s*(?:,|and|or|&|\+|/|nor)?\s*(?:a |an |the |some )?", between, re.I) is not None
        )
        refusal = re.search(_WITHOUT.pattern + r"(?: \w+)?$", before, re.I) or (
            _KEPT_OUT.search(before) if text.startswith(" out", match.end()) else None
        )
        refusing = (refusing and listed) or refusal is not None
        if refusing:
            role = match.group().casefold()
            if (role not in _ROLES and words[role] not in instruments()) or _FOR_NOW.match(text, match.end()):
                last_end = match.end()
                continue  # left out already, or not for good
            start = match.start() - len(before) - 1 + refusal.start() if refusal else match.start()
            name = "drums" if words[role] == "drum_kit" else words[role]  # percussion, beats: whoever drums
            unwanted.append((max(0, start), match.end(), role if role in _ROLES else name))
        elif (
            (listed and wanted)
            or _WITH.search(before)
            or _SOLO_BEHIND.match(text[match.end() :])
            or (emotion_of(before.rpartition(" ")[2]) and match.group().casefold() not in ("voices", "vibes"))
            or _NOUN_BEHIND.match(text[match.end() :])
            or (not before and len(text) < 40)
        ):
            wanted.append((match.start(), match.end(), words[match.group().casefold()]))
            alone = alone or bool(_ALONE.search(before)) or bool(_SOLO_BEHIND.match(text[match.end() :]))
        else:
            continue
        last_end = match.end()
    low = folded(text)
    for match in _LESS.finditer(text) if any(word in low for word in _LESS_HINTS) else ():
        name = (match["less"] or match["tune"]).casefold()
        unwanted.append((match.start(), match.end(), name if name in _ROLES else "drums"))
    for match in _CHORDS_ALONE.finditer(text) if "chords" in low else ():
        kept = (match["them"] or "").casefold()
        unwanted += [(*match.span("said"), role) for role in ("melody", "bass", "drums") if role not in kept]
    if unwanted:
        unwanted.sort()
        yield _players_wish("without", unwanted)
    if wanted:
        yield _players_wish("instruments" if alone or len(wanted) > 2 else "including", wanted)


def _players_wish(field: str, players: list[tuple[int, int, str]]) -> Wish:
    value = ", ".join(dict.fromkeys(name for _, _, name in players))
    return Wish(players[0][0], players[-1][1], field, value, tuple((start, end) for start, end, _ in players))


@lru_cache(maxsize=1)
def _genre_words() -> Names:
    words: dict[str, str] = {}
    for row in genres().values():
        for word in (row.name, row.id.replace("_", " "), *row.synonyms):
            words.setdefault(" ".join(word.casefold().replace("-", " ").split()), row.id)
    for row in genres().values():
        for word in (*row.near, *row.scenes):  # as it is said: the plan tells that it is none of the genres
            words.setdefault(word, word)
    pattern = "|".join(re.escape(w).replace(r"\ ", "[ -]?") for w in sorted(words, key=lambda word: (-len(word), word)))
    return Names(
        re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I),
        {word.replace(" ", ""): row for word, row in words.items()},
        openers_of(words),
    )


def genre_wishes(text: str) -> Iterator[Wish]:
    """In which style."""
    names = _genre_words()
    cradle: Wish | None = None
    for match in names.found(text):
        if not re.search(
            r"\b(?:no|not|without|hate|isn't|anything but|far from|(?<!for )the|danc(?:e|ed|es|ing)|learn(?:ed|t|ing)?)(?: a| any)? *$",
            text[max(0, match.start() - 18) : match.start()],
            re.I,
        ) and not re.match(r" *\? *no\b", text[match.end() : match.end() + 8], re.I):
            word = match.group().casefold()
            after = text[match.end() : match.end() + 24]
            genre = names.ids[re.sub(r"[ -]", "", word)]
            scene = any(genre in row.scenes for row in genres().values())
            alone = (scene and not after) or (after[:1] == "," and (scene or word in _ALONE_TOO))
            heading = alone and not match.start()
            measured = (
                text[: match.start()].casefold().endswith(("-bar ", " bar ", "bpm "))
            )  # "a 12-bar blues", "128 bpm house"
            plain = word in _PLAIN_WORDS or (scene and genre.isalpha())
            if plain and not (heading or measured) and not _OF_MUSIC.match(after):
                continue
            if (genre not in genres() or genre == "tango") and text[: match.start()].casefold().endswith(" to "):
                continue  # "it takes two to tango"
            if (paced := AT_PACE.match(text, match.end())) is not None:
                yield said(paced, "bpm", paced[1])
            if genre != "lullaby" and not scene:
                yield said(match, "genre", genre)
            elif not re.search(
                r"\b(?:start|begin|open)\w* (?:as|like|with) (?:an? )?$",
                text[max(0, match.start() - 24) : match.start()],
                re.I,
            ):
                cradle = cradle or behind(match, "genre", genre)  # a tender word too, as a scene: it stays felt
    if cradle is not None:
        yield cradle  # after a style that is named, as a waltz
    waltz = _A_WALTZ.search(text)
    if waltz is not None and not refused(text, waltz):
        yield behind(waltz, "genre", "waltz")  # after a style that is named: a jazz waltz is jazz
