"""What the commands read and write: takes as files, intents from recipes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, cast, get_args

from ..codec import from_json, from_plain
from ..errors import IntentError
from ..intent import Intent
from ..render.picture import picture
from ..render.sound import Format, sound
from ..studio import Take, bundle


def write_take(take: Take, path: Path) -> None:
    """What a path's ending asks for: .zip the whole bundle, .wav .flac .ogg the sound, .svg the piano roll, else MIDI.

    IntentError where it can't be written.
    """
    ending = path.suffix.casefold().removeprefix(".")
    if ending == "zip":
        data = bundle(take)
    elif ending in get_args(Format):
        data = sound(take.score, cast(Format, ending))
    else:
        data = picture(take.score).encode() if ending == "svg" else take.midi
    try:
        path.write_bytes(data)
    except OSError as error:
        raise IntentError(f"can't write {str(path)!r}: {error.strerror}", field="output") from None


def read_recipe(path: Path) -> Intent:
    """The Intent of a recipe.json, of a bundle that holds one, or of a bare Intent in JSON."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = archive.read("recipe.json")
        except (KeyError, zipfile.BadZipFile):
            raise IntentError(
                f"{str(path)!r} holds no recipe.json; give a bundle that kmidi wrote, or a recipe", field="recipe"
            ) from None
    value = from_json(dict[str, Any], data)
    return from_plain(Intent, value.get("intent", value))
