"""Simulated recognition errors: words swapped for ones that sound alike, dropped or doubled. Seeded, so repeatable.

English words sound alike when their consonants agree roughly (`_skeleton`); Mandarin characters when they stand in one
group of `noise.zh.yml`. It is a stand-in for recognised calls: use those where there are any.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from nlu import features

HOMOPHONES = Path(__file__).with_name("noise.zh.yml")
FILLERS = {"en": ("uh", "um", "the", "a"), "zh": ("嗯", "啊", "呃", "的")}
SUBSTITUTED, DROPPED = 0.6, 0.3  # of the errors; the rest are insertions
_CLASSES = {**dict.fromkeys("bp", "p"), **dict.fromkeys("dt", "t"), **dict.fromkeys("gkcq", "k"),
            **dict.fromkeys("szx", "s"), **dict.fromkeys("fv", "f"), **dict.fromkeys("mn", "n"),
            **dict.fromkeys("lr", "l"), "j": "s", "w": "", "h": "", "y": ""}  # fmt: skip


class Noise:
    """Confusions among the words that `texts` use. `rate` is the share of words that go wrong."""

    def __init__(self, texts: Iterable[str], language: str, seed: int = 0) -> None:
        self._language = features.primary(language)
        self._seed = seed
        words = {word for text in texts for word in self._words(text)}
        self._alike = _homophones() if self._language == "zh" else _sound_alikes(words)

    def texts(self, texts: Sequence[str], rate: float) -> list[str]:
        chance = random.Random(f"{self._seed} {rate}")
        return [self.text(text, rate, chance) for text in texts]

    def text(self, text: str, rate: float, chance: random.Random) -> str:
        """One of them, with the errors that `chance` brings."""
        heard: list[str] = []
        for word in self._words(text):
            if chance.random() >= rate:
                heard.append(word)
                continue
            kind = chance.random()
            if kind < SUBSTITUTED:
                heard.append(chance.choice(self._alike.get(word) or (word,)))
            elif kind >= SUBSTITUTED + DROPPED:
                heard += [word, chance.choice(FILLERS[self._language])]
        return ("" if self._language == "zh" else " ").join(heard) or text

    def _words(self, text: str) -> list[str]:
        plain = features.normalise(text)
        return list("".join(plain.split())) if self._language == "zh" else plain.split()


def _sound_alikes(words: Iterable[str]) -> Mapping[str, Sequence[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        groups[_skeleton(word)].append(word)
    # A word that no other sounds like loses its last sound, as swallowed endings do.
    return {
        word: [other for other in group if other != word] or [word[:-1] or word]
        for group in groups.values()
        for word in group
    }


def _skeleton(word: str) -> str:
    """The first sound, then classes of consonants without repeats."""
    sounds = [_CLASSES.get(letter, "") for letter in word if letter.isalpha()]
    kept = [sound for sound, before in zip(sounds, ["", *sounds], strict=False) if sound and sound != before]
    return ("V" if word[:1] in "aeiou" else "") + "".join(kept)


@cache
def _homophones() -> Mapping[str, Sequence[str]]:
    groups: list[str] = YAML(typ="safe").load(HOMOPHONES)
    alike: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for character in group:
            alike[character] += [other for other in group if other != character]
    return alike
