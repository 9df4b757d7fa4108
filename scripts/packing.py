"""How large tables are packed: in formats that any reader unpacks, as small as they get, the same bytes each time.

What lies here travels into every image. Zopfli searches longer than gzip -9 and saves one to thirteen percent of it.
A table that people write and that is large lies packed too: `uv run --group bench python -m scripts.packing
TABLE.toml.gz` unpacks it beside itself to be edited, `uv run --group bench python -m scripts.packing TABLE.toml` packs
it again and takes the open one away.
"""

from __future__ import annotations

import gzip
import sys
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zopfli
from numpy.typing import NDArray


def gzipped(data: bytes) -> bytes:
    """The data in gzip's format."""
    compressor = zopfli.ZopfliCompressor(zopfli.ZOPFLI_FORMAT_GZIP, iterations=15, block_splitting_max=0)
    return compressor.compress(data) + compressor.flush()


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a .npz as numpy.savez_compressed does, with one fixed date, each array by rows or columns, as packs smaller."""
    with zopfli.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, _smaller(values), allow_pickle=False)


def _smaller(values: NDArray[Any]) -> NDArray[Any]:
    """The array in the order of memory in which it packs smaller."""
    ways = np.ascontiguousarray(values), np.asfortranarray(values)
    return min(ways, key=lambda way: len(zlib.compress(way.tobytes("A"), 9)))


def turn(path: Path) -> Path:
    """Unpack a .gz beside itself, or pack a file and take the open one away; what was written."""
    if path.suffix == ".gz":
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        return path.with_suffix("")
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzipped(path.read_bytes()))
    path.unlink()
    return packed


if __name__ == "__main__":
    print(turn(Path(sys.argv[1])))
