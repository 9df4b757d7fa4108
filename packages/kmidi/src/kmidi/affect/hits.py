"""Where the words of a text pull: named feelings and trained phrases, as changed by the words around them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ..tables.rows import Emotion
from . import modifiers as say
from .background import Pulls, grams
from .clauses import weights
from .denial import denied, missed, negates, silent, soothed
from .situations import situation_at, symbols_of
from .tokens import Token
from .vocabulary import phrase_at, slip_of

# Pull of a named feeling on either axis, in the unit of words.npz (where a plain word has about 1). Arousal more: readers
# of sentences (EmoBank) find sad words stirring, but who asks for sad music means slow and soft.
NAMED = (2.0, 6.0)
SLIP = 0.8  # share of it for a name with one wrong letter
LAUGH = 0.4  # ... for "lol", which stands behind bad news too
IDIOM = 1.5  # ... and of it for a turn of phrase: its words pull nowhere by themselves ("on cloud nine")
GRAVE = 0.9  # what is told and as intense as this stays as it is before a "but"
SCENE = (0.6, 1.2, 1.8)  # share of it for a situation told in one, two, more words: a beach may be calm, and much else
_NO_SLIP = say.CONTRASTS | say.DEGREES.keys()  # "despite" is no slip for "despise"


class Name(NamedTuple):
    """A feeling that tokens[at:end] name or call up by what they tell; `share` of a plain name's pull."""

    at: int
    end: int
    row: Emotion
    share: float = 1.0
    slip: bool = False


class Hit(NamedTuple):
    """A stretch of text (start, end) that pulls towards a point, as hard as the two pulls say.

    `valence` and `arousal` are of the words themselves; `degree` is how strongly they were said (1 = plainly).
    """

    start: int
    end: int
    valence: float
    arousal: float
    for_valence: float
    for_arousal: float
    degree: float = 1.0
    emotion: str = ""
    intensity: float = 0.0
    note: str = ""

    def felt(self, degree: float) -> tuple[float, float]:
        """The point at a degree."""
        if degree == 1.0:
            return self.valence, self.arousal
        return _clip(self.valence * degree), _clip(self.arousal * degree)


def find_hits(tokens: list[Token], table: Pulls) -> list[Hit]:
    """All hits of a text by a table of phrases; their order carries no meaning. Time grows with the number of tokens."""
    names = list(_names(tokens, table))
    told = {
        i: name
        for name, behind in zip(names, [*names[1:], None][: len(names)], strict=True)
        if name.end - name.at > 1 and not _spared(tokens, name, behind)
        for i in range(name.at, name.end)
    }
    no, eased = denied(tokens, told), soothed(tokens)
    dear = missed(tokens)
    always = denied(tokens, also=say.MISSED) if told or any(token.norm in say.MISSED for token in tokens) else no
    mute = silent(tokens, no, frozenset(name.at for name in names), told)
    names = [name for name in names if not mute[name.at] or name.at in told]  # "nobody is sad" speaks of no lonely one
    degrees = _degrees(tokens)
    counts = weights(tokens, frozenset(i for name in names for i in range(name.at, name.end)))
    for name in names:
        if _grave(name):
            counts[name.at : name.end] = [max(1.0, weight) for weight in counts[name.at : name.end]]
    hits = [
        # "nobody came to my party", "I miss her laugh": what is told denies nothing, but no joy behind it is one
        _hit(
            name,
            tokens,
            tokens[name.at].norm not in say.LAUGHS
            and (
                (no[name.at] and not _own(tokens, name))
                or (name.row.id == "triumph" and _nearly(tokens, name))
                or (always[name.at] and name.row.id != "nostalgia" if name.row.valence > 0 else name.at in eased)
            ),
            degrees[name.at],
            counts[name.end - 1],
        )
        for name in names
    ]
    for at, (name, behind) in enumerate(pairwise(names)):
        if name.end == behind.at and _told_as(name, behind):
            hits[at + 1] = hits[at + 1]._replace(for_valence=say.IN_PLACE * hits[at + 1].for_valence)
    sides = {i: hit.valence for name, hit in zip(names, hits, strict=True) for i in range(name.at, name.end)}
    for at, length, key in grams(tokens):
        pull = table.get(key)
        if pull is None:
            continue
        last = at + length - 1
        if (mute[at] if length == 1 else any(mute[at : last + 1])) or (key in say.SONGS and _asked(tokens, at)):
            continue
        valence, arousal, for_valence, for_arousal = pull
        if no[last]:
            valence, arousal = valence * say.DENIED_VALENCE, arousal * say.DENIED_AROUSAL
        if sides and any(sides.get(i, valence) * valence < 0 for i in range(at, last + 1)):
            continue  # what is named or told is known: a beat that slaps is no blow
        if valence < 0 and last in dear:
            continue  # "I miss the chaos": what is missed was dear
        weight, degree = counts[last], degrees[at] if length == 1 else max(degrees[at : last + 1])
        start, end = tokens[at].start, tokens[last].end
        hits.append(Hit(start, end, valence, arousal, for_valence * weight, for_arousal * weight, degree))
    return hits


