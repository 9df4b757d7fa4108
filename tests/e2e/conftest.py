"""The services as a person starts them, and a browser with an empty profile."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

KMIDI = str(Path(sys.executable).with_name("kmidi"))  # the command, as installed


@dataclass(frozen=True)
class Services:
    """Where the page and the API are, and the file with what they printed (None: they were started elsewhere)."""

    page: str
    api: str
    log: Path | None = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _ignored() -> None:
    """As in the background of a script, where shells have interrupts ignored."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """`kmidi up` on free ports, which one SIGINT stops; or what runs at KMIDI_TRY_PAGE and KMIDI_TRY_API:
    containers, perhaps.
    """
    if page := os.environ.get("KMIDI_TRY_PAGE"):
        yield Services(page, os.environ["KMIDI_TRY_API"])
        return
    log = tmp_path_factory.mktemp("up") / "log"
    ui_port, api_port = _free_port(), _free_port()
    command = [KMIDI, "up", "--ui-port", str(ui_port), "--api-port", str(api_port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=os.environ, preexec_fn=_ignored)
        try:
            found = Services(f"http://127.0.0.1:{ui_port}", f"http://127.0.0.1:{api_port}", log)
            end = time.monotonic() + 90
            while not (_answers(f"{found.page}/_stcore/health") and _answers(f"{found.api}/health")):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.2)
            yield found
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()
