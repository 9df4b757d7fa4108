"""Wishes of measure in plain words: tempo, key, meter and length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tables.sought import folded
from ..tables.words import LENGTHS, NUMBERS, SOLFA, TEMPO_WORDS, numbered, pattern_of
from .modifiers import ADVERBS, word_set
from .situations import words_of
from .wish import Wish, behind, said

_OTHER = {"minor": "major", "major": "minor"}
_SOMEBODY = word_set("i i'm im my he she his her we our they you your age aged old turns turned who")
_SHORT_SECONDS = "30"
# a text without any of these has no word of tempo, and looking for a word is quick
_HINTS = tuple(word for word in TEMPO_WORDS if not any(part in word for part in TEMPO_WORDS if part != word))
_BALLAD_BPM = "72"
_ADVERB = "|".join(ADVERBS)


def tempo_wishes(text: str) -> Iterator[Wish]:
    """How fast: beats a minute, and words of tempo beside music."""
    for match in pattern_of("bpm").finditer(text) if numbered(text) else ():
        numbers = [float(number) for number in match.groups() if number]  # "80 to 90 bpm" is 85
        yield said(match, "bpm", f"{sum(numbers) / len(numbers):g}")
    low = folded(text)
    for match in pattern_of("at_pace").finditer(text) if " at " in low else ():
        if pattern_of("paced").search(text, max(0, match.start() - 40), match.start()):
            yield said(match, "bpm", match[1])
    for match in pattern_of("pace_beat").finditer(text) if "beat" in low else ():
        yield said(match, "bpm", match[1])
    for match in pattern_of("tempo_word", adverb=_ADVERB).finditer(text) if any(word in low for word in _HINTS) else ():
        word = match["word"].casefold()
        plain = word.split()[-1] in ("slow", "fast", "slower", "faster")
        after, before = text[match.end() : match.end() + 48], text[max(0, match.start() - 32) : match.start()]
        if not plain or (pattern_of("tempo_after").search(after) and not pattern_of("no_tempo").match(after) and (pattern_of("tempo_before").search(before) or pattern_of("before_music").match(after))):  # fmt: skip
            yield said(match, "bpm", f"{TEMPO_WORDS[f'very {word}' if match['very'] and plain else word]:g}")
    if (ballad := pattern_of("ballad").search(text)) is not None:
        yield behind(ballad, "bpm", _BALLAD_BPM)  # after a tempo that is said, which holds


def pace_before(text: str, at: int) -> Wish | None:
    """How fast the style or piece is to be that is named at a place: "a very slow" there."""
    match = pattern_of("pace_before", adverb=_ADVERB).search(text, max(0, at - 24), at)
    if match is None:
        return None
    return said(match, "bpm", f"{TEMPO_WORDS[f'very {match[2]}'.casefold() if match[1] else match[2].casefold()]:g}")


def bare_pace(text: str, styled: int | None) -> Wish | None:
    """The tempo that is a number alone in a brief of music, or behind the name of a style that ends at `styled`."""
    if not numbered(text):
        return None
    match = pattern_of("pace_alone").search(text) or (
        None if styled is None else pattern_of("pace_behind").match(text, styled)
    )
    if match is None:
        return None
    words = set(re.findall(r"[\w']+", folded(text)))
    return None if words & _SOMEBODY or words & words_of("kin") else Wish(*match.span(1), "bpm", match[1])


def bars_each(text: str) -> Wish | None:
    """How long each section is to be, as bars."""
    match = pattern_of("bars_each").search(text) if " each" in text else None
    return match and said(match, "bars", match[1])


def tonality_wishes(text: str) -> Iterator[Wish]:
    """Which key and mode."""
    keys = [*pattern_of("keys").finditer(text)]
    for match in keys:
        pairs = ((match[1], match[2]), (match[3], ""), (match[4], match[5]), (match[6], match[7]))
        tonic, mode = next((a, b) for a, b in pairs if a)
        yield said(match, "key", f"{_tonic(tonic)} {_mode(mode)}".strip())
    low = folded(text)
    tonal = "minor" in low or "major" in low
    for match in pattern_of("sung").finditer(text) if tonal else ():
        keys.append(match)
        yield said(match, "key", f"{_tonic(SOLFA[match[1].casefold()] + (match[2] or ''))} {match[3].casefold()}")
    for match in pattern_of("signed_alone").finditer(text):
        yield Wish(*match.span(1), "key", _tonic(match[1]))
    if not keys:
        for match in (
            *pattern_of("mode_alone").finditer(text),
            *(pattern_of("mode_item").finditer(text) if tonal else ()),
        ):
            mode = next(g for g in match.groups() if g).casefold()
            refusal = refused(text, match)
            if refusal is None:
                yield said(match, "mode", mode)
            elif mode in _OTHER:
                yield Wish(refusal.start(), match.end(), "mode", _OTHER[mode])


def refused(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The words before a match that say it is not wanted."""
    return pattern_of("refused").search(text, max(0, match.start() - 24), match.start())


def _tonic(written: str) -> str:
    word = re.sub("[ -]", "", written.casefold())
    for sign, names in ("#", "sharp|♯"), ("b", "flat|♭"):
        word = re.sub(names, sign, word)
    return word[0].upper() + word[1:]


def _mode(written: str | None) -> str:
    return {"m": "minor", "maj": "major", "min": "minor"}.get(written or "", (written or "").casefold())


def time_wishes(text: str) -> Iterator[Wish]:
    """Which meter, and how long."""
    digits = numbered(text)
    for match in pattern_of("meter").finditer(text) if digits else ():
        yield said(match, "meter", f"{match[1]}/{match[2]}")
    low = folded(text)
    for match in pattern_of("meter_said").finditer(text) if "four" in low or "eight" in low else ():
        beats, unit = (NUMBERS[(match[name] or match[f"{name}2"]).casefold()] for name in "nd")
        yield said(match, "meter", f"{beats}/{unit}")
    for match in pattern_of("waltz").finditer(text):
        if not refused(text, match):
            yield behind(match, "meter", "3/4")
    for match in pattern_of("bar_count").finditer(text) if digits else ():
        if not pattern_of("bars_each").match(text, match.start()):
            yield said(match, "bars", match[1])
    for match in pattern_of("bars_said").finditer(text) if "bar" in low else ():
        yield Wish(match.start(1), match.end(), "bars", str(NUMBERS[match[1].casefold()]))
    for match in pattern_of("clock").finditer(text) if ":" in low else ():
        yield said(
            match,
            "seconds",
            str(int(match["m"] or match["m2"] or 0) * 60 + int(match["s"] or match["s2"] or match["s3"])),
        )
    for match in (
        pattern_of("length").finditer(text)
        if "sec" in low or "min" in low or (digits and pattern_of("timed").search(low))
        else ()
    ):
        if pattern_of("decade").fullmatch(match.group()) and not text.endswith("over ", 0, match.start()):
            continue
        if match["music"] or (
            not match["told"] and pattern_of("about").search(text[max(0, match.start() - 48) : match.start()])
        ):
            word = match["n"].casefold().split()[0]
            number = (LENGTHS[word] if word in LENGTHS else float(word)) + 0.5 * bool(match["half"] or match["half2"])
            seconds = number * (60 if match["unit"][0] in "mM" else 1) + int(match["more"] or 0)
            yield said(match, "seconds", f"{seconds:g}")
    if "short" in low and (short := pattern_of("short").search(text)) is not None:
        yield behind(short, "seconds", _SHORT_SECONDS)  # after a length that is said
