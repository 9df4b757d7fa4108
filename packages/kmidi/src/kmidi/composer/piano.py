"""Solo piano: two hands that share one budget of notes, so that a part's dials are heard as they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..intent import Feeling
from ..plan import PartPlan
from ..planner.cues import HANDS_ABOVE, HANDS_BELOW, cue, felt, from_share, to_share
from ..score import ChordSpan
from ..streams import Stream
from .dynamics import BASS, INNER, LEFT, MELODY, velocities
from .left_hand import TENTH, Figure, Struck, bass_of, choose, strike
from .melody import write_melody
from .pedal import pedalled, rung
from .right_hand import STYLES, below, fills
from .stage import Heard, Passage, Row, Stage, chord_at, table_of
from .telling import growls, tell, two_hands

Sounded = tuple[int, int, int, int]  # onset and duration in ticks, pitch, voice
_TUNE_SHARE = 0.5  # of all onsets, those at which the melody moves
_SWING = 0.8  # how far a section's energy moves its density and loudness around the piece's


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What the hands are asked for in a section: notes and onsets a second, where each hand lies, what each feels.

    The right hand shows the surface, the left means the undertow, where the words hide one under the other.
    """

    notes: float
    onsets: float
    bass: float
    melody: float
    low: int
    high: int
    right: Feeling
    left: Feeling


