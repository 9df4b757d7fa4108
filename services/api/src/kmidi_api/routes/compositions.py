"""A feeling in, music out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import TypeAdapter

from kmidi import Affect, Intent, Plan, Score
from kmidi.studio import Take

from ..accept import best
from ..deps import House, TheHouse
from ..intake import BODY, JSON, TheIntent, as_bytes, as_json
from ..problems import documented, problem

router = APIRouter(prefix="/v1/compositions", tags=["compositions"])
MIDI = "audio/midi"
OFFERS = (JSON, MIDI, "audio/mid", "audio/x-midi")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundingPart:
    """A part's notes: onset, duration, pitch, velocity, shift, times in ticks; a note sounds at onset + shift."""

    name: str
    role: str
    instrument: str
    channel: int
    program: int | None
    notes: list[tuple[int, int, int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What was heard in the words, what was decided and why, and the notes. `ppq` ticks make a quarter note."""

    name: str
    seconds: float
    ppq: int
    affect: Affect
    plan: Plan
    parts: list[SoundingPart]


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Composition]:
    return TypeAdapter(Composition)


def composition(take: Take) -> bytes:
    """A take as JSON."""
    value = Composition(
        name=take.name,
        seconds=take.score.seconds,
        ppq=take.score.ppq,
        affect=take.affect,
        plan=take.plan,
        parts=sounding(take.score),
    )
    return _adapter().dump_json(value)


def sounding(score: Score) -> list[SoundingPart]:
    """The parts of a score with their notes as lists."""
    return [
        SoundingPart(
            name=part.name,
            role=part.role,
            instrument=part.instrument,
            channel=part.channel,
            program=part.program,
            notes=part.notes.tolist(),
        )
        for part in score.parts
    ]


def _composed(house: House, intent: Intent) -> Take:
    began = time.perf_counter()
    take = house.studio.compose(intent)
    house.metrics.compose_seconds.observe(time.perf_counter() - began)
    house.metrics.bars.inc(take.plan.bars)
    return take


ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The composition, or the file itself by `Accept: audio/midi`.",
        "content": {**as_json("Composition"), **as_bytes(MIDI)},
    },
    **documented(
        {
            406: "Neither JSON nor MIDI is accepted.",
            413: "The body is too large.",
            422: "A field that can't be; `errors` name it.",
            503: "Too many requests wait already.",
        }
    ),
}


@router.post("", responses=ANSWERS, openapi_extra=BODY, summary="Compose")
async def compose(house: TheHouse, intent: TheIntent, accept: Annotated[str | None, Header()] = None) -> Response:
    """Music for an intent: JSON with its reasons, or the MIDI file itself. The same intent gives the same bytes."""
    kind = best(accept, OFFERS)
    if kind is None:
        return problem(406, f"Accept takes none of {', '.join(OFFERS[:2])}").response()
    if kind == JSON:
        return Response(await house.crew.run(lambda: composition(_composed(house, intent))), media_type=JSON)
    take = await house.crew.run(lambda: _composed(house, intent))
    return Response(take.midi, media_type=kind, headers={"content-disposition": f'attachment; filename="{take.name}"'})
