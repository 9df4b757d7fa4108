"""Words that say that a person may be in danger, and the kind line that answers them."""

from __future__ import annotations

import re

_CRISIS = re.compile(
    r"\b(?:suicid\w*|kill(?:ing)? my ?self|end(?:ing)? (?:my|it all|my own) ?(?:life)?|ending it(?! with)|take my (?:own )?life|want(?:ed)? to die|wanna die"
    r"|better off (?:dead|without me)|rather (?:be dead|die)|wish (?:i|that i) (?:was|were|wasn'?t|weren'?t) (?:dead|alive|born|never born|here)|self[- ]?harm\w*"
    r"|(?:cut(?:ting)?|hurt(?:ing)?|hang(?:ing)?|shoot(?:ing)?|starv(?:e|ing)|drown(?:ing)?) my ?self(?! (?:laughing|at|in the|on the|some|off))|slit my"
    r"|no (?:reason|point) (?:to|in) liv(?:e|ing)|tired of (?:living|being alive)|don'?t want to (?:live|be alive|exist|wake up|be here any ?more)"
    r"|(?:took|take|taking|swallow(?:ed|ing)?) (?:all|too many|a lot of) (?:of )?(?:the |my )?pills|overdos(?:e|ed|ing)|kms|jump(?:ing|ed)? off (?:a|the) (?:bridge|roof|building)"
    r"|never wake up(?: again)?|want it to (?:all )?be over|can'?t go on living"
    r"|quiero morir(?:me)?|me quiero morir|(?:envie de|veux) mourir|will sterben|(?:mich )?umbringen|quero morrer|voglio morire|хочу умереть)\b",
    re.I,
)
CARE = (
    "That sounds very heavy, and I am only a music tool. If you might harm yourself, please talk to a person now: your local "
    "emergency number, 988 in the US and Canada, 116 123 in the UK and Ireland, or findahelpline.com anywhere. "
    "We can go on with the music whenever you want."
)


def care_for(text: str) -> str:
    """The kind line, empty where nothing asks for it."""
    return CARE if _CRISIS.search(text) else ""
