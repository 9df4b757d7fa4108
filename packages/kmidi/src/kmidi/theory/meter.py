"""Meters: how many of which note value, and how they group into beats."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import IntentError, nearest

# Pulse groups of the bar in units of the denominator; other meters group by three where compound, else one by one.
GROUPS: dict[str, tuple[int, ...]] = {
    "2/4": (1, 1), "3/4": (1, 1, 1), "4/4": (1, 1, 1, 1), "5/4": (1, 1, 1, 1, 1),
    "6/8": (3, 3), "7/8": (2, 2, 3), "9/8": (3, 3, 3), "12/8": (3, 3, 3, 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Meter:
    """A time signature; the denominator is a power of two up to 64."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 255 or self.denominator not in (1, 2, 4, 8, 16, 32, 64):
            raise IntentError(f"unknown meter {self}; legal: 1..255 over 1, 2, 4, 8, 16, 32 or 64", field="meter")

    @classmethod
    def parse(cls, text: str) -> Meter:
        """A meter that kmidi composes in: one of the eight in GROUPS. IntentError names the nearest."""
        word = "".join(text.split())
        if word not in _COMPOSED:
            raise IntentError(f"unknown meter {text!r}{nearest(word, GROUPS)}", field="meter")
        return _COMPOSED[word]

    @property
    def is_compound(self) -> bool:
        """True where three units make a beat: 6/8, 9/8, 12/8."""
        return self.denominator >= 8 and self.numerator % 3 == 0 and self.numerator > 3

    @property
    def groups(self) -> tuple[int, ...]:
        """The beats of a bar, each in units of the denominator: 7/8 is (2, 2, 3)."""
        plain = (3,) * (self.numerator // 3) if self.is_compound else (1,) * self.numerator
        return GROUPS.get(str(self), plain)

    @property
    def bar_quarters(self) -> float:
        """Quarter notes in a bar: 3.5 for 7/8."""
        return self.numerator * 4 / self.denominator

    def bar_ticks(self, ppq: int) -> int:
        """Ticks in a bar."""
        return self.numerator * 4 * ppq // self.denominator

    def beat_ticks(self, ppq: int) -> tuple[int, ...]:
        """Onsets of the beats within a bar, in ticks, from 0."""
        unit, at, onsets = 4 * ppq // self.denominator, 0, []
        for group in self.groups:
            onsets.append(at)
            at += group * unit
        return tuple(onsets)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


_COMPOSED = {name: Meter(*map(int, name.split("/"))) for name in GROUPS}  # one of each: caches find them at once
