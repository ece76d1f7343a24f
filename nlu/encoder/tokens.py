"""Text to the token ids of an encoder. Its tokeniser travels inside the ONNX file: one hash covers both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex as Pattern
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from nlu import features

METADATA_KEY = "tokenizer"
"""Under which an ONNX file holds the tokeniser as JSON; a model of n-grams has none."""

MAX_TOKENS = 64
"""Longer text is cut: the longest training row has 24 words, and time grows with length."""

UNKNOWN, FIRST = "[UNK]", "[CLS]"


class Tokens:
    """A loaded tokeniser; may be used from several threads at once."""

    def __init__(self, description: str, language: str) -> None:
        """`description` is the JSON of the `tokenizers` library; raises its `Exception` for anything else."""
        self._language = features.primary(language)
        self._tokenizer = Tokenizer.from_str(description)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(spoken(text, self._language)).ids)

    def feed(self, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """The encoder's inputs, [texts, tokens of the longest]."""
        return padded([self.ids(text) for text in texts])


def padded(rows: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
    """`input_ids` and `attention_mask`; what pads a row is masked, so any id will do."""
    ids = np.zeros((len(rows), max((len(row) for row in rows), default=1)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def spoken(text: str, language: str) -> str:
    """The text as a recogniser would write it: no capitals, no punctuation, Mandarin without spaces."""
    plain = features.normalise(text)
    return "".join(plain.split()) if features.primary(language) == "zh" else plain


def characters(texts: Sequence[str], language: str) -> str:
    """The tokeniser of a model from scratch: each character that these texts use is a token."""
    used = sorted({character for text in texts for character in spoken(text, language)})
    vocabulary = {token: number for number, token in enumerate([UNKNOWN, FIRST, *used])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Pattern("."), "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{FIRST} $A", special_tokens=[(FIRST, 1)])
    return str(tokenizer.to_str())


def vocabulary_size(description: str) -> int:
    return int(Tokenizer.from_str(description).get_vocab_size())


def units(texts: Sequence[str], language: str, description: str, pretrained: bool) -> list[str]:
    """The words (Mandarin: characters) that count as known: those training saw and, of a pretrained encoder, those its
    tokeniser has whole. A word in pieces says little: foreign words have pieces, too."""
    seen = {unit for text in texts for unit in _units(text, language)}
    if pretrained:
        pieces = Tokenizer.from_str(description).get_vocab()
        seen |= {piece for piece in pieces if _units(piece, language) == [piece]}
    return sorted(seen)


def _units(text: str, language: str) -> list[str]:
    return [gram for gram in features.grams(text, language).words if features.is_unit(gram, language)]
