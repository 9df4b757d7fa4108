"""A MIDI file in, what is in it out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from kmidi import codec

from ..deps import TheHouse
from ..intake import JSON, as_bytes, as_json
from ..problems import documented

router = APIRouter(prefix="/v1/analyses", tags=["analyses"])
PROBLEMS = documented(
    {413: "The file is too large.", 422: "The bytes are no MIDI file.", 503: "Too many requests wait already."}
)
BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": as_bytes("audio/midi", "application/octet-stream")}
}


@router.post(
    "",
    openapi_extra=BODY,
    responses={200: {"description": "What was found.", "content": as_json("Analysis")}, **PROBLEMS},
    summary="Analyze",
)
async def analyze(house: TheHouse, request: Request) -> Response:
    """Key, tempo, meter, chords and what else is found in the bytes of a MIDI file, each with its confidence.

    `repairs` say what the file breaks of the format, in the words of `kmidi analyze`.
    """
    data = await request.body()
    text = await house.crew.run(lambda: codec.to_json(house.studio.analyze(data)))
    return Response(text, media_type=JSON)
