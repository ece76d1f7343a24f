"""What simulated customers say: utterances by intent that no model was trained with, and values in words."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from nlu import corpus
from nlu.noise import Noise

DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
}
BETWEEN = {"en": " ", "zh": ""}


class Words:
    """Of one language. `noise` is the share of words that the recogniser is made to get wrong."""

    def __init__(self, language: str, rows: Iterable[corpus.Row], noise: float) -> None:
        self.language = language
        self._noise = noise
        by_intent: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row.split is corpus.Split.TEST:
                by_intent[row.intent].append(row.text)
        self._by_intent: Mapping[str, list[str]] = by_intent
        spoken = [text for texts in by_intent.values() for text in texts]
        self._noisy = Noise([*spoken, *DIGITS[language]], language)

    @classmethod
    def load(cls, folder: Path, language: str, noise: float) -> Words:
        """From `folder/<language>.jsonl`. Raises `CorpusError`."""
        return cls(language, corpus.read(folder / f"{language}.jsonl"), noise)

    def utterance(self, intent: str, own: Mapping[str, tuple[str, ...]], chance: random.Random) -> str:
        """Something that means this: in the customer's own words where they have any. Raises `CorpusError`."""
        texts = own.get(intent) or self._by_intent.get(intent)
        if not texts:
            raise corpus.CorpusError(
                f"{self.language}.jsonl has no utterance of `{intent}` kept aside as `test`; add one, or add "
                "`words` to the customer's file"
            )
        return chance.choice(texts)

    def digits(self, digits: str) -> str:
        names = DIGITS[self.language]
        return BETWEEN[self.language].join(names[int(digit)] for digit in digits)

    def as_heard(self, text: str, chance: random.Random) -> str:
        """With the recogniser's errors."""
        return self._noisy.text(text, self._noise, chance) if self._noise else text
