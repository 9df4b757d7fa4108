"""How a text is built: a path from one feeling to another, one feeling hidden under another, irony."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .sieve import Sieve

_CHANGE = (
    r"(?:turn(?:s|ed|ing)?|open(?:s|ed|ing)?(?: up| out)?|fad(?:e|es|ed|ing)|grow(?:s|n|ing)?|grew|melt(?:s|ed|ing)?|shift(?:s|ed|ing)?"
    r"|bloom(?:s|ed|ing)?|dissolv(?:e|es|ed|ing)|resolv(?:e|es|ed|ing)|transform(?:s|ed|ing)?|break(?:s|ing)?|build(?:s|ing)?(?: up)?"
    r"|giv(?:e|es|ing) way|lead(?:s|ing)?|mov(?:e|es|ing)|swell(?:s|ing)?|collaps(?:e|es|ing)|descend(?:s|ing)?|evolv(?:e|es|ing)"
    r"|explod(?:e|es|ing)|soften(?:s|ing)?|slid(?:e|es|ing)|ris(?:e|es|ing)|chang(?:e|es|ing)|go(?:es|ing)?|drift(?:s|ing)?|lift(?:s|ing)?|slip(?:s|ped|ping)?|sink(?:s|ing)?|spiral(?:s|ing)?|fall(?:s|ing)?|crumbl(?:es?|ing)|blossom(?:s|ing)?|burst(?:s|ing)?|erupt(?:s|ing)?|eas(?:es?|ing)|settl(?:es?|ing)|tip(?:s|ping)?) "
    r"(?:into|in to|to|towards?)"
)
_FAR = r"(?! of (?:the|my|a|this) (?:world|road|line|street|hall|pier|universe|rope|tether))"  # no end of a story
_JOINT = re.compile(
    rf"\b(?:{_CHANGE}\b|bec[ao]m(?:es|ing|e)\b|and (?:finds?|slowly|gradually|gets?|grows?|turns?|opens?)\b|but (?:now |slowly |still )*(?:i\'?m |we\'?re |it\'?s |she\'?s |he\'?s )?(?:getting|slowly|starting to|learning|healing)\b|(?<!now and )(?<!since )(?<!back )(?<!and )\bthen\b|and then\b|after that\b(?=\s*[,.;!?]|\s+(?:i|we|he|she|it|they|comes?|came|everything|nothing)\b)|finally\b"
    rf"|eventually\b|(?:by|in|at|towards?) the end\b{_FAR}|(?:and )?end(?:s|ed|ing)? (?:up )?(?:in|with|on|as|happy|sad)\b|until\b|before (?:it|i|we|she|he|everything|the|a)\b"
    r"|(?<=, )(?:and |but )?(?:it )?ends?\b|(?<=, )(?:and |but )?now (?=(?:it|i|i'?m|we|she|he|they|this)\b)|later\b)|->|→|=>|➡️?",
    re.I,
)  # fmt: skip
_ENDS = re.compile(_JOINT.pattern + rf"|\b(?:and |but )?end(?:s|ing)?\b{_FAR}", re.I)
_PLACED = re.compile(
    r"(?<=\w)(?: (?:at|in) the (?:start|beginning|middle|end)| at (?:first|last))\b(?= *(?:[,.;!]|and\b|but\b|$))", re.I
)
_CAME = re.compile(r"\b(?<!never )(?:came|come in|arrived?|went in|walked in|got here)\b", re.I)
_GONE = re.compile(
    _JOINT.pattern
    + r"|\b(?:and )?(?:(?:i'?m |we'?re |i |we |she |he )?(?:leav(?:e|es|ing)|left|(?:c[ao]me|walk(?:ed)?|go|went) out))\b",
    re.I,
)
_NOW = re.compile(r"(?:and |but )?now ", re.I)
# joints that say only when: no word of the stage behind them
_WHEN = re.compile(r"(?:and |by |in |at |towards? )*(?:the end|then|later|eventually|after that)", re.I)
_CLAUSE = r"(?:(?!, and )[^.;!?\n])"  # a sign of a stretch that does not go on into another clause
_FROM = re.compile(rf"\bfrom (?P<a>{_CLAUSE}{{2,80}}?) (?:in)?to (?P<b>[^.;!?\n]{{2,120}})", re.I)
_BEGINS = re.compile(
    r"\b(?:starts?|starting|begins?|beginning|opens?|at first|in the beginning|first(?! (?:time|day|date|kiss)\b))\b(?: (?:off|out|with|in|as))?",
    re.I,
)
_TO_AGAIN = re.compile(r"\b(?:and )?(?:in)?to\b|\bback to\b", re.I)
_AFTER = re.compile(r"\b(?:that comes )?after\b", re.I)

_HIDING = (
    r"(?:(?:hidden|disguised|masked|dressed(?: up)?|masquerading|wrapped(?: up)?|concealed|cloaked|hiding|sung|underneath|beneath|under)"
    r"(?: (?:as|behind|under|underneath|beneath|in|inside|by|with))?"
    r"|buried(?: deep| far)? (?:behind|under|underneath|beneath|in|inside|by))"
)
_UNDER = re.compile(
    rf"(?P<undertow>{_CLAUSE}{{2,80}}?) (?:that is |that's |which is )?{_HIDING} (?P<surface>{_CLAUSE}{{2,80}})", re.I
)
_SMILING = re.compile(
    r"\b(?P<surface>smil(?:e|es|ing)|laugh(?:s|ing)?|danc(?:e|es|ing)|grin(?:s|ning)?|jok(?:e|es|ing)|sing(?:s|ing)) "
    r"(?:through|over|to hide|to cover|so (?:that )?no ?(?:one|body) sees|in spite of|despite) (?P<undertow>[^.;!?\n]{2,60})", re.I,
)  # fmt: skip
_PRETENDING = re.compile(
    r"\b(?:pretend(?:s|ing)?|fak(?:e|es|ing)|act(?:s|ing)?(?= (?:like|as|all|happy|fine|ok|okay|tough|strong|brave|normal|cool|cheerful)\b)"
    r"|(?:putting|puts?) on(?= (?:a|my|the|her|his) (?:\w+ )?(?:smile|mask|face|show|grin|front))|wear(?:s|ing)?(?= (?:a|my|the|her|his) (?:\w+ )?(?:smile|mask|face|grin))"
    r"|play(?:s|ing)?(?= (?:it cool|along|pretend|happy|brave|strong|tough|fine|the clown|the part|a part|a role)\b))"
    r"(?: like| that| as if| to)?\b(?P<surface>[^.;!?\n]{2,50}?)"
    r"(?:(?:,| and| but| while| when| though| although) (?P<undertow>[^.;!?\n]{2,80})|(?=[.;!?\n]|$))", re.I,
)  # fmt: skip
_TWO_FACES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<surface>[^.;!?\n]{2,60}?) (?:(?:on|from) the (?:outside|surface)|on top|outwardly)\b,? ?(?:but|and|while)? ?(?P<undertow>[^.;!?\n]{2,60}?) (?:on the |from the |deep )?(?:inside|underneath|within|beneath|down|below|inwardly)\b"
        r"|on the (?:outside|surface),? (?P<surface2>[^.;!?\n]{2,60}?),? (?:but )?(?:on the inside|inside|underneath|beneath|deep down|below),? (?P<undertow2>[^.;!?\n]{2,60})",
        r"(?:i |it |she |he )?(?:looks?|sounds?|seems?|appears?) (?P<surface>[^.;!?\n,]{2,40}?),? (?:but|yet|though|while) (?P<undertow>[^.;!?\n]{2,60})",
        r"(?:everyone|everybody|people|they|friends|he|she) (?:[a-z ]{2,20} )?(?:thinks?|says?|sees?|believes?|calls? me|knows? me as) (?P<surface>[^.;!?\n]{2,60}?),? (?:but|yet|though|while|they should) (?P<undertow>[^.;!?\n]{2,80})",
        r"(?P<surface>[^.;!?\n,]{2,40}?) (?:in public|at work|at school|at parties|on stage|by day|during the day|online|on instagram|in (?:the )?photos|on camera)(?: all day)?,? (?:but |and )?(?P<undertow>[^.;!?\n,]{2,60}?) (?:in private|at home|at night|by night|alone|when (?:i'?m|she'?s|he'?s|nobody|no one)|in (?:the|my) (?:car|shower|bath|bathroom|bed|bedroom|room|closet|dark)|offline|behind (?:closed|the)|off camera|backstage)\b",
        r"(?P<surface>[^.;!?\n,]{2,40}?) (?:tune|melody|music|beat|chords|instrumental|production),? (?:but |and |with )?(?P<undertow>[^.;!?\n,]{2,40}? (?:lyrics|words)\b|(?:the )?(?:lyrics|words) (?:are |is )?(?:about |of |full of )?[^.;!?\n,]{2,40})",
        r"(?P<surface>[^.;!?\n,]{2,40}?) (?:that |which |who )?(?:hid(?:es?|ing)|mask(?:s|ing)|cover(?:s|ing)(?: up)?|conceal(?:s|ing)|disguis(?:es|ing)) (?P<undertow>[^.;!?\n,]{2,60})",
        r"(?P<undertow>[^.;!?\n,]{2,40}?),? but (?:make|keep) it (?P<surface>[^.;!?\n,]{2,40})",
        r"(?P<surface>\b(?:smil|laugh|danc|grin|wav|pos|jok|cheer|clap)(?:e|es|ing|ling|ving)\b[^.;!?\n]{0,40}?),? (?:while|as) (?P<undertow>[^.;!?\n]{2,60})",
        r"(?:^|[.;!?\n] *)(?:hidden |buried |somewhere |deep |but )*(?:under|beneath|behind|underneath|below) (?:all )?(?:of )?(?:the|my|his|her|their|that|those|this) (?P<surface>[^.;!?\n,]{2,40}?)(?:,| (?=(?:he|she|i|they|we|it|there|is|are|lies)\b)) ?(?P<undertow>[^.;!?\n]{2,60})",
        r"(?P<surface>[^.;!?\n,]{2,40}?) (?:is|was|are|were|'s) (?:just |only |all )?(?:an? )?(?:mask|cover|front|disguise|shield|act|show|armou?r|facade)\b(?: for| over| to hide| to cover| against)? (?P<undertow>[^.;!?\n,]{2,60})",
        r"(?P<surface>[^.;!?\n,]{2,40}?),? (?:with|and|but) (?P<undertow>[^.;!?\n,]{2,40}?) (?:under|underneath|beneath|below|behind) (?:it|them|it all|all of it|that)\b",
        r"\bmake it (?P<surface>[^.;!?\n,]{2,40}?),? (?:but|yet|and) make (?:me|them|us|people|everyone) (?P<undertow>[^.;!?\n]{2,40})",
    )
)  # fmt: skip
_ABOUT = re.compile(
    r"\b(?P<surface>[\w' -]{2,40}?\b(?:song|music|beat|tune|melody|track|banger|bop|anthem|chords|dance floor|club|waltz|pop)) (?:about|for when|for (?:some|any)(?:one|body) (?:who|whose)|for people (?:who|whose)|but with|with) (?P<undertow>(?:(?!, and )[^.;!?\n]){2,80}(?: lyrics)?)", re.I,
)  # fmt: skip
_IRONY = re.compile(
    r"\b(?:(?<!not )(?<!n't )(?<!nt )(?:oh|just|how|yeah|well isn't that|isn't that) (?:great|joy|wonderful|fantastic|perfect|lovely|fun|fucking great|nice)(?=[ ,.!]*(?:$|another|more|again|just|[,.!]))"
    r"|what a (?:surprise|shock)\b(?= *[,.!]| *$)|(?:sure|yeah|no|nah|yep|yes),? (?:everything(?:'?s| is)|i'?m|it'?s|we'?re) (?:all |perfectly |just |so )?(?:fine|great|good|ok|okay|perfect)\b"
    r"|fine[.,!] (?:(?:perfectly|just) )?fine\b|this is fine\b|(?:guess|suppose) i(?:'?ll| will) just\b|just what i needed\b|(?:as|just like) if i care\b|(?:cool|great|nice|awesome),? (?:cool|great|nice|awesome)\b|lucky me\b|(?:congrat\w*[,.!]? )?you(?:'ve)? played yourself\b|good for (?:you|her|him|them), i guess\b|slow clap\b|best friend of the year\b|(?:parent|friend|boyfriend|girlfriend|husband|wife|boss) of the year\b"
    r"|yay,? another\b|love that for me\b|(?:thanks|thank you) for nothing\b|yeah,? right\b|living the dream\b|(?:what a|having a) (?:great|wonderful|lovely|fantastic) (?:time|day) (?:to|being|crying|alone)\b)",
    re.I,
)  # fmt: skip
_THANKS = re.compile(
    r"\b(?:(?:thanks|thank you|thx|congrats|congratulations|bravo|well done|(?:nice|good|great) (?:job|work|one|going))\b"
    r"(?: so much| a lot| again)?,? (?:for|on|with|to (?:me|us|myself)\b[,:]?)|(?:(?<!'d )(?<!would )love|loving|adore|enjoy(?:ing)?|so (?:happy|glad|excited|thrilled)|thrilled|delighted|can'?t wait)"
    r" (?:it )?(?:being|when|how|getting|to be|to get|to have|to work|to spend|having)|(?:great|perfect|lovely|wonderful|brilliant|fantastic|amazing|awesome),|(?:cool|nice|okay|ok|love that),? so\b|(?:great|nice|good) (?:job|work|going|one) (?:everyone|guys|team|folks|all|buddy|boys|girls|me|us),|(?:well,? )?that went (?:well|great|smoothly),|(?:brilliant|great|genius|excellent|good|fantastic) (?:idea|plan|timing|start|move),|(?:sure|no worries|don'?t worry|of course),(?! and\b)) "
    r"(?P<reason>(?:(?!, and )[^.;!?\n:🙂😊👍]){2,60})(?:[ .!]*(?::'?-?\)|🙂|😊|👍|🎉|❤️?|lol))?", re.I,
)  # fmt: skip
_COMPLAINT = re.compile(
    r"\b(?:uninvited|not invited|ghosted|dumped|fired|rejected|stood up|blocked|ignored|forgot(?:ten)?|late|again|last[- ]minute|for nothing|without (?:me|us|asking)|(?:after|behind) (?:you|him|her|them|everyone)|by (?:text|e-?mail)|behind my back|in the (?:sink|mud)"
    r"|on the floor|at (?:3|4|5|6) ?am|twice|third time|hours? later|weeks? later|on hold|in front of everyone|my (?:lunch|seat|idea|ideas|work))\b",
    re.I,
)
_PERSONS = (
    "legend|hero|champ|champion|gem|gentleman|genius|catch|prince|saint|joy|treat|sweetheart|angel|star|guy|friend"
)
_PRAISES = (
    "romantic|nice|classy|mature|cool|smooth|charming|lovely|kind|thoughtful|professional|helpful|fun|sweet|great"
)
_BEHIND = re.compile(
    rf"(?P<reason>{_CLAUSE}{{2,60}}), (?:what an? (?:{_PERSONS})|(?:(?:how|so|real|that's|very) |(?=\w+ *(?:[.!;]|, and |$)))(?:{_PRAISES}))\b",
    re.I,
)
_PRAISE = re.compile(rf"what an? |{_PRAISES}", re.I)
SARCASM_MARK = re.compile(r"(?:^|\s)/s\b|🙃")

_TURN = "but|yet|though|while|should"
# Each pattern and words that it can't do without, one of each.
_SIDES = Sieve(
    (
        (("hid|disguis|mask|dress|masquer|wrap|buried|conceal|cloak|sung|neath|under",), _UNDER),
        (("through|over|to hide|to cover|spite|despite|so ", "smil|laugh|danc|grin|jok|sing"), _SMILING),
        (("the outside|the surface|on top|outwardly",), _TWO_FACES[0]),
        (("look|sound|seem|appear", _TURN), _TWO_FACES[1]),
        (("think|say|see|believe|call|know", _TURN), _TWO_FACES[2]),
        (("public|at work|school|parties|stage|day|line|instagram|photo|camera", "private|at home|night|alone|when|offline|behind|camera|backstage|in the|in my"), _TWO_FACES[3]),
        (("lyrics|words",), _TWO_FACES[4]),
        ((" hid| mask| cover| conceal| disguis",), _TWO_FACES[5]),
        (("but make it|but keep it",), _TWO_FACES[6]),
        (("while|as ", "smil|laugh|danc|grin|wav|pos|jok|cheer|clap"), _TWO_FACES[7]),
        (("under|beneath|behind|below",), _TWO_FACES[8]),
        (("mask|cover|front|disguise|shield|an act|a show|armor|armour|facade",), _TWO_FACES[9]),
        (("under|beneath|below|behind", "with|and|but"), _TWO_FACES[10]),
        (("make it",), _TWO_FACES[11]),
        (("song|music|beat|tune|melody|track|banger|bop|anthem|chords|dance|club|waltz|pop", "about|for|with"), _ABOUT),
        (("pretend|act|fak|put|wear|play",), _PRETENDING),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end]."""

    start: int
    end: int


