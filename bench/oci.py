"""Reads an image as it is shipped: an OCI layout in one tar file, its manifests, its layers, the files in them."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: `digest`, and `compressed` in bytes as a registry sends it."""

    digest: str
    compressed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One platform's image: `platform` as in "linux/amd64", its layers from the lowest, its config as JSON."""

    layout: Path
    platform: str
    digest: str
    layers: tuple[Layer, ...]
    config: dict[str, Any]

    def compressed(self) -> int:
        """What a pull transfers, in bytes: the layers, without config and manifest."""
        return sum(layer.compressed for layer in self.layers)

    def members(self) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
        """Every entry of every layer with its content, lowest layer first; a link or folder has empty content."""
        for entries in self._archives():
            for entry in entries:
                file = entries.extractfile(entry) if entry.isfile() else None
                yield entry, file.read() if file else b""

    def unpacked(self) -> int:
        """What the files take, in bytes: the sum of their lengths, each path once."""
        found = (entry for entries in self._archives() for entry in entries)
        return sum({entry.name: entry.size for entry in found if entry.isfile()}.values())

    def _archives(self) -> Iterator[tarfile.TarFile]:
        with tarfile.open(self.layout) as layout:
            for layer in self.layers:
                with tarfile.open(fileobj=gzip.GzipFile(fileobj=_blob(layout, layer.digest)), mode="r|") as entries:
                    yield entries


def read(path: Path) -> dict[str, Image]:
    """The images in an OCI layout, a key per platform."""
    with tarfile.open(path) as layout:
        index = json.loads(_blob(layout, "index.json").read())
        entries = index["manifests"]
        if len(entries) == 1 and "index" in entries[0]["mediaType"]:
            entries = json.loads(_blob(layout, entries[0]["digest"]).read())["manifests"]
        found = [
            _image(path, layout, entry["digest"])
            for entry in entries
            if "vnd.docker.reference.type" not in entry.get("annotations", {})
        ]
    return {image.platform: image for image in found}


def digest(path: Path) -> str:
    """The digest by which the whole layout is pulled: of the index, or of the only manifest."""
    with tarfile.open(path) as layout:
        (entry,) = json.loads(_blob(layout, "index.json").read())["manifests"]
        return entry["digest"]


def _image(path: Path, layout: tarfile.TarFile, name: str) -> Image:
    manifest = json.loads(_blob(layout, name).read())
    config = json.loads(_blob(layout, manifest["config"]["digest"]).read())
    return Image(
        layout=path,
        platform=f"{config['os']}/{config['architecture']}",
        digest=name,
        layers=tuple(Layer(digest=layer["digest"], compressed=layer["size"]) for layer in manifest["layers"]),
        config=config,
    )


def _blob(layout: tarfile.TarFile, name: str) -> Any:
    file = layout.extractfile(f"blobs/{name.replace(':', '/')}" if ":" in name else name)
    assert file is not None
    return file
