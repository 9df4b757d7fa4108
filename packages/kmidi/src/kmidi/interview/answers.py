"""What a single answer says, whatever was told before: a skip, nothing, a question back, how exposed, which rule, how long."""

from __future__ import annotations

import re

from ..tables import rule_breaks
from ..tables.words import pattern_of

_GUARDED, _HALF, _QUITE, _NAKED = 0.2, 0.5, 0.7, 0.85
_HIDDEN = r"guard\w*|hid\w*|hold\w* (?:anything |something |much )?back|cover\w*|clos\w*|wall\w*|mask\w*|armou?r|filter\w*|secrets?|shield\w*"
_OPEN = r"naked|raw|exposed|open\w*|bare|vulnerable|honest|transparent|intimate|personal|skin|everything|everyone|all|a lot|lots|full\w*|completely|totally|high|very|much|wide"
_NOT = r"(?:no|not|never|nothing|without|don'?t|doesn'?t|shouldn'?t|isn'?t|can'?t|un|less)"
_EXPOSURE = tuple(
    (re.compile(rf"\b(?:{words})\b", re.I), share)
    for words, share in (
        (rf"{_NOT} (?:[\w']+ )?(?:{_HIDDEN})|unguarded|unfiltered|uncovered", _NAKED),
        (rf"{_NOT} (?:(?:too|so|that|very|really|be|want to be|at) )*(?:{_OPEN})|barely|hardly", _GUARDED),
        (rf"{_HIDDEN}|low|little|private|safe\w*|behind|careful\w*|shy\w*|distan\w*|minimal\w*|subtle", _GUARDED),
        (r"half\w*|some\w*|medium|middle|bit|part\w*|moderate\w*|in between|neither", _HALF),
        ("quite|pretty|fairly|rather|mostly", _QUITE),
        (rf"{_OPEN}|max\w*|as (?:much|far) as|strip\w*|truth\w*", _NAKED),
    )
)
_IN_A_WORD = {**dict.fromkeys(["no", "nope", "none"], _GUARDED), **dict.fromkeys(["yes", "yeah", "yep"], _NAKED)}
_SKIPS = frozenset(
    ["", "skip", "pass", "next", "i don't know", "i dont know", "don't know", "idk", "dunno", "no idea", "surprise me", "whatever",
     "whatever you think", "you decide", "you choose", "up to you", "as you like", "i don't care", "anything", "not sure",
     "already said", "i already said", "i already told you", "i told you", "see above", "as i said", "same as before"]
)  # fmt: skip
# what a bare word says where it is asked how the music should sound
_AS_MUSIC = (
    (re.compile(r"(?:.* )?(?:(?:around|about|at|roughly|maybe|tempo|~) ?)?(\d{2,3})", re.I), "{} bpm"),
    (re.compile(r"(?:very |rather |quite )?(?:short|brief)", re.I), "about 45 seconds long"),
    (re.compile(r"(?:very |rather |quite )?long", re.I), "about four minutes long"),
    (re.compile(r"(?:an? |some |maybe |like |something |more |a bit )*([\w&'-]+(?: [\w&'-]+){0,2})", re.I), "{} music"),
)  # fmt: skip
_PIECES = re.compile(r"[,;.!?\n()/]+|\band\b|\bbut\b|\bor\b", re.I)
_SMALL = frozenset(["it", "the", "a", "an", "this", "that", "them", "my", "please", "just"])
_LIKE = re.compile(r"(?<=\w{3})(?:y|ish|-like|esque)(?= music$)", re.I)  # jazzy, folky
_MOST_PIECES = 12


def is_skip(text: str) -> bool:
    """True where an answer passes on to the next question."""
    return text.strip().casefold() in _SKIPS


def without_nothing(text: str) -> str:
    """An answer without a "nothing" before it; "" where it says nothing else."""
    return pattern_of("answer_nothing").sub("", text).strip()


def asks_back(text: str) -> bool:
    """True for a short question: "what do you mean?"."""
    return len(text.split()) <= 6 and pattern_of("answer_question").fullmatch(text) is not None


def exposure_of(text: str) -> float | None:
    """How exposed (0..1) an answer says; None where it does not."""
    number = pattern_of("answer_number").search(text)
    if number:
        value = float(number[1])
        whole = (
            100.0 if number[2] else float(number[3] or 0) or next((w for w in (1.0, 10.0, 100.0) if value <= w), 0.0)
        )
        return value / whole if value <= whole else None
    if (bare := text.strip(" .!").casefold()) in _IN_A_WORD:
        return _IN_A_WORD[bare]
    return next((value for pattern, value in _EXPOSURE if pattern.search(text)), None)


def rule_of(text: str) -> tuple[tuple[str, ...], str] | None:
    """The rules that a text names, and the reason it gives; None where it names none and does not refuse."""
    said, _, reason = text.partition(" because ")
    plain = _plain(said)
    named = [(len(name), row.id) for row in rule_breaks().values() for name in _names(row.id) if f" {name} " in plain]
    if named:
        return (min(named, key=lambda one: (-one[0], one[1]))[1],), reason.strip()
    return ((), "") if pattern_of("answer_no_rule").search(text) else None


def is_yes(text: str) -> bool:
    """True where an answer agrees that a rule may break, whichever."""
    return pattern_of("answer_yes").search(text) is not None


def as_music(text: str) -> tuple[str, ...]:
    """An answer to "how should it sound", and what its bare words may mean: "rock" is rock music, "90" a tempo."""
    found = [text]
    for piece in _PIECES.split(text)[:_MOST_PIECES]:
        form = next(((m, form) for words, form in _AS_MUSIC if (m := words.fullmatch(piece.strip()))), None)
        if form is not None:
            found.append(form[1].format(*form[0].groups()))
            found.append(_LIKE.sub("", found[-1]))
    return tuple(dict.fromkeys(found))


def _names(rule: str) -> tuple[str, ...]:
    row = rule_breaks()[rule]
    return tuple(_plain(name).strip() for name in (row.id, row.name, *row.synonyms))


def _plain(text: str) -> str:
    """The words of a text, one blank between them and around: without apostrophes and the small words that may stand
    anywhere.
    """
    words = re.sub(r"[\W_]+", " ", text.casefold().replace("'", "").replace("’", "")).split()
    return f" {' '.join(word for word in words if word not in _SMALL)} "