def stages(text: str) -> tuple[list[Span], bool]:
    """The parts of a text that follow one another in time, one where nothing speaks of change; and whether it says itself
    that it goes from one to another: from A to B, begins so and ends so.
    """
    match = _FROM.search(text)
    if match:
        ends = [
            match.start("b"),
            *(match.start("b") + m.start() for m in _TO_AGAIN.finditer(match["b"])),
            match.end("b"),
        ]
        return [Span(match.start("a"), match.end("a")), *(Span(a, b) for a, b in pairwise(ends))], True
    if _PLACED.search(text):  # "fear at the start, triumph at the end"
        edges = [0, *(m.end() for m in _PLACED.finditer(text))]
        return [Span(a, b) for a, b in pairwise(edges)], True
    joint = _ENDS if _begins(text) else _GONE if _left(text) else _JOINT
    cuts = [m for m in joint.finditer(text) if m.start() > 0]
    starts = [0, *(m.end() if _WHEN.fullmatch(m.group()) else m.start() for m in cuts)]
    spans = [Span(a, b) for a, b in zip(starts, [*(m.start() for m in cuts), len(text)], strict=True)]
    if cuts and _NOW.fullmatch(cuts[-1].group()):
        spans.append(spans[-1])  # what is now lasts longer
    return spans, joint is not _JOINT


