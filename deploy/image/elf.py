"""The few facts about a shared object that an image needs: its machine and the libraries it names.

System V ABI: "ELF header", "program header", "dynamic section"; 64-bit little-endian files only.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MACHINES = {62: "amd64", 183: "arm64"}
_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Elf:
    """One ELF file: `machine` as Docker names it, the sonames of its NEEDED entries, its program interpreter (or "")."""

    machine: str
    needed: tuple[str, ...]
    loader: str


def read(path: Path) -> Elf | None:
    """The facts of a file, or None when it is no ELF file."""
    with path.open("rb") as file:
        if file.read(6) != b"\x7fELF\x02\x01":
            return None
        file.seek(0)
        data = file.read()
    names, _ = _dynamic(data)
    return Elf(
        machine=MACHINES.get(struct.unpack_from("<H", data, 18)[0], "unknown"),
        needed=tuple(name for name in names if name),
        loader=next((_text(data, at) for _, at, _ in _segments(data, _PT_INTERP)), ""),
    )


def forget(path: Path, idle: Callable[[str], bool]) -> None:
    """Takes the NEEDED entries that `idle` says yes to out of a file, in place.

    For a library that was named at link time though the file uses no symbol of it. Python resolves every function at
    import, so an import proves that it was idle.
    """
    data = bytearray(path.read_bytes())
    names, entries = _dynamic(data)
    kept = [entry for name, entry in zip(names, entries, strict=True) if not (name and idle(name))]
    for _, start, length in _segments(data, _PT_DYNAMIC):
        data[start : start + length] = b"".join(struct.pack("<qQ", *entry) for entry in kept).ljust(length, b"\0")
    path.write_bytes(data)


def _segments(data: bytes, wanted: int) -> list[tuple[int, int, int]]:
    """Address, place in the file and length of the segments of one kind."""
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    found = (struct.unpack_from("<IIQQQQ", data, table + size * i) for i in range(count))
    return [(address, at, length) for kind, _, at, address, _, length in found if kind == wanted]


def _dynamic(data: bytes) -> tuple[list[str], list[tuple[int, int]]]:
    """The dynamic section's entries (tag, value), and for each the library it names ("" when it is no NEEDED entry)."""
    entries = [
        struct.unpack_from("<qQ", data, at)
        for _, start, length in _segments(data, _PT_DYNAMIC)
        for at in range(start, start + length, 16)
    ]
    address = next((value for tag, value in entries if tag == _DT_STRTAB), 0)
    loads = _segments(data, _PT_LOAD)
    strings = next((at + address - start for start, at, length in loads if start <= address < start + length), 0)
    return [_text(data, strings + value) if tag == _DT_NEEDED else "" for tag, value in entries], entries


def _text(data: bytes, at: int) -> str:
    return bytes(data[at : data.index(b"\0", at)]).decode()
