"""Takes that grow from a take: so many that really differ."""

from __future__ import annotations

from dataclasses import replace

from ..errors import IntentError
from ..intent import Intent, check_lock
from ..score import find_part
from .local import Studio
from .take import Take

_ALIKE = 0.7  # two takes that share more of their notes than this sound like one
_TRIES = 12  # seeds tried for each take before it is said that there are no more


def takes(studio: Studio, intent: Intent, count: int) -> tuple[Take, ...]:
    """`count` takes of one Intent on the next seeds, no two of which share most of their notes.

    The first is the Intent's own; the others name it as their parent where it has none. IntentError where the locks
    leave too little free for so many.
    """
    if not 1 <= count <= 64:
        raise IntentError(f"{count} takes; legal: 1 to 64", field="takes")
    found = [studio.compose(intent)]
    parent = intent.parent or intent
    for step in range(1, count * _TRIES):
        if len(found) == count:
            break
        take = studio.compose(replace(intent, seed=intent.seed + step, parent=parent))
        if all(alike(take, other) <= _ALIKE for other in found):
            found.append(take)
    if len(found) < count:
        raise IntentError(
            f"only {len(found)} takes differ under these locks; ask for fewer, or lock less", field="locks"
        )
    return tuple(found)


def alike(one: Take, other: Take) -> float:
    """The share (0..1) of notes that two takes have in common: same role, onset and pitch; drums left out.

    So are parts that a lock keeps: those are the same because it was asked.
    """
    names = {match["part"] for lock in (*one.intent.locks, *other.intent.locks) if (match := check_lock(lock))["part"]}
    ours, theirs = _notes(one, names), _notes(other, names)
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else float(bool(names))


def _notes(take: Take, kept: set[str]) -> set[tuple[str, int, int]]:
    held = {find_part(take.score, name, field="locks") for name in kept}
    return {
        (part.role, int(onset), int(pitch))
        for at, part in enumerate(take.score.parts)
        if not part.is_drums and at not in held
        for onset, pitch in zip(part.notes["onset"], part.notes["pitch"], strict=True)
    }
