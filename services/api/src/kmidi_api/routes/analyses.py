"""A MIDI file in, what is in it out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from kmidi import codec
from kmidi.analysis import Analysis

from ..deps import TheHouse
from ..problems import Problem

router = APIRouter(prefix="/v1/analyses", tags=["analyses"])
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("audio/midi", "application/octet-stream")
        },
    }
}


@router.post(
    "",
    openapi_extra=BODY,
    responses={200: {"model": Analysis}, 413: {"model": Problem}, 422: {"model": Problem}, 503: {"model": Problem}},
    summary="Analyze",
)
async def analyze(house: TheHouse, request: Request) -> Response:
    """Key, tempo, meter, chords and what else is found in the bytes of a MIDI file, each with its confidence."""
    data = await request.body()
    text = await house.crew.run(lambda: codec.to_json(house.studio.analyze(data)))
    return Response(text, media_type="application/json")
