"""Chords with their true onsets and durations."""

from __future__ import annotations

from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from ..bulk import in_bulk
from ..score import ChordSpan
from ..theory import QUALITIES, Chord, Key, chord_to_roman
from .chord_net import READ
from .heard import LEAST_CLASSES, Heard, Ints
from .products import Singles, product
from .result import KeySpan, keys_at, of_each
from .smoothing import smoothed

STAY = 0.7  # log-odds that a chord outlasts the beat, on top of what the beats say
HELD = 0.9  # a pitch class that sounds for this share of a chord belongs to it,
STRAY = 0.02  # one that sounds for less than this does not
RESTING = 5.0  # log-odds that the harmony rests where nothing is struck
RETURNED = 0.5  # what the bars that a bar returns in say of its chords, beside what it says itself
_BITS = 1 << np.arange(12)  # pitch class -> its bit
# quality -> its third in semitones, 0 where it has none
_THIRDS = np.array([next((step for step in Chord(0, kind).intervals if step in (3, 4)), 0) for kind in READ])
UNHEARD = 1e-6  # the chance of a chord that is heard in none of them


def hear_chords(
    heard: Heard, fit: Singles, returns: Singles | None
) -> tuple[tuple[ChordSpan, ...], tuple[float, ...], Ints]:
    """(Chords in time order without numerals, a confidence 0..1 for each, the lowest pitch of each beat or -1).

    fit: the log-probability of each chord in each beat, from chord_net.fits; returns: how far bars return
    (form_views.returns), if known.

    A net hears each beat, beats of bars that return are heard together, Viterbi smooths over beats; where the tones of
    a chord are held plainly, they name it (so sixths, ninths and altered chords are found). The lowest note of the
    chord's first beat makes the inversion. A beat in which nothing sounds belongs to no chord; a chord never changes
    within a beat. A piece of less than three
    pitch classes has no chords: its thirds would be guesses.
    The method in outline: Boulanger-Lewandowski, Bengio & Vincent, "Audio chord recognition with recurrent neural
    networks", ISMIR 2013 (frame net and smoothing); labels: Wang et al., "POP909", ISMIR 2020.
    """
    beats, lowest = len(heard.beats) - 1, heard.lowest
    if lowest.max() < 0 or np.count_nonzero(heard.between(0, beats)) < LEAST_CLASSES:
        return (), (), lowest
    fit = fit.reshape(beats, -1)
    states = np.flatnonzero(_among_three(fit))  # what is never among the three best is never right
    likely = fit.take(states, axis=1)
    if returns is not None:
        likely = _with_returns(heard, likely, returns)
    # a beat in which nothing is struck all but keeps the state before it
    bonus = np.where(_struck(heard), STAY, RESTING).astype(likely.dtype)
    state = np.where(lowest >= 0, states[smoothed(likely, bonus)], -1)
    changes = np.ones(beats + 1, np.bool_)
    changes[1:-1] = state[1:] != state[:-1]
    edges = changes.nonzero()[0]
    sounds = state[edges[:-1]] >= 0
    starts, ends = edges[:-1][sounds], edges[1:][sounds]
    begin, end = heard.beats[starts], heard.beats[ends]
    # the share of each chord's time for which each pitch class sounds: 1 for a held note
    held = np.minimum(heard.between(starts, ends) / (end - begin)[:, None], 1)
    plainly = held >= HELD
    plain = (plainly | (held <= STRAY)).all(1) | (plainly.sum(1) > 3)  # over four held tones or more a tune passes
    tones = _bare(plainly, state[starts], heard.between(0, beats) > 0)
    total = np.zeros(beats + 1)
    fit[np.arange(beats), state].cumsum(dtype=np.float64, out=total[1:])
    sure = np.exp((total[ends] - total[starts]) / (ends - starts))
    begin = np.maximum(begin, 0)
    named = map(_named, state[starts].tolist(), np.where(plain, tones, 0).tolist(), (lowest[starts] % 12).tolist())
    spans = in_bulk(ChordSpan, len(begin), onset=begin.tolist(), duration=(end - begin).tolist(), chord=named, roman=repeat(""))  # fmt: skip
    return tuple(spans), tuple(sure.tolist()), lowest


