"""Answers to pick from, for who has no words: none that speaks against the story so far."""

from __future__ import annotations

_SUGGESTED: dict[str, tuple[str, ...]] = {
    "story": ("Someone is gone", "Something good began", "Nothing happens, and that is it"),
    "wound": ("That I was left alone", "That I am angry about it", "Nothing hurts, it is joy"),
    "desire": ("Peace", "To be close again", "To be free of it"),
    "outcome": ("Hope, quietly", "Acceptance and peace", "It stays sad, without comfort"),
    "exposure": ("guarded", "half open", "naked"),
    "rule": (),
    "frame": ("slow, only piano", "lofi, 80 bpm", "cinematic, 2 minutes long"),
}
# what is offered instead where the story so far is dark or glad: nobody who mourns is offered joy
_DARK: dict[str, tuple[str, ...]] = {
    "wound": ("That I was left alone", "That I am angry about it", "That I feel guilty")
}
_GLAD: dict[str, tuple[str, ...]] = {
    "wound": ("That we did it together", "That I am thankful for it", "That it may not last"),
    "outcome": ("Joy, all the way", "Quiet gratitude", "It ends where it began"),
}
_TOLD = 0.1  # a story nearer to the middle than this is neither


def offered(topic: str, valence: float) -> tuple[str, ...]:
    """Answers to a topic's question, where the story so far has a valence (0: none is known)."""
    fitting = _DARK if valence < -_TOLD else _GLAD if valence > _TOLD else {}
    return fitting.get(topic, _SUGGESTED[topic])
