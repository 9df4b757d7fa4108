"""What there is to choose from: the rows of the tables."""

from __future__ import annotations

from fastapi import APIRouter

from kmidi import tables
from kmidi.tables import Emotion, Genre, Instrument, RuleBreak

router = APIRouter(prefix="/v1", tags=["tables"])


@router.get("/emotions")
async def emotions() -> list[Emotion]:
    """The emotions that words are read as, each with its place on the plane."""
    return list(tables.emotions().values())


@router.get("/genres")
async def genres() -> list[Genre]:
    """The genres: who plays, how fast, in which meter, groove and form."""
    return list(tables.genres().values())


@router.get("/instruments")
async def instruments() -> list[Instrument]:
    """The instruments, each with its General MIDI program and range."""
    return list(tables.instruments().values())


@router.get("/rule_breaks")
async def rule_breaks() -> list[RuleBreak]:
    """The rules that may be broken on purpose: what each does, why, and who did it."""
    return list(tables.rule_breaks().values())
