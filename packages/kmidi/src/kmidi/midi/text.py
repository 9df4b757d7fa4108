"""Texts of meta events: which encoding the bytes are in is nowhere said, so it is told from the bytes."""

from __future__ import annotations

from typing import Literal

Encoding = Literal["UTF-8", "UTF-16", "Shift-JIS", "Windows-1252", "Latin-1"]


def decode(content: bytes) -> tuple[str, Encoding]:
    """Text and its encoding: UTF-8, else UTF-16, else Shift-JIS where it reads as Japanese, else Windows-1252 or Latin-1.

    Without the zero bytes that some writers put behind it and the mark of its encoding before it; what would break a
    line or command a terminal is a space.
    """
    text, encoding = _decode(content)
    return (text if text.isprintable() else text.translate(_COMMANDS)), encoding


def _decode(content: bytes) -> tuple[str, Encoding]:
    if (wide := _wide(content)) is not None:
        return wide, "UTF-16"
    content = content.rstrip(b"\0")
    try:
        return content.decode().removeprefix("\ufeff"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("shift_jis")
    except UnicodeDecodeError:
        return _western(content)
    # Half-width katakana are single bytes and prove nothing: "ÄÖ" reads as two of them.
    kana = sum("぀" <= c <= "ヿ" for c in text)
    kanji = sum("一" <= c <= "鿿" for c in text)
    if kana or 2 * kanji >= sum(not c.isspace() for c in text):
        return text, "Shift-JIS"
    return _western(content)


def _wide(content: bytes) -> str | None:
    """The text where it is UTF-16: with its mark, or every second byte zero, as Western letters are in it."""
    mark = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if len(content) % 2 or not (mark or b"\0" in content):
        return None
    first, second = content[0::2], content[1::2]
    if not mark and any(first) == any(second):
        return None
    big = content[:1] == b"\xfe" if mark else any(second)
    try:
        return content[2 * mark :].decode("utf-16-be" if big else "utf-16-le").rstrip("\0")
    except UnicodeDecodeError:
        return None


def _western(content: bytes) -> tuple[str, Encoding]:
    text = content.decode("latin-1")
    try:
        windows = content.decode("cp1252")
    except UnicodeDecodeError:
        return text, "Latin-1"
    return (text, "Latin-1") if windows == text else (windows, "Windows-1252")


_COMMANDS = dict.fromkeys([*range(32), *range(127, 160)], " ")  # control characters


def encoded(text: str) -> bytes:
    """Text as kmidi writes it: UTF-8, and what would break a line made a space."""
    return text.translate(_COMMANDS).encode(errors="replace")
