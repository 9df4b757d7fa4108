"""From an Intent to an Affect: the words are read, and what the person set takes its place."""

from __future__ import annotations

from dataclasses import replace

from ..errors import IntentError, nearest
from ..intent import LOSS, Affect, Feeling, Intent
from ..tables.endings import Ending, endings_in
from ..tables.rows import Emotion, emotions
from .story import UNREAD, along, read_text
from .stronger import StrongReader
from .vocabulary import emotion_of

_MISSED = 0.7  # how far what was dear in a loss is missed
# The fields in which a person tells the story, in the order in which it happens.
_TOLD = ("core_event", "core_wound", "core_desire", "outcome")


def feel(intent: Intent, reader: StrongReader | str | None = None) -> Affect:
    """The feeling of an Intent. What the person set (valence, arousal, emotion, trajectory) wins over what words say.

    `reader` is a stronger reader, or the sentence that says why there is none (it goes to the warnings), or None; the
    Intent may name another. IntentError where `emotion` is in no table. Pure: equal arguments give equal Affects.
    """
    strong, warning = reader_for(intent, reader)
    read = _told(intent, strong)
    if warning:
        read = replace(read, warnings=(*read.warnings, warning))
    return _obey(intent, read)


def reader_for(intent: Intent, reader: StrongReader | str | None) -> tuple[StrongReader | None, str]:
    """Who reads an Intent's words, None for the table, and what must be said about it."""
    strong = reader if isinstance(reader, StrongReader) else None
    if intent.reader in (None, strong.name if strong else "table"):
        return strong, reader if isinstance(reader, str) and intent.reader is None else ""
    if intent.reader == "table":
        return None, ""
    here = f"here it is {strong.name}" if strong else "it is not here"
    return None, f"these words were read by {intent.reader}; {here}, so the table reads them and the music may differ"


def _told(intent: Intent, strong: StrongReader | None) -> Affect:
    """The text and the story, read together: what happened is where the path begins, then what is longed for, then
    the outcome.
    """
    given = {name: getattr(intent, name) for name in _TOLD if getattr(intent, name)}
    ends = endings_in(given["outcome"]) if "outcome" in given and (intent.text or len(given) > 1) else ()
    told = [(name, words) for name, words in given.items() if not (name == "outcome" and ends)]
    main = read_text(intent.text or "", strong)
    parts = [(name, read_text(words, strong)) for name, words in told]
    sure = [(name, read) for name, read in parts if read.confidence > 0]
    if not sure and not (intent.text and ends):
        return main if intent.text or not parts else parts[0][1]
    reads = ([main] if intent.text else []) + [read for _, read in sure]
    strongest = max(reads, key=lambda read: read.intensity * read.confidence)
    whole = replace(
        strongest,
        intensity=max(read.intensity for read in reads),
        textures=tuple(dict.fromkeys(t for read in reads for t in read.textures)),
        wishes=tuple({field: (field, value) for read in reversed(reads) for field, value in read.wishes}.values()),
        evidence=(
            *(main.evidence if intent.text else ()),
            *(
                replace(e, note=f"{name.replace('core_', '')}: {e.note}" if e.note else name.replace("core_", ""))
                for name, read in sure
                for e in read.evidence
            ),
        ),
        gist="".join(read.gist for read in (main, *(read for _, read in parts))),
        confidence=max(read.confidence for read in reads),
        warnings=tuple(dict.fromkeys(w for read in reads for w in read.warnings)),
    )
    return along(whole, _path(main if intent.text else None, sure, ends))


def _path(main: Affect | None, told: list[tuple[str, Affect]], ends: tuple[Ending, ...]) -> tuple[Feeling, ...]:
    """Where it begins (the text's own path, or the mean of what happened and what hurts), what is longed for, the end."""
    points = {name: read.trajectory for name, read in told}
    if "core_event" in points and _middle([*points["core_event"]]).valence < LOSS:
        points["core_wound"] = tuple(_dear(point) for point in points.get("core_wound", ()))
    felt = [*points.get("core_event", ()), *points.get("core_wound", ())]
    told_so = main is not None and len(main.trajectory) > 1
    start = list(main.trajectory) if main is not None else []
    if not told_so and (felt or start):
        start = [_middle([*felt, *start])]
    path = (*start, *points.get("core_desire", ()), *points.get("outcome", ()))
    if not ends:
        return path
    valence, arousal = sum(row.valence for row in ends), sum(row.arousal for row in ends)
    return (*path, *_moved(path[:1], valence, arousal))


def _dear(point: Feeling) -> Feeling:
    """What is pleasant and hurts where something bad happened is what was lost ("he greeted me every evening")."""
    missed = point.valence + (emotions()["longing"].valence - point.valence) * _MISSED
    return replace(point, valence=missed) if point.valence > 0 else point


def _middle(points: list[Feeling]) -> Feeling:
    return Feeling(valence=_mean([p.valence for p in points]), arousal=_mean([p.arousal for p in points]))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def find_emotion(word: str) -> Emotion:
    """The emotion that a word names, by id, name, synonym or form; IntentError names the nearest."""
    row = emotion_of(word)
    if row is None:
        raise IntentError(f"unknown emotion {word!r}{nearest(word, emotions())}", field="emotion")
    return row


def _obey(intent: Intent, read: Affect) -> Affect:
    """The reading with what the person set put in its place; a path is moved as a whole so that its mean is the point."""
    if all(value is None for value in (intent.emotion, intent.valence, intent.arousal, intent.trajectory)):
        return read
    valence, arousal, emotion, intensity = read.valence, read.arousal, read.emotion, read.intensity
    path = read.trajectory
    if intent.emotion is not None:
        row = find_emotion(intent.emotion)
        valence, arousal, emotion, intensity = row.valence, row.arousal, row.id, row.intensity
    if intent.trajectory:
        path = intent.trajectory
        valence, arousal = _mean([point.valence for point in path]), _mean([point.arousal for point in path])
    valence = intent.valence if intent.valence is not None else valence
    arousal = intent.arousal if intent.arousal is not None else arousal
    if not intent.trajectory:
        path = _moved(path, valence - _mean([p.valence for p in path]), arousal - _mean([p.arousal for p in path]))
    moved = intent.valence is not None or intent.arousal is not None or intent.trajectory is not None
    return replace(
        read,
        valence=valence,
        arousal=arousal,
        emotion=emotion if intent.emotion is not None or not moved else None,
        intensity=max(intensity, min(1.0, max(abs(valence), abs(arousal)))),
        trajectory=path,
        surface=None if moved or intent.emotion else read.surface,
        undertow=None if moved or intent.emotion else read.undertow,
        confidence=1.0,
        reader="set",
        warnings=tuple(w for w in read.warnings if w != UNREAD),
    )


def _moved(path: tuple[Feeling, ...], valence: float, arousal: float) -> tuple[Feeling, ...]:
    return tuple(Feeling(valence=_clip(p.valence + valence), arousal=_clip(p.arousal + arousal)) for p in path)


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))
