"""Compositions a second over HTTP, and how long one takes, beside a bare FastAPI that only sends a body back."""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.table import show

CLIENTS = 4
SECONDS = 5.0
ECHO = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.post("/v1/compositions")
async def echo(body: dict) -> dict:
    return body
@app.get("/live")
async def live() -> dict:
    return {}
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""
KMIDI = """
import sys, uvicorn
uvicorn.run("kmidi_api.app:app", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@contextmanager
def serving(code: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", code, str(port)], env=os.environ)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/live")
                connection.getresponse().read()
                break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def load(port: int, bars: int, accept: str) -> list[float]:
    """Seconds of each request that CLIENTS clients, each one after the other, got answered in SECONDS."""
    taken: list[float] = []
    end = time.perf_counter() + SECONDS

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        seed = number * 1_000_000
        while time.perf_counter() < end:
            body = json.dumps({"text": "grief hidden as love", "bars": bars, "seed": (seed := seed + 1)})
            start = time.perf_counter()
            connection.request("POST", "/v1/compositions", body, {"content-type": "application/json", "accept": accept})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the server answered {answer.status}")
            taken.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def main() -> None:
    """One table, all in one run."""
    rows: list[tuple[str, ...]] = []
    for name, code, bars, accept in (
        ("bare FastAPI, sends the body back", ECHO, 8, "application/json"),
        ("kmidi, 8 bars, the file", KMIDI, 8, "audio/midi"),
        ("kmidi, 32 bars, the file", KMIDI, 32, "audio/midi"),
        ("kmidi, 32 bars, JSON with reasons and notes", KMIDI, 32, "application/json"),
    ):
        with serving(code) as port:
            load(port, bars, accept)  # warms caches and tables
            taken = sorted(load(port, bars, accept))
        rows.append(
            (
                name,
                f"{len(taken) / SECONDS:.0f}",
                f"{1000 * statistics.median(taken):.1f}",
                f"{1000 * taken[int(0.95 * len(taken))]:.1f}",
            )
        )
    show(rows, (f"{CLIENTS} clients", "requests/s", "median ms", "95% ms"))


if __name__ == "__main__":
    main()
