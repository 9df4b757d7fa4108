"""What can go wrong, said so that the person who reads it knows what to change."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from types import TracebackType


class KmidiError(Exception):
    """The root of every error that kmidi raises on purpose."""


class IntentError(KmidiError, ValueError):
    """Something that a person asked for can't be done; `field` is the name of what to change.

    wrong: the field ("" for none) and the message of each thing that is wrong, one unless it tells of several.
    """

    def __init__(self, message: str, *, field: str | None = None, wrong: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.wrong = wrong or ((field or "", message),)

    @classmethod
    def of(cls, wrong: Sequence[tuple[str, str]]) -> IntentError:
        """One error for all of several things that are wrong: the field and the message of each."""
        return cls("; ".join(text for _, text in wrong), field=wrong[0][0] or None, wrong=tuple(wrong))


class MidiError(KmidiError, ValueError):
    """Bytes that can't be understood as MIDI; the message says where and why."""


class TooLittleMusic(KmidiError, ValueError):
    """There is not enough music to say anything true about it."""


class TableError(KmidiError):
    """A row of a table is wrong; the message names file, row and column."""


class NotFound(KmidiError, LookupError):
    """A take, table row or file that does not exist."""


class StudioUnavailable(KmidiError):
    """A part that the studio leans on does not answer."""


class Each:
    """Blocks that are all tried: an IntentError ends its own block only, and is kept."""

    def __init__(self) -> None:
        self.wrong: list[tuple[str, str]] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if not isinstance(error, IntentError):
            return False
        self.wrong += error.wrong
        return True


@contextmanager
def told_together() -> Generator[Each]:
    """What is wrong in the blocks within, told in one IntentError at their end: `with each: check(...)`."""
    each = Each()
    yield each
    if each.wrong:
        raise IntentError.of(each.wrong)


_LONGEST = 80  # characters of a word that are compared: no legal word is longer, and whole books are sent


def closest(value: str, legal: Iterable[str]) -> str | None:
    """The legal word that a value was probably meant to be; None where none is near."""
    plain = {word.casefold(): word for word in legal}
    close = get_close_matches(value[:_LONGEST].casefold(), plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else None


def nearest(value: str, legal: Iterable[str]) -> str:
    """The end of an error message: what is legal, and which legal word is closest to `value`."""
    words = sorted(legal)
    meant = closest(value, words)
    hint = f"; did you mean {meant!r}?" if meant is not None else ""
    shown = ", ".join(words[:40]) + (", …" if len(words) > 40 else "")
    return f"{hint} Legal: {shown}" if hint else f"; legal: {shown}"


def counted(number: int | str, thing: str) -> str:
    """One beat or several: a number and the thing it counts."""
    return f"{number} {thing}{'' if str(number) == '1' else 's'}"
