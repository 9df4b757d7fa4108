"""Wishes of moments in plain words: "hit at 0:45 when the door opens", "the drop lands at 1:10", "0:20 she smiles"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tables.words import numbered, pattern_of
from .wish import Wish

_REACH = 64  # characters before a moment that may say what it is


def hit_wishes(text: str) -> Iterator[Wish]:
    """Which moments the music is to meet."""
    if not numbered(text):
        return
    found: list[tuple[tuple[int, int], str]] = []
    listing = False
    times = [*pattern_of("moment_time").finditer(text)]
    for time in times:
        before = text[max(0, time.start() - _REACH) : time.start()]
        if (named := pattern_of("moment_named").search(before)) is not None:
            label = named["of"] or re.sub(r"s?(?: points?)?$", "", named["what"].casefold())
        elif found and pattern_of("moment_listed").fullmatch(text, found[-1][0][1], time.start()):
            label = "hit"
        elif (listing or time["minutes"] == "0") and pattern_of("moment_cue").search(before):
            scene = pattern_of("moment_scene").match(text, time.end())
            if len(times) == 1 and pattern_of("ends").match(text, time.end()) and not before.endswith("at "):
                continue  # "cue 3, 0:42, suspense" is so long
            listing = True
            label = scene[1] if scene else "hit"
        elif time["minutes"] == "0" and (happens := pattern_of("moment_happens").search(before)) is not None:
            label = happens[1]
        else:
            continue
        when = pattern_of("moment_when").match(text, time.end())
        found.append((time.span(), f"{_moment(time)}={when[1] if when else label}"))
    if found:
        places = tuple(place for place, _ in found)
        yield Wish(places[0][0], places[-1][1], "hits", ", ".join(value for _, value in found), places)


def _moment(time: re.Match[str]) -> str:
    return time["bar"] or time["plain"] or f"{time['minutes']}:{time['seconds']}"
