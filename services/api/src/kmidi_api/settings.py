"""What an operator may set, each from the environment: KMIDI_API_<NAME>; folders, shared with other faces, KMIDI_<NAME>."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from kmidi.errors import KmidiError, nearest

PREFIX = "KMIDI_API_"
SHORTEST_SECRET = 16
SHARED = {"KMIDI_SOUND_FONT": "sound_font", "KMIDI_MODELS": "models"}  # other faces of kmidi read these too


class SettingError(KmidiError):
    """An environment variable says what can't be; the message names it and what is legal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """host and port to listen on; composing threads and how many requests may wait for one (more get 503);
    largest body in bytes (larger gets 413); seconds to answer 503 on /ready before closing; web origins that may call
    from a browser; the secret that seals conversations' session_ids (replicas share one; without it each process has its
    own); the sound font and the folder of models that /health checks, where set.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    composers: int = 2
    queue: int = 64
    max_body_bytes: int = 8_000_000
    drain_seconds: float = 0.0
    origins: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    sound_font: Path | None = None
    models: Path | None = None

    def __post_init__(self) -> None:
        for name, low, high in (
            ("port", 0, 65535),
            ("composers", 1, 256),
            ("queue", 0, 100_000),
            ("max_body_bytes", 1_000, 1_000_000_000),
            ("drain_seconds", 0, 600),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingError(f"{PREFIX}{name.upper()} is {value}; legal: {low} to {high}")

        if self.secret and len(self.secret) < SHORTEST_SECRET:
            raise SettingError(f"{PREFIX}SECRET has {len(self.secret)} characters; legal: {SHORTEST_SECRET} or more")

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from KMIDI_* variables; SettingError names one that is not understood."""
        known = {PREFIX + f.name.upper(): f.name for f in fields(cls) if f.name not in SHARED.values()} | SHARED
        found: dict[str, object] = {}
        for name, text in environment.items():
            if name in known and text.strip():
                found[known[name]] = _value(name, known[name], text.strip())
            elif name.startswith(PREFIX) and name not in known:
                raise SettingError(f"unknown setting {name}{nearest(name, known)}")
        return cls(**found)  # type: ignore[arg-type]  # _value gives each field its own type


def _value(name: str, field: str, text: str) -> object:
    kind = type(getattr(_DEFAULTS, field))
    try:
        if kind in (int, float):
            return kind(text)
    except ValueError:
        raise SettingError(f"{name} is {text!r}; legal: a number") from None
    if kind is tuple:
        return tuple(word for word in text.replace(",", " ").split() if word)
    return Path(text) if kind is type(None) else text


_DEFAULTS = Settings()
