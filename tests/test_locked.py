"""The images install what the lock says: `make lock` has been run after the lock changed."""

from __future__ import annotations

import pytest

from scripts.lock_images import FOLDER, SERVICES, locked


@pytest.mark.parametrize("service", SERVICES)
def test_the_images_part_of_the_lock_is_fresh(service: str) -> None:
    assert (FOLDER / f"{service}.txt").read_text() == locked(service), "run `make lock`"
