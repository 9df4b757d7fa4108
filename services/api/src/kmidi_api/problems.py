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
_LONGEST, _MOST = 2_000, 40  # characters of a detail, and errors told
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
    """A problem with the title that HTTP gives its code; what it quotes of a request is not sent back at any length."""
    told = tuple(FieldProblem(field=_short(each.field), detail=_short(each.detail)) for each in errors[:_MOST])
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=_short(detail), errors=told)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def code_of(error: Exception) -> int:
    """The HTTP code of an error: of the nearest class in CODES."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def add_handlers(app: FastAPI) -> None:
    """Every error that is no bug becomes a problem; a bug becomes one at the edge."""

    @app.exception_handler(KmidiError)
    async def kmidi_error(_: Request, error: KmidiError) -> Response:  # pyright: ignore[reportUnusedFunction]
        code = code_of(error)
        wrong = getattr(error, "wrong", (("", str(error)),))
        errors = [FieldProblem(field=field or "body", detail=text) for field, text in wrong] if code == 422 else []
        return problem(code, str(error), errors).response({"retry-after": "1"} if code == 503 else None)

    @app.exception_handler(RequestValidationError)
    async def unfit(_: Request, error: RequestValidationError) -> Response:  # pyright: ignore[reportUnusedFunction]
        errors = [FieldProblem(field=str(item["loc"][-1]), detail=str(item["msg"])) for item in error.errors()]
        return problem(422, "; ".join(f"{e.field}: {e.detail}" for e in errors), errors).response()

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:  # pyright: ignore[reportUnusedFunction]
        return problem(error.status_code, str(error.detail)).response(dict(error.headers or {}))
