"""Bar lines that stand beside the music's: another beat is heard as the first, or bars of another length."""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm

import numpy as np

from .heard import Floats
from .piece import Piece
from .pulse import KICKS
from .result import Finding, Fix

BESIDE, NEXT_BEST = 2.5, 1.5  # standard deviations, all signs summed, over the bars as written and over all others
OFTENER = 1.25  # so many times as many chords begin there, or no more is asked: most files end here
LEAST_CHORDS, LEAST_BARS = 6, 12
BEATS = (2, 3, 4, 5)  # in a bar: more group, and much begins on the second group
ROUND = lcm(*BEATS)  # beats after which bars of each of those begin together again
OTHER = {"4/4": 3, "3/4": 4}  # beats that bars may have where no meter was set
NEAR = 8  # a stroke stands on a beat within an eighth of it
HELD = 0.1  # of the moments that others sound through, or all play one rhythm
LONGEST = 8.0  # beats: longer notes weigh no more
EXTREME = 4.0  # standard deviations: nor do beats that stand out farther
SIGNS = {"chords change": 1.0, "the bass moves": 1.0, "long notes begin": 1.5, "the kick falls": 1.0}  # their weights
NAMED = 0.5  # standard deviations: a sign that is named speaks so plainly


def beside_the_bars(piece: Piece) -> Iterator[Finding]:
    """Where new harmony, the bass, long notes and the kick all begin on another beat than the first of the bar.

    Of files in one meter, with strokes on their grid: who wrote more has thought of bars. Not of drums alone, as one in
    five drummers puts most of what marks a bar elsewhere; nor of one rhythm without a kick.
    """
    beats, changes = piece.heard.beats, piece.score.meters_from_start
    written = changes[0].meter
    groups, count = written.groups, len(beats) - 1
    step, bar = int(beats[1]), int(piece.heard.bars[1])
    even = len(groups) in BEATS and len({*groups}) == 1 and step * len(groups) == bar and not beats[0]
    if len(changes) > 1 or not even or len(piece.chords) < LEAST_CHORDS or count < LEAST_BARS * len(groups):
        return
    name = str(written)
    lengths = (len(groups), OTHER[name]) if name in OTHER else (len(groups),)
    readings = [(length, first) for length in lengths for first in range(length)]  # the first is as written
    begun = [span.onset // step for span in piece.chords]
    places = [0] * ROUND
    for beat in begun:
        places[beat % ROUND] += 1
    often = [length * sum(places[first::length]) for length, first in readings]
    if often[0] * OFTENER >= max(often) or not piece.on_grid:
        return
    signs = _signs(piece, begun, step)
    if not signs[-1].any() and not _is_woven(piece, step // NEAR):
        return
    signs -= signs.mean(1, keepdims=True)
    signs /= np.maximum(signs.std(1, keepdims=True), 1e-9)
    signs = np.minimum(signs, EXTREME)
    spoken = np.concatenate([signs[:, : count // n * n].reshape(len(signs), -1, n).mean(1) for n in lengths], 1)
    total = np.array([*SIGNS.values()]) @ spoken
    second, best = total.argsort()[-2:].tolist()
    if total[best] - total[0] < BESIDE or total[best] - total[second] < NEXT_BEST:
        return
    named = ", ".join(sign for sign, each in zip(SIGNS, spoken, strict=True) if each[best] - each[0] >= NAMED)
    length, first = readings[best]
    same = length == lengths[0]
    goes = name if same else f"{length}/4"
    yield Finding(
        id="bar_lines", kind="trouble", bar=0, part=-1,
        what=f"the music's bars begin on beat {first + 1} of those written" if same else f"the music goes in {goes}, its bar lines in {name}",
        why=f"{named} {'there' if same else f'every {length} beats from beat {first + 1} on'}",
        audible=0.95, source="Lerdahl & Jackendoff, A Generative Theory of Tonal Music, ch. 4 (length, bass, harmony)",
        fix=Fix(transform="set_meter", arguments={"meter": goes, "pickup_beats": first}),
    )  # fmt: skip


def _is_woven(piece: Piece, near: int) -> bool:
    """Whether notes begin while others sound on."""
    onset, end = piece.heard.onset, np.maximum.accumulate(piece.heard.end)
    last = (np.diff(onset) > near).nonzero()[0]
    return bool((end[last] > onset[last + 1] + near).sum() > HELD * len(last))


def _signs(piece: Piece, begun: list[int], step: int) -> Floats:
    """Of each beat, a row for each of SIGNS: whether a chord begins, how long the bass and the longest note that begin
    on it last, and whether the kick falls.
    """
    heard, near = piece.heard, step // NEAR
    rows = np.zeros((len(SIGNS), len(heard.beats) - 1))
    chords, bass, longest, kick = rows
    chords[begun] = 1
    at, past = np.divmod(heard.onset + near, step)
    on = ((past <= 2 * near) & (at < len(chords))).nonzero()[0]
    at = at[on]
    lasting = np.minimum((heard.end[on] - heard.onset[on]) / step, LONGEST)
    lowest = heard.pitch[on] <= heard.lowest[at]
    np.maximum.at(longest, at, lasting)
    np.maximum.at(bass, at[lowest], lasting[lowest])
    for part in (piece.score.parts[index] for index in piece.score.sounding):
        if part.is_drums:
            at, past = np.divmod(part.notes["onset"][np.isin(part.notes["pitch"], KICKS)] + near, step)
            kick[at[(past <= 2 * near) & (at < len(kick))]] = 1
    return rows
