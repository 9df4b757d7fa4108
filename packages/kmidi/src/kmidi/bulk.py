"""Many values at once: how Python is spared work that would be done for each of them."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import repeat
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


def in_bulk(kind: type[T], count: int, **columns: Iterable[Any]) -> list[T]:
    """So many values of a frozen, slotted class, a column a field, in a fourth of the time that one by one takes.

    Their checks are not run: the caller vouches for the columns.
    """
    assert columns.keys() == {*vars(kind)["__slots__"]}
    values = [*map(object.__new__, repeat(kind, count))]
    for name, column in columns.items():
        deque(map(vars(kind)[name].__set__, values, column), 0)  # the quickest way to call and let go
    return values


def without_cycles(work: Callable[P, T]) -> Callable[P, T]:
    """A function that makes no cycles to collect, run without Python's search for them.

    While many values are made, the search would look through all that lives again and again: a third of the time in
    which a file of many tracks is read. Who finds it off leaves it to who turned it off.
    """

    @wraps(work)
    def quiet(*args: P.args, **kwargs: P.kwargs) -> T:
        searching = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if searching:
                gc.enable()

    return quiet
