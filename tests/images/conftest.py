"""The images as shipped, built once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import engine, oci


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the images are built from, as it is when the tests begin."""
    return engine.copy_context(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="session")
def layouts(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every image as an OCI layout, built for all platforms, without cache."""
    folder = tmp_path_factory.mktemp("layouts")
    engine.build(folder, *engine.SERVICES, source=source, cold=True)
    return folder


@pytest.fixture(scope="session")
def images(layouts: Path) -> dict[tuple[str, str], oci.Image]:
    """Every image by service and platform."""
    return {
        (name, platform): image
        for name in engine.SERVICES
        for platform, image in oci.read(layouts / f"{name}.tar").items()
    }


@pytest.fixture(scope="session")
def loaded(layouts: Path) -> dict[str, str]:
    """The name under which the engine has each image, both platforms of it."""
    for name in engine.SERVICES:
        engine.docker("load", "--quiet", "--input", str(layouts / f"{name}.tar"))
    return {name: f"kmidi/{name}:dev" for name in engine.SERVICES}
