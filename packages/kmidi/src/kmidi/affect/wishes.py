"""Musical wishes in plain words: "slow waltz in D minor, no drums" sets what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..errors import IntentError
from ..intent import Affect, HitPoint, Intent
from ..tables.rows import genres
from .rule_names import rules_named
from .wish import Wish
from .wish_form import form_wishes
from .wish_hits import hit_wishes
from .wish_measures import bare_pace, bars_each, pace_before, tempo_wishes, time_wishes, tonality_wishes
from .wish_players import genre_wishes, players_wishes
from .wish_said import said_wishes

BEARS = (
    0.25  # how far beyond its own tempos a style is still itself: a slow tango is slower than tangos, not half as fast
)

_SPEED = re.compile(r"\b(?:slow|quick|fast)(?:er|ly)?\b", re.I)


def find_wishes(text: str) -> list[Wish]:
    """The wishes in a text, by place; of two for one field the plainer holds (a number before a word), then the first."""
    kept: dict[str, Wish] = {}
    measures = [*tempo_wishes(text), *tonality_wishes(text), *time_wishes(text)]
    course = [*form_wishes(text), *hit_wishes(text), *said_wishes(text)]
    brief = any(wish.start < wish.end for wish in measures + course)
    players = [*players_wishes(text, brief=brief)]
    styles = genre_wishes(text, brief=brief or bool(players) or bare_pace(text, None) is not None)
    for wish in (*measures, *players, *styles, *course):
        kept.setdefault(wish.field, wish)
    if (bars := bars_each(text)) is not None and (form := kept.get("form")) is not None:
        kept["bars"] = replace(bars, value=str(int(bars.value) * len(form.value.split())))
    genre = kept.get("genre")
    if genre and (pace := kept.get("bpm") or pace_before(text, genre.start)):
        kept["bpm"] = _in_style(text, pace, genre)
    if (
        (kept or _SPEED.search(text))
        and not _counted(text, kept.get("bpm"))
        and (pace := bare_pace(text, genre and genre.end))
    ):
        kept["bpm"] = pace
    rules = rules_named(text, wishing=bool(kept))
    if rules is not None:
        places, ids = rules
        kept["rule_breaks"] = Wish(places[0][0], places[-1][1], "rule_breaks", ", ".join(ids), tuple(places))
    return sorted(kept.values(), key=lambda wish: wish.start)


def _in_style(text: str, pace: Wish, genre: Wish) -> Wish:
    """A word of tempo as it is meant of a style; a number is meant as it is."""
    if genre.value not in genres() or _counted(text, pace):
        return pace
    slowest, quickest = genres()[genre.value].bpm
    bpm = min(max(float(pace.value), (1 - BEARS) * slowest), (1 + BEARS) * quickest)
    return replace(pace, value=f"{bpm:g}")


def _counted(text: str, pace: Wish | None) -> bool:
    """True for a tempo that is said as a number."""
    return pace is not None and any(sign.isdigit() for sign in text[pace.start : pace.end])


def wished(intent: Intent, affect: Affect) -> Intent:
    """The Intent with its unset fields filled from the wishes in the words; what is set always wins.

    IntentError as for any Intent.
    """
    unset = {f: value for f, value in affect.wishes if getattr(intent, f) in (None, ()) or getattr(intent, f) is False}
    if intent.rule_breaks is not None:  # "none" is set too
        unset.pop("rule_breaks", None)
    if intent.mode is not None and "key" in unset:
        unset["key"] = unset["key"].split()[0]
    if intent.key is not None and "mode" in unset and intent.mode is not None:
        del unset["mode"]
    if any(value is not None for value in (intent.bars, intent.seconds, intent.sections)):
        unset.pop("bars", None)
        unset.pop("seconds", None)
    if intent.sections is not None:
        unset.pop("form", None)
    return replace(intent, **{field: typed(field, value) for field, value in unset.items()})


def typed(field: str, value: str) -> Any:
    """A wish's text as the type of its Intent field."""
    if field in ("bpm", "seconds"):
        return float(value)
    if field in ("bars", "rise"):
        return int(value)
    if field in ("instruments", "without", "including", "rule_breaks"):
        return tuple(value.split(", ")) if value else ()
    if field == "hits":
        return tuple(map(HitPoint.parse, value.split(", ")))
    return True if field == "loop" else value


def legal(wish: Wish) -> str | None:
    """Why a wish can't be met, None where it can."""
    try:
        Intent(**{wish.field: typed(wish.field, wish.value)})
    except IntentError as error:
        return str(error)
    return None
