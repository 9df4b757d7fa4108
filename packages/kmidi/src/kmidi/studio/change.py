"""A score changed step by step, with what a person left out filled in from what is heard."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ..analysis import analyze
from ..analysis.result import Analysis
from ..codec import from_plain, to_plain
from ..errors import KmidiError, TooLittleMusic
from ..intent import Feeling
from ..midi import read, write
from ..score import KeyChange, Score
from ..theory import Key
from ..transforms import TRANSFORMS, Change, Step, apply_steps, arguments_of, recolour_changes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changed:
    """A changed score, its file, and the steps that lead to it, each with all its arguments: fewer of them are the undo.

    changes: what recolouring changed, and why, in the order of the steps; then how many notes became one with another.
    """

    score: Score
    midi: bytes
    steps: tuple[Step, ...]
    changes: tuple[Change, ...] = ()


def change(score: Score, steps: tuple[Step, ...]) -> Changed:
    """The score after all steps. Where a step wants the key, the melody, the chords or the feeling the score has, and
    they are not given, they are what analysis finds in the score at that step; TooLittleMusic where it finds none.
    Where none are stated, to_mode and recolour go by the keys heard.
    """
    done: list[Step] = []
    changes: list[Change] = []
    doubled = 0
    for step in steps:
        with _named(step, len(done) + 1, len(steps)):
            before, whole = _complete(score, step)
            after = apply_steps(before, (whole,), first=len(done) + 1)
            score = replace(after, keys=score.keys) if after.keys == before.keys else after
        if step.transform == "merge_parts":
            doubled += _notes(before) - _notes(score)
        done.append(whole)
        if step.transform == "recolour":
            told = whole.arguments
            changes += recolour_changes(
                before,
                key=from_plain(Key, told["key"]),
                before=from_plain(Feeling, told["before"]),
                after=from_plain(Feeling, told["after"]),
            )
    midi = write(score)
    if (doubled := doubled + _notes(score) - _notes(read(midi))) > 0:
        why = "a channel can't sound a pitch twice at once; the longest stays"
        told = f"{doubled} beside another of the same start and pitch"
        changes.append(Change(what="doubled notes", before=told, after="one with it", why=why))
    return Changed(score=score, midi=midi, steps=tuple(done), changes=tuple(changes))


@contextmanager
def _named(step: Step, number: int, count: int) -> Generator[None]:
    """Of several steps the one that can't be is named in what is said."""
    try:
        yield
    except KmidiError as error:
        if count > 1 and not str(error).startswith(f"step {number}"):
            error.args = (f"step {number}, {step.transform}: {error}",)
        raise


def _notes(score: Score) -> int:
    return sum(len(part.notes) for part in score.parts)


def _complete(score: Score, step: Step) -> tuple[Score, Step]:
    """The step with what analysis can fill in, and the score with chords where the transform needs them."""
    if step.transform not in TRANSFORMS:
        return score, step  # apply_steps says what is legal
    wanted = {a.name for a in arguments_of(step.transform)} & set(FOUND) - set(step.arguments)
    needs_chords = step.transform == "reharmonize" and not score.chords
    needs_keys = step.transform in ("recolour", "to_mode") and not score.keys and score.sounding
    if not (wanted or needs_chords or needs_keys):
        return score, step
    analysis = analyze(score)
    if needs_chords:
        score = replace(score, chords=analysis.chords)
    found = {name: to_plain(FOUND[name](score, analysis)) for name in sorted(wanted)}
    whole, home = {**found, **step.arguments}, analysis.key
    if needs_keys and home and len(analysis.keys) > 1 and whole["key"] == to_plain(home):
        score = replace(score, keys=tuple(
            KeyChange(k.onset, Key.of(k.key.pitch_class, home.mode) if k.key.is_minor == home.is_minor else home)
            for k in analysis.keys
        ))  # fmt: skip
    return score, Step(transform=step.transform, arguments=whole)


def _key(_: Score, analysis: Analysis) -> Any:
    if analysis.key is None:
        raise TooLittleMusic("no key can be told here; give key")
    return analysis.key


def _feeling(_: Score, analysis: Analysis) -> Any:
    if analysis.feeling is None:
        raise TooLittleMusic("no feeling can be told here; give before")
    return analysis.feeling.feeling


def melody_of(score: Score, analysis: Analysis) -> str:
    """The label of the part that carries the tune; TooLittleMusic where no part has pitches."""
    named = next((at for at, p in enumerate(score.parts) if p.role == "melody" and len(p.notes)), None)
    if named is None and analysis.melody is not None:
        named = analysis.melody.part
    if named is None:
        pitched = [at for at, part in enumerate(score.parts) if part.is_pitched and len(part.notes)]
        if not pitched:
            raise TooLittleMusic("no part has pitches")
        named = max(pitched, key=lambda at: float(score.parts[at].notes["pitch"].mean()))
    return score.labels[named]


FOUND = {"key": _key, "melody": melody_of, "before": _feeling}
