"""`kmidi up`: the API and the page together."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click

from ..errors import StudioUnavailable

_STOPPING_SECONDS = 10


def _check_port(host: str, port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StudioUnavailable(f"port {port} on {host}: {error.strerror}; choose another with {option}") from None


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="KMIDI_HOST", help="The address to listen on.")
@click.option("--api-port", default=8000, show_default=True, envvar="KMIDI_API_PORT", type=click.IntRange(1, 65535))
@click.option("--ui-port", default=8501, show_default=True, envvar="KMIDI_UI_PORT", type=click.IntRange(1, 65535))
def up_command(host: str, api_port: int, ui_port: int) -> None:
    """Start the API and the page; one Ctrl-C stops both."""
    if api_port == ui_port:
        raise StudioUnavailable(f"the API and the page can't share port {api_port}; choose --api-port and --ui-port")
    for module in ("kmidi_api", "kmidi_ui"):
        if importlib.util.find_spec(module) is None:
            raise StudioUnavailable(f"{module} is not installed; install kmidi with its services")
    _check_port(host, api_port, "--api-port")
    _check_port(host, ui_port, "--ui-port")
    page = Path(importlib.util.find_spec("kmidi_ui").submodule_search_locations[0]) / "app.py"  # type: ignore[union-attr, index]
    commands = {
        "API": [sys.executable, "-m", "uvicorn", "kmidi_api.app:app", "--host", host, "--port", str(api_port), "--no-access-log"],
        "page": [
            sys.executable, "-m", "streamlit", "run", str(page), "--server.address", host, "--server.port", str(ui_port),
            "--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none",
        ],
    }  # fmt: skip
    # an orchestrator's stop ends as Ctrl-C does, and that is heard in a script's background too, where shells have it ignored
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, signal.default_int_handler)
    # a session of its own each, so that Ctrl-C reaches only this process, which then stops both in order
    running = {
        name: subprocess.Popen(command, start_new_session=True, env=os.environ) for name, command in commands.items()
    }
    click.echo(f"kmidi: page http://{host}:{ui_port}  API http://{host}:{api_port}/docs  (Ctrl-C stops both)")
    try:
        while all(process.poll() is None for process in running.values()):
            time.sleep(0.2)
        name, code = next((n, p.returncode) for n, p in running.items() if p.poll() is not None)
        raise StudioUnavailable(f"the {name} stopped by itself with code {code}; its last lines are above")
    except KeyboardInterrupt:
        click.echo("kmidi: stopping", err=True)
    finally:
        for process in running.values():
            process.terminate()
        deadline = time.monotonic() + _STOPPING_SECONDS
        for process in running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
