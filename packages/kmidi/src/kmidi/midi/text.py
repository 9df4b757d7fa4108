"""Texts of meta events: which encoding the bytes are in is nowhere said, so it is told from the bytes."""

from __future__ import annotations

from typing import Literal

Encoding = Literal["UTF-8", "Shift-JIS", "Latin-1"]


def decoded(content: bytes) -> str:
    """Text of a meta event, without the zero bytes that some writers put behind it."""
    return decode(content)[0]


def decode(content: bytes) -> tuple[str, Encoding]:
    """Text and its encoding: UTF-8, else Shift-JIS where it reads as Japanese, else Latin-1."""
    content = content.rstrip(b"\0")
    try:
        return content.decode(), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("shift_jis")
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"
    # Half-width katakana are single bytes and prove nothing: "ÄÖ" reads as two of them.
    kana = sum("぀" <= c <= "ヿ" for c in text)
    kanji = sum("一" <= c <= "鿿" for c in text)
    if kana or 2 * kanji >= sum(not c.isspace() for c in text):
        return text, "Shift-JIS"
    return content.decode("latin-1"), "Latin-1"


_BREAKING = dict.fromkeys([*range(32), 127], " ")  # control characters


def encoded(text: str) -> bytes:
    """Text as kmidi writes it: UTF-8, and what would break a line made a space."""
    return text.translate(_BREAKING).encode(errors="replace")
