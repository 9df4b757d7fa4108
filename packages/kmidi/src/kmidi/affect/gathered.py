"""What a text says before it is weighed: its words, what it wishes for, and every stretch that pulls towards a feeling."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from . import structure
from .background import Pulls, pulls, spelled
from .hits import Hit, find_hits
from .modifiers import DEGREES, word_set
from .pared import Pared, pare
from .reading import read_hits
from .structure import Span
from .tokens import Token, tokenize
from .turns import turn
from .vocabulary import emotion_of
from .wish import Wish
from .wishes import find_wishes

# what is left of a wish, or names what is wished for: "a sad song, with strings" is the piece of "sad"
_TELLS_NOTHING = word_set("a an the and with in at for of on please some something song piece track tune music")
_WISH = ","  # stands where a wish was
_BLAMED, _THANKED = -0.2, -0.45  # praise for something darker than this is none; thanks are mostly meant
_THANKS = re.compile("th(?:an)?[kx]", re.I)
_MOCKED = (-0.45, 0.1)  # where irony itself lies, whatever it praises
_BEING = re.compile(r"\b(?:feel(?:s|ing)?|felt|am|i'm|is|was|were|be|being|been)(?: (?:so|too|all|quite))? $", re.I)
_SONG = re.compile(r" (?:song|music|piece|track|tune)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A text pared to what can be read; its words without its wishes; its wishes; its hits, in an order that means nothing."""

    pared: Pared
    tokens: list[Token]
    wishes: list[Wish]
    hits: list[Hit]

    @property
    def gist(self) -> str:
        """What stands for what the words tell, without wishes, degrees and marks: as good as never the same for other words."""
        told = [token.norm for token in self.tokens if token.kind not in ("stop", "marks")]
        words = " ".join(word for word in told if word not in DEGREES and word not in _TELLS_NOTHING)
        return blake2b(words.encode(), digest_size=4).hexdigest() if words else ""

    @property
    def text(self) -> str:
        """The pared text, in which wishes and hits have their places."""
        return self.pared.text


def gather(text: str, table: Pulls | None = None) -> Gathered:
    """All that pulls in a text, by a table of phrases: the trained one, or the one that is being trained."""
    table = pulls() if table is None else table
    pared = pare(text)
    tokens = spelled(pared.stressed(tokenize(pared.text)), table)
    wishes = find_wishes(pared.text)
    felt = _without(tokens, [wish for wish in wishes if not _felt(pared.text, wish)])
    hits = turn(pared.text, _turned(pared.text, find_hits(felt, table)))
    return Gathered(pared=pared, tokens=[token for token in felt if token.norm != _WISH], wishes=wishes, hits=hits)


class Placed:
    """Hits by their place: asking for a stretch costs no more than what lies in it."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self.hits = sorted(hits, key=lambda hit: (hit.start, hit.end))
        self.starts = [hit.start for hit in self.hits]

    def begun(self, span: Span) -> list[Hit]:
        """The hits that begin in a span."""
        return self.hits[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]

    def within(self, span: Span) -> list[Hit]:
        """The hits that lie wholly in a span."""
        return [hit for hit in self.begun(span) if hit.end <= span.end]


def _turned(text: str, hits: list[Hit]) -> list[Hit]:
    """The hits with praise turned round where the text is ironic."""
    spans = structure.ironic(text)
    placed = Placed(hits)
    mocked = [Hit(s.start, s.end, *_MOCKED, 2.0, 1.0, note="ironic") for s in spans]
    spans += [
        praise
        for praise, reason in structure.thanked(text)
        if structure.complains(text, reason)
        or read_hits(placed.within(reason)).valence < (_THANKED if _THANKS.match(text, praise.start) else _BLAMED)
    ]
    if not spans:
        return hits
    turned = {id(hit) for span in spans for hit in placed.begun(span)}
    return mocked + [
        hit._replace(valence=-0.8 * hit.valence, emotion="", note="ironic" if hit.emotion else "")
        if hit.valence > 0 and id(hit) in turned
        else hit
        for hit in hits
    ]


def _felt(text: str, wish: Wish) -> bool:
    """True for a style that is told as a feeling: "it makes me feel cinematic", "a dreamy song"."""
    if wish.field != "genre" or emotion_of(text[wish.start : wish.end]) is None:
        return False
    being = _BEING.search(text[max(0, wish.start - 16) : wish.start])
    return being is not None or _SONG.match(text[wish.end : wish.end + 9]) is not None


def _without(tokens: list[Token], wishes: list[Wish]) -> list[Token]:
    """The tokens with a stop in place of what wishes for something: "no drums" denies nothing behind it."""
    starts = [token.start for token in tokens]
    spans = [span for wish in wishes for span in wish.spans]
    wished = {i for a, b in spans for i in range(bisect_left(starts, a), bisect_left(starts, b))}
    return [token._replace(norm=_WISH, kind="stop") if i in wished else token for i, token in enumerate(tokens)]
