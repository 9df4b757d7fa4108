"""`python -m kmidi_api`: the API on the host and port of its settings."""

from __future__ import annotations

import uvicorn

from .settings import Settings


def main() -> None:
    """Serve until told to stop."""
    settings = Settings.of()
    uvicorn.run("kmidi_api.app:app", host=settings.host, port=settings.port, server_header=False)


if __name__ == "__main__":
    main()
