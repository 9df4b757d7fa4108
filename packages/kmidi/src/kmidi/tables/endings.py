"""Ends that are told by how they compare to the beginning: "brighter", "where it began"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .load import Rows, load_rows, table_path

# what may stand around the words of a row without saying anything of its own
_AROUND = frozenset(
    ["it", "its", "is", "it's", "should", "would", "could", "may", "i", "i'd", "want", "to", "let", "end", "ends", "ending", "be", "become",
     "becomes", "get", "gets", "feel", "feels", "feeling", "go", "goes", "stay", "stays", "finish", "leave", "come", "comes", "back", "a", "an", "the",
     "on", "in", "at", "and", "but", "or", "just", "only", "exactly", "much", "even", "far", "way", "bit", "little", "lot", "slightly", "somewhat",
     "maybe", "still", "again", "please", "very", "so", "more", "all", "of", "my", "me", "we", "than", "before", "then", "there", "was", "began",
     "begins", "start", "started", "starts", "beginning", "first", "as", "now", "right", "yes"]
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A way to end: what is added to the feeling at the beginning (-1..1 each), and the words that say so."""

    id: str
    valence: float
    arousal: float
    words: tuple[str, ...]
    source: str


@lru_cache(maxsize=1)
def endings() -> Rows[Ending]:
    """All ways to end by id."""
    return load_rows(table_path("endings.toml.gz"), Ending)


@lru_cache(maxsize=1)
def _said() -> tuple[re.Pattern[str], dict[str, str]]:
    ids = {words: row.id for row in endings().values() for words in row.words}
    longest = sorted(ids, key=lambda words: (-len(words), words))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b"), ids


def endings_in(text: str) -> tuple[Ending, ...]:
    """The ways to end that a text speaks of, where it speaks of nothing else; none for "a brighter morning"."""
    pattern, ids = _said()
    plain = " ".join(text.casefold().replace("’", "'").split())
    left = re.findall(r"[^\W_]+(?:'[^\W_]+)?", pattern.sub(" ", plain))
    if len(plain) > 200 or not _AROUND.issuperset(left):
        return ()
    return tuple(endings()[name] for name in dict.fromkeys(ids[found] for found in pattern.findall(plain)))
