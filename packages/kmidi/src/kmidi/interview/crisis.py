"""Words that say that a person may be in danger, and the kind line that answers them."""

from __future__ import annotations

from ..tables.words import pattern_of

CARE = (
    "That sounds very heavy, and I am only a music tool. If you might harm yourself, please talk to a person now: your local "
    "emergency number, 988 in the US and Canada, 116 123 in the UK and Ireland, or findahelpline.com anywhere. "
    "We can go on with the music whenever you want."
)


def care_for(text: str) -> str:
    """The kind line, empty where nothing asks for it."""
    return CARE if pattern_of("answer_crisis").search(text) else ""
