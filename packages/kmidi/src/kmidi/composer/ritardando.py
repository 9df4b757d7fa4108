"""The end of a piece slows as players slow it."""

from __future__ import annotations

from dataclasses import replace

from ..plan import Plan
from ..score import Score, Tempo

CURVE = 3.0  # the speed of a runner who stops: its cube falls evenly over the way


def slowed(score: Score, plan: Plan) -> Score:
    """The score with a tempo that falls over the bar before its last stroke to 1 - plan.slows of what it was, and stays.

    Friberg & Sundberg, "Does music performance allude to locomotion? A model of final ritardandi derived from
    measurements of stopping runners", JASA 1999. A step an eighth note; what a rule bends before it stays bent.
    """
    if not plan.slows:
        return score
    strokes = [int(part.notes["onset"].max()) for part in score.parts if len(part.notes) and not part.is_drums]
    bar, step = plan.meter.bar_ticks(score.ppq), score.ppq // 2
    last = max(strokes, default=0)
    begin = last - max(bar, 3 * score.ppq)
    if begin <= 0:
        return score
    final = 1 - plan.slows
    tempos = [tempo for tempo in score.tempos if tempo.tick < begin]
    for tick in (*range(begin, last, step), last):
        way = min(1.0, (tick - begin + step / 2) / (last - begin))
        speed = (1 + (final**CURVE - 1) * way) ** (1 / CURVE)
        tempos.append(Tempo(tick, round(plan.us_per_quarter / speed)))
    return replace(score, tempos=tuple(tempos))
