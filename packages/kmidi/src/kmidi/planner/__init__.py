"""From an Intent and its Affect to a Plan: everything decided, each decision with its reason, nothing sounding."""

from __future__ import annotations

from ..intent import Affect, Intent
from ..plan import Plan, Reason, Section
from ..streams import Stream
from ..tables import Genre, harmony_styles, own_tables
from ..theory import Key, Meter
from .arrangement import arrange
from .cues import cues, sides
from .directions import direct_affect, direct_parts, find_directions
from .exposure import expose
from .form import form, phrase_bars
from .groove import slowing, swing
from .harmony import harmonize
from .hits import hit_reasons, meet_hits
from .lineage import inherit, keep_chords, keep_reasons
from .names import check_names, find_genre
from .raising import raise_last
from .rule_breaks import break_rules

__all__ = ["check_names", "inherit", "plan"]

DEFAULT_GENRE = "pop"
_TONICS = ("C", "G", "D", "A", "E", "F", "Bb", "Eb", "Ab", "B", "Db", "F#")


def plan(intent: Intent, affect: Affect, parent: Plan | None = None) -> Plan:
    """The Plan of an Intent. What the person set always holds; IntentError where it can't.

    `parent` is the plan of intent.parent, whose locked chords stay; see `inherit` for what else is taken over.
    """
    affect = direct_affect(affect, intent.directions)
    genre = find_genre(intent.genre or DEFAULT_GENRE)
    root = affect.root(intent.seed)
    stream = Stream(f"{root}/plan")
    wanted = cues(intent, affect, genre)
    key, key_reason = _key(intent, wanted.mode, stream)
    meter = Meter.parse(intent.meter or genre.meter)
    bpm = meet_hits(intent, meter, wanted.bpm)
    shape = form(intent, affect, genre, meter, bpm, Stream(f"{root}/form"))
    quarters = shape.end_quarters or sum(s.bars for s in shape.shapes) * meter.bar_quarters
    met = hit_reasons(intent, meter, shape.bpm, quarters)
    chosen = harmonize(
        shape.shapes, key, meter, harmony_styles()[genre.harmony],
        valence=affect.valence, dissonance=wanted.dissonance, root=root,
    )  # fmt: skip
    sections = tuple(
        Section(
            name=s.name, kind=s.kind, bars=s.bars, energy=s.energy, feeling=s.feeling, variation=s.variation,
            chords=chords, phrase_bars=phrase_bars(s.bars),
        )
        for s, chords in zip(shape.shapes, chosen.chords, strict=True)
    )  # fmt: skip
    parts, part_reasons = arrange(intent, affect, genre, wanted, shape.shapes, sides(wanted, intent, affect))
    parts, exposed = expose(parts, intent)
    sections, raised_reasons = raise_last(sections, intent, affect, parts, key, parent)
    swung, groove_reasons = swing(genre, shape.bpm, meter)
    slows, slow_reasons = slowing(intent, genre, affect, sum(s.bars for s in sections), parent)
    decided = Plan(
        title=_title(intent), key=key, meter=meter, bpm=shape.bpm, genre=genre.id, groove=genre.groove, swing=swung,
        sections=sections, parts=direct_parts(parts, intent.directions), affect=affect, end_quarters=shape.end_quarters, slows=slows, loop=intent.loop,
        hits=tuple((hit.seconds, hit.label) for hit in intent.hits), seed=intent.seed,
        humanize=1.0 if intent.humanize is None else intent.humanize,
        reasons=(
            *_table_reasons(), _genre_reason(intent, genre), key_reason, *wanted.reasons, *met, *shape.reasons, *chosen.reasons, *raised_reasons, *groove_reasons, *slow_reasons, *part_reasons, *exposed,
        ),
    )  # fmt: skip
    decided = break_rules(decided, intent, bold=any(row.rule_break for row in find_directions(intent.directions)))
    if parent is None:
        return decided
    return keep_reasons(keep_chords(decided, parent, intent.locks) if intent.locks else decided, parent, intent.locks)


def _key(intent: Intent, mode: str, stream: Stream) -> tuple[Key, Reason]:
    if intent.key is not None:
        key = Key(intent.key, mode)
        respelled = (
            f"; {intent.key} {mode} has no signature, so it is spelled {key.tonic}" if key.tonic != intent.key else ""
        )
        said = "you set it" if intent.mode is not None else "you set the tonic; the mode carries the feeling"
        return key, Reason(what="key", value=str(key), why=f"{said}{respelled}")
    key = Key.of(Key(stream.choice(_TONICS)).pitch_class, mode)
    return key, Reason(
        what="key", value=str(key), why="the tonic is free: seed and words chose it; the mode carries the feeling"
    )


def _genre_reason(intent: Intent, genre: Genre) -> Reason:
    why = "you set it" if intent.genre is not None else "nothing asked for another"
    said = (intent.genre or "").strip().casefold().replace("-", " ").replace("_", " ")
    if said in genre.near:
        why = f"{said} is not among the genres, and this is the nearest"
    elif said in genre.scenes:
        why = f"{said} is a scene that such music is played to"
    return Reason(what="genre", value=genre.name, why=f"{why}: {genre.about}" if genre.about else why)


def _table_reasons() -> tuple[Reason, ...]:
    """That a person's own tables hold: the same words give these bytes with the same tables only."""
    files = own_tables()
    return (Reason(what="your own tables", value=", ".join(files), why="they lie in KMIDI_DATA"),) if files else ()


def _title(intent: Intent) -> str:
    words = (intent.text or intent.emotion or "untitled").split()
    return " ".join(words)[:60]
