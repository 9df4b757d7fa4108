"""Wishes of measure in plain words: tempo, key, meter and length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..theory import MODES
from .modifiers import ADVERBS, word_set
from .situations import words_of
from .tokens import folded
from .wish import MUSIC, Wish, behind, said

_REFUSED = re.compile(r"\b(?:no|not|without|nothing|never|anything but)(?: in)?(?: an?)? *$", re.I)
_OTHER = {"minor": "major", "major": "minor"}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20, "thirty": 30, "thirty-two": 32, "forty": 40, "forty-five": 45, "sixty": 60, "ninety": 90}  # fmt: skip
_LENGTHS = {"half": 0.5, "a": 1.0, **_NUMBERS}
_MODE = r"(?:harmonic minor|melodic minor|major|minor|maj|min|" + "|".join(MODES).replace("_", " ") + ")"
_BPM = re.compile(
    r"\b(?:(\d{2,3}) ?(?:-|–|to|and|or) ?)?(\d{2,3}(?:\.\d+)?)(?:[ -]?ish)? ?(?:bpm|beats per minute|beats a minute)\b|\b(?:tempo|bpm)(?: of| at|:| =)? ?(?:about |around |near )?(\d{2,3})\b",
    re.I,
)
# "at 92" and "a 120 beat" beside music: no slower, for ages and hours are told so too
_PACE = r"([4-9]\d|1\d\d|2[0-4]\d)"
AT_PACE = re.compile(rf" at (?:about |around )?{_PACE}(?= *(?:[,.;!)]|$|(?:and|with|in)\b))", re.I)
# a number and no word, or at the end of a style, where nobody is told of: "90, lofi", "dark techno 124", but not "my aunt, 98"
_PACE_ALONE = re.compile(rf"(?:^|[,;] *){_PACE}(?= *(?:[,;]|[.!]?$))")
_PACE_BEHIND = re.compile(rf" {_PACE}(?= *(?:[,;]|[.!]?$))")
_SOMEBODY = word_set("i i'm im my he she his her we our they you your age aged old turns turned who")
_PACE_BEAT = re.compile(rf"\ba {_PACE}[ -]beat\b", re.I)
_PACED = re.compile(rf"(?:\b(?<!this )(?<!that )(?<!the ){MUSIC}|\d/\d|\b(?:something|make it|major|minor)(?: (?:and )?(?![a-z]+ed\b)[a-z-]+){{0,2}})$", re.I)  # fmt: skip
# a noun behind "in A" or "in a minor" makes an article of the letter ("in A good mood", "in a minor crash"); these do not
_NOUN = r" +(?!(?:and|at|with|without|but|for|please|about|that|which|where|when|like|from|then|to|by|on)\b)[a-z]{2,}"
_SIGN = r"(?:[ -]?(?:sharp|flat)\b|[#b♯♭])"
_KEY = re.compile(
    rf"\b(?:(?:in|key of|key:?) +(?!(?-i:a) (?:major|minor)\b{_NOUN})([A-Ga-g]{_SIGN}?)[ -]+({_MODE})\b"
    rf"|(?:in|key of) +((?-i:[A-G])(?:{_SIGN}(?![\w'’#♯♭])|(?![\w'’#♯♭])(?!{_NOUN})))"
    rf"|((?-i:[A-G]){_SIGN}?)[ -]?({_MODE}|(?-i:m))\b|((?-i:[b-g]){_SIGN}?|(?-i:a){_SIGN})[ -](major|minor)\b)",
    re.I,
)
_MODE_ALONE = re.compile(rf"\b(?:in (?:a )?|a )?(major|minor)[ -](?:key|mode|scale|tonality)\b|\bin (major|minor)\b|\bin a (major|minor)\b(?!{_NOUN})|\b(dorian|phrygian|lydian|mixolydian|aeolian|locrian|ionian)\b|\b(harmonic minor|melodic minor)\b", re.I)  # fmt: skip
_METER = re.compile(r"\b(\d{1,2}) ?/ ?(2|4|8|16)\b(?! of\b)(?!/)")
_METER_SAID = re.compile(
    r"\b(?P<n>two|three|four|five|six|seven|eight|nine|eleven|twelve)[ -](?P<d>four|eight)(?: time| meter| feel)\b|\bin (?P<n2>five|six|seven|nine|eleven|twelve)[ -](?P<d2>four|eight)\b", re.I
)  # fmt: skip
_WALTZ = re.compile(r"\b(?:waltz|walz|wals|valse)(?:es)?\b|\bin three[- ]four\b", re.I)
_BARS = re.compile(r"\b(\d{1,3})[ -]?bars?\b(?! of (?:gold|chocolate|soap))", re.I)
_BARS_SAID = re.compile(r"(?:^|[,;(] ?|\ba )(four|eight|twelve|sixteen|thirty-two)[ -]bars?\b", re.I)
_LENGTH = re.compile(
    r"\b(?P<n>\d+(?:\.\d+)?|half a|" + "|".join(sorted(_LENGTHS, reverse=True)) + r")(?P<half> and a half)?(?: |-)?(?P<unit>seconds?|secs?|minutes?|mins?)\b(?P<half2> and a half\b)?"
    r"(?:,? (?:and )?(?P<more>\d{1,2})[ -]?sec(?:ond)?s?\b)?(?P<music>(?:[ -]+[a-z]+){0,2}?[ -]+"
    + MUSIC + r"\b)?(?P<told> (?:from|to|into|ago|later|left|after|before)\b)?|\b(?P<mm>\d{1,2}):(?P<ss>[0-5]\d)(?= (?:long|min))",
    re.I,
)  # fmt: skip
_SHORT, _SHORT_SECONDS = re.compile(r"\b(?:something|(?:make|keep) it) short\b|(?:^|[,;(] ?|\ban? )short(?:,? (?!of\b|on\b)[a-z-]+)?,? " + MUSIC + r"\b", re.I), "30"  # fmt: skip
_ABOUT = re.compile(
    r"(?:\babout|\baround|\blasts?|\blasting|\bmake it|\bexactly|\bbuild over|\blength|\blength of|\bunder|\b(?:song|music|piece|track|tune|score)(?: of)?|[,;.:(]|^) *(?:is|be|for)? *$",
    re.I,
)
_TEMPO_WORDS = {
    "very slow": 52, "very slower": 52, "slow": 64, "slower": 64, "largo": 48, "adagio": 66, "lento": 56,
    "andante": 84, "mid-tempo": 98, "midtempo": 98, "mid tempo": 98, "medium tempo": 98, "moderate tempo": 104, "moderato": 108,
    "allegro": 132, "vivace": 160, "presto": 180, "fast": 144, "faster": 144, "very fast": 168, "very faster": 168,
    "not too fast": 92, "not too slow": 104, "up-tempo": 136, "uptempo": 136, "up tempo": 136, "fast-paced": 148, "fast paced": 148, "slow tempo": 62, "fast tempo": 148,
}  # fmt: skip
# a text without any of these has no word of tempo, and looking for a word is quick
_TEMPO_HINTS = tuple(word for word in _TEMPO_WORDS if not any(part in word for part in _TEMPO_WORDS if part != word))
_BALLAD, _BALLAD_BPM = re.compile(r"\b(?<!than a )ballads?\b(?! of\b)", re.I), "72"
_TEMPO = re.compile(
    r"(?<!too )(?<!not )(?<!as )\b(?:(?P<very>" + "|".join(ADVERBS) + r") )?(?P<word>"
    + "|".join(sorted(_TEMPO_WORDS, key=len, reverse=True)) + r")\b(?! than\b)",
    re.I,
)  # fmt: skip
_PACE_BEFORE = re.compile(rf"\b(?<!too )(?<!not )(?<!then )(?:({'|'.join(ADVERBS)}) )?(slow|fast),? $", re.I)
# "slow" and "fast" speak of the music only beside a word of music, or where they stand among plain adjectives
_TEMPO_AFTER = re.compile(
    r"^(?:[ ,]+(?:and|but|yet|[a-z-]+)){0,2}[ ,]+"
    + MUSIC
    + r"\b|^ *(?:[,.;!]|$|and\b|but\b|in [A-G]\b|with\b|for\b|please\b|\d)",
    re.I,
)
_TEMPO_BEFORE = re.compile(r"(?:\b(?:something|anything|make it|keep it|play it|tempo|be|is|music|song)(?: (?:really|very|nice and|quite))?|[,;.(]|^(?:a|an)?|\band) *$", re.I)  # fmt: skip


def tempo_wishes(text: str) -> Iterator[Wish]:
    """How fast: beats a minute, and words of tempo beside music."""
    for match in _BPM.finditer(text):
        numbers = [float(number) for number in match.groups() if number]  # "80 to 90 bpm" is 85
        yield said(match, "bpm", f"{sum(numbers) / len(numbers):g}")
    low = folded(text)
    for match in AT_PACE.finditer(text) if " at " in low else ():
        if _PACED.search(text, max(0, match.start() - 40), match.start()):
            yield said(match, "bpm", match[1])
    for match in _PACE_BEAT.finditer(text) if "beat" in low else ():
        yield said(match, "bpm", match[1])
    for match in _TEMPO.finditer(text) if any(word in low for word in _TEMPO_HINTS) else ():
        word = match["word"].casefold()
        plain = word.split()[-1] in ("slow", "fast", "slower", "faster")
        after, before = text[match.end() : match.end() + 48], text[max(0, match.start() - 32) : match.start()]
        if not plain or (_TEMPO_AFTER.search(after) and not re.match(r" (?:reveal|burn|down|build|motion|asleep)", after) and (_TEMPO_BEFORE.search(before) or re.match(r"(?:[ ,]+[a-z-]+){0,3}[ ,]+" + MUSIC, after, re.I))):  # fmt: skip
            yield said(match, "bpm", f"{_TEMPO_WORDS[f'very {word}' if match['very'] and plain else word]:g}")
    if (ballad := _BALLAD.search(text)) is not None:
        yield behind(ballad, "bpm", _BALLAD_BPM)  # after a tempo that is said, which holds


def pace_before(text: str, at: int) -> Wish | None:
    """How fast the style or piece is to be that is named at a place: "a very slow" there."""
    match = _PACE_BEFORE.search(text, max(0, at - 24), at)
    if match is None:
        return None
    return said(match, "bpm", f"{_TEMPO_WORDS[f'very {match[2]}'.casefold() if match[1] else match[2].casefold()]:g}")


def bare_pace(text: str, styled: int | None) -> Wish | None:
    """The tempo that is a number alone in a brief of music, or behind the name of a style that ends at `styled`."""
    match = _PACE_ALONE.search(text) or (None if styled is None else _PACE_BEHIND.match(text, styled))
    if match is None or not words_of("kin").union(_SOMEBODY).isdisjoint(re.findall(r"[\w']+", folded(text))):
        return None
    return Wish(*match.span(1), "bpm", match[1])


def tonality_wishes(text: str) -> Iterator[Wish]:
    """Which key and mode."""
    keys = [*_KEY.finditer(text)]
    for match in keys:
        pairs = ((match[1], match[2]), (match[3], ""), (match[4], match[5]), (match[6], match[7]))
        tonic, mode = next((a, b) for a, b in pairs if a)
        yield said(match, "key", f"{_tonic(tonic)} {_mode(mode)}".strip())
    if not keys:
        for match in _MODE_ALONE.finditer(text):
            mode = next(g for g in match.groups() if g).casefold()
            refusal = refused(text, match)
            if refusal is None:
                yield said(match, "mode", mode)
            elif mode in _OTHER:
                yield Wish(refusal.start(), match.end(), "mode", _OTHER[mode])


def refused(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The words before a match that say it is not wanted."""
    return _REFUSED.search(text, max(0, match.start() - 24), match.start())


