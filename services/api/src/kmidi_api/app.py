"""kmidi over HTTP: `uvicorn kmidi_api.app:app`, or `python -m kmidi_api`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from kmidi.studio import LocalStudio, Studio, version
from kmidi.tables import Emotion, Genre, Instrument, RuleBreak

from .closing import drain_first
from .crew import Crew
from .deps import House
from .edge import Edge
from .intake import describe_bodies
from .metrics import Metrics
from .problems import add_handlers
from .routes import analyses, changes, compositions, health, interviews, tables
from .seal import Seal
from .settings import Settings


def create_app(settings: Settings | None = None, studio: Studio | None = None) -> FastAPI:
    """An app with a studio and counters of its own; settings come from the environment unless given."""
    settings = settings or Settings.of()
    metrics = Metrics()
    house = House(
        settings=settings,
        studio=studio or LocalStudio(settings.models),
        crew=Crew(settings.composers, settings.queue, metrics),
        metrics=metrics,
        seal=Seal(settings.secret),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        with drain_first(settings.drain_seconds, house.drain):
            yield

    app = FastAPI(
        title="kmidi",
        version=version(),
        summary="A feeling, in a person's own words, becomes multi-track MIDI.",
        lifespan=lifespan,
        separate_input_output_schemas=False,  # two schemas of one title: generated clients lose both
    )
    app.state.house = house
    add_handlers(app)
    describe_bodies(app, _answers)
    for resource in (compositions, analyses, changes, interviews, tables, health):
        app.include_router(resource.router)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["content-type", "accept"],
            expose_headers=["content-disposition"],
        )
    app.add_middleware(Edge, metrics=metrics, max_body_bytes=settings.max_body_bytes)
    return app


def _answers() -> tuple[type, ...]:
    from kmidi.analysis import Analysis  # the service starts without

    rows = (Emotion, Genre, Instrument, RuleBreak, changes.Transform)
    return compositions.Composition, Analysis, changes.Change, changes.Changed, health.Health, health.State, *rows


app = create_app()
