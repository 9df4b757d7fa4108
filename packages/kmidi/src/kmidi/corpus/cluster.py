"""Many files on a Dask cluster: one of its own on this machine, or one that is there."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from ..errors import StudioUnavailable
from .row import Row, error_row, rows_of
from .workers import AHEAD, DEATHS, WORKER_DIED, Done, Load

OURS = version("kmidi")
WORKERS_S = 120  # how long the first worker may take to come: some clusters start them when there is work
ASKED = 8  # batches after which a cluster is asked how many workers it has
# A cluster of our own shares its cores with what minds it, and Dask minds for dashboards: a profile every 10 ms, ticks
# every 20 ms in every server. Left alone that is a tenth of a core; so it is a hundredth.
QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,  # a file's memory serves the next file
}


@contextmanager
def client_of(dask: int | None, scheduler: str | None) -> Generator[Any]:
    """A distributed.Client of so many workers of this machine's own, or of the cluster at an address.

    StudioUnavailable without the extra, or where no scheduler answers, no worker comes or one has no kmidi or another.
    """
    try:
        from dask.config import set as setting
        from distributed import Client, LocalCluster
    except ImportError:
        raise StudioUnavailable("no Dask here; install kmidi[dask]") from None
    if scheduler is None:
        with (
            setting(QUIET),
            LocalCluster(n_workers=dask, threads_per_worker=1, processes=True, dashboard_address=":0") as local,
            Client(local) as client,
        ):
            yield client
            client.run(_hush, on_error="ignore")
        return
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise StudioUnavailable(f"no Dask scheduler at {scheduler!r}: {error}") from None
    with client:
        _check_workers(client, scheduler)
        yield client


def _hush(dask_worker: Any) -> None:
    """A worker says no more that it lives: one that is told to go while it does so complains at length."""
    dask_worker.periodic_callbacks["heartbeat"].stop()


def _check_workers(client: Any, scheduler: str) -> None:
    """A worker without kmidi dies of the work, and one with another would count other things."""
    from distributed import wait

    found = client.run(version, "kmidi", on_error="return")
    if not found:
        try:
            wait([client.submit(version, "kmidi", pure=False)], timeout=WORKERS_S)
        except TimeoutError:
            raise StudioUnavailable(
                f"no worker came to the Dask scheduler at {scheduler!r} in {WORKERS_S:g} s; start some: dask worker {scheduler}"
            ) from None
        found = client.run(version, "kmidi", on_error="return")
    for worker, theirs in found.items():
        if theirs != OURS:
            has = f"kmidi {theirs}" if isinstance(theirs, str) else "no kmidi"
            raise StudioUnavailable(f"worker {worker} has {has}; it wants {OURS}, as here")


def threads_of(client: Any) -> int:
    """How many batches its workers do at once now, at least 1."""
    return max(1, sum(client.nthreads().values()))


def cluster(numbers: Sequence[int], load: Load, client: Any) -> Done:
    """The batches' rows from a cluster's workers; its scheduler gives the batches of a lost worker to others."""
    from distributed import as_completed

    waiting, out = deque(numbers), dict[Any, int]()
    ready = as_completed(with_results=True, raise_errors=False)  # a batch's rows come with the word that it is done
    threads = 0
    while waiting or out:
        if not out or (waiting and len(waiting) % ASKED == 0):  # workers come and go
            threads = threads_of(client)
        while waiting and len(out) < AHEAD * threads:
            number = waiting.popleft()
            future = client.submit(rows_of, load(number), pure=False, retries=DEATHS)
            out[future] = number
            ready.add(future)
        future, rows = next(ready)
        number = out.pop(future)
        if future.status == "error":  # the batch took too many workers with it: find the file that did
            rows = [_alone_on(client, file) for file in load(number)]
        elif future.status != "finished":
            raise StudioUnavailable(
                f"the Dask scheduler let a batch go ({future.status}); start again to go on from here"
            )
        yield number, rows


def _alone_on(client: Any, file: tuple[str, bytes]) -> Row:
    """One file as a task of its own."""
    from distributed import KilledWorker

    try:
        return client.submit(rows_of, [file], pure=False).result()[0]
    except KilledWorker:
        return error_row(file[0], WORKER_DIED)
