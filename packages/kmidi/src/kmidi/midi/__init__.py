"""Standard MIDI Files: read(bytes) -> Score, write(Score) -> bytes. The only place that knows the format."""

from .conductor import MarkerNames
from .read import read
from .write import write

__all__ = ["MarkerNames", "read", "write"]
