"""Who does the work here: this process, or all cores. Batches go in, rows come out as they are done.

Each takes batches of (name, bytes) and yields each batch's number with its rows. Only so many batches are out at once
that memory stays small however long the list is. A worker that dies loses nothing: its batches are done again, in the
end file by file, and a file that kills every worker that touches it becomes a row that says so.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from .row import Row, error_row, rows_of

Batch = list[tuple[str, bytes]]
Done = Iterator[tuple[int, list[Row]]]
Load = Callable[[int], Batch]  # reads the files of a batch by its number
AHEAD = 2  # batches out for each worker: the one it does and the next
DEATHS = 3  # workers that a batch may take with it
WORKER_DIED = "the worker that read it died, alone with it as well"


def here(numbers: Sequence[int], load: Load) -> Done:
    """In this process, one after the other."""
    for number in numbers:
        yield number, rows_of(load(number))


def cores(numbers: Sequence[int], load: Load, workers: int) -> Done:
    """On so many processes of this machine."""
    waiting, deaths = deque(numbers), Counter[int]()
    with _one_thread_each():
        while waiting:
            first = waiting[0]
            if deaths[first] >= DEATHS:
                yield waiting.popleft(), [_alone(file) for file in load(first)]
            elif deaths[first]:
                # it was out when a worker died: by itself it can take no other batch with it
                suspect = deque([waiting.popleft()])
                yield from _pool(suspect, load, 1, deaths)
                waiting.extendleft(suspect)
            else:
                yield from _pool(waiting, load, workers, deaths)


def _pool(waiting: deque[int], load: Load, workers: int, deaths: Counter[int]) -> Done:
    """Work a list down; where a worker dies, the batches that were out come first again, with a death more."""
    out: dict[Future[list[Row]], int] = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            while waiting or out:
                while waiting and len(out) < AHEAD * workers:
                    number = waiting.popleft()
                    out[pool.submit(rows_of, load(number))] = number
                for future in wait(out, return_when=FIRST_COMPLETED).done:
                    rows = future.result()
                    yield out.pop(future), rows
        except BrokenProcessPool:
            deaths.update(out.values())
            waiting.extendleft(sorted(out.values(), reverse=True))
        finally:
            pool.shutdown(cancel_futures=True)


def _alone(file: tuple[str, bytes]) -> Row:
    """One file in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(rows_of, [file]).result()[0]
        except BrokenProcessPool:
            return error_row(file[0], WORKER_DIED)


@contextmanager
def _one_thread_each() -> Generator[None]:
    """Processes that start in here get one thread each for linear algebra: the cores are taken by the processes."""
    before = {name: os.environ.get(name) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    os.environ.update(dict.fromkeys(before, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
