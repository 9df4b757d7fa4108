"""The conversation that turns a person's story into an Intent: pure functions over a transcript that can be kept as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from ..errors import IntentError, nearest
from ..intent import LOSS, Affect, Intent
from ..tables import RuleBreak, rule_breaks
from ..tables.endings import endings_in
from .answers import as_music, asks_back, exposure_of, is_skip, is_yes, rule_of, without_nothing
from .crisis import care_for
from .offers import offered

Topic = Literal["story", "wound", "desire", "outcome", "exposure", "rule", "frame"]
TOPICS: tuple[Topic, ...] = ("story", "wound", "desire", "outcome", "exposure", "rule", "frame")


class Ears(NamedTuple):
    """How answers are heard: `read` an Intent's feeling, `fill` an Intent with the wishes found in it."""

    read: Callable[[Intent], Affect]
    fill: Callable[[Intent, Affect], Intent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person said to a question; empty text is a skip."""

    topic: Topic
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """A conversation so far: its answers in order, and the seed of the piece. JSON in, JSON out."""

    answers: tuple[Answer, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What was asked, what was answered, and what was understood of it ("" where nothing was)."""

    question: str
    answer: Answer
    mirror: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What is said next: the topic (None when all is said), the question, what was understood, answers to pick from, care."""

    topic: Topic | None
    question: str
    mirror: str = ""
    suggestions: tuple[str, ...] = ()
    care: str = ""


# Each question, and how it is asked once more where the answer could not be used.
_QUESTIONS: dict[Topic, tuple[str, str]] = {
    "story": ("What happened? Tell it as you would tell a friend.", "I could not hear a feeling in that yet. What was it like to be there?"),
    "wound": ("What hurts the most in it, or what is the strongest part?", "I could not use that. If it had one word, which feeling would it be?"),
    "desire": ("What do you long for?", "I could not use that. What would you want to feel instead?"),
    "outcome": ("What should be felt when the last note is gone?", "I could not use that. Should it end brighter, darker, or where it began?"),
    "exposure": ("How exposed may the music be?", "I could not use that. Guarded, half open or naked?"),
    "rule": ("May a rule of music break for this, and why?", "I don't know that rule. Pick one, or say none."),
    "frame": ("How should it sound: style, tempo, key, length, who plays?", "I found no musical wish in that. For example: slow, in D minor, only piano."),
}  # fmt: skip
_FIELDS: dict[str, str] = {"story": "core_event", "wound": "core_wound", "desire": "core_desire", "outcome": "outcome"}
_FELT = 0.1  # a reading nearer to the middle than this is none: "what is the weather tomorrow?"


def answer(talk: Interview, text: str, ears: Ears) -> Interview:
    """The conversation with an answer to the question that stands. IntentError where all was said, or text is illegal."""
    topic = next_turn(talk, ears).topic
    if topic is None:
        raise IntentError("the interview is complete; correct an answer or finish it", field="answers")
    Intent(core_event=text or None)  # the same checks as for any text
    said = "" if is_skip(text) else text.strip()
    return replace(talk, answers=(*talk.answers, Answer(topic=topic, text=said)))


def correct(talk: Interview, topic: str, text: str) -> Interview:
    """The conversation with one topic's answer said anew; empty text takes it back. IntentError for an unknown topic."""
    if topic not in TOPICS:
        raise IntentError(f"unknown topic {topic!r}{nearest(topic, TOPICS)}", field="topic")
    Intent(core_event=text or None)
    places = [i for i, given in enumerate(talk.answers) if given.topic == topic]
    new = Answer(topic=topic, text=text.strip())
    if not places:
        return replace(talk, answers=(*talk.answers, new))
    kept = tuple(a for i, a in enumerate(talk.answers) if a.topic != topic or i == places[0])
    return replace(talk, answers=tuple(new if a.topic == topic else a for a in kept))


def next_turn(talk: Interview, ears: Ears) -> Turn:
    """The one open question that would change the music most, or the end. A question comes back once, put otherwise."""
    last = talk.answers[-1] if talk.answers else None
    care = care_for(last.text) if last is not None else ""
    mirror = _mirror(talk, last, ears) if last is not None else ""
    if (
        last is not None
        and _meant(last)
        and not _usable(last, ears)
        and _times(talk, last.topic) == 1
        and len(talk.answers) < 7
    ):
        return _asked(talk, last.topic, ears, mirror, care, again=True)
    asked = {given.topic for given in talk.answers}
    worth: dict[Topic, float] = {topic: _worth(talk, topic, ears) for topic in TOPICS if topic not in asked}
    best: Topic | None = max(worth, key=lambda topic: worth[topic]) if worth else None
    if best is None or len(talk.answers) >= len(TOPICS) or worth[best] <= 0:
        return Turn(topic=None, question="That is all I need. Shall I play it?", mirror=mirror, care=care)
    return _asked(talk, best, ears, mirror, care, again=False)


def finish(talk: Interview, ears: Ears) -> Intent:
    """The Intent of what was said so far. IntentError where nothing was said from which a feeling could be heard."""
    given = _given(talk, ears)
    if not given.keys() & {*_FIELDS} and not _given_wishes(talk, ears):
        raise IntentError("nothing was said yet; answer at least one question", field="answers")
    intent = replace(_story(given), seed=talk.seed)
    exposure = exposure_of(given.get("exposure", ""))
    if exposure is not None:
        # who is exposed plays less evenly: the hand shows
        intent = replace(intent, vulnerability=exposure, humanize=round(0.5 + 0.5 * exposure, 2))
    rule = _rule(talk, given.get("rule", ""), ears)
    if rule is not None:
        intent = replace(intent, rule_breaks=rule[0], rule_reason=rule[1] or None)
    for wish in _given_wishes(talk, ears):
        said, alone = _meant(wish), _wishes(wish)
        read = _music(said, ears) if alone else ears.read(Intent(text=said))
        intent = ears.fill(intent, read)
        if intent.is_blank() or (intent.text is None and alone and _named(read)):
            intent = replace(intent, text=said)  # "dark and slow" speaks of a feeling too
    return intent


def unused(talk: Interview, ears: Ears) -> tuple[Answer, ...]:
    """The answers that change nothing, since they could not be understood."""
    return tuple(given for given in talk.answers if _meant(given) and not _usable(given, ears))


def replay(talk: Interview, ears: Ears) -> tuple[Exchange, ...]:
    """The conversation as it went: each question as it was asked, its answer, and what was understood."""
    told: list[Exchange] = []
    for given in talk.answers:
        again = any(one.answer.topic == given.topic for one in told)
        told.append(Exchange(question=_QUESTIONS[given.topic][again], answer=given, mirror=_mirror(talk, given, ears)))
    return tuple(told)


def _given(talk: Interview, ears: Ears) -> dict[str, str]:
    return {given.topic: _meant(given) for given in talk.answers if _meant(given) and _usable(given, ears)}


def _given_wishes(talk: Interview, ears: Ears) -> list[Answer]:
    """The answers about how it should sound, "how should it sound" first, since the first wish for a thing holds."""

    def kept(given: Answer) -> bool:
        return (
            _usable(given, ears)
            if _wishes(given)
            else _beside(given) and bool(ears.read(Intent(text=given.text)).wishes)
        )

    wishes = [given for given in talk.answers if _meant(given) and kept(given)]
    return sorted(wishes, key=lambda given: given.topic != "frame")


def _meant(given: Answer) -> str:
    """An answer without a "nothing" before it; "" where it is a skip or nothing else."""
    return given.text if given.topic in ("rule", "exposure", "story") else without_nothing(given.text)


def _story(given: Mapping[str, str]) -> Intent:
    """The told part of an Intent."""
    told: dict[str, Any] = {_FIELDS[topic]: text for topic, text in given.items() if topic in _FIELDS}
    return Intent(**told)


def _rule(talk: Interview, said: str, ears: Ears) -> tuple[tuple[str, ...], str] | None:
    """The rules to break and why: those named, none where refused, what suits best where any may; None where nothing
    was said.
    """
    named = rule_of(said)
    if named is None and is_yes(said):
        return tuple(row.id for row in _rules_that_suit(talk, ears)[:1]), ""
    return named


def _music(said: str, ears: Ears) -> Affect:
    """What an answer to "how should it sound" says: as it stands, with the wishes that its bare words may be short for."""
    reads = [ears.read(Intent(text=text)) for text in as_music(said)]
    wishes = {field: (field, value) for read in reversed(reads) for field, value in read.wishes}
    return replace(reads[0], wishes=tuple(wishes.values()))


def _named(read: Affect) -> bool:
    """True where words name a feeling, or tell of what everybody feels."""
    return any(evidence.note for evidence in read.evidence)


def _times(talk: Interview, topic: Topic) -> int:
    return sum(given.topic == topic for given in talk.answers)


def _usable(given: Answer, ears: Ears) -> bool:
    said = _meant(given)
    if given.topic == "exposure" and exposure_of(said) is not None:
        return True
    if given.topic == "rule" and (rule_of(said) is not None or is_yes(said)):
        return True
    if given.topic == "outcome" and endings_in(said):
        return True
    read = _music(said, ears) if given.topic == "frame" else ears.read(Intent(text=said))
    if read.wishes:
        return True  # a musical wish is kept to, whatever was asked
    if given.topic in ("exposure", "rule"):
        return False
    if (asks_back(said) or given.topic == "frame") and not _named(read):
        return False
    return read.confidence >= 0.2 and max(abs(read.valence), abs(read.arousal)) >= _FELT


def _wishes(given: Answer) -> bool:
    """True where an answer can only be a musical wish: to "how should it sound", or to another question about the music."""
    if given.topic == "exposure":
        return exposure_of(given.text) is None
    return given.topic == "frame" or (given.topic == "rule" and rule_of(given.text) is None and not is_yes(given.text))


def _beside(given: Answer) -> bool:
    """True where musical wishes may stand beside how exposed it may be, or beside a yes or no to breaking rules: "naked,
    only piano". A rule's name may sound like a wish, so beside one nothing is looked for.
    """
    rule = rule_of(given.text)
    return given.topic == "exposure" or (given.topic == "rule" and not (rule and rule[0]))


def _worth(talk: Interview, topic: Topic, ears: Ears) -> float:
    """How much an answer to this question would change the music, 0..1, from what is known so far."""
    given = _given(talk, ears)
    if not talk.answers:
        return 1.0 if topic == "story" else 0.0
    told = _story(given)
    read = ears.read(told) if not told.is_blank() else None
    unclear = 1.0 - (read.confidence if read else 0.0)
    if topic == "wound":
        return 0.8 + 0.2 * unclear
    if topic == "desire":
        return 0.7 + 0.05 * unclear
    if topic == "outcome":
        return 0.65 if read is None or len(read.trajectory) < 2 else 0.3
    if topic == "frame":
        return 0.2 if read and read.wishes else 0.6
    return {"exposure": 0.5, "rule": 0.4}.get(topic, 0.1)


def _asked(talk: Interview, topic: Topic, ears: Ears, mirror: str, care: str, *, again: bool) -> Turn:
    rules = _rules_that_suit(talk, ears)[:2] if topic == "rule" else ()
    told = _story(_given(talk, ears))
    valence = 0.0 if told.is_blank() else ears.read(told).valence
    offers = (*(row.name for row in rules), "none") if rules else offered(topic, valence)
    return Turn(topic=topic, question=_QUESTIONS[topic][again], mirror=mirror, suggestions=(*offers, "skip"), care=care)


def _rules_that_suit(talk: Interview, ears: Ears) -> list[RuleBreak]:
    """All rules, that whose home is nearest to the feeling so far first."""
    at = ears.read(_story(_given(talk, ears)))
    return sorted(
        rule_breaks().values(),
        key=lambda row: (abs(row.feeling[0] - at.valence) + abs(row.feeling[1] - at.arousal), row.id),
    )


def _mirror(talk: Interview, given: Answer, ears: Ears) -> str:
    """What was understood, in the person's own words."""
    if not _meant(given):
        return "Nothing, then." if given.text else ""
    read = _music(_meant(given), ears) if given.topic == "frame" else ears.read(Intent(text=_meant(given)))
    if not _usable(given, ears):
        return next((warning for warning in read.warnings if warning.startswith("This looks like")), "")
    exposure, rule = exposure_of(given.text), rule_of(given.text)
    beside = f" {_kept(read)}" if _beside(given) and read.wishes else ""
    if given.topic == "exposure" and exposure is not None:
        return f"I heard “{given.text}”: {exposure:.0%} exposed.{beside}"
    if given.topic == "rule" and rule is not None:
        return f"I will break: {rule_breaks()[rule[0][0]].name}." if rule[0] else f"No rule will break.{beside}"
    if given.topic == "rule" and is_yes(given.text):
        return f"I will break the one that suits this best.{beside}"
    ends = [row.id for row in endings_in(given.text)] if given.topic == "outcome" else []
    if ends:
        return "It will end where it began." if ends == ["same"] else f"It will end {' and '.join(ends)} than it began."
    if _wishes(given) and read.wishes:
        return _kept(read)
    telling = [e for e in read.evidence if e.note or len(e.words) > 3] or read.evidence
    words = sorted(telling, key=lambda e: (not e.note, -abs(e.valence) - abs(e.arousal)))[:2]
    said = dict.fromkeys(f"“{e.words}”" for e in sorted(words, key=lambda e: e.start))
    shown = " and ".join(said) or f"“{given.text[:40]}”"
    if given.topic == "wound" and read.valence > 0 and _lost(talk, ears):
        return f"I heard {shown}: it was dear, and it is missed."
    feeling = (read.emotion or "something").replace("_", " ")
    return f"I heard {shown}: {feeling}, {_place(read)}."


def _kept(read: Affect) -> str:
    kept = ", ".join(f"{field} {value}".replace("_", " ") for field, value in read.wishes if value)
    return f"I will keep to it: {kept}."


def _lost(talk: Interview, ears: Ears) -> bool:
    """True where what happened is a loss."""
    told = _given(talk, ears).get("story")
    return told is not None and ears.read(Intent(core_event=told)).valence < LOSS


def _place(read: Affect) -> str:
    side = "unpleasant" if read.valence < -0.1 else "pleasant" if read.valence > 0.1 else "both light and dark"
    return f"{side} and {'stirred' if read.arousal > 0.1 else 'still' if read.arousal < -0.1 else 'neither stirred nor still'}"
