"""Which parts are drums though they are not on channel 10, and which are none though they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..score import CONTROL_CHANGE, DRUM_CHANNEL, Controls, Notes
from .encode import Ints

_CALLED = re.compile(r"(?<![^\W\d_])(?:drums?|drum ?kit|drum ?set|schlagzeug|batterie|bater[ií]a)(?![^\W\d_])")
_ELSE = re.compile(r"steel|tongue|slit|hang|bass(?! ?drum)")  # drums with pitches, and what plays along
_GROUPS = ((35, 36), (37, 38, 39, 40), (42, 44, 46, 49, 51, 53, 55, 57, 59))  # kicks, snares, hats and cymbals
_KIT, _SHARE = (35, 59), 0.9  # so many of its notes lie on the kit of General MIDI
_LSB, _MSB, _ENTRY, _ZONE = 100, 101, 6, 6  # controllers of registered parameters, and the one that sets an MPE zone


def kits(
    names: Sequence[str], origins: Sequence[tuple[int, int]], notes: Sequence[Notes], zoned: set[int]
) -> list[bool | None]:
    """For each part True for drums, False for none, None where the channel tells; `zoned`: tracks of `zoned_tracks`.

    Sequencers write every track to channel 1: a part called drums that strikes two groups of a kit or more is one.
    """
    called = {name for name in {*names} if _CALLED.search(name.casefold()) and not _ELSE.search(name.casefold())}
    found: list[bool | None] = [None] * len(names)
    for at, (name, (track, channel)) in enumerate(zip(names, origins, strict=True)):
        if channel == DRUM_CHANNEL:
            found[at] = False if track in zoned else None
        elif name in called and _is_kit(notes[at]["pitch"]):
            found[at] = True
    return found


def _is_kit(pitch: np.ndarray) -> bool:
    inside = (pitch >= _KIT[0]) & (pitch <= _KIT[1])
    return bool(
        pitch.size
        and inside.mean() >= _SHARE
        and sum(bool(np.isin(pitch, group).any()) for group in _GROUPS) >= len(_GROUPS) - 1
    )


def zoned_tracks(controls: Controls, voice: Ints) -> set[int]:
    """The tracks in which channel 10 is one of the voices of an MPE zone (MIDI Association, MPE 1.0, 2.1).

    `voice`: of each control its track * 16 + channel. A lower zone has its members up from channel 2, an upper one down
    from 15.
    """
    asks = (controls["kind"] == CONTROL_CHANGE) & (controls["number"] == _LSB) & (controls["value"] == _ZONE)
    found: set[int] = set()
    for asked in sorted({*voice[asks].tolist()}):
        track, channel = divmod(asked, 16)
        least = {0: DRUM_CHANNEL, 15: 15 - DRUM_CHANNEL}.get(channel)
        mine = controls[(voice == asked) & (controls["kind"] == CONTROL_CHANGE)]
        parameter = {_MSB: -1, _LSB: -1}
        for number, value in zip(mine["number"].tolist(), mine["value"].tolist(), strict=True):
            if number in parameter:
                parameter[number] = value
            elif number == _ENTRY and parameter == {_MSB: 0, _LSB: _ZONE} and least is not None and value >= least:
                found.add(track)
    return found
