"""A take: one finished piece with everything that led to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from importlib.metadata import version as installed
from typing import Any

from ..codec import to_json
from ..intent import Affect, Intent
from ..plan import Plan
from ..score import Score


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Take:
    """What a person asked, what was read in it and by whom, what was decided, what sounds, and the file's bytes."""

    intent: Intent
    affect: Affect
    plan: Plan
    score: Score
    midi: bytes
    reader: str = "table"

    @property
    def name(self) -> str:
        """The file's name: kmidi_<words>_<key>_<bpm>bpm_<bars>bars_<seed>.mid, ASCII."""
        plain = unicodedata.normalize("NFKD", self.plan.title).encode("ascii", "ignore").decode().casefold()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "untitled"
        key = f"{self.plan.key.tonic.replace('#', 'sharp')}-{self.plan.key.mode.replace('_', '-')}"
        return f"kmidi_{slug}_{key}_{self.plan.bpm:.0f}bpm_{self.plan.bars}bars_{self.plan.seed}.mid"

    @property
    def recipe(self) -> str:
        """JSON that recreates the same bytes with the same version of kmidi: the intent, with its parents and reader."""
        return to_json({"kmidi": version(), "intent": _said(self.intent, self.reader)})


def version() -> str:
    """The version of kmidi that is installed."""
    return installed("kmidi")


def _said(intent: Intent, reader: str) -> dict[str, Any]:
    """Only the fields that were set, what a person wants to see and edit; and who read the words."""
    said = {"reader": reader, **intent.set_fields()}
    return {**said, "parent": _said(intent.parent, reader)} if intent.parent is not None else said
