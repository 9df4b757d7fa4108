"""`python -m kmidi_api`: the API on the host and port of its settings."""

from __future__ import annotations

import gc
import sys

import uvicorn

from .settings import SettingError, Settings


def main() -> None:
    """Serve until told to stop; a setting that can't be ends at once, with one line that names it."""
    try:
        settings = Settings.of()
    except SettingError as error:
        sys.exit(f"kmidi: {error}")
    gc.disable()  # what is imported stays: looking for garbage among it would only slow the start
    from .app import app

    gc.freeze()
    gc.enable()
    uvicorn.run(app, host=settings.host, port=settings.port, server_header=False)


if __name__ == "__main__":
    main()