def _bare(plainly: NDArray[np.bool_], state: Ints, ever: NDArray[np.bool_]) -> Ints:
    """The tones that each chord is named by, a bit each, from those it holds plainly. A bare fifth has a third only from
    elsewhere: the net's where that sounds in the piece at all, else the other where that does, else none.
    """
    tones, (root, kind) = plainly @ _BITS, np.divmod(state, len(READ))
    third = _THIRDS[kind]
    told, other = (root + third) % 12, (root + 7 - third) % 12
    untold = (third > 0) & ~ever[told]
    return np.where(plainly.sum(1) > 2, tones, untold * (tones | ever[other] * _BITS[other]))


def _with_returns(heard: Heard, fit: Singles, returns: Singles) -> Singles:
    """Each beat's log-probabilities (beats, states), mixed with those of the same beat in all bars like its own.

    What returns bears the same chords: a tone that is left out here, or a passing one, is told by the other times.
    """
    bar = np.maximum(heard.bars.searchsorted(heard.beats[:-1], side="right") - 1, 0)
    places = int(heard.beat_in_bar.max()) + 1
    row = bar * places + heard.beat_in_bar
    here = np.ones((len(fit), fit.shape[1] + 1), np.float32)  # last, that the bar has this beat
    np.exp(fit, out=here[:, :-1])
    chance = np.zeros((len(returns) * places, here.shape[1]), np.float32)
    chance[row] = here
    summed = product(returns, chance.reshape(len(returns), -1)).reshape(chance.shape).take(row, axis=0)
    mean = summed[:, :-1] / summed[:, -1:]
    return ((1 - RETURNED) * fit + RETURNED * np.log(mean + UNHEARD)).astype(np.float32)


def _struck(heard: Heard) -> NDArray[np.bool_]:
    """Whether a note begins within each beat: where none does, the harmony rests."""
    at = heard.onset.searchsorted(heard.beats)
    return at[1:] > at[:-1]


def _among_three(fit: Singles) -> NDArray[np.bool_]:
    """Whether a state is among the three best of any beat."""
    left, rows = fit.copy(), np.arange(len(fit))
    among = np.zeros(fit.shape[1], bool)
    for _ in range(3):
        best = left.argmax(1)
        among[best] = True
        left[rows, best] = -np.inf
    return among


@lru_cache(maxsize=1)
def _by_tones() -> dict[int, tuple[str, ...]]:
    """Semitones above the root, one bit each -> qualities with exactly these tones."""
    found: dict[int, tuple[str, ...]] = {}
    for quality in QUALITIES:
        tones = sum(1 << step for step in {step % 12 for step in Chord(0, quality).intervals})
        found[tones] = (*found.get(tones, ()), quality)
    return found


@lru_cache(maxsize=4096)
def _named(state: int, held: int, bass: int) -> Chord:
    """The chord of a state over its lowest tone. Its quality is the one whose tones are exactly those plainly held (a
    bit for each pitch class), if there is one; else what the net heard.
    """
    root, kind = divmod(state, len(READ))
    quality = READ[kind]
    tones = (held >> root | held << (12 - root)) & 0xFFF
    exact = _by_tones().get(tones, ())
    return _over(root, exact[0] if exact and quality not in exact else quality, bass)


@lru_cache(maxsize=1024)
def _over(root: int, quality: str, bass: int) -> Chord:
    """A chord over its lowest tone; in root position where that is no tone of it."""
    chord = Chord(root, quality)
    return Chord(root, quality, bass) if bass in chord.pitch_classes else chord


def with_numerals(
    chords: tuple[ChordSpan, ...], home: Key | None, sections: tuple[KeySpan, ...]
) -> tuple[ChordSpan, ...]:
    """The chords with their Roman numerals, each in the key of the section it begins in, else in the home key."""
    onset, duration = [span.onset for span in chords], [span.duration for span in chords]
    numerals = of_each(
        chords, keys_at(onset, sections, home), lambda chord, key: chord_to_roman(chord, key) if key else ""
    )
    return tuple(in_bulk(ChordSpan, len(chords), onset=onset, duration=duration, chord=[span.chord for span in chords], roman=numerals))  # fmt: skip
