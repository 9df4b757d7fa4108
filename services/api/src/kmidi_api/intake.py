"""An Intent from a request's body: strict, with the same errors that a recipe gets at the command."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from pydantic import TypeAdapter

from kmidi import Intent, IntentError, codec

from .problems import Problem

SCHEMA = {"$ref": "#/components/schemas/Intent"}
BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}}}


async def _intent(request: Request) -> Intent:
    """The body as an Intent that says what should be felt. IntentError names the field."""
    try:
        intent = codec.from_json(Intent, await request.body())
    except RecursionError:
        raise IntentError("the body is nested too deeply to be an intent", field="body") from None
    intent.require_feeling()
    return intent


TheIntent = Annotated[Intent, Depends(_intent)]


def describe_bodies(app: FastAPI) -> None:
    """The schemas of Intent and Problem join the app's OpenAPI document, where BODY and `documented` point."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas: dict[str, Any] = made()["components"]["schemas"]
            for kind in (Intent, Problem):
                schema = TypeAdapter(kind).json_schema(ref_template="#/components/schemas/{model}")
                schemas.update({kind.__name__: schema, **schema.pop("$defs", {})})
        return made()

    app.openapi = openapi
