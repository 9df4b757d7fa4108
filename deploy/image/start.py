"""Starts what KMIDI_RUN names: `api`, `ui`, or `both`. The image ui sets it, in the image studio it may be chosen."""

from __future__ import annotations

import os
import sys

PAGE = f"{sys.prefix}/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/kmidi_ui/app.py"
COMMANDS = {
    "api": ["-m", "kmidi_api"],
    "ui": ["-m", "streamlit", "run", PAGE],
    "both": ["-c", "from kmidi.cli.main import main; main()", "up"],
}


def main() -> None:
    """Become the process asked for, so that signals reach it."""
    wanted = os.environ.get("KMIDI_RUN") or "both"
    if wanted not in COMMANDS:
        sys.exit(f"KMIDI_RUN is {wanted!r}; legal: {', '.join(COMMANDS)}")
    os.execv(sys.executable, [sys.executable, *COMMANDS[wanted]])


main()
