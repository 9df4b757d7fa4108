"""The folder of the stronger reader: where it is, whether it can be used, opened once."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from ..affect import ModelBroken, StrongReader

SETTING = "KMIDI_MODELS"
MOUNTED = Path("/app/models")  # where the images have it
FILES = ("config.json", "model.safetensors", "tokenizer.json")


def reader_in(models: Path | None = None) -> StrongReader | str | None:
    """The stronger reader of a folder; a sentence that says why it can't be used; None where there is none.

    Without `models` the folder is the one that KMIDI_MODELS names, else /app/models where that is. An empty folder holds
    no reader; a folder that was named and is not there is broken.
    """
    named = os.environ.get(SETTING, "").strip()
    folder = models or (Path(named) if named else MOUNTED if MOUNTED.is_dir() else None)
    if folder is None:
        return None
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith(".") and path.is_file())
        if not names:
            return None
        missing = [name for name in FILES if name not in names]
        if missing:
            return f"the folder of models {str(folder)!r} has no {', '.join(missing)}; the table reads instead"
        return _opened(folder, tuple((folder / name).stat().st_mtime_ns for name in FILES))
    except OSError as error:
        return f"the folder of models {str(folder)!r} can't be read: {error.strerror}; the table reads instead"


@lru_cache(maxsize=2)
def _opened(folder: Path, _: tuple[int, ...]) -> StrongReader | str:
    """The reader of a folder as it was at these times: a folder that is mended is read again."""
    try:
        return StrongReader.open(folder)
    except ModelBroken as error:
        return f"{error}; the table reads instead"
