"""Sealed text: only who has the secret can read or make it. For what a client must carry and nobody else may read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

_NONCE, _TAG = 16, 32


class Seal:
    """Encrypts, then signs, with keys derived from a secret; without one, with a random one of this process.

    Method: a stream from SHAKE-256 over key and nonce, HMAC-SHA256 over nonce and ciphertext (encrypt-then-MAC).
    """

    def __init__(self, secret: str = "") -> None:
        root = secret.encode() or os.urandom(32)
        self._stream, self._sign = (hmac.digest(root, name, "sha256") for name in (b"kmidi stream", b"kmidi sign"))

    def close(self, data: bytes) -> str:
        """The data as URL-safe text, different each time."""
        nonce = os.urandom(_NONCE)
        body = nonce + self._mixed(nonce, data)
        return base64.urlsafe_b64encode(body + hmac.digest(self._sign, body, "sha256")).decode()

    def open(self, text: str) -> bytes:
        """The data of a sealed text. ValueError where this secret did not seal it, or one sign of it was changed."""
        raw = base64.urlsafe_b64decode(text)
        body, tag = raw[:-_TAG], raw[-_TAG:]
        if len(body) < _NONCE or not hmac.compare_digest(tag, hmac.digest(self._sign, body, "sha256")):
            raise ValueError("not sealed here")
        return self._mixed(body[:_NONCE], body[_NONCE:])

    def _mixed(self, nonce: bytes, data: bytes) -> bytes:
        stream = hashlib.shake_256(self._stream + nonce).digest(len(data))
        return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")
