"""An Intent from a request's body: strict, with the same errors that a recipe gets at the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from pydantic import TypeAdapter

from kmidi import Intent, codec

from .problems import Problem

JSON, SCHEMAS = "application/json", "#/components/schemas"


def as_json(kind: str) -> dict[str, Any]:
    """JSON of a kind that `describe_bodies` adds, for the content of an OpenAPI entry."""
    return {JSON: {"schema": {"$ref": f"{SCHEMAS}/{kind}"}}}


def rows_as_json(kind: str) -> dict[str, Any]:
    """A JSON list of a kind, likewise."""
    return {JSON: {"schema": {"type": "array", "items": {"$ref": f"{SCHEMAS}/{kind}"}}}}


def as_bytes(*kinds: str) -> dict[str, Any]:
    """Media types whose bytes are the thing itself, likewise."""
    return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}


def told(value: object, status: int = 200) -> Response:
    """A value as JSON by the codec of the house; `responses` of the route say what it is.

    FastAPI would build a validator for each type that a route returns, which costs a third of the start.
    """
    return Response(codec.to_json(value), status, media_type=JSON)


BODY: dict[str, Any] = {"requestBody": {"required": True, "content": as_json("Intent")}}


async def _intent(request: Request) -> Intent:
    """The body as an Intent that says what should be felt. IntentError names the field."""
    intent = codec.from_json(Intent, await request.body())
    intent.require_feeling()
    return intent


TheIntent = Annotated[Intent, Depends(_intent)]


def describe_bodies(app: FastAPI, answers: Callable[[], Sequence[type]]) -> None:
    """The schemas of Intent, Problem and the answers join the app's OpenAPI document, where `as_json` and `documented` point.

    They are made when somebody reads the document: the service starts without.
    """
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas: dict[str, Any] = made()["components"]["schemas"]
            for kind in (*answers(), Problem, Intent):
                mode = "validation" if kind is Intent else "serialization"
                schema = TypeAdapter(kind).json_schema(mode=mode, ref_template=SCHEMAS + "/{model}")
                schemas.update({kind.__name__: schema, **schema.pop("$defs", {})})
        return made()

    app.openapi = openapi
