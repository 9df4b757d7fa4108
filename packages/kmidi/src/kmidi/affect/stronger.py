"""The stronger reader: a sentence model and the small head that turns its vectors into points."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import TableError
from ..intent import Feeling
from ..tables.weights import read_weights
from .sentence_model import Array, ModelBroken, SentenceModel


@dataclass(frozen=True, slots=True, kw_only=True)
class StrongReader:
    """Reads whole sentences: `model` makes a vector, the head (tables/sentence_head.npz) a point of it."""

    model: SentenceModel
    hidden: Array
    hidden_bias: Array
    out: Array
    out_bias: Array

    @property
    def name(self) -> str:
        """What a recipe calls it: "model:" and the first twelve digits of the weights' SHA-256."""
        return f"model:{self.model.digest[:12]}"

    @classmethod
    def open(cls, folder: Path) -> StrongReader:
        """The reader from a folder with model.safetensors, tokenizer.json and config.json. ModelBroken says what fails."""
        model = SentenceModel.open(folder)
        try:
            reader = cls(model=model, **read_weights("sentence_head.npz"))
        except (OSError, TypeError, ValueError) as error:
            raise TableError(f"sentence_head.npz: {error}") from None
        width = model.embed(["a word"]).shape[1]
        if width != len(reader.hidden):
            raise ModelBroken(f"the model in {folder.name!r} makes vectors of {width}; kmidi's head wants {len(reader.hidden)}, as all-MiniLM-L6-v2 makes them")  # fmt: skip
        return reader

    def read(self, texts: list[str]) -> list[Feeling]:
        """One point a text."""
        inner = np.tanh(self.model.embed(texts) @ self.hidden + self.hidden_bias)
        points = np.clip(inner @ self.out + self.out_bias, -1, 1)
        return [Feeling(valence=round(float(v), 4), arousal=round(float(a), 4)) for v, a in points]
