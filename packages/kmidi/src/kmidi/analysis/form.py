"""Form by repetition: where phrases begin, and which of them are alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import add, sub

import numpy as np

from ..bulk import in_bulk
from ..tables.weights import read_weights
from .form_views import form_views, returns
from .heard import Floats, Heard
from .products import Singles, product
from .result import Form, FormPart

LONGEST = 16  # bars a phrase lasts at most
LEAST_BARS = 4
MOST_BARS = 900  # the comparison of every bar with every other grows with the square
ALIKE = 0.72  # phrases at least this similar are one idea: people's letters on pop songs are met best at 0.70 to 0.75
BOLD = 1.5  # log-odds added to every start: two people agree on a phrase more often than a careful reader would say so
LASTING = 0.5  # how much the usual lengths of phrases weigh
SEEN = 4.0  # standard deviations beyond which a feature is as extreme as can be


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormNet:
    """Weights of one hidden layer over standardised features, and the log-chance that a phrase lasts n bars."""

    mean: Singles
    sd: Singles
    first: Singles
    bias: Singles
    second: Singles
    second_bias: Singles
    lengths: Singles


@lru_cache(maxsize=1)
def _shipped() -> FormNet:
    return FormNet(**read_weights("form.npz"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bars:
    """A piece's bars beside each other: what form_views sees of each line, how alike they are, how far they return."""

    view: Singles
    alike: Singles
    returns: Singles


def compared(heard: Heard) -> Bars | None:
    """The bars of a piece beside each other; None under four bars, without notes, and past MOST_BARS."""
    if not LEAST_BARS <= len(heard.bars) - 1 <= MOST_BARS or not len(heard):
        return None
    view, alike = form_views(heard)
    return Bars(view=view, alike=alike, returns=returns(alike))


def find_form(heard: Heard, bars: Bars, odds: Singles) -> Form:
    """Phrases from the first bar on, each with a letter (same letter, same material). odds: phrase_odds of the bars.

    A small net says of each bar line how likely a phrase begins there (form_views says what it sees); the likeliest
    cut by dynamic programming over that and how long phrases last. Trained by scripts/train_form.py on phrases that
    people marked: Dai, Zhang & Dannenberg, "Automatic analysis and influence of hierarchical structure on melody,
    rhythm and harmony in popular music", CSMC 2020.
    """
    edges = best_cut(odds, _shipped().lengths)
    begin = max(int(heard.bars.searchsorted(heard.onset[0], side="right")) - 1, 0)
    edges = [begin, *(edge for edge in edges if edge > begin)]
    letters, sure = phrase_names(edges, bars.alike)
    chances = (1 / (1 + np.exp(-odds))).tolist()
    starts = edges[:-1]
    parts = in_bulk(
        FormPart, len(starts), letter=letters, bar=starts, bars=map(sub, edges[1:], starts),
        start_confidence=[1.0, *(chances[first] for first in starts[1:])],
    )  # fmt: skip
    return Form(parts=tuple(parts), confidence=sure)


def phrase_odds(bars: Bars) -> Singles:
    """The log-odds (bars,) that a phrase begins at each bar."""
    return start_odds(_shipped(), bars)


def start_odds(net: FormNet, bars: Bars) -> Singles:
    """The same by a net: half the bar's own, half what all bars like it say."""
    seen = bars.view - net.mean
    seen /= net.sd
    seen.clip(-SEEN, SEEN, out=seen)
    own = np.maximum(product(seen, net.first) + net.bias, 0) @ net.second + net.second_bias[0]
    return (own + bars.returns @ own / bars.returns.sum(1)) / 2


def best_cut(odds: Singles, lengths: Singles) -> list[int]:
    """Bar lines (0 and the end among them) that maximise log-odds of starts plus log-chance of lengths.

    odds: one value a bar (the first is not used); lengths[n]: the log-chance that a phrase lasts n bars, n from 0.
    """
    bars = len(odds)
    gain = (odds + BOLD).tolist()
    chance = (LASTING * lengths[1:]).tolist()
    best: list[float] = [0.0]
    came = [0]
    for end in range(1, bars + 1):
        ways = list(map(add, best[: -LONGEST - 1 : -1], chance))  # by length, the shortest first
        value = max(ways)
        best.append(value + (gain[end] if end < bars else 0.0))
        came.append(end - 1 - ways.index(value))
    edges = [bars]
    while edges[-1]:
        edges.append(came[edges[-1]])
    return edges[::-1]


def phrase_names(edges: list[int], alike: Singles) -> tuple[list[str], float]:
    """A letter for each phrase between bar lines (the same where material returns), and how plainly alike and unlike
    pairs differ.
    """
    letters: list[str] = []
    doubts: list[float] = []
    for values in _likeness(edges, alike).tolist():
        before = values[: len(letters)]
        best = max(before, default=0.0)
        letter = letters[before.index(best)] if best > 0 else ""
        if letters:
            doubts.append(min(abs(best - ALIKE) / (1 - ALIKE), 1.0))
        if best < ALIKE:
            used = len(set(letters))
            letter = (chr(ord("A") + used // 26 - 1) if used >= 26 else "") + chr(ord("A") + used % 26)  # AA follows Z
        letters.append(letter)
    return letters, float(np.array(doubts).sum()) / len(doubts) if doubts else 1.0


def _likeness(edges: list[int], alike: Singles) -> Floats:
    """How alike each phrase is to each before it, bar by bar: (phrases, phrases); 0 where one is twice as long."""
    lines, count = np.array(edges), np.arange(len(edges) - 1)
    first, length = lines[:-1], lines[1:] - lines[:-1]
    short = np.minimum(length[:, None], length)
    one, other = ((count[:, None] > count) & (2 * short >= np.maximum(length[:, None], length))).nonzero()
    bars = short[one, other]
    # laid in rows of one more, what stands on a diagonal stands in a column
    wide = len(alike) + 1
    sums = np.zeros((wide, wide))
    sums[1:].ravel()[: alike.size] = alike.ravel()
    sums = sums.cumsum(0).ravel()
    begin = first[one] * len(alike) + first[other]
    out = np.zeros(short.shape)
    out[one, other] = (sums[begin + bars * wide] - sums[begin]) / bars
    return out
