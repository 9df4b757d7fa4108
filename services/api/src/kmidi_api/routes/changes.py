"""A MIDI file and steps in, the changed file out."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from kmidi import IntentError, codec

from ..accept import best
from ..deps import TheHouse
from ..intake import JSON, as_bytes, as_json, rows_as_json, told
from ..problems import documented, problem

if TYPE_CHECKING:
    from kmidi.studio import change as studio

router = APIRouter(prefix="/v1", tags=["changes"])
MIDI, ZIP = "audio/midi", "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStep:
    """A transform by its name in /v1/transforms, and its arguments."""

    transform: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A MIDI file, as base64, and the steps that change it, in order: each a transform's name and its arguments."""

    midi: str
    steps: tuple[ChangeStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedThing:
    """One thing before and after, and why."""

    what: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The changed file, as base64, and the steps with every argument that was left out filled in: fewer are the undo.

    changes: what recolouring changed, and why; then how many doubled notes became one.
    """

    midi: str
    steps: tuple[ChangeStep, ...]
    changes: tuple[ChangedThing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformArgument:
    """An argument: its type as Python writes it, and its default where it may be left out.

    found: left out, it is what analysis finds in the file.
    """

    name: str
    type: str
    needed: bool
    found: bool
    default: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """A way to change a file: what it does, and what it wants to know."""

    name: str
    does: str
    arguments: tuple[TransformArgument, ...]


ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The changed file and its steps; the file itself by `Accept: audio/midi`; with stems by `application/zip`.",
        "content": {**as_json("Changed"), **as_bytes(MIDI, ZIP)},
    },
    **documented(
        {
            406: "Neither JSON, MIDI nor a zip is accepted.",
            413: "The body is too large.",
            422: "A step that can't be, or bytes that are no MIDI file.",
            503: "Too many requests wait already.",
        }
    ),
}


@router.post(
    "/changes",
    openapi_extra={"requestBody": {"required": True, "content": as_json("Change")}},
    responses=ANSWERS,
    summary="Change",
)
async def change(house: TheHouse, request: Request, accept: Annotated[str | None, Header()] = None) -> Response:
    """A file after the steps in order. A key, a melody or a feeling that a step leaves out is what analysis finds."""
    from kmidi.studio import changed_bundle  # the service starts without
    from kmidi.transforms import Step

    kind = best(accept, (JSON, MIDI, ZIP))
    if kind is None:
        return problem(406, f"Accept takes none of {JSON}, {MIDI}, {ZIP}").response()
    asked = codec.from_json(Change, await request.body())
    steps = tuple(Step(transform=step.transform, arguments=step.arguments) for step in asked.steps)

    def made() -> Response:
        done = house.studio.change(_bytes(asked.midi), steps)
        if kind == JSON:
            return told(_changed(done))
        data, name = (done.midi, "changed.mid") if kind == MIDI else (changed_bundle(done), "changed.zip")
        return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})

    return await house.crew.run(made)


def _changed(done: studio.Changed) -> Changed:
    return Changed(
        midi=base64.b64encode(done.midi).decode(),
        steps=tuple(ChangeStep(transform=step.transform, arguments=step.arguments) for step in done.steps),
        changes=tuple(ChangedThing(what=c.what, before=c.before, after=c.after, why=c.why) for c in done.changes),
    )


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise IntentError(
            "midi is no base64; legal: the bytes of a MIDI file in base64 (RFC 4648)", field="midi"
        ) from None


@router.get("/transforms", responses={200: {"description": "Each of them.", "content": rows_as_json("Transform")}})
async def transforms() -> Response:
    """The ways to change a file, each with its arguments."""
    from kmidi.studio.change import FOUND
    from kmidi.transforms import TRANSFORMS, arguments_of, what_it_does

    rows = [
        Transform(
            name=name,
            does=what_it_does(name),
            arguments=tuple(
                TransformArgument(
                    name=a.name,
                    type=a.type,
                    needed=a.needed and a.name not in FOUND,
                    found=a.name in FOUND,
                    default=a.default,
                )
                for a in arguments_of(name)
            ),
        )
        for name in TRANSFORMS
    ]
    return told(rows)