def _spared(tokens: list[Token], name: Name, behind: Name | None) -> bool:
    """True where "no one" speaks of no lonely one, since the plain bad word behind it is denied: "no one was hurt"."""
    if (tokens[name.at].norm, tokens[name.end - 1].norm) != ("no", "one"):
        return False
    return behind is not None and behind.at - name.end < 3 and behind.end - behind.at == 1 and behind.row.valence < 0


def _asked(tokens: list[Token], at: int) -> bool:
    """True where a word of music is the thing asked for; "he beat me" is no rhythm."""
    if tokens[at].norm not in ("beat", "beats"):
        return True
    return at + 1 == len(tokens) or tokens[at + 1].kind != "word" or tokens[at + 1].norm in say.BEHIND_BEAT


def _told_as(name: Name, scene: Name) -> bool:
    """True where the word before a scene of more words says what it is like here: "creepy toy shop"."""
    return name.end - name.at == 1 < scene.end - scene.at and name.row.valence < 0 < scene.row.valence


def _nearly(tokens: list[Token], name: Name) -> bool:
    """True where what is told did not come about: "we almost had won"."""
    return any(token.norm in say.NEARLY for token in tokens[max(0, name.at - 2) : name.end])


def _own(tokens: list[Token], name: Name) -> bool:
    """True where what is told is a denial itself: "nothing without you" does not deny it."""
    return name.end - name.at > 1 and negates(tokens, name.at)


def _names(tokens: list[Token], table: Pulls) -> Iterator[Name]:
    """The feelings that the words name or call up, the longest words first; none overlaps another."""
    at, symbols = 0, [symbols_of(token) for token in tokens]
    for i, token in enumerate(tokens[1:]):
        if token.norm in say.UNDENIED:
            symbols[i] = tuple(
                symbol for symbol in symbols[i] if symbol not in ("{never}", "{no_one}")
            )  # "not just sleep"
    while at < len(tokens):
        name = _name_at(tokens, symbols, at, table)
        if name is not None:
            yield name
        at = name.end if name is not None else at + 1


def _name_at(tokens: list[Token], symbols: list[tuple[str, ...]], at: int, table: Pulls) -> Name | None:
    named, told = phrase_at(tokens, at), situation_at(tokens, symbols, at)
    if told is not None and (named is None or told[1] > named[1]):
        row, length = told
        return Name(at, at + length, row, SCENE[min(length, len(SCENE)) - 1])
    if named is not None:
        row, length = named
        share = LAUGH if tokens[at].norm in say.LAUGHS else IDIOM if length > 1 else 1.0
        return Name(at, at + length, row, share)
    if tokens[at].kind == "word" and tokens[at].norm not in table and tokens[at].norm not in _NO_SLIP:
        row = slip_of(tokens[at].norm)
        return Name(at, at + 1, row, SLIP, slip=True) if row else None
    return None


def _hit(name: Name, tokens: list[Token], no: bool, degree: float, weight: float) -> Hit:
    row = name.row
    hit = Hit(
        tokens[name.at].start,
        tokens[name.end - 1].end,
        row.valence,
        row.arousal,
        NAMED[0] * weight * name.share,
        NAMED[1] * weight * name.share,
        degree,
        row.id,
        min(1.0, row.intensity * degree),
        f"read as {row.name}" if name.slip else row.name,
    )
    if not no:
        return hit
    return hit._replace(
        valence=hit.valence * say.DENIED_VALENCE,
        arousal=hit.arousal * say.DENIED_AROUSAL,
        for_valence=hit.for_valence
        * (say.UNTOLD_PULL if name.end - name.at > 1 and hit.valence < 0 else say.DENIED_PULL),
        intensity=hit.intensity * 0.5,
        emotion="",
        note=f"not {row.name}",
    )


def _degrees(tokens: list[Token]) -> list[float]:
    """How strongly each word is said: degree words before it in its clause, capitals, drawn-out letters, '!' behind."""
    found: list[float] = []
    degree = 1.0
    for at, token in enumerate(tokens):
        word = token.norm
        if token.kind == "marks" and "!" in word:
            _raise_back(found, tokens, at, 1.0 + 0.08 * min(3, word.count("!")))
        if token.kind in ("stop", "marks") or word in say.CONTRASTS or word in say.JOINTS:
            degree = 1.0
        if token.degree != 1.0:
            degree = min(say.MOST, degree * token.degree)
        found.append(degree * token.stress)
        if word in say.DEGREES:
            degree *= say.DEGREES[word] * (token.stress if say.DEGREES[word] >= 1 else 1.0)
            degree = max(0.4, min(say.MOST, degree))
        elif word not in say.SKIPPED and token.kind == "word":
            degree = 1.0
    return found


def _raise_back(found: list[float], tokens: list[Token], at: int, factor: float) -> None:
    """'!' stresses up to six words before it in its sentence."""
    for i in range(at - 1, max(-1, at - 7), -1):
        if tokens[i].kind in ("stop", "marks") and tokens[i].norm not in (",", "-", "(", ")"):
            break
        if tokens[i].kind == "word":
            found[i] *= factor


def _grave(name: Name) -> bool:
    """True for what is told of and stays as it is, whatever the mood: "he died, but ...", "I miss her, but ..."."""
    grave = name.row.intensity >= GRAVE or name.row.id in say.LASTING
    return name.end - name.at > 1 and grave and name.row.valence < 0


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))
