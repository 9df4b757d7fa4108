"""Whether the service in this container works: `health.py api`, `ui` or `studio`. Ends with 0, or with 1 and the reason.

Docker's HEALTHCHECK runs it with the image's own interpreter, and it needs nothing else. Ports are those of the service's
environment.
"""

from __future__ import annotations

import http.client
import os
import sys

FOLDERS = ("/data", "/app/models")
API = ("KMIDI_API_PORT", "8000", "/health")
PAGE = ("STREAMLIT_SERVER_PORT", "8501", "/_stcore/health")
PLACES = {"api": [API], "ui": [PAGE], "studio": [API, PAGE]}
SECONDS = 8


def folder(path: str) -> str | None:
    """What is wrong with a folder that the service may read, or None. An empty one is fine."""
    try:
        os.scandir(path).close()
    except OSError as error:
        return f"can't read {path}: {error.strerror}; mount a folder that user {os.getuid()} may read"
    return None


def answer(name: str, default: str, path: str) -> str | None:
    """What is wrong with the service on a port of this container, or None."""
    port = os.environ.get(name) or default
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=SECONDS)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"no answer on port {port}: {error}"
    return None if response.status == 200 else f"port {port}{path} says {response.status}: {body}"


def main() -> None:
    """Look at everything, then say all that is wrong."""
    wanted = os.environ.get("KMIDI_RUN") if sys.argv[1] == "studio" else None
    places = PLACES[wanted if wanted in PLACES else sys.argv[1]]
    found = [*(folder(path) for path in FOLDERS), *(answer(*place) for place in places)]
    wrong = [reason for reason in found if reason]
    sys.exit("\n".join(wrong) or None)


main()
