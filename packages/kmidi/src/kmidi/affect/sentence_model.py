"""A sentence embedder of the MiniLM family, run with numpy: an optional, stronger pair of eyes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import KmidiError
from .word_pieces import WordPieces

Array = npt.NDArray[Any]  # float32; numpy cannot say so through arithmetic
MAX_TOKENS = 256
_TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}


class ModelBroken(KmidiError):
    """A folder that should hold a sentence model does not; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceModel:
    """BERT weights and their tokenizer, from a folder with model.safetensors, tokenizer.json and config.json.

    Method: Reimers and Gurevych 2019 (mean of the token vectors, length 1); Devlin et al. 2019 (the layers).
    """

    weights: dict[str, Array]
    pieces: WordPieces
    heads: int
    layers: int
    digest: str  # SHA-256 of model.safetensors, in hex

    @classmethod
    def open(cls, folder: Path) -> SentenceModel:
        """Read the folder once. ModelBroken where a file is missing, damaged, or not of this family."""
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            pieces = WordPieces.of(json.loads((folder / "tokenizer.json").read_text(encoding="utf-8")))
            raw = np.fromfile(folder / "model.safetensors", np.uint8)
            model = cls(
                weights=_safetensors(raw),
                pieces=pieces,
                heads=int(config["num_attention_heads"]),
                layers=int(config["num_hidden_layers"]),
                digest=hashlib.sha256(raw.data).hexdigest(),
            )
            if not np.isfinite(model.embed(["a word"])).all():
                raise ValueError("its vectors are no numbers")
        except Exception as error:  # a damaged file may break anywhere: in JSON, in a shape, in a product of matrices
            raise ModelBroken(f"the model in {folder.name!r} can't be used: {type(error).__name__}: {error}") from None
        return model

    def embed(self, texts: list[str]) -> Array:
        """One vector of length 1 a text, shape (texts, width). Texts beyond 256 tokens are cut."""
        ids = [self.pieces.numbers(text, MAX_TOKENS) for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out: list[Array] = [np.empty(0, np.float32)] * len(ids)
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            for i, vector in zip(batch, self._forward([ids[i] for i in batch]), strict=True):
                out[i] = vector
        return np.stack(out)

    def _forward(self, ids: list[list[int]]) -> Array:
        width = max(map(len, ids))
        padded = np.array([row + [0] * (width - len(row)) for row in ids])
        mask = (np.arange(width) < np.array([len(row) for row in ids])[:, None]).astype(np.float32)
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][padded] + w["embeddings.position_embeddings.weight"][:width]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(self.layers):
            x = self._layer(x, mask, f"encoder.layer.{layer}.")
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        length = np.sqrt((mean * mean).sum(1, keepdims=True))
        return mean / length

    def _layer(self, x: Array, mask: Array, at: str) -> Array:
        rows, width, size = x.shape

        def head(name: str) -> Array:
            values = self._linear(x, f"{at}attention.self.{name}")
            return values.reshape(rows, width, self.heads, size // self.heads).transpose(0, 2, 1, 3)

        scores = head("query") @ head("key").transpose(0, 1, 3, 2) / np.float32((size // self.heads) ** 0.5)
        scores += (1 - mask)[:, None, None, :] * np.float32(-1e9)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ head("value")).transpose(0, 2, 1, 3).reshape(rows, width, size)
        x = self._norm(x + self._linear(mixed, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
        inner = _gelu(self._linear(x, f"{at}intermediate.dense"))
        return self._norm(x + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, x: Array, name: str) -> Array:
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def _norm(self, x: Array, name: str) -> Array:
        x = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(1e-12))
        return x / spread * self.weights[name + ".weight"] + self.weights[name + ".bias"]


def _gelu(x: Array) -> Array:
    # erf by Abramowitz and Stegun 7.1.26, error below 1.5e-7: numpy has none
    z = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = np.float32(1.061405429) * t - np.float32(1.453152027)
    for factor in (1.421413741, -0.284496736, 0.254829592):
        poly = poly * t + np.float32(factor)
    return x * np.float32(0.5) * (1 + np.sign(x) * (1 - poly * t * np.exp(-z * z)))


def _safetensors(raw: Array) -> dict[str, Array]:
    """The tensors of a file's bytes: 8 bytes of header length, a JSON header, then the numbers (the safetensors format)."""
    start = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    if start > len(raw):
        raise ValueError("the file is cut short")
    header = json.loads(raw[8:start].tobytes())
    tensors: dict[str, Array] = {}
    for name, entry in header.items():
        if name != "__metadata__":
            low, high = entry["data_offsets"]
            values = raw[start + low : start + high].view(_TYPES[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = values.astype(np.float32)
    return tensors
