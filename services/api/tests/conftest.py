"""A client of an app of its own, or of the server that KMIDI_TRY_API names: the same tests try a container."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from kmidi_api.app import create_app
from kmidi_api.settings import Settings


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    if url := os.environ.get("KMIDI_TRY_API"):
        with httpx2.Client(base_url=url, timeout=60) as client:
            yield client
        return
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def unused_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
