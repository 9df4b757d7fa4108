"""Errors as RFC 9457 problems: one shape, and one place where an error becomes an HTTP code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kmidi import IntentError, KmidiError, MidiError, NotFound, StudioUnavailable, TableError, TooLittleMusic

MEDIA_TYPE = "application/problem+json"
CODES: dict[type[Exception], int] = {
    IntentError: 422,
    MidiError: 422,
    TooLittleMusic: 422,
    NotFound: 404,
    TableError: 500,
    StudioUnavailable: 503,
    KmidiError: 500,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field of the request."""

    field: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An RFC 9457 problem; `errors` name each field that is wrong."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    errors: tuple[FieldProblem, ...] = ()

    def response(self, headers: dict[str, str] | None = None) -> Response:
        """The problem as an HTTP answer; ASCII, so that no text of a person can break it."""
        return Response(json.dumps(asdict(self)).encode(), self.status, headers, MEDIA_TYPE)


def documented(descriptions: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, for its OpenAPI entry."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": description, "content": content} for code, description in descriptions.items()}


def problem(status: int, detail: str, errors: Sequence[FieldProblem] = ()) -> Problem:
    """A problem with the title that HTTP gives its code."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=tuple(errors))


def code_of(error: Exception) -> int:
    """The HTTP code of an error: of the nearest class in CODES."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def add_handlers(app: FastAPI) -> None:
    """Every error that can leave a route becomes a problem."""

    @app.exception_handler(KmidiError)
    async def kmidi_error(_: Request, error: KmidiError) -> Response:  # pyright: ignore[reportUnusedFunction]
        code = code_of(error)
        field = getattr(error, "field", None) or "body"
        errors = [FieldProblem(field=field, detail=str(error))] if code == 422 else []
        return problem(code, str(error), errors).response({"retry-after": "1"} if code == 503 else None)

    @app.exception_handler(RequestValidationError)
    async def unfit(_: Request, error: RequestValidationError) -> Response:  # pyright: ignore[reportUnusedFunction]
        errors = [FieldProblem(field=str(item["loc"][-1]), detail=str(item["msg"])) for item in error.errors()]
        return problem(422, "; ".join(f"{e.field}: {e.detail}" for e in errors), errors).response()

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:  # pyright: ignore[reportUnusedFunction]
        return problem(error.status_code, str(error.detail)).response(dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def bug(_: Request, __: Exception) -> Response:  # pyright: ignore[reportUnusedFunction]
        return problem(500, "kmidi has a bug here; the server's log says where").response()
