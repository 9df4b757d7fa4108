"""The melody: motifs stated, repeated, sequenced and answered over the chords; one climax; room to breathe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..plan import INNER, PartPlan
from ..streams import Stream
from ..tables import counts, draw
from ..theory import Chord, Key
from .cells import SLOT
from .chords import fullness, loudness
from .leading import without_parallels
from .phrasing import at_rest, breathe, come_home, leaning
from .rhythm import TUNES, Slots, bar_rhythm, phrase_scheme, plain_bar
from .stage import Heard, Passage, Row, Stage, chord_at

_QUIET_KINDS = ("intro", "interlude", "build", "breakdown", "outro", "coda")
_LONGEST_REST = 1 / 6  # of a piece: the tune of 19 in 20 pop songs never rests for longer
_TARGET_LINES = (
    (0, 1, 2, 0),
    (1, 2, 1, -1),
    (-1, 0, 2, 0),
    (2, 1, 0, -1),
    (0, 2, 1, 1),
)  # staff steps around the middle


_WIDEST = 4  # the widest step that the counted table tells from wider ones
# share of notes on each slot of a bar that are moved onto a chord tone
_FORCED = tuple({0: 0.6, 8: 0.5}.get(slot, 0.0 if slot % 4 else 0.22) for slot in range(16))
# Of notes foreign to their chord a third lies a half step beside one of its tones in songs; steps alone would bring half.
# So many of such notes are looked for anew, and for the steps that this costs so many repeats and thirds are walked.
_RUBS, _WALKED = 0.8, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A chord against a key's staff of seven: how each degree is bent to the chord (semitones), how high above the tonic it
    then is, which degrees are chord tones, and which lie a half step beside one.
    """

    bent: tuple[int, ...]
    height: tuple[int, ...]
    tone: tuple[bool, ...]
    rubs: tuple[bool, ...]


Under = list[tuple[int, Frame]]  # the chords under a bar: from which tick on, and their frames


def frame(key: Key, chord: Chord) -> Frame:
    """The frame of a chord in a key: degrees a half step from a chord tone off the scale are bent onto it."""
    return _frame(key.scale, (chord.root - key.pitch_class) % 12, chord.intervals)


@lru_cache(maxsize=256)
def _frame(scale: tuple[int, ...], root: int, intervals: tuple[int, ...]) -> Frame:
    """The same from semitones above the tonic and above the root: it is one in all keys."""
    tones = {(root + step) % 12 for step in intervals}
    bent: list[int] = []
    for step in scale:
        shift = 0
        if step not in tones:
            shift = next((s for s in (-1, 1) if (step + s) % 12 in tones and (step + s) % 12 not in scale), 0)
        bent.append(shift)
    height = tuple(step + b for step, b in zip(scale, bent, strict=True))
    hit = tuple(h % 12 in tones for h in height)
    rubs = tuple(not there and bool({(h - 1) % 12, (h + 1) % 12} & tones) for h, there in zip(height, hit, strict=True))
    return Frame(bent=tuple(bent), height=height, tone=hit, rubs=rubs)


@dataclass(slots=True)
class Line:
    """A melody as it grows, on the staff of a key: `at` counts staff steps, 0 the tonic at or above MIDI 0."""

    key: Key
    low: int
    high: int
    at: int = 0
    before: int | None = None  # the step that led there, none wider than the widest


