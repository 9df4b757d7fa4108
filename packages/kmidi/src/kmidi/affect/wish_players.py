"""Wishes of sound in plain words: who plays and who does not, and in which style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ..tables.rows import genres, instruments
from ..tables.sought import Sought, folded
from ..tables.words import pattern_of
from .vocabulary import emotion_of
from .wish import Wish, behind, said
from .wish_measures import refused

_LESS_HINTS = ("less", "free", "no melody", "no chords", "no rhythm", "no beat", " without ")
_WORD = re.compile(r"[^\W_]+")
_ROLES = ("drums", "bass", "melody", "pad", "chords")


class Names(NamedTuple):
    """Names as a pattern, what each means, and the words that one of them begins with: a text without any names none."""

    pattern: Sought
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
    return Names(Sought(rf"\b(?:{pattern})\b"), words, openers_of(words))


@lru_cache(maxsize=1)
def _players_first() -> re.Pattern[str]:
    """A text that begins with the names of two players or more and goes on with something else: "flute and harp, calm"."""
    name = rf"(?:an? )?(?:{_player_words().pattern.pattern})"
    return re.compile(rf"{name}(?:(?:,? (?:and|&)|,) {name})+(?=\s*(?:[,;:.!(]|$))", re.I)


def players_wishes(text: str, *, brief: bool) -> Iterator[Wish]:
    """Who is to play, who not, and who alone. `brief`: among other wishes, where "low strings" by itself is one too."""
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
        if pattern_of("no_player").match(text, match.end()):
            continue
        before = text[max(0, match.start() - 24) : match.start()].rstrip()
        if pattern_of("drum_and_bass").search(before) and match.group().casefold() == "bass":
            continue  # a style
        between = text[last_end : match.start()] if 0 <= last_end >= match.start() - 24 else "-"
        listed = (
            last_end >= 0
            and re.fullmatch(r"\s*(?:,|and|or|&|\+|/|nor|then)?\s*(?:a |an |the |some )?", between, re.I) is not None
        )
        refusal = re.search(pattern_of("player_without").pattern + r"(?: \w+)?$", before, re.I) or (
            pattern_of("kept_out").search(before) if text.startswith(" out", match.end()) else None
        )
        refusing = (refusing and listed) or refusal is not None
        if refusing:
            role = match.group().casefold()
            if (role not in _ROLES and words[role] not in instruments()) or pattern_of("for_now").match(
                text, match.end()
            ):
                last_end = match.end()
                continue  # left out already, or not for good
            start = match.start() - len(before) - 1 + refusal.start() if refusal else match.start()
            name = "drums" if words[role] == "drum_kit" else words[role]  # percussion, beats: whoever drums
            unwanted.append((max(0, start), match.end(), role if role in _ROLES else name))
        elif (
            (listed and wanted)
            or pattern_of("player_with").search(before)
            or pattern_of("solo_behind").match(text[match.end() :])
            or (emotion_of(before.rpartition(" ")[2]) and match.group().casefold() not in ("voices", "vibes"))
            or pattern_of("noun_behind").match(text[match.end() :])
            or (brief and pattern_of("described").search(before) and pattern_of("ends").match(text, match.end()))
            or (not before and len(text) < 40)
        ):
            wanted.append((match.start(), match.end(), words[match.group().casefold()]))
            alone = (
                alone
                or bool(pattern_of("player_alone").search(before))
                or bool(pattern_of("solo_behind").match(text[match.end() :]))
            )
        else:
            continue
        last_end = match.end()
    low = folded(text)
    for match in pattern_of("less").finditer(text) if any(word in low for word in _LESS_HINTS) else ():
        name = (match["less"] or match["tune"]).casefold()
        unwanted.append((match.start(), match.end(), name if name in _ROLES else "drums"))
    for match in pattern_of("chords_alone").finditer(text) if "chords" in low else ():
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
        Sought(rf"(?<![\w-])(?:{pattern})(?![\w-])"),
        {word.replace(" ", ""): row for word, row in words.items()},
        openers_of(words),
    )


def genre_wishes(text: str, *, brief: bool) -> Iterator[Wish]:
    """In which style. `brief`: among other wishes, where "blues" by itself is one too."""
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
            alone = (scene and not after) or (
                after[:1] in (",", ":") and (scene or pattern_of("heading_style").fullmatch(word))
            )
            heading = alone and not match.start()
            measured = (
                text[: match.start()].casefold().endswith(("-bar ", " bar ", "bpm "))
            )  # "a 12-bar blues", "128 bpm house"
            before = text[max(0, match.start() - 16) : match.start()]
            item = (
                pattern_of("item_style").fullmatch(word)
                and (pattern_of("slow_blues").search(before) or (brief and pattern_of("item_begins").search(before)))
                and pattern_of("ends").match(text, match.end())
            )
            plain = pattern_of("plain_style").fullmatch(word) or (scene and genre.isalpha())
            if plain and not (heading or measured or item) and not pattern_of("style_of_music").match(after):
                continue
            if (genre not in genres() or genre == "tango") and text[: match.start()].casefold().endswith(" to "):
                continue  # "it takes two to tango"
            if (paced := pattern_of("at_pace").match(text, match.end())) is not None:
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
    waltz = pattern_of("a_waltz").search(text)
    if waltz is not None and not refused(text, waltz):
        yield behind(waltz, "genre", "waltz")  # after a style that is named: a jazz waltz is jazz
