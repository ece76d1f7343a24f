"""Whether words break off where nobody ends a sentence: "I can pay on the", 我想问一下就是.

It says how long to wait for the rest, not what was meant. Pure, but for the lists of words, which are read from the
files beside this one once a language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from nlu import features

_SPACELESS = frozenset({"zh"})
"""Languages written without spaces, where a word ends wherever it ends."""


@dataclass(frozen=True, slots=True)
class _Endings:
    trailing: tuple[str, ...]
    whole: tuple[str, ...]


def trails_off(text: str, language: str) -> bool:
    """Whether the last word wants another one or is a hesitation ("um", 嗯).

    False for empty text, and for a language without a list: nothing is known of it.
    """
    tag = features.primary(language)
    endings = _endings(tag)
    if endings is None:
        return False
    words = features.normalise(text)
    said = words.replace(" ", "") if tag in _SPACELESS else f" {words}"
    return said.endswith(endings.trailing) and not said.endswith(endings.whole)


@cache
def _endings(tag: str) -> _Endings | None:
    path = Path(__file__).with_name(f"trailing.{tag}.yml")
    if not path.is_file():
        return None
    lists = YAML(typ="safe").load(path)
    before = "" if tag in _SPACELESS else " "
    trailing, whole = (
        tuple(f"{before}{entry}" for row in lists[key] for entry in row) for key in ("trailing", "whole")
    )
    return _Endings(trailing, whole)
