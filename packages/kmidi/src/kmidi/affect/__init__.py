"""feel: what a person said becomes a point, a path, its two sides, its wishes, and the evidence for all of them."""

from .feel import feel, find_emotion, reader_for
from .sentence_model import ModelBroken
from .stronger import StrongReader
from .wishes import wished

__all__ = ["ModelBroken", "StrongReader", "feel", "find_emotion", "reader_for", "wished"]
