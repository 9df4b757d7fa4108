"""The files of a long list, dealt so that workers rarely ask and all end together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

FILE = 20_000  # bytes: what any file costs beside its length (least squares over pop songs and drum performances)
MOST, LEAST = 1 << 21, 1 << 18  # bytes, each file's FILE with them: a second of work at most, and a tenth of one


def in_batches(sizes: Mapping[str, int], workers: int) -> Iterator[list[str]]:
    """The names in batches of about equal work, the largest files first, smaller and smaller batches towards the end.

    `sizes` are bytes by name. A batch is a half of each worker's share of what is left, within MOST and LEAST: handing
    it out costs little beside it, and nobody waits long for who took the last one.
    Guided self-scheduling: Polychronopoulos & Kuck, IEEE Transactions on Computers C-36(12), 1987.
    """
    left = sum(sizes.values()) + FILE * len(sizes)
    batch: list[str] = []
    full = held = 0
    for name in sorted(sizes, key=lambda name: -sizes[name]):  # equals stay in order
        full = full or min(MOST, max(LEAST, left // (2 * workers)))
        batch.append(name)
        held += sizes[name] + FILE
        if held >= full:
            yield batch
            left -= held
            batch, full, held = [], 0, 0
    if batch:
        yield batch
