"""Weights come back from their small files as they went in, within half a step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kmidi.tables import weights
from kmidi.tables.load import table_path
from kmidi.tables.weights import LARGE, packed, read_weights


@pytest.mark.parametrize("table", sorted(path.name for path in table_path("form.npz").parent.glob("*.npz")))
def test_no_weight_is_so_small_that_a_processor_takes_forty_times_as_long(table: str) -> None:
    for name, values in read_weights(table).items():
        assert (np.abs(values[values != 0]) > np.finfo(np.float32).tiny).all(), name


@pytest.mark.parametrize(("grain", "steps"), [(1, 127), (2, 63)])
def test_large_arrays_lie_in_bytes_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grain: int, steps: int
) -> None:
    rng = np.random.default_rng(3)
    wide = rng.normal(size=(3, LARGE // 8, 8)).astype(np.float32) * np.array([1, 9, 0, 1e-3, 2, 2, 2, 2], np.float32)
    small = rng.normal(size=16).astype(np.float32)
    stored = packed({"wide": wide, "small": small}, grain)
    assert stored["wide"].dtype == np.int8
    np.savez_compressed(tmp_path / "made.npz", **{str(k): v for k, v in stored.items()})
    monkeypatch.setattr(weights, "table_path", lambda name: tmp_path / name)
    back = read_weights("made.npz")
    assert set(back) == {"wide", "small"}
    assert (np.abs(back["wide"] - wide) <= np.abs(wide).max((0, 1)) / steps * 0.5001).all()
    assert np.allclose(back["small"], small, rtol=1e-3)