def write_melody(stage: Stage, part: PartPlan, heard: Heard) -> list[Row]:
    """A line in the part's register; sections of one kind sing the same tune over their chords, a little changed."""
    low, high = part.register
    key = stage.plan.key
    line = staff_line(key, low, high)
    spare = max(0, (line.high - line.low - 8) // 2)
    lift = round(min(spare, max(-spare, stage.habits.lift * 2.4)))
    line.low, line.high = line.low + max(0, lift), line.high + min(0, lift)
    rows: list[Row] = []
    others = any(  # inner voices alone are no music to rest over
        p.role in ("chords", "piano", "pad") or (p.role == "counter" and p.pattern not in INNER)
        for p in stage.plan.parts
        if p.name != part.name
    )
    first_of: dict[str, Passage] = {}
    played = stage.played(part)
    kinds = {p.section.kind for p in played}
    resting = {
        kind
        for kind in kinds.intersection(_QUIET_KINDS if others and part.pattern not in TUNES else ())
        if stage.stream(kind, f"{part.name}/rest").chance(0.65)
    }
    if resting == kinds:
        resting = set()
    for passage in played:
        kind = passage.section.kind
        if kind not in resting or passage.end - passage.start > _LONGEST_REST * stage.passages[-1].end:
            first = first_of.setdefault(kind, passage)
            sing(stage, passage, first, part, line, stage.stream(kind, part.name), rows)
    come_home(rows, stage)
    rows = breathe(rows, part, stage)
    if rows and stage.habits.chromatic > 0:
        rows = leaning(rows, stage.habits.chromatic)
    rows = at_rest(rows, stage)
    if any(p.role == "counter" and p.pattern in INNER for p in stage.plan.parts):
        rows = without_parallels(rows, heard.get("bass", []), stage, low, high)
    return rows


def staff_line(key: Key, low: int, high: int) -> Line:
    """A line that has yet to begin, within a register."""
    return Line(key=key, low=_step(key, low + 1), high=_step(key, high) - 1)


def _step(key: Key, pitch: int) -> int:
    """The highest staff step at or below a pitch."""
    octave, rest = divmod(pitch - key.pitch_class, 12)
    return octave * 7 + max(d for d, s in enumerate(key.scale) if s <= rest)


def sing(
    stage: Stage, passage: Passage, first: Passage, part: PartPlan, line: Line, own: Stream, rows: list[Row]
) -> None:
    section = passage.section
    meter = stage.plan.meter
    habits = stage.habits
    full = fullness(part, first)
    plain = part.pattern in TUNES
    wanted = 2.4 + 5.2 * full + 1.3 * habits.busy
    middle = line.low + (line.high - line.low) * (0.2 + 0.55 * first.section.energy)
    arch = own.choice(_TARGET_LINES)
    phrases = max(1, -(-section.bars // section.phrase_bars))
    climax = min(phrases - 1, (2 * phrases) // 3) * section.phrase_bars + min(2, section.phrase_bars - 1)
    answer = own.unit()
    material: dict[str, tuple[Slots, tuple[int, ...], int, int]] = {}  # rhythm, steps, first step, bar
    scheme = ""
    velocity = loudness(part, passage, 52, 50)
    line.at, line.before = round(middle), None
    returns = stage.stream(section.name, part.name) if section.variation else None
    under = _by_bar(passage, line.key)
    for phrase in range(phrases):
        start = phrase * section.phrase_bars
        bars = min(section.phrase_bars, section.bars - start)
        if phrase == 0 or (phrase % 2 == 0 and answer > 0.6):
            scheme = phrase_scheme(own, bars)
        elif answer > 0.85:  # a contrasting answer keeps the opening bar only
            scheme = scheme[:1] + "".join(chr(ord(c) + 4) for c in scheme[1:])
        for place in range(bars):
            bar = start + place
            letter = scheme[place % len(scheme)]
            closes = place == bars - 1
            ends = passage.bar_start(bar) >= stage.closing()  # all hold the last chord, and so does the tune
            if ends:
                letter = "."
            elif closes and (plain or not (phrase % 2 == 0 and own.chance(0.4))):
                letter = f"{letter}.{phrase % 2}"
            target = middle + 1.4 * arch[min(place * 4 // max(1, bars), 3)] + (2 if bar == climax else 0)
            known = material.get(letter)
            begun = known[2] if known is not None else 0
            if known is not None and own.chance(0.25):
                begun += _sequence(line.key, passage, bar, known[3])
            fine = own.chance(habits.fine)
            if known is not None:
                slots = known[0]
            elif ends:
                slots = (0,)
            elif plain:
                slots = (0,) if closes else plain_bar(meter, part.pattern, own)
            else:
                slots = bar_rhythm(meter, wanted * (1.2 if fine else 0.95), fine=fine, closes=closes, stream=own)
            if known is not None and not plain and len(slots) > 2 and own.chance(0.8 * habits.loose):
                slots = varied(slots, own)
            moved = _bar(
                stage, passage.bar_start(bar), under[bar], slots, known[1] if known else None, begun, line, target,
                bar == climax, closes and phrase % 2 == 1, own, returns, velocity, passage.bar_start(start + bars),
                rows
            )  # fmt: skip
            if known is None:
                material[letter] = (slots, moved, line.at - sum(moved[1:]), bar)


def _bar(
    stage: Stage, start: int, under: Under, slots: Slots, moves: tuple[int, ...] | None, begun: int, line: Line, target: float, climax: bool,
    answers: bool, own: Stream, returns: Stream | None, velocity: int, until: int, rows: list[Row],
) -> tuple[int, ...]:  # fmt: skip
    """Write one bar: fresh steps as songs take them, or a motif's own steps from a new place; the steps it took."""
    framed, coming, chords = under[0][1], 1, len(under)
    tone, height, rubs = framed.tone, framed.height, framed.rubs
    tonic, walks = line.key.pitch_class, _walks()
    at, before = line.at, line.before
    took: list[int] = []
    unit = own.unit
    reach = 3 + round(4 * stage.habits.span)
    insists, turns = 0.15 * stage.habits.insists, 1.0 - stage.habits.onward
    strays = stage.habits.strays
    goal, last = round(target), len(slots) - 1
    roof = min(line.high, goal + reach + (1 if climax else 0))
    floor = max(line.low, goal - reach)
    for index, slot in enumerate(slots):
        onset = start + slot * SLOT
        while coming < chords and under[coming][0] <= onset:
            framed, coming = under[coming][1], coming + 1
            tone, height, rubs = framed.tone, framed.height, framed.rubs
        one, two = unit(), unit()
        if moves is not None and index < len(moves):
            # a motif comes again where it was, or in sequence on the new chord
            move = moves[index] if index else begun - at
        else:
            move = draw(one, walks[before])
            if not index:
                if abs(at - target) > 4:
                    move = 2 if at < target else -2
            elif two < insists:
                move = 0
            elif two > turns and took[-1]:
                move = 1 if took[-1] > 0 else -1
            elif move in (-2, 0, 2) and 0 < two - 0.5 < _WALKED:
                move = move // 2 or (1 if at < target else -1)
        to = at + move
        if not floor <= to <= roof:
            to = at - move if floor <= at - move <= roof else max(floor, min(roof, goal))
        # of seven degrees about three are chord tones by chance: only what songs have beyond that is forced, where the
        # beat is strong; a passing tone resolves
        if index == last < 3:
            sure = 0.97
        elif index and not tone[at % 7]:
            sure = 0.6
        else:
            sure = _FORCED[slot % 16]
        tries = 3 if moves is None and index else 0
        while tries and not tone[to % 7] and (two < sure or (two < _RUBS and rubs[to % 7])):
            move = draw(unit(), walks[before])
            to = at + move if floor <= at + move <= roof else to
            tries -= 1
        if two < sure and not tone[to % 7]:
            way = 1 if move > 0 or (move == 0 and to < target) else -1
            to += way if tone[(to + way) % 7] else -way
        if answers and index == last and tone[0] and not framed.bent[0]:  # an answer comes home where the chord lets it
            home = to + 3 - (to + 3) % 7
            to = home if floor <= home <= roof else to
        move, at = to - at, to
        took.append(move)
        before = move if -_WIDEST <= move <= _WIDEST else _WIDEST if move > 0 else -_WIDEST
        stress = 5 if slot == 0 else 2 if slot % 4 == 0 else -2
        if returns is not None and slot % 4 and returns.chance(strays):  # it goes on as if it had not strayed
            to += 1 if to < roof else -1
        rows.append((onset, until, tonic + to // 7 * 12 + height[to % 7], velocity + stress))
    line.at, line.before = at, before
    return tuple(took)


@lru_cache(maxsize=1)
def _walks() -> dict[int | None, tuple[tuple[int, ...], tuple[float, ...]]]:
    """The steps that songs take behind each step, or behind none, and the running sums of their counts."""
    steps = counts().steps
    before = {None: "", **{step: str(step) for step in range(-_WIDEST, _WIDEST + 1)}}
    tables = {step: steps.get(name, steps[""]) for step, name in before.items()}
    return {step: (tuple(map(int, items)), sums) for step, (items, sums) in tables.items()}


def _by_bar(passage: Passage, key: Key) -> list[Under]:
    """The chords under each bar of a passage."""
    bars: list[Under] = [[] for _ in range(passage.section.bars)]
    frames = {roman: frame(key, chord) for roman, chord in {s.roman: s.chord for s in passage.chords}.items()}
    for span in passage.chords:
        entry = span.onset, frames[span.roman]
        first = (span.onset - passage.start) // passage.bar_ticks
        last = (span.onset + span.duration - 1 - passage.start) // passage.bar_ticks
        for under in bars[first : last + 1]:
            under.append(entry)
    return bars


def _sequence(key: Key, passage: Passage, bar: int, before: int) -> int:
    """Staff steps, -3..3, from the chord under an earlier bar to the chord under this one."""
    roots = [chord_at(passage.chords, passage.bar_start(b)).root for b in (before, bar)]
    steps = [sum(1 for s in key.scale if s <= (root - key.pitch_class) % 12) for root in roots]
    return (steps[1] - steps[0] + 3) % 7 - 3


def varied(slots: Slots, stream: Stream) -> Slots:
    """A bar's rhythm with one onset left out or pushed an eighth ahead, the first one kept."""
    at = 1 + stream.below(len(slots) - 1)
    pushed = () if stream.chance(0.5) or slots[at] - 2 <= slots[at - 1] else (slots[at] - 2,)
    return slots[:at] + pushed + slots[at + 1 :]
