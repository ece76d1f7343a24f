"""Which phrases a recogniser may take for each other: by their phones, as its dictionary has them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from speech.asr import jsgf
from speech.asr.jsgf import Alternatives, Expansion, Reference, Rule, Word
from speech.asr.pronunciation import Lexicon

Phrase = tuple[str, ...]
Phones = tuple[str, ...]

MOST_WORDS = 5
"""What is longer differs in more than one place, or says the same."""

MOST_PHRASES = 400
"""Of one rule; dates and amounts have thousands."""

NEARLY = 0.15
"""The share of phones in which two phrases may differ and still be taken for each other."""

_ALIKE = (
    frozenset({"AA", "AO", "AH"}),
    frozenset({"IH", "IY", "EH"}),
    frozenset({"AE", "EH"}),
    frozenset({"UH", "UW"}),
    frozenset({"M", "N", "NG"}),
    frozenset({"P", "B"}),
    frozenset({"T", "D"}),
    frozenset({"K", "G"}),
    frozenset({"F", "V", "TH"}),
    frozenset({"S", "Z"}),
    frozenset({"SH", "ZH", "CH", "JH"}),
    frozenset({"DH", "TH", "D"}),
    frozenset({"L", "W", "R"}),
)
"""Phones that a telephone line makes alike; they count as half a difference."""


def phrases(expansion: Expansion, rules: Mapping[str, Rule]) -> set[Phrase]:
    """What can be said, up to MOST_WORDS words and MOST_PHRASES phrases; a repetition is said once."""
    return {phrase for phrase in _said(expansion, rules) if phrase}


def _said(expansion: Expansion, rules: Mapping[str, Rule]) -> list[Phrase]:
    match expansion:
        case Word(text):
            return [(text,)]
        case Reference(rule=name):
            return [()] if name == jsgf.NULL else _said(rules[name].expansion, rules)
        case Alternatives(branches):
            all_of_them = itertools.chain.from_iterable(_said(branch, rules) for _, branch in branches)
            return list(itertools.islice(all_of_them, MOST_PHRASES))
        case jsgf.Sequence(parts):
            said: list[Phrase] = [()]
            for part in parts:
                longer = (one + other for one in said for other in _said(part, rules))
                said = list(itertools.islice((one for one in longer if len(one) <= MOST_WORDS), MOST_PHRASES))
            return said
        case jsgf.Repeat(part, minimum, _):
            return [*([] if minimum else [()]), *_said(part, rules)]
    raise AssertionError(expansion)


def phones_of(phrase: Phrase, lexicon: Lexicon) -> Iterator[Phones]:
    """The ways to say a phrase, each word in its first two ways; none where a word is not known."""
    ways = [lexicon.pronunciations(word)[:2] for word in phrase]
    for chosen in itertools.product(*ways):
        yield tuple(phone for word in chosen for phone in word.split())


def sound_alike(one: Sequence[Phones], other: Sequence[Phones]) -> bool:
    """Is some way to say the one nearly some way to say the other?"""
    return any(_near(first, second) for first in one for second in other)


def _near(one: Phones, other: Phones) -> bool:
    most = max(0.5, NEARLY * max(len(one), len(other)))
    if abs(len(one) - len(other)) > most:
        return False
    row = [float(number) for number in range(len(other) + 1)]
    for number, phone in enumerate(one, 1):
        above, row = row, [float(number)]
        for index, wanted in enumerate(other):
            row.append(min(above[index] + _difference(phone, wanted), above[index + 1] + 1, row[index] + 1))
        if min(row) > most:
            return False
    return row[-1] <= most


def _difference(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return 0.5 if any(one in alike and other in alike for alike in _ALIKE) else 1.0
