"""What there is to choose from: the rows of the tables."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from kmidi import tables

from ..intake import rows_as_json, told

router = APIRouter(prefix="/v1", tags=["tables"])


def _rows(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "Every row of the table.", "content": rows_as_json(kind)}}


@router.get("/emotions", responses=_rows("Emotion"))
async def emotions() -> Response:
    """The emotions that words are read as, each with its place on the plane."""
    return told(list(tables.emotions().values()))


@router.get("/genres", responses=_rows("Genre"))
async def genres() -> Response:
    """The genres: who plays, how fast, in which meter, groove and form."""
    return told(list(tables.genres().values()))


@router.get("/instruments", responses=_rows("Instrument"))
async def instruments() -> Response:
    """The instruments, each with its General MIDI program and range."""
    return told(list(tables.instruments().values()))


@router.get("/rule_breaks", responses=_rows("RuleBreak"))
async def rule_breaks() -> Response:
    """The rules that may be broken on purpose: what each does, why, and who did it."""
    return told(list(tables.rule_breaks().values()))