def write_piano(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """A melody in the right hand, a figure in the left, and between them as many notes as the feeling wants."""
    whole = Feeling(valence=stage.plan.affect.valence, arousal=stage.plan.affect.arousal)
    passages = stage.played(part)
    bars = sum(p.section.bars for p in passages) or 1
    calm = sum(p.section.energy * p.section.bars for p in passages) / bars
    aims = [_aim(stage, part, p, whole, calm) for p in passages]
    center = sum(a.melody for a in aims) / max(1, len(aims))
    sung = replace(part, register=(round(center) - 9, round(center) + 9), density=_tune_density(stage, aims, calm))
    melody = write_melody(stage, sung, heard)
    sounded: list[Sounded] = []
    for passage, aim in zip(passages, aims, strict=True):
        up = 12 if _lifted(stage, part, passage, calm, aim) else 0
        tune = sorted((o, n, pitch + up, v) for o, n, pitch, v in melody if passage.start <= o < passage.end)
        sounded += _told(_passage(stage, part, passage, aim, tune), passage, part)
    return _loud(stage, part, passages, aims, whole, calm, sounded)


def _tune_density(stage: Stage, aims: list[Aim], calm: float) -> float:
    """The melody's dial (0..1) at which it has its share of the onsets: a melody writes 2.6 to 8 notes in a bar of four."""
    second = 4 * 60 / stage.plan.bpm
    onsets = _TUNE_SHARE * second * sum(a.onsets for a in aims) / max(1, len(aims))
    return min(1.0, max(0.0, ((onsets - 2.6) / 5.5 - 0.55 * calm) / 0.45))


def _aim(stage: Stage, part: PartPlan, passage: Passage, whole: Feeling, calm: float) -> Aim:
    here, affect = passage.section.feeling, stage.plan.affect
    right, left = (_side(here, whole, side) for side in (affect.surface, affect.undertow))
    if affect.surface is None or affect.undertow is None:
        right = left = here

    def moved(name: str, value: float) -> float:
        return value + felt(name, here) - felt(name, whole)

    more = 1 + _SWING * (passage.section.energy - calm)
    notes = max(0.8, moved("density", from_share("density", part.density)) * more)
    onsets = max(0.6, moved("onset_rate", from_share("onset_rate", 0.5 + 0.85 * (part.density - 0.5))) * more)
    low, high = part.register
    width = (high - low) / (HANDS_BELOW + HANDS_ABOVE)
    middle = low + HANDS_BELOW * width
    bass, melody = (middle + felt("register", hand) - felt("register", whole) for hand in (left, right))
    return Aim(
        notes=notes, onsets=min(onsets, notes),
        bass=bass - 1.5 * width, melody=melody + width, low=low, high=high, right=right, left=left,
    )  # fmt: skip


def _side(here: Feeling, whole: Feeling, side: Feeling | None) -> Feeling:
    """The feeling of a section as one side of a misdirection has it."""
    if side is None:
        return here
    valence, arousal = here.valence + side.valence - whole.valence, here.arousal + side.arousal - whole.arousal
    return Feeling(valence=min(1.0, max(-1.0, valence)), arousal=min(1.0, max(-1.0, arousal)))


def _lifted(stage: Stage, part: PartPlan, passage: Passage, calm: float, aim: Aim) -> bool:
    """True where a section that stands out, or a return, sings an octave higher."""
    room = aim.melody + 12 + 4 <= aim.high
    stands_out = passage.section.energy - calm > 0.06 or passage.section.variation > 0
    return room and stands_out and stage.stream(passage.section.name, f"{part.role}/lift").chance(0.35)


def _passage(stage: Stage, part: PartPlan, passage: Passage, aim: Aim, tune: list[Row]) -> list[Sounded]:
    """The notes of a section, phrase by phrase."""
    section, plan = passage.section, stage.plan
    stream = stage.stream(section.kind, f"{part.role}/hands")
    again = stage.stream(section.name, f"{part.role}/again")
    per_quarter = 60 / plan.bpm
    rate = aim.onsets * per_quarter
    first = choose(plan.meter, rate * 0.85, aim.left, stream)
    second = choose(plan.meter, rate, aim.left, stream, (first.id,))
    style = stream.weighted(STYLES, (1.0, 0.8 + 0.6 * section.energy, max(0.1, 0.3 + 0.7 * aim.right.arousal)))
    out: list[Sounded] = []
    bass: int | None = None
    # happy playing flows evenly, unhappy playing unevenly: what the feeling's valence alone adds to the cue
    neutral = Feeling(valence=0.0, arousal=section.feeling.arousal)
    uneven = (felt("unevenness", section.feeling) / felt("unevenness", neutral)) ** 4
    phrase = section.phrase_bars
    count = -(-section.bars // phrase)
    for index in range(count):
        start = passage.bar_start(index * phrase)
        end = min(passage.end, passage.bar_start((index + 1) * phrase))
        figure = second if index % 2 == 1 and again.chance(0.6) else first
        lift = 1 + uneven * (0.3 * (index + 0.5) / count - 0.15 + again.between(-0.15, 0.15))
        bass = _phrase(stage, part, passage, aim, tune, figure, style, start, end, lift, bass, again, out)
    return out


def _phrase(stage: Stage, part: PartPlan, passage: Passage, aim: Aim, tune: list[Row], figure: Figure, style: str, start: int, end: int,
            lift: float, bass: int | None, stream: Stream, out: list[Sounded]) -> int | None:  # fmt: skip
    """Writes a phrase into `out`; the last bass pitch."""
    plan, key = stage.plan, stage.plan.key
    spans = [s for s in passage.chords if start <= s.onset < end]
    changes = {span.onset for span in spans}
    melody = [row for row in tune if start <= row[0] < end]
    seconds = (end - start) / stage.ppq * 60 / plan.bpm
    left, here = (to_share("legato", felt("legato", feeling)) for feeling in (aim.left, passage.section.feeling))
    bound = min(1.0, max(0.0, part.legato + left - here))
    struck: list[Struck] = []
    for span in spans:
        bass = bass_of(span.chord.bass, aim.low, round(aim.bass) + 7, aim.bass, bass)
        over = [row[2] for row in melody if span.onset <= row[0] < span.onset + span.duration]
        top = min(over, default=round(aim.melody)) - 2
        struck += strike(figure, span, stage.bar_ticks, plan.meter, bass, top, key.pitch_classes, bound)
    closing = stage.closing()
    struck = [(o, stage.length - o if o == closing else n, p) for o, n, p in struck if o <= closing]
    if len(spans) > 1:
        struck = _breath(stage, part, struck, end, stream)
    # onsets: fill or thin until the phrase has as many as the feeling wants
    taken = {row[0] for row in melody} | {onset for onset, _, _ in struck}
    wanted = round(aim.onsets * lift * seconds)
    inner: list[tuple[int, int, int]] = []
    floor = round(aim.bass) + 12
    if len(taken) > wanted:
        struck = _thinned(struck, {row[0] for row in melody}, changes, len(taken) - wanted, stage, stream)
    for step in (stage.ppq // 2, stage.ppq // 4) if spans else ():
        if (more := wanted - len(taken)) > 0:
            new = fills(melody, taken, spans, start, min(end, closing), more, floor, key.pitch_classes, step, stream)
            inner += new
            taken |= {onset for onset, _, _ in new}
    # thickness: notes beneath the melody and an octave under the bass, the strongest places first
    budget = round(aim.notes * lift * seconds) - len(melody) - len(inner) - sum(len(p) for _, _, p in struck)
    under, octaves = _thick(stage, aim, melody, struck, spans, changes, style, floor, budget, stream)
    out += [(onset, length, pitch, MELODY) for onset, length, pitch, _ in melody]
    out += [(onset, length, pitch, INNER) for onset, length, pitch in inner + under]
    out += [(o, n, p, BASS if at == 0 else LEFT) for o, n, pitches in struck for at, p in enumerate(pitches)]
    out += [(onset, length, pitch, BASS) for onset, length, pitch in octaves]
    return bass


def _breath(stage: Stage, part: PartPlan, struck: list[Struck], end: int, stream: Stream) -> list[Struck]:
    """The left hand without what follows the last chord change's beat, where the phrase takes a breath."""
    if not stream.chance(0.35 + 0.5 * part.legato):
        return struck
    half = end - stage.bar_ticks // 2
    return [s for s in struck if s[0] <= half or s[0] % stage.bar_ticks == 0]


def _told(sounded: list[Sounded], passage: Passage, part: PartPlan) -> list[Sounded]:
    """The notes of a section, those between melody and bass moved to where each chord is told; a tone added where none is."""
    outer = [row for row in sounded if row[3] not in (INNER, LEFT)]
    table = table_of([[row for row in sounded if row[3] in (INNER, LEFT)], outer])
    told, untold = tell(table, passage.chords, [part.register, None], TENTH)
    between: list[Sounded] = [*zip(*told[:4, told[4] == 0].tolist(), strict=True)]
    for span, tone in untold:
        basses = [row for row in outer if row[3] == BASS and span.onset <= row[0] < span.onset + span.duration]
        if basses:
            onset, length, bass, _ = min(basses, key=lambda row: (row[0], row[2]))
            beside = [(o, p) for o, n, p, _ in outer + between if o < onset + length and onset < o + n]
            top = max((p for _, p in beside if p > bass + 12), default=128)
            struck, pitch = [p for o, p in beside if o == onset], bass + (tone - bass) % 12
            for new in (pitch, pitch + 12):
                if new < top and not growls(new, [p for _, p in beside]) and two_hands([*struck, new], TENTH):
                    between.append((onset, length, new, LEFT))
                    break
    return outer + between


def _weight(stage: Stage, tick: int) -> int:
    """How strong a place is: 0 the bar line, 1 a beat, 2 an eighth, 3 between."""
    within = tick % stage.bar_ticks
    return 0 if within == 0 else 1 if within in stage.beats else 2 if within % (stage.ppq // 2) == 0 else 3


def _thinned(
    struck: list[Struck], sung: set[int], changes: set[int], many: int, stage: Stage, stream: Stream
) -> list[Struck]:
    """The left hand without its weakest lone strokes, `many` at most; a chord's first stays."""
    lone = [s for s in struck if s[0] not in sung and s[0] not in changes]
    lone.sort(key=lambda s: (-_weight(stage, s[0]), stream.unit()))
    gone = {s[0] for s in lone[:many]}
    return [s for s in struck if s[0] not in gone]


def _thick(stage: Stage, aim: Aim, melody: list[Row], struck: list[Struck], spans: list[ChordSpan], changes: set[int], style: str,
           floor: int, budget: int, stream: Stream) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:  # fmt: skip
    under: list[tuple[int, int, int]] = []
    octaves: list[tuple[int, int, int]] = []
    if budget <= 0 or not spans:
        return under, octaves
    places = sorted(melody, key=lambda row: (_weight(stage, row[0]) + stream.unit(), row[0]))
    tops = {onset: pitches[-1] for onset, _, pitches in struck}
    offers = [below(style, row[2], chord_at(spans, row[0]).pitch_classes, stage.plan.key.pitch_classes, tops.get(row[0], floor) + 1) for row in places]  # fmt: skip
    lows = [
        s for s in struck if s[0] in changes and s[2][0] - 12 >= aim.low and (len(s[2]) == 1 or s[2][-1] - s[2][0] <= 4)
    ]
    for onset, length, pitches in lows:
        if budget > 0 and stream.chance(0.6):
            octaves.append((onset, length, pitches[0] - 12))
            budget -= 1
    for turn in range(3):
        for row, offer in zip(places, offers, strict=True):
            if budget <= 0:
                return under, octaves
            if turn < len(offer):
                under.append((row[0], row[1], offer[turn]))
                budget -= 1
    return under, octaves


def _loud(stage: Stage, part: PartPlan, passages: list[Passage], aims: list[Aim], whole: Feeling, calm: float,
          sounded: list[Sounded]) -> list[Row]:  # fmt: skip
    if not sounded:
        return []
    sounded.sort()
    table = np.array(sounded, np.int64)
    onset, pitch, voice = table[:, 0], table[:, 2], table[:, 3]
    duration = rung(pedalled(stage, part), onset, table[:, 1])
    starts = np.array([p.start for p in passages])
    which = np.searchsorted(starts, onset, side="right") - 1
    length = np.array([p.section.phrase_bars * p.bar_ticks for p in passages])[which]
    phrase = ((onset - starts[which]) % length) / length
    reach = 0.2 * felt("loudness", whole)
    # by section, each hand its own
    level = np.array([
        [felt("loudness", hand) - felt("loudness", whole) + reach * (p.section.energy - calm) for hand in (aim.left, aim.right)]
        for p, aim in zip(passages, aims, strict=True)
    ])[which, ((voice == MELODY) | (voice == INNER)).astype(int)]  # fmt: skip
    contrast = cue("contrast", whole, stage.plan.seed).value
    mean = from_share("loudness", part.loudness)
    loud = velocities(onset, pitch, voice, phrase, level, mean, contrast, stage.stream("piece", f"{part.role}/touch"))
    return list(zip(onset.tolist(), duration.tolist(), pitch.tolist(), loud.tolist(), strict=True))
