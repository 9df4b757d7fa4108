"""Wishes of shape in plain words: how the music grows, ends or fades."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tokens import folded
from .wish import Wish

# What the music does is said of the music or of nobody; "the night ends quietly" and "I start small" tell of something else.
_IT = r"(?:^|[,;.:(\n] ?|\b(?:that|which|it|and it|then|songs?|music|pieces?|tracks?|tunes?) )"
_ONE = (
    r"(?:^|[,;.:(\n] ?|\b(?:with|wants?|need|give me|make it|as|and|but|then|like) )(?:an? )?(?:(?:really|long|nice) )?"
)
_END = r"(?= *(?:[,.;:!)\n]|$|(?:and|but|with|in|please|from|then)\b))"
_HOW = r"(?:slowly|gradually|steadily|little by little|bit by bit|over time)"
_BIG = r"(?:big|huge|loud|loudly|massive|epic)"
_HUSHED = r"(?:with (?:almost |next to )?nothing|from (?:almost )?nothing|small|soft|softly|quiet|quietly|gentle|gently|sparse|silent|bare)"
_GROWS = rf"(?:grows?(?: (?:and grows|{_BIG}|bigger|louder))?|builds?(?: up)?|swells?|rises|gets? (?:bigger|louder|fuller|huge))"
_SOFT = r"(?:quiet|quietly|softly|soft|gently|in (?:near )?silence)"
_LAST = r"(?:(?:in|at|on) )?the (?:last|final) (?:chorus|refrain|section)"
_PEAK = r"(?:an? )?(?:(?:big|huge|massive|epic|loud|great|grand) )?(?:climax|crescendo|finale|peak)"

# Ways to say each shape, and words that each can't do without, one of each: most texts have none.
_SHAPES = tuple(
    (tuple(tuple(cue.split("|")) for cue in cues), arc, re.compile(pattern, re.I))
    for arc, cues, pattern in (
        ("slow_build", ("build", "slow|gradual|steady"), rf"{_ONE}(?P<said>(?:slow|gradual|steady)[ -](?:burning )?build(?:[ -]?up)?){_END}"),
        ("slow_build", ("build", "slowly|gradually|steadily|little|bit|over time"), rf"{_IT}(?P<said>(?:slowly |gradually )builds?(?: up)?|builds?(?: up)? {_HOW}){_END}"),
        ("slow_build", ("climax|crescendo|finale|peak",), rf"{_IT}(?P<said>(?:slowly |gradually )?(?:builds?|grows?|rises|swells?)(?: up)?(?: {_HOW})? (?:in)?to {_PEAK}){_END}"),
        ("slow_build", ("start|begin|open", "grow|build|swell|rises|get", "nothing|small|soft|quiet|gent|sparse|silent|bare"), rf"{_IT}(?P<said>(?:start|begin|open)s?(?: off| out)? {_HUSHED},? (?:(?:and|then|but) )*(?:{_HOW} )?{_GROWS}(?: {_HOW})?(?: (?:in)?to {_PEAK})?){_END}"),
        ("slow_build", ("bigger and|keep|crescendo",), rf"{_IT}(?P<said>(?:gets? bigger and bigger|keeps? (?:building|growing)|(?:one|a) (?:long|slow|single) crescendo)){_END}"),
        ("big_finish", ("finish|finale|ending", "big|huge|grand|massive|epic|loud"), rf"{_ONE}(?P<said>(?:big|huge|grand|massive|epic|loud) (?:finish|finale|ending)){_END}"),
        ("big_finish", ("end|finish", "big|huge|loud|massive|epic"), rf"{_IT}(?P<said>(?:ends?|finish(?:es)?) (?:really )?{_BIG}){_END}"),
        ("big_finish", ("last|final", "chorus|refrain|section"), rf"{_IT}(?P<said>(?:explod|erupt|burst|open|tak|lift)(?:es|s)(?: out| up| off| open)? {_LAST}){_END}"),
        ("rise_and_fall", ("swell|rise", " and "), rf"{_IT}(?P<said>(?:swells?|rises?) and (?:then )?(?:ebbs?|falls?|fades?)(?: again)?){_END}"),
        ("descent", ("start|begin|open", "big|huge|loud|massive|epic"), rf"{_IT}(?P<said>(?:start|begin|open)s? (?:off |out )?{_BIG},? (?:(?:and|then|but) )*(?:{_HOW} )?(?:fades?|dies|ebbs?|sinks?|gets? (?:quieter|smaller|softer))(?: away| down| out| to nothing)?){_END}"),
        ("fade_out", ("fade|fading|dies away",), rf"{_IT}(?P<said>(?:slowly |gradually )?(?:fad(?:e|es|ing) (?:out|away|to nothing)|dies away)(?: {_HOW})?(?: (?:at|in|towards?) the end)?){_END}"),
        ("fade_out", ("fade|ending|finish",), rf"{_ONE}(?P<said>(?:fade[ -]?out|(?:quiet|soft|gentle|hushed) (?:ending|finish))){_END}"),
        ("fade_out", ("end|finish", "quiet|soft|gent|silence"), rf"{_IT}(?P<said>(?:ends?|finish(?:es)?) (?:very )?{_SOFT}){_END}"),
    )
)  # fmt: skip


def shape_wishes(text: str) -> Iterator[Wish]:
    """How the energy moves through the piece."""
    low = folded(text)
    for cues, arc, pattern in _SHAPES:
        if all(any(word in low for word in cue) for cue in cues):
            for match in pattern.finditer(text):
                yield Wish(match.start("said"), match.end("said"), "arc", arc)