def _left(text: str) -> bool:
    """True where the text says how someone came, and then how they left."""
    first = _CAME.search(text)
    return first is not None and _GONE.search(text, first.end()) is not None


def _begins(text: str) -> bool:
    """True where the text says how something begins, and then how it goes on or ends."""
    first = _BEGINS.search(text)
    return first is not None and _ENDS.search(text, first.end()) is not None


def reversed_stages(text: str) -> list[Span]:
    """The two sides of "calm after the storm", in the order in which they happen; what is now lasts longer."""
    match = _AFTER.search(text)
    if match is None:
        return []
    if match.start() < 3:  # "after the storm, calm"
        comma = text.find(", ", match.end())
        now = Span(comma + 1, len(text))
        return [Span(match.end(), comma), now, now] if comma > 0 else []
    now = Span(0, match.start())
    return [Span(match.end(), len(text)), now, now]


def hidden(text: str) -> list[tuple[Span, Span, bool]]:
    """Pairs (shown, meant) that the text may speak of, and whether its pattern alone says that they differ."""
    found: list[tuple[Span, Span, bool]] = []
    for pattern in _SIDES.among(text):
        for match in pattern.finditer(text):
            groups = [name for name in match.groupdict() if match[name]]
            surface = next((name for name in groups if name.startswith("surface")), None)
            undertow = next((name for name in groups if name.startswith("undertow")), None)
            if surface:
                meant = Span(*match.span(undertow)) if undertow else Span(match.end(), match.end())
                found.append((Span(*match.span(surface)), meant, pattern in (_SMILING, _PRETENDING)))
    return found


def ironic(text: str) -> list[Span]:
    """Stretches whose praise is meant the other way round."""
    if SARCASM_MARK.search(text):
        return [Span(0, len(text))]
    return [Span(*match.span()) for match in _IRONY.finditer(text)]


def complains(text: str, reason: Span) -> bool:
    """True where the reason of praise names what people complain of: late, again, behind my back."""
    return _COMPLAINT.search(text, reason.start, reason.end) is not None


def thanked(text: str) -> list[tuple[Span, Span]]:
    """Praise with its reason and the reason alone: where that is bad, the praise is none."""
    return [
        (Span(*match.span()), Span(*match.span("reason")))
        for pattern in ((_THANKS, _BEHIND) if ", " in text and _PRAISE.search(text) else (_THANKS,))
        for match in pattern.finditer(text)
    ]
