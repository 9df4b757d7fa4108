"""The studio in this process: words in, music out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..affect import StrongReader, feel, find_emotion, reader_for, wished
from ..composer import compose, splice
from ..errors import told_together
from ..intent import Affect, Intent
from ..midi import read, write
from ..plan import Plan
from ..planner import check_names, inherit, plan
from .readers import reader_in
from .take import Take

if TYPE_CHECKING:
    from ..analysis import Analysis
    from ..transforms import Step
    from .change import Changed


class Studio(Protocol):
    """The verbs that the command, the API and the page share."""

    def read(self, intent: Intent) -> Affect:
        """What was read in the words."""
        ...

    def plan(self, intent: Intent, affect: Affect | None = None) -> Plan:
        """Everything decided, nothing sounding; `affect` replaces the reading (a point that a person moved)."""
        ...

    def compose(self, intent: Intent, *, affect: Affect | None = None, plan: Plan | None = None) -> Take:
        """A finished take; `affect` or `plan` replace what would be read or decided (a person edited them)."""
        ...

    def analyze(self, data: bytes) -> Analysis:
        """What is in a MIDI file. MidiError where the bytes are none."""
        ...

    def change(self, data: bytes, steps: tuple[Step, ...]) -> Changed:
        """A MIDI file after all steps; what they leave out is what analysis finds. For errors see kmidi.studio.change."""
        ...


class LocalStudio:
    """The studio in this process. `models` is the folder of the stronger reader; None asks KMIDI_MODELS."""

    def __init__(self, models: Path | None = None) -> None:
        self.models = models

    @property
    def reader(self) -> StrongReader | str | None:
        """The stronger reader, why it can't be used, or None where there is none."""
        return reader_in(self.models)

    def read(self, intent: Intent) -> Affect:
        """What was read in the words."""
        return feel(intent, self.reader)

    def plan(self, intent: Intent, affect: Affect | None = None) -> Plan:
        """Everything decided, nothing sounding."""
        return self._decided(intent, affect, self.plan(intent.parent) if intent.parent is not None else None)

    def compose(self, intent: Intent, *, affect: Affect | None = None, plan: Plan | None = None) -> Take:
        """A finished take."""
        if intent.parent is None or not intent.locks:
            decided = plan or self.plan(intent, affect)
            score = compose(decided)
        else:
            before = self.compose(intent.parent)
            decided = plan or self._decided(intent, affect, before.plan)
            score = splice(compose(decided), decided, before.score, before.plan, intent.locks)
        strong, _ = reader_for(intent, self.reader)
        return Take(intent=intent, affect=decided.affect, plan=decided, score=score, midi=write(score), reader=strong.name if strong else "table")  # fmt: skip

    def _decided(self, intent: Intent, affect: Affect | None, before: Plan | None) -> Plan:
        """The plan of an intent whose parent's plan is there already; IntentError tells of all names that no table has."""
        with told_together() as each:
            if intent.emotion is not None:
                with each:
                    find_emotion(intent.emotion)
            with each:
                check_names(intent)
        affect = affect or self.read(intent)
        said = wished(intent, affect)
        if intent.parent is None or before is None:
            return plan(said, affect)
        # the parent's words wished too: only what is wished anew is fresh
        return plan(inherit(said, wished(intent.parent, before.affect), before), affect, before)

    def analyze(self, data: bytes) -> Analysis:
        """What is in a MIDI file."""
        from ..analysis import analyze  # composing starts without it

        return analyze(read(data))

    def change(self, data: bytes, steps: tuple[Step, ...]) -> Changed:
        """A MIDI file after all steps."""
        from .change import change  # as above

        return change(read(data), steps)