def _tonic(written: str) -> str:
    word = re.sub("[ -]", "", written.casefold())
    for sign, names in ("#", "sharp|♯"), ("b", "flat|♭"):
        word = re.sub(names, sign, word)
    return word[0].upper() + word[1:]


def _mode(written: str | None) -> str:
    return {"m": "minor", "maj": "major", "min": "minor"}.get(written or "", (written or "").casefold())


def time_wishes(text: str) -> Iterator[Wish]:
    """Which meter, and how long."""
    for match in _METER.finditer(text):
        yield said(match, "meter", f"{match[1]}/{match[2]}")
    low = folded(text)
    for match in _METER_SAID.finditer(text) if "four" in low or "eight" in low else ():
        beats, unit = (_NUMBERS[(match[name] or match[f"{name}2"]).casefold()] for name in "nd")
        yield said(match, "meter", f"{beats}/{unit}")
    for match in _WALTZ.finditer(text):
        if not refused(text, match):
            yield behind(match, "meter", "3/4")
    for match in _BARS.finditer(text):
        yield said(match, "bars", match[1])
    for match in _BARS_SAID.finditer(text) if "bar" in low else ():
        yield Wish(match.start(1), match.end(), "bars", str(_NUMBERS[match[1].casefold()]))
    for match in _LENGTH.finditer(text) if any(unit in low for unit in ("sec", "min", ":")) else ():
        if match["mm"]:
            yield said(match, "seconds", str(int(match["mm"]) * 60 + int(match["ss"])))
        elif match["music"] or (not match["told"] and _ABOUT.search(text[max(0, match.start() - 16) : match.start()])):
            word = match["n"].casefold().split()[0]
            number = (_LENGTHS[word] if word in _LENGTHS else float(word)) + 0.5 * bool(match["half"] or match["half2"])
            seconds = number * (60 if match["unit"][0] in "mM" else 1) + int(match["more"] or 0)
            yield said(match, "seconds", f"{seconds:g}")
    if "short" in low and (short := _SHORT.search(text)) is not None:
        yield behind(short, "seconds", _SHORT_SECONDS)  # after a length that is said
