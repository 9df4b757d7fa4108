"""What a denial is and which words are clear enough to be turned by one: the frames and words that tests and figures share."""

from __future__ import annotations

from functools import lru_cache

from kmidi.affect import modifiers as say
from kmidi.affect.story import read_text
from kmidi.affect.vocabulary import graded
from kmidi.tables import emotions

FRAMES = (
    "I'm not {}", "I am not {}", "never {}", "I was never {}", "hardly {}", "I am hardly {}", "it isn't {}", "isn't {}", "no {}", "without {}",
    "far from {}", "I'm far from {}", "anything but {}", "she was anything but {}", "I don't feel {}", "not {} at all", "I'm not that {}",
    "I'm not even {}", "no longer {}", "nothing {} about it", "neither {0} nor {0}", "not {} anymore", "nobody is {}", "didn't feel {}", "wasn't {}",
    "aren't {}", "there's nothing {} here", "not feeling {}", "I can't be {}", "not exactly {}", "barely {}", "without any {}", "he is nowhere near {}",
    "nowhere close to {}", "not the {} kind", "{}? no", "not very {}", "not so {}", "ain't {}", "he's not {0}, she's not {0}", "I'm no {}",
    "the opposite of {}", "rather than {}", "not the least {}", "in no way {}", "by no means {}", "not one bit {}", "devoid of {}", "I doubt I'm {}",
)  # fmt: skip
_OTHERWISE = (
    "apologize",
    "rush",
    "wonder",
)  # who does not apologize is no better; "no rush" and "no wonder" deny nothing
_ROW, _READ = 0.25, 0.2  # a clear word's row and reading lie at least so far from the middle, on the same side


@lru_cache(maxsize=1)
def clear_words() -> tuple[str, ...]:
    """The single words of emotions.toml that are clear by themselves: no comparative, no word of degree or denial."""
    changing = {*say.DEGREES, *say.NEGATORS, *say.STOPPERS, *say.MISSED, *say.RELENTLESS, *say.LAUGHS}
    return tuple(
        word
        for row in emotions().values()
        for word in sorted({row.name, *row.synonyms})
        if word.isalpha()
        and word not in changing
        and word not in _OTHERWISE
        and graded(word) is None
        and abs(row.valence) >= _ROW
        and read_text(f"I am {word}").valence * row.valence >= _READ * abs(row.valence)
    )


def turned(word: str, frame: str) -> tuple[str, float, float]:
    """The denial of a word, the valence of the word by itself, and that of its denial."""
    text = frame.format(word)
    return text, read_text(f"I am {word}").valence, read_text(text).valence
