"""How a tune is sounded once its steps are found: how long each note lasts, what leans into the next, what comes to rest."""

from __future__ import annotations

from collections.abc import Sequence

from ..plan import PartPlan
from ..score import ChordSpan
from .cells import SLOT
from .stage import Row, Stage, chord_at

_HELD = 5 * SLOT  # a note that lasts longer than a quarter is heard against its chord,
_BEAT = 4 * SLOT - SLOT // 2  # and above a chord tone, where it rubs most, from a quarter on, if a little short of it


def come_home(rows: list[Row], stage: Stage) -> None:
    """Bring a tune to its end on the tonic, as two songs in three do: over the chord of home under its last note, else with
    one note more where the next section begins at home, else with the last chord. A piece whose chords end elsewhere keeps
    its open end.

    Comes with the tick at which its phrase ends where a row has its duration.
    """
    if not rows:
        return
    tonic, (onset, until, pitch, velocity) = stage.plan.key.pitch_class, rows[-1]
    home = pitch + (tonic - pitch + 5) % 12 - 5
    spans, later = stage.chords(), [*[p.start for p in stage.passages if p.start > onset][:1], stage.closing()]
    at_home = [tick for tick in (onset, until - 1, *later) if chord_at(spans, tick).root == tonic]
    ahead = [tick for tick in at_home if until <= tick < stage.length]
    if at_home[:2] == [onset, until - 1]:
        rows[-1] = (onset, until, home, velocity)
    elif ahead:
        rows.append((ahead[0], ahead[0] + stage.bar_ticks, home, velocity))


def breathe(rows: list[Row], part: PartPlan, stage: Stage) -> list[Row]:
    """Rows with their lengths: towards the next onset as the legato asks, a breath where a gap is long.

    Comes with the tick at which its phrase ends where a row has its duration: no note rings beyond it.
    """
    low, high = part.register
    out: list[Row] = []
    longest = 2 * stage.bar_ticks
    least, reach = 0.35 + 0.35 * part.legato, 0.65 - 0.35 * part.legato
    # fingers and breath differ from note to note, alike where the tune comes again
    holds = [least + reach * place / 63 for place in range(64)]
    following = [*[row[0] for row in rows[1:]], stage.length]
    for (onset, until, pitch, velocity), coming in zip(rows, following, strict=False):
        length = gap = coming - onset
        if gap > SLOT and onset < stage.closing():  # the last note is held with the last chord
            hold = holds[(onset // SLOT * 37 + pitch * 11) % 64]
            length = round(
                gap * hold if gap <= 4 * SLOT else min(gap - SLOT, max(4 * SLOT, gap * hold * 0.85), longest)
            )
        while pitch > high:
            pitch -= 12
        while pitch < low:
            pitch += 12
        out.append((onset, max(60, min(length, until - onset)), pitch, velocity))
    return out


def leaning(rows: list[Row], share: float) -> list[Row]:
    """A tune in which a share (0..1) of weak notes a whole step from the next leans into it by a half step."""
    leans = 64 * share
    out: list[Row] = []
    for row, (coming, _, to, _) in zip(rows, [*rows[1:], rows[-1]], strict=True):
        onset, length, pitch, velocity = row
        step = to - pitch
        if (step in (2, -2) and onset % (4 * SLOT) and coming - onset <= 4 * SLOT
                and (onset // SLOT * 29 + pitch * 7) % 64 < leans):  # fmt: skip
            row = (onset, length, pitch + step // 2, velocity)
        out.append(row)
    return out


def at_rest(rows: list[Row], stage: Stage) -> list[Row]:
    """A tune in which no note that is held rubs against its chord: one a half step off a chord tone goes onto it.

    Its chord is the one under most of it: what comes early is heard in the chord that it came before. It ends before a
    chord that it would rub against for more than a beat. Sung songs hold such a note about half as often as steps alone would
    bring it, and pads hold the chord under ours.
    """
    spans = stage.chords()
    out = list(rows)
    at = 0
    for index, (onset, length, pitch, velocity) in enumerate(rows):
        if length >= _BEAT:
            while at + 1 < len(spans) and spans[at + 1].onset <= onset:
                at += 1
            steps = (-1, 1) if length >= _HELD else (-1,)
            under = _under(spans, at, onset, length)
            tones = under[0].chord.pitch_classes
            ways = [pitch, *(pitch + step for step in steps if (pitch + step) % 12 in tones)]
            pitch = min(ways, key=lambda way: [_rubs(way, steps, span) for span in under])
            ends = [span.onset - onset for span in under if span.onset > onset and _rubs(pitch, steps, span)]
            out[index] = (onset, min([length, *ends]), pitch, velocity)
    return out


def _rubs(pitch: int, steps: tuple[int, ...], span: ChordSpan) -> bool:
    tones = span.chord.pitch_classes
    return pitch % 12 not in tones and any((pitch + step) % 12 in tones for step in steps)


def _under(spans: Sequence[ChordSpan], first: int, onset: int, length: int) -> list[ChordSpan]:
    """The chord, of those from the first on, that sounds longest under a note, or those; then others that do for
    more than a beat.
    """
    end = onset + length
    found: list[tuple[int, ChordSpan]] = []
    for at in range(first, len(spans)):
        span = spans[at]
        if span.onset >= end:
            break
        found.append((min(end, span.onset + span.duration) - max(onset, span.onset), span))
    found.sort(key=lambda lasting: -lasting[0])
    return [span for lasts, span in found if lasts == found[0][0] or lasts > 4 * SLOT]
