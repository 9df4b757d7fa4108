"""Standard MIDI Files: read(bytes) -> Score, write(Score) -> bytes. The only place that knows the format."""

from .read import read
from .write import MarkerNames, write

__all__ = ["MarkerNames", "read", "write"]
