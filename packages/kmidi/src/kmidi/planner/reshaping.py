"""Rules broken in the plan itself: chords put in the place of others, energies that trade places."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..plan import Plan, PlannedChord, Section
from ..tables import RuleBreak
from ..theory import Chord, Key, chord_to_roman, roman_to_chord

_NUMERAL = re.compile(r"([b#]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i))([^/]*)(?:/([b#]?[ivIV].*))?")
_TRIADS = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 8): "aug"}


def replace_chords(plan: Plan, row: RuleBreak) -> Plan:
    """The plan with chords of a numeral replaced: all of them, the last in each section, or those that close sections.

    `major` and `minor` map numerals to what replaces them ("=4" is the mode's own triad on the fourth degree); `add` gives
    the closing chord a quality instead, by numeral or family. Where no chord matches in the whole piece, `otherwise` names
    the one that is replaced by the first replacement all the same: "last", or "before_last" of the last section.
    """
    arguments = row.arguments
    if "add" in arguments:
        sections = tuple(_closed(plan, s, arguments["add"], row.why) for s in plan.sections)
        return replace(plan, sections=sections)
    swaps: Mapping[str, str] = arguments["minor" if plan.key.is_minor else "major"]
    sections = tuple(_swapped(plan.key, s, swaps, str(arguments["where"]), row.why) for s in plan.sections)
    if sections == plan.sections:
        first = next(iter(swaps.values()))
        sections = (*sections[:-1], _forced(plan.key, sections[-1], first, str(arguments["otherwise"]), row.why))
    return replace(plan, sections=sections)


def reshape_energy(plan: Plan, row: RuleBreak) -> Plan:
    """The plan with its sections' energies in another order; parts that only join from some energy on follow it.

    early_peak: an opening as it was, then the fullest, falling from there. inverted: the fullest as calm as the calmest.
    """
    energies = [s.energy for s in plan.sections]
    if row.arguments["shape"] == "early_peak":
        changed = [energies[0], *sorted(energies[1:], reverse=True)]
        if energies[0] == max(energies):
            changed = sorted(energies, reverse=True)
        if changed == energies:  # it fell already: let it fall further
            changed = [e * (1 - 0.5 * at / len(energies)) for at, e in enumerate(energies)]
    else:
        top, bottom = max(energies), min(energies)
        changed = [top + bottom - e for e in energies]
        if changed == energies:
            changed = [e * (0.5 if at % 2 else 1.0) for at, e in enumerate(energies)]
    sections = tuple(replace(s, energy=e) for s, e in zip(plan.sections, changed, strict=True))
    fullest = sorted(sections, key=lambda s: -s.energy)
    parts = tuple(
        replace(part, sections=_in_order(sections, {s.name for s in fullest[: len(part.sections)]}))
        if part.sections
        else part
        for part in plan.parts
    )
    return replace(plan, sections=sections, parts=parts)


RESHAPE: dict[str, Callable[[Plan, RuleBreak], Plan]] = {
    "replace_chords": replace_chords,
    "reshape_energy": reshape_energy,
}


def _in_order(sections: tuple[Section, ...], names: set[str]) -> tuple[str, ...]:
    return tuple(s.name for s in sections if s.name in names)


def _swapped(key: Key, section: Section, swaps: Mapping[str, str], where: str, why: str) -> Section:
    chords = list(section.chords)
    places = [at for at, chord in enumerate(chords) if _numeral(chord.roman) in swaps]
    if where == "section_ends":
        places = [at for at in places if at == len(chords) - 1]
    elif where == "last_in_section":
        places = [at for at in places if at < len(chords) - 1][-1:] or places[-1:]
    for at in places:
        match = _NUMERAL.fullmatch(chords[at].roman)
        applied = f"/{match[3]}" if match and match[3] else ""
        chords[at] = replace(chords[at], roman=_named(key, swaps[_numeral(chords[at].roman)]) + applied, why=why)
    return replace(section, chords=tuple(chords))


def _forced(key: Key, section: Section, roman: str, otherwise: str, why: str) -> Section:
    chords = list(section.chords)
    at = -1 if otherwise == "last" else max(0, len(chords) - 2) - len(chords)
    chords[at] = replace(chords[at], roman=_named(key, roman), why=why)
    return replace(section, chords=tuple(chords))


def _closed(plan: Plan, section: Section, add: Mapping[str, str], why: str) -> Section:
    last = section.chords[-1]
    match = _NUMERAL.fullmatch(last.roman)
    if match is None:
        return section
    family = roman_to_chord(match[1] + match[2], plan.key).family
    roman = match[1] + add.get(match[1], add[family])
    return replace(section, chords=(*section.chords[:-1], PlannedChord(roman=roman, quarters=last.quarters, why=why)))


def _numeral(roman: str) -> str:
    """The numeral of a chord without quality, inversion and what it is applied to; "" where it can't be read."""
    match = _NUMERAL.match(roman)
    return match[1] if match else ""


def _named(key: Key, roman: str) -> str:
    """The numeral itself, or that of the mode's own triad on a degree where it says "=4" (a third up where it is dim)."""
    if not roman.startswith("="):
        return roman
    degree, scale = int(roman[1:]), key.scale
    root, third, fifth = (scale[(degree - 1 + step) % 7] for step in (0, 2, 4))
    quality = _TRIADS[((third - root) % 12, (fifth - root) % 12)]
    return (
        _named(key, f"={degree + 2}")
        if quality == "dim"
        else chord_to_roman(Chord(key.pitch_class + root, quality), key)
    )
