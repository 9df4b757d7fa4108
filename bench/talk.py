"""Whether two interviews that differ in one answer give plans that differ in the way the answer says: every pair,
every story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

from bench.table import figure, show
from kmidi import Intent, Plan
from kmidi.affect import feel, wished
from kmidi.composer import compose
from kmidi.interview import TOPICS, Answer, Ears, Interview, Topic, finish, next_turn
from kmidi.interview.answers import without_nothing
from kmidi.midi import read, write
from kmidi.planner import plan
from kmidi.planner.cues import LADDER
from kmidi.tables import find_rule_break

EARS = Ears(feel, wished)
STORIES = (
    "my dad died last spring and I keep hearing his voice",
    "she said yes and I have been dancing all day",
    "we broke up after nine years",
    "I moved to a city where I know nobody, so lonely",
    "I am furious at my brother for lying to me",
    "our baby was born this morning, pure joy",
    "panic attacks since the accident",
    "I finally quit the job that was killing me, free at last",
    "nothing feels like anything these days, I am numb",
    "summer with my grandparents, how I miss those days",
    "we won the final in the last minute!",
    "I betrayed my best friend and I am ashamed",
)
_MODES = [name for name, _ in LADDER]


def _always(_: Plan) -> bool:
    return True


class Says(NamedTuple):
    """An answer and what it means: by measure, how much of it is asked for beside the topic's other answers; and
    what must hold.
    """

    text: str
    means: dict[str, float]
    holds: Callable[[Plan], bool] = _always


def _brightness(plan: Plan) -> float:
    return _MODES.index("minor" if plan.key.is_minor and plan.key.mode not in _MODES else plan.key.mode)


# what is measured in a plan; where an answer asks for more of it than another, its plan has more
MEASURES: dict[str, Callable[[Plan], float]] = {
    "begins bright": lambda p: p.sections[0].feeling.valence,
    "begins stirred": lambda p: p.sections[0].feeling.arousal,
    "middle bright": lambda p: p.affect.at(0.5).valence,
    "middle stirred": lambda p: p.affect.at(0.5).arousal,
    "ends bright": lambda p: p.sections[-1].feeling.valence,
    "ends stirred": lambda p: p.sections[-1].feeling.arousal,
    "fast": lambda p: p.bpm,
    "human": lambda p: p.humanize,
    "thin": lambda p: -sum(q.density * len(q.sections or p.sections) for q in p.parts if q.role != "melody"),
    "soft": lambda p: -sum(q.loudness for q in p.parts if q.role != "melody") / max(1, sum(q.role != "melody" for q in p.parts)),
    "long": lambda p: p.bars * p.meter.bar_quarters / p.bpm,
}  # fmt: skip
# measures that may stand still between two answers, and must not go the other way
WEAK: dict[str, Callable[[Plan], float]] = {
    "mode bright": _brightness,
    "loud": lambda p: sum(q.loudness for q in p.parts),
}


def _felt(where: str, bright: float, stirred: float) -> dict[str, float]:
    return {f"{where} bright": bright, f"{where} stirred": stirred, "mode bright": bright, "fast": stirred}


def _begins(text: str, bright: float, stirred: float) -> Says:
    return Says(text, _felt("begins", bright, stirred))


def _longed(text: str, bright: float, stirred: float) -> Says:
    return Says(text, _felt("middle", bright, stirred))


def _ends(text: str, bright: float, stirred: float, holds: Callable[[Plan], bool] = _always) -> Says:
    return Says(text, _felt("ends", bright, stirred), holds)


def _exposed(text: str, share: float) -> Says:
    return Says(text, {"human": share, "thin": share, "soft": share})


def _unbroken(p: Plan) -> bool:
    return not p.rule_breaks


def _breaks(text: str, rule: str = "") -> Says:
    return Says(text, {}, (lambda p: [b.id for b in p.rule_breaks] == [rule]) if rule else _unbroken)


def _rises(p: Plan) -> bool:
    return p.sections[-1].feeling.valence > p.sections[0].feeling.valence


def _falls(p: Plan) -> bool:
    low = -0.95  # nothing is darker than the darkest
    return p.sections[-1].feeling.valence < max(low, p.sections[0].feeling.valence)


def _plays(p: Plan) -> set[str]:
    return {part.instrument for part in p.parts}


# Levels: -1 and 1 are plainly so, 0 between; answers whose levels are equal are not compared.
SUGGESTED: dict[Topic, tuple[Says, ...]] = {
    "wound": (
        _begins("That I was left alone", -1, -1), _begins("That I am angry about it", -1, 1), _begins("Nothing hurts, it is joy", 1, 1),
    ),
    "desire": (_longed("Peace", 1, -1), _longed("To be close again", 1, -0.5), _longed("To be free of it", 1, 1)),
    "outcome": (
        _ends("Hope, quietly", 1, 0.5), _ends("Acceptance and peace", 1, -1), Says("It stays sad, without comfort", {"ends bright": -1, "mode bright": -1}, lambda p: p.sections[-1].feeling.valence < -0.1),
    ),
    "exposure": (_exposed("guarded", 0.2), _exposed("half open", 0.5), _exposed("naked", 0.85)),
    "frame": (
        Says("slow, only piano", {"fast": 64}, lambda p: p.bpm == 64 and _plays(p) == {"piano"}),
        Says("lofi, 80 bpm", {"fast": 80}, lambda p: p.bpm == 80 and p.genre == "lofi_bedroom"),
        Says("cinematic, 2 minutes long", {}, lambda p: p.genre == "cinematic" and abs(MEASURES["long"](p) * 60 - 120) < 5),
    ),
}  # fmt: skip
TYPED: dict[Topic, tuple[Says, ...]] = {
    "story": (
        _begins("my little sister is dead and nobody told me", -1, 0), _begins("we got the house!! moving in tomorrow", 1, 1),
        _begins("nothing much, I sit at the window and it rains", 0, -1), _begins("they lied to all of us for years and got rich", -1, 1),
    ),
    "wound": (
        _begins("i never got to say sorry", -1, -0.5), _begins("how they laughed at me, I could have screamed", -1, 1),
        _begins("the silence in the house now", -1, -1), _begins("honestly the best part is that she believed in me", 1, 0.5),
    ),
    "desire": (
        _longed("just to sleep through one night", 0.5, -1), _longed("that he pays for what he did", -1, 1),
        _longed("to dance like we used to", 1, 1), _longed("a hug from my mom", 1, -0.5),
    ),
    "outcome": (
        _ends("like I can breathe again", 1, -0.5, lambda p: p.sections[-1].feeling.valence > 0), _ends("pure rage, no forgiveness", -1, 1),
        _ends("triumph, arms in the air", 1, 1), _ends("emptiness, nobody there", -1, -1),
        Says("brighter than it began", {}, _rises), Says("a bit darker", {}, _falls),
        Says("right back where it started", {}, lambda p: p.affect.trajectory[0] == p.affect.trajectory[-1]),
    ),
    "exposure": (
        _exposed("not very, I don't want people to know", 0.2), _exposed("somewhere in the middle", 0.5), _exposed("don't hide anything", 0.85),
        _exposed("7 out of 10", 0.7), _exposed("pretty open I guess", 0.7), _exposed("keep it behind a wall", 0.2),
    ),
    "rule": (
        _breaks("none"), _breaks("nope, keep it proper"), _breaks("don't resolve it, because nothing was ever resolved", "avoid_tonic_resolution"),
        _breaks("two keys at once because we never agreed", "polytonality"), _breaks("the tempo may breathe", "tempo_fluctuation"),
        _breaks("no resolution please", "avoid_tonic_resolution"), _breaks("skip a beat where he left", "dropped_beats"), _breaks("leave it hanging", "unresolved_dissonance"),
    ),
    "frame": (
        Says("fast", {"fast": 144}, lambda p: p.bpm > 120), Says("something slow for strings in A minor", {"fast": 64}, lambda p: p.bpm < 80 and str(p.key).startswith("A ") and p.key.is_minor and "strings" in _plays(p)),
        Says("rock", {}, lambda p: p.genre == "alternative"), Says("no drums, 3/4", {}, lambda p: all(q.role != "drums" for q in p.parts) and str(p.meter) == "3/4"),
        Says("90", {"fast": 90}, lambda p: p.bpm == 90), Says("just an acoustic guitar, 30 seconds", {}, lambda p: _plays(p) == {"acoustic_guitar"} and abs(MEASURES["long"](p) * 60 - 30) < 4),
        Says("short", {"long": -1}), Says("long", {"long": 1}), Says("folk, D dorian", {}, lambda p: "folk" in p.genre and str(p.key) == "D dorian"),
    ),
}  # fmt: skip
# Two talks around the answer: one that leaves the music free, one that settles all else (so that tempo and mode are not
# the answer's).
FREE: dict[Topic, str] = {"wound": "I never said goodbye", "exposure": "half open", "rule": "none"}
SETTLED: dict[Topic, str] = {
    **FREE,
    "desire": "peace",
    "outcome": "hope, quietly",
    "frame": "slow, only piano, in D minor",
}
_SET = ("fast", "mode bright")


def planned(story: str, rest: dict[Topic, str], topic: Topic, text: str) -> Plan:
    """The plan of an interview about a story in which one topic's answer is `text` ("" skips it) and all others are
    as `rest` has them.
    """
    said: dict[Topic, str] = {"story": story, **rest, topic: text}
    intent = finish(Interview(answers=tuple(Answer(topic=t, text=s) for t, s in said.items() if s), seed=3), EARS)
    felt = feel(intent)
    return plan(wished(intent, felt), felt)


def suggested(story: str, topic: Topic) -> tuple[Says, ...]:
    """What the conversation itself offers on a topic after a story, with what it means."""
    if topic != "rule":
        return SUGGESTED[topic]
    talk = Interview(
        answers=(Answer(topic="story", text=story), *(Answer(topic=t) for t in TOPICS if t not in ("story", "rule")))
    )
    offers = next_turn(talk, EARS).suggestions[:-1]
    return tuple(_breaks(text, find_rule_break(text).id if text != "none" else "") for text in offers)


def wrong(one: Says, other: Says, first: Plan, second: Plan, fixed: tuple[str, ...] = ()) -> Iterator[str]:
    """What two plans that differ in one answer do not do as the answers say; nothing where all is as they say.
    `fixed` is not theirs to say.
    """
    if first == second and (one.means != other.means or one.holds is not other.holds):
        yield "the same plan"
    for name in sorted((one.means.keys() & other.means.keys()) - set(fixed)):
        measure = WEAK.get(name) or MEASURES[name]
        more, gap = one.means[name] - other.means[name], measure(first) - measure(second)
        if more and (gap * more < 0 or (gap == 0 and name not in WEAK)):
            yield f"{name} {gap:+.3f}"


_POINTS = {"begins": 0.0, "middle": 0.5, "ends": 1.0}


def unmoved(one: Says, with_it: Plan, without: Plan) -> Iterator[str]:
    """What an answer leaves as it would be without it: nothing where it draws the path to what it says by itself."""
    if with_it == without and one.holds is not _unbroken:
        yield "the plan is as without it"
    shares = {_POINTS[word] for name in one.means for word in name.split() if word in _POINTS}
    alone = feel(Intent(text=without_nothing(one.text))) if shares else with_it.affect
    for share in sorted(shares):
        now, before = with_it.affect.at(share), without.affect.at(share)
        for axis in ("valence", "arousal"):
            wanted, here, there = getattr(alone, axis), getattr(now, axis), getattr(before, axis)
            if abs(here - wanted) > abs(there - wanted) + 1e-3:
                yield f"{axis} at {share} goes away from {wanted:+.2f}: {there:+.2f} to {here:+.2f}"


def pairs(
    story: str, rest: dict[Topic, str], topic: Topic, said: tuple[Says, ...]
) -> Iterator[tuple[str, str, list[str]]]:
    """Every pair of answers to a topic, a skip among them, and what goes wrong; an answer that does not hold is
    wrong beside the skip.
    """
    fixed = _SET if rest is SETTLED and topic != "frame" else ()
    plans = [planned(story, rest, topic, one.text) for one in said]
    for (one, first), (other, second) in combinations(zip(said, plans, strict=True), 2):
        yield one.text, other.text, list(wrong(one, other, first, second, fixed))
    without = planned(story, rest, topic, "") if topic != "story" else None
    for one, made in zip(said, plans, strict=True):
        moved = list(unmoved(one, made, without)) if without else []
        yield one.text, "skip", [*moved, *([] if one.holds(made) else ["does not hold"])]


def asked(
    stories: tuple[str, ...], table: dict[Topic, tuple[Says, ...]] | None
) -> Iterator[tuple[Topic, str, str, str, list[str]]]:
    """All pairs about these stories: of the answers in `table`, or of those that the conversation offers."""
    for topic in TYPED:
        for story in stories if topic != "story" else stories[:1]:
            for rest in (FREE, SETTLED):
                if table is None and topic == "story":
                    continue
                for one, other, faults in pairs(
                    story, rest, topic, suggested(story, topic) if table is None else table[topic]
                ):
                    yield topic, story, one, other, faults


def beside_the_voice(made: Plan) -> tuple[int, float]:
    """How many notes sound beside the melody in the bytes of a plan, and how loud they are on average."""
    voice = {part.name for part in made.parts if part.role == "melody"}
    notes = [part.notes for part in read(write(compose(made))).parts if part.name not in voice]
    count = sum(len(rows) for rows in notes)
    return count, sum(int(rows["velocity"].sum()) for rows in notes) / count


def main() -> None:
    """Print how many of all pairs do as they say, and those that don't."""
    lines: list[tuple[str, ...]] = []
    for name, table in (("suggested", None), ("typed", TYPED)):
        found = list(asked(STORIES, table))
        for topic, story, one, other, faults in found:
            if faults:
                print(f"{topic}: {one} / {other} ({story[:24]}): {'; '.join(faults)}")
        right = sum(not faults for *_, faults in found)
        lines.append(figure(f"pairs of {name} answers that differ as they say ({len(found)})", right / len(found), 1.0))
    heard = [
        [beside_the_voice(planned(story, rest, "exposure", said.text)) for said in SUGGESTED["exposure"]]
        for story in STORIES
        for rest in (FREE, SETTLED)
    ]
    thinner = sum(naked[0] < guarded[0] and naked[1] < half[1] < guarded[1] for guarded, half, naked in heard) / len(
        heard
    )
    lines.append(figure(f"exposure in the bytes: thinner and softer beside the voice ({len(heard)})", thinner, 1.0))
    show(lines, ("figure", "value", "bar", "met?"))


if __name__ == "__main__":
    main()
