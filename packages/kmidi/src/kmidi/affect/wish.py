"""A musical wish: what some words ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What text[start:end] asks for: an Intent field and its value as text. `places` where it is said in pieces."""

    start: int
    end: int
    field: str
    value: str
    places: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches of the text that speak of nothing else."""
        return self.places or ((self.start, self.end),)


def said(match: re.Match[str], field: str, value: str) -> Wish:
    """The wish that a match says."""
    return Wish(match.start(), match.end(), field, value)


def behind(match: re.Match[str], field: str, value: str) -> Wish:
    """The wish that follows from a match whose words speak of other things too."""
    return Wish(match.end(), match.end(), field, value)
