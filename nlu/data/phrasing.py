"""The phrasing behind an utterance: its words without what a template fills in and without hesitations.

Two rows of one phrasing are the same template, whatever their template ids say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nlu import features

_HESITATIONS = {
    "en": re.compile(r"\b(?:u+h+|u+m+|e+r+m*|hm+|well)\b"),
    "zh": re.compile(r"^[额唔]+|[呃嗯]|^那个|^这个|啊$"),
}
_DIGITS = re.compile(r"\d+")


def phrasing(text: str, language: str, entities: Iterable[Mapping[str, Any]] = ()) -> str:
    """Normalised, each value as its type in capitals, hesitations gone unless nothing else was said."""
    tag = features.primary(language)
    known = _DIGITS.sub("0", features.normalise(text))
    slots = {_DIGITS.sub("0", features.normalise(str(entity["text"]))): str(entity["type"]) for entity in entities}
    for words in sorted(filter(None, slots), key=len, reverse=True):
        known = known.replace(words, slots[words].upper())
    plain = _HESITATIONS[tag].sub(" ", known) if tag in _HESITATIONS else known
    return ("" if tag == "zh" else " ").join(plain.split()) or known


def template_id(text: str, language: str, intent: str, entities: Iterable[Mapping[str, Any]] = ()) -> str:
    """The id of the template of an utterance that came without one: the same for all of one phrasing and intent."""
    return f"{language}.{intent}.{digest(phrasing(text, language, entities))[:8]}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
