"""Closing without dropping anyone: after SIGTERM /ready answers 503 for a while, then the server stops as ever."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def drain_first(seconds: float, on_drain: Callable[[], None]) -> Generator[None]:
    """While inside: SIGTERM calls `on_drain`, and the handler that stood before (the server's own) after `seconds`.

    A second SIGTERM does not wait. Nothing changes outside the main thread, where signals can't be caught.
    """
    before: Any = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    loop, told = asyncio.get_running_loop(), False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal told
        on_drain()
        if told or seconds <= 0:
            before(number, frame)
            return
        told = True
        loop.call_soon_threadsafe(loop.call_later, seconds, before, number, frame)

    signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is handle:
            signal.signal(signal.SIGTERM, before)
