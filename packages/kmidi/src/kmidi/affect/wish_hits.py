"""Wishes of moments in plain words: "hit at 0:45 when the door opens", "the drop lands at 1:10", "0:20 she smiles"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .wish import Wish

_DAYTIME = r"[ap]\.?m\b|o'clock|in the (?:morning|night|afternoon|evening)"
_STRETCH = r"(?:-|–|to|until) ?\d|long\b|min"
_TIME = re.compile(
    r"(?<![\d:.,])(?<!\d[-–])(?<!\d to )"
    r"(?:(?P<minutes>\d{1,2}):(?P<seconds>[0-5]\d(?:\.\d{1,3})?)|(?P<plain>\d{1,3}(?:\.\d{1,3})?) ?(?:seconds?|secs?|s)\b(?: in\b)?)"
    rf"(?![:\d])(?! ?(?:{_DAYTIME}|{_STRETCH}))|(?P<bar>bar \d{{1,3}})\b",
    re.I,
)
# A thing of films and music, not what happened to somebody: "a hit at 1:10", but not "the truck hit at 1:10"
_WHAT = r"(?P<what>hits?(?: points?)?|stingers?|sting|accents?|(?:beat |bass )?drops?|impacts?|reveal|jump ?scares?|climax|sync points?)"
_COMES = r"(?: (?:(?:should|must|needs to|has to) )?(?:be|is|lands?|comes?(?: in)?|happens?|falls?|hits?))?(?: exactly| right)?"
_NAMED = re.compile(
    r"(?:^|[,.;:(!\n] ?|\b(?:an?|the|one|two|three|with|and|then|big|hard|huge|final|first|last|want|need) )"
    rf"{_WHAT}(?: (?:on |for )?the (?P<of>[a-z]+(?: [a-z]+)?))?{_COMES} ?(?:at|on|@|:) ?(?:exactly |about |around )?$",
    re.I,
)
_LISTED = re.compile(r" ?(?:,|and|&|, and)(?: at)? ", re.I)
_WHEN = re.compile(r" (?:when|as|where) ([^,.;:!?\n]{2,40})")
# A list of cues: "0:20 she smiles", "at 0:20, the door opens". Clocks hardly ever say 0:20, and behind it follow later ones.
_CUE = re.compile(r"(?:^|[,.;:\n(] ?)(?:then |and )?(?:at )?$", re.I)
_SCENE = re.compile(r"(?:,|:| -| –)? ?([a-z][^,.;:!?\n]{2,40})", re.I)
_HAPPENS = re.compile(
    r"(?:^|[,.;:\n(] ?)(?!(?:i|we|my|our)\b)([a-z](?:(?!\b(?:i|we|my|me|us)\b)[^,.;:!?\n]){2,40}) (?:at|@) $", re.I
)
_REACH = 64  # characters before a moment that may say what it is


def hit_wishes(text: str) -> Iterator[Wish]:
    """Which moments the music is to meet."""
    found: list[tuple[tuple[int, int], str]] = []
    listing = False
    for time in _TIME.finditer(text):
        before = text[max(0, time.start() - _REACH) : time.start()]
        if (named := _NAMED.search(before)) is not None:
            label = named["of"] or re.sub(r"s?(?: points?)?$", "", named["what"].casefold())
        elif found and _LISTED.fullmatch(text, found[-1][0][1], time.start()):
            label = "hit"
        elif (listing or time["minutes"] == "0") and _CUE.search(before):
            listing = True
            scene = _SCENE.match(text, time.end())
            label = scene[1] if scene else "hit"
        elif time["minutes"] == "0" and (happens := _HAPPENS.search(before)) is not None:
            label = happens[1]
        else:
            continue
        when = _WHEN.match(text, time.end())
        found.append((time.span(), f"{_moment(time)}={when[1] if when else label}"))
    if found:
        places = tuple(place for place, _ in found)
        yield Wish(places[0][0], places[-1][1], "hits", ", ".join(value for _, value in found), places)


def _moment(time: re.Match[str]) -> str:
    return time["bar"] or time["plain"] or f"{time['minutes']}:{time['seconds']}"
