"""Rules to break that a text names: "with a tritone substitution", "a song that never resolves", "no parallel fifths"."""

from __future__ import annotations

import re
from functools import lru_cache

from ..tables.rule_rows import rule_breaks
from ..tables.sought import Sought
from ..tables.words import pattern_of
from .wish_players import Names, openers_of

_ALONE = re.compile(r"(?:^|,)(?: (?:and|but|it))? *$")  # ... or as a wish by itself among other wishes
_ENDS = re.compile(r" *(?:$|[,.;!])")


@lru_cache(maxsize=1)
def _names() -> tuple[Names, frozenset[str]]:
    """All names, and those that need a word of music; without apostrophes."""
    rows = rule_breaks().values()
    ids = {name: row.id for row in rows for name in (*row.said, *row.of_music)}
    longest = sorted(ids, key=lambda name: (-len(name), name))
    pattern = "|".join(re.escape(name).replace("'", "['’]?") for name in longest)
    bare = {_bare(name): row for name, row in ids.items()}
    found = Names(Sought(rf"\b({pattern})s?\b"), bare, openers_of([*ids, *(f"{name}s" for name in ids)]))
    return found, frozenset(_bare(n) for row in rows for n in row.of_music)


def _bare(name: str) -> str:
    return re.sub("['’]", "", name.casefold())


def rules_named(text: str, *, wishing: bool) -> tuple[list[tuple[int, int]], list[str]] | None:
    """Where a text names rules, and the ids of those that it does not refuse; None where it names none.

    `wishing`: other words wish for something, so that a name that stands alone is a wish too.
    """
    names, of_music = _names()
    places: list[tuple[int, int]] = []
    wanted: list[str] = []
    for match in names.found(text):
        name, before = _bare(match[1]), text[max(0, match.start() - 80) : match.start()]
        alone = wishing and _ALONE.search(before) and _ENDS.match(text, match.end())
        if name in of_music and not (alone or pattern_of("rule_of_music").search(before)):
            continue
        places.append(match.span())
        wanted += [] if pattern_of("rule_refused").search(before) else [names.ids[name]]
    return (places, list(dict.fromkeys(wanted))) if places else None
