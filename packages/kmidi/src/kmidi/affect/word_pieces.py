"""Words cut into the pieces that a BERT model knows: lower case, no accents, the longest piece first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_LONGEST_WORD = 100  # letters; a longer one is unknown
# where each sign is a word of its own (the CJK blocks of BERT's own tokenizer)
_ALONE = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPieces:
    """The pieces and their numbers. Method: Devlin et al. 2019; Wu et al. 2016 (greedy longest match)."""

    vocabulary: dict[str, int]
    first: int
    last: int
    unknown: int

    @classmethod
    def of(cls, tokenizer: dict[str, Any]) -> WordPieces:
        """From a tokenizer.json. ValueError where it is another kind of tokenizer."""
        model, normalizer = tokenizer["model"], tokenizer["normalizer"]
        if model["type"] != "WordPiece" or model["continuing_subword_prefix"] != "##":
            raise ValueError(f"its tokenizer is {model['type']!r}; legal: WordPiece with ##")
        if normalizer["type"] != "BertNormalizer" or not normalizer["lowercase"]:
            raise ValueError("its tokenizer keeps capitals; legal: an uncased BERT")
        pieces: dict[str, int] = model["vocab"]
        return cls(vocabulary=pieces, first=pieces["[CLS]"], last=pieces["[SEP]"], unknown=pieces[model["unk_token"]])

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers of a text's pieces between the marks of start and end, at most `most` in all."""
        found = [self.first]
        for word in _words(text):
            found += self._pieces(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], self.last]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self.unknown]
        found: list[int] = []
        at = 0
        while at < len(word):
            prefix = "##" if at else ""
            for end in range(len(word), at, -1):
                number = self.vocabulary.get(prefix + word[at:end])
                if number is not None:
                    found.append(number)
                    at = end
                    break
            else:
                return [self.unknown]
        return found


def _words(text: str) -> Iterator[str]:
    """Words and single signs of a text, as an uncased BERT splits it."""
    for chunk in text.replace("\x85", "").split():  # a control character to BERT, a blank to Python
        word = ""
        for char in unicodedata.normalize("NFD", chunk).lower():
            kind = unicodedata.category(char)
            if kind in ("Mn", "Cc", "Cf", "Co") or char == "\ufffd":
                continue
            if _alone(char, kind):
                if word:
                    yield word
                yield char
                word = ""
            else:
                word += char
        if word:
            yield word


def _alone(char: str, kind: str) -> bool:
    code = ord(char)
    if code < 0x80:
        return not char.isalnum()
    return kind[0] == "P" or any(low <= code <= high for low, high in _ALONE)
