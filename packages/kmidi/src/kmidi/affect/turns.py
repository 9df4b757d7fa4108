"""Turns of phrase that change how the words around them are meant: "in a good way", "so much it hurts", tears of joy."""

from __future__ import annotations

import re
from dataclasses import replace

from .hits import Hit

_SENTENCE = re.compile(r"[.;!?\n]")
_GOOD_WAY = re.compile(
    r"\bin (?:a|the) (?:really |very |so |kinda |kind of |such a )*(?:good|best|nice|fun|great|happy|exciting|healthy|positive|wholesome) way\b"
    r"|\bthe good kind\b(?! of)",
    re.I,
)
_TOO_MUCH = re.compile(
    r"\b(?:so|too) (?:[\w']+ ){0,4}?(?:that )?(?:it|i|we|you|my (?:heart|chest|face|cheeks|eyes)) (?:almost |nearly |could |can |might |would |just |about )*"
    r"(?:hurts?|ach(?:es?|ed)|cr(?:y|ied)|die[sd]?|bursts?|explode[sd]?|scream(?:ed)?|weep|wept|combust|leak|pass(?:ed)? out)\b"
    r"|\b(?:laugh|smil|danc|sing)\w* (?:until|till|til) (?:it|i|we|my \w+|our \w+) (?:hurts?|cr(?:y|ied)|ached?|fell over)\b",
    re.I,
)
_DOUBTFUL = re.compile(
    r"(?:[\w']+ ){0,2}(?:cry|cries|cried|crying|tears?|teary|weep\w*|wept|sob\w*|scream\w*|alone|by myself|on my own)$|[😭🥹]+$",
    re.I,
)
_ALONE = re.compile(r"alone|by myself|on my own", re.I)
_APART = re.compile(
    r"\b(?:but|yet|while|everyone|everybody|they|others|never|not|again|inside|outside|underneath|surface)\b|n't\b",
    re.I,
)  # what may set joy and tears apart
_TURNED = -0.6  # a bad thing in a good way is good, and less so
_OF_JOY = (0.5, 0.4)  # where tears of joy lie


def turn(text: str, hits: list[Hit]) -> list[Hit]:
    """The hits as such turns mean them; as they are where the text has none. Time grows with the text."""
    changed = list(hits)
    for match in _GOOD_WAY.finditer(text):
        start = _sentence_start(text, match.start())
        changed = [
            replace(hit, valence=hit.valence * _TURNED, emotion="")
            if start <= hit.start < match.start() and hit.valence < 0
            else hit
            for hit in changed
        ]
    for match in _TOO_MUCH.finditer(text):
        start = _sentence_start(text, match.start())
        if _named(changed, start, match.start() + 1) > 0:
            inside = (match.start(), match.end())
            changed = [
                hit for hit in changed if hit.valence >= 0 or not (inside[0] < hit.start and hit.end <= inside[1])
            ]
    return _among_joys(text, changed)


def _among_joys(text: str, hits: list[Hit]) -> list[Hit]:
    """Tears and screams among joys alone are of joy, and who is alone in calm is not lonely; the other hits as they are."""
    doubtful = [hit for hit in hits if hit.emotion and _DOUBTFUL.match(text[hit.start : hit.end])]
    if not doubtful or _APART.search(text):
        return hits
    sure = [hit for hit in hits if hit.emotion and hit not in doubtful]
    if not sure or min(hit.valence for hit in sure) <= 0:
        return hits
    calm = max(hit.arousal for hit in sure) < 0
    spans = {(hit.start, hit.end): _ALONE.search(text[hit.start : hit.end]) is not None for hit in doubtful}
    found: list[Hit] = []
    for hit in hits:
        alone = next((alone for (start, end), alone in spans.items() if start <= hit.start and hit.end <= end), None)
        if alone is None or (alone and not calm):
            found.append(hit)
        elif not alone:
            found.append(
                replace(hit, valence=_OF_JOY[0], arousal=_OF_JOY[1], emotion="" if hit.emotion else hit.emotion)
            )
    return found


def _named(hits: list[Hit], start: int, end: int) -> float:
    """The valence of the feelings that are named, and not denied, from start to end."""
    return sum(hit.valence * hit.for_valence for hit in hits if hit.emotion and start <= hit.start < end)


def _sentence_start(text: str, at: int) -> int:
    return max((match.end() for match in _SENTENCE.finditer(text, max(0, at - 200), at)), default=max(0, at - 200))
