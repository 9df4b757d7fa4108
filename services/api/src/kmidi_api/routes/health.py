"""How the service is: alive, ready, healthy with each part it leans on, and counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from kmidi import Intent, KmidiError, tables
from kmidi.studio import reader_in, version

from ..deps import House, TheHouse
from ..intake import as_json, told
from ..problems import documented, problem

router = APIRouter(tags=["service"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """Whether a part works, in how many milliseconds, and what it said."""

    status: Literal["ok", "broken"]
    milliseconds: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The service and each part it leans on; `broken` where one part is."""

    status: Literal["ok", "broken"]
    version: str
    parts: dict[str, PartHealth]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One word on the service."""

    status: str


def _tables(_: House) -> str:
    counts = {"emotions": tables.emotions(), "genres": tables.genres(), "instruments": tables.instruments()}
    empty = [name for name, rows in counts.items() if not rows]
    if empty:
        raise KmidiError(f"no rows in {', '.join(empty)}")
    own = f"; your own: {', '.join(files)}" if (files := tables.own_tables()) else ""
    return ", ".join(f"{len(rows)} {name}" for name, rows in counts.items()) + own


def _words(house: House) -> str:
    sad, glad = (house.studio.read(Intent(text=text)).valence for text in ("deep sadness", "pure joy"))
    if not sad < glad:
        raise KmidiError(f"'deep sadness' reads no darker than 'pure joy': {sad} and {glad}")
    return "reads words"


def _composer(house: House) -> str:
    take = house.studio.compose(Intent(text="calm", bars=1))
    if not take.midi.startswith(b"MThd"):
        raise KmidiError("a composed bar is no MIDI file")
    return f"a bar in {len(take.midi)} bytes"


def _sound_font(house: House) -> str:
    font = house.settings.sound_font
    if font is None or not font.is_file():
        raise KmidiError(f"KMIDI_SOUND_FONT is {str(font)!r}; no such file")
    return font.name


def _models(house: House) -> str:
    reader = reader_in(house.settings.models)
    if isinstance(reader, str):
        raise KmidiError(reader)
    return f"{reader.name} reads words" if reader is not None else "no model; the table reads words"


def _checks(house: House) -> dict[str, Callable[[House], str]]:
    checks: dict[str, Callable[[House], str]] = {
        "tables": _tables,
        "words": _words,
        "models": _models,
        "composer": _composer,
    }
    if house.settings.sound_font is not None:
        checks["sound_font"] = _sound_font
    return checks


def _try(check: Callable[[House], str], house: House) -> PartHealth:
    began = time.perf_counter()
    try:
        status, detail = "ok", check(house)
    except Exception as error:  # whatever is broken, health says so instead of breaking too
        status, detail = "broken", f"{type(error).__name__}: {error}"
    return PartHealth(status=status, milliseconds=round(1000 * (time.perf_counter() - began), 2), detail=detail)


_HEALTH: dict[int | str, dict[str, Any]] = {
    200: {"description": "Every part works.", "content": as_json("Health")},
    503: {"description": "A part is broken.", "content": as_json("Health")},
}
_STATE: dict[int | str, dict[str, Any]] = {200: {"description": "Yes.", "content": as_json("State")}}


@router.get("/health", responses=_HEALTH)
async def health(house: TheHouse) -> Response:
    """The service and each part it leans on, each tried now."""
    checks = _checks(house)
    parts = await house.crew.run(lambda: {name: _try(check, house) for name, check in checks.items()})
    broken = any(part.status == "broken" for part in parts.values())
    return told(Health(status="broken" if broken else "ok", version=version(), parts=parts), 503 if broken else 200)


@router.get("/ready", responses={**_STATE, **documented({503: "The service is closing."})})
async def ready(house: TheHouse) -> Response:
    """Whether to send requests here: no while the service drains before it stops."""
    return problem(503, "the service is closing").response() if house.draining else told(State(status="ready"))


@router.get("/live", responses=_STATE)
async def live() -> Response:
    """Whether the process answers at all."""
    return told(State(status="live"))


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(house: TheHouse) -> Response:
    """Counters in Prometheus' text format."""
    return Response(generate_latest(house.metrics.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
