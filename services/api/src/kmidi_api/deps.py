"""What routes lean on, kept on the app: the studio, the crew of threads, the counters, the seal, whether it is closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from kmidi.studio import Studio

from .crew import Crew
from .metrics import Metrics
from .seal import Seal
from .settings import Settings


@dataclass(slots=True, kw_only=True)
class House:
    """One app's parts; `draining` turns True when it was told to stop."""

    settings: Settings
    studio: Studio
    crew: Crew
    metrics: Metrics
    seal: Seal
    draining: bool = False

    def drain(self) -> None:
        """From now on /ready says no."""
        self.draining = True


def _house(request: Request) -> House:
    return cast(House, request.app.state.house)


TheHouse = Annotated[House, Depends(_house)]
