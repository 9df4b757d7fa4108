"""Whether the service in this container works: `health.py api`, `ui` or `studio`. Ends with 0, or with 1 and the reason.

Docker's HEALTHCHECK runs it with the image's own interpreter, and it needs nothing else. Ports and folders are those of the
service's environment. The API looks at a person's own tables itself; for the page, which has no such answer, they are
read here.
"""

from __future__ import annotations

import http.client
import os
import sys

DATA = os.environ.get("KMIDI_DATA") or "/data"
MODELS = os.environ.get("KMIDI_MODELS") or "/app/models"
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


def own_tables() -> str | None:
    """What can't be in a person's own tables, or None; nothing is loaded where there are none."""
    try:
        names = [name for place in (DATA, f"{DATA}/genres") if os.path.isdir(place) for name in os.listdir(place)]  # noqa: PTH112, PTH208  # pathlib is slow to import, every 30 s
        if any(name.endswith(".toml") for name in names):
            from kmidi.tables import own_tables as read

            read()
    except OSError:
        return None  # said by `folder`
    except Exception as error:
        return str(error)
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
    found = [*map(folder, (DATA, MODELS)), *(answer(*place) for place in places)]
    if PAGE in places:
        found.append(own_tables())
    wrong = [reason for reason in found if reason]
    sys.exit("\n".join(wrong) or None)


main()
