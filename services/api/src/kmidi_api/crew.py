"""The threads that compose: a bounded number at work, a bounded number of requests waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from kmidi import StudioUnavailable

from .metrics import Metrics

T = TypeVar("T")


class Crew:
    """Runs work in at most `size` threads; StudioUnavailable (503) where `queue` requests wait already."""

    def __init__(self, size: int, queue: int, metrics: Metrics) -> None:
        self.limiter, self.queue, self.metrics = CapacityLimiter(size), queue, metrics

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, from a thread, while the loop goes on serving."""
        if self.limiter.statistics().tasks_waiting >= self.queue:
            raise StudioUnavailable(f"{self.queue} requests wait already; try again in a moment")
        with self.metrics.waiting.track_inprogress():
            await self.limiter.acquire()
        try:
            with self.metrics.busy.track_inprogress():
                # the place is taken above; the thread pool's own limiter is as wide, so it never waits again
                return await to_thread.run_sync(work, limiter=CapacityLimiter(1))
        finally:
            self.limiter.release()
