"""Which words a prompt may be written in: no digit, no symbol, and every slot with a way to speak it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dialogue.script import ContactField, FieldType
from dialogue.spoken import Format

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)(?:\|([a-z]*))?\}")
_ADDRESS = re.compile(r"\bwww\b|\bhttps?\b|[A-Za-z]\.[A-Za-z]")
_NOT_WORDS = re.compile(r"[^\w\s.,:;?!'’\-，。：；？！、]|[0-9_]")
_FITTING = {
    FieldType.NAME: {Format.TEXT},
    FieldType.TEXT: {Format.TEXT},
    FieldType.DATE: {Format.DATE},
    FieldType.TIME: {Format.TIME},
    FieldType.MONEY: {Format.MONEY},
    FieldType.DIGITS: {Format.DIGITS, Format.PHONE},
    FieldType.PHONE: {Format.PHONE},
}


def text_problems(text: str) -> Iterator[str]:
    for character in sorted(set(_NOT_WORDS.findall(PLACEHOLDER.sub("", text)))):
        yield f"write {character!r} as a word: a voice is given words, never digits or symbols"
    if _ADDRESS.search(PLACEHOLDER.sub("", text)):
        yield "an address or abbreviation cannot be said: name the app, the card or a page in words"


def slot_problems(text: str, contact: Mapping[str, ContactField]) -> Iterator[str]:
    known = ", ".join(Format)
    for match in PLACEHOLDER.finditer(text):
        slot, form = match[1], match[2]
        if form is not None and form not in set(Format):
            yield f"{{{slot}|{form}}}: there is no format {form!r}; there are {known}"
        elif slot in contact and Format(form or Format.TEXT) not in _FITTING[contact[slot].type]:
            fitting = " or ".join(sorted(_FITTING[contact[slot].type]))
            yield f"{slot} is a contact field of type {contact[slot].type}; speak it as {{{slot}|{fitting}}}"
