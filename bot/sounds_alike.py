"""What a script's own grammar adds to what can be heard: is it known, and not taken for another answer?

English only: no other language is heard through a grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.call.listening_grammar import listened_for
from dialogue.prompts import Expectation, PromptCatalogue
from dialogue.protocol import Answer
from dialogue.worker.project import SHARED
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem
from nlu.inventory import Intent
from speech.asr import jsgf
from speech.asr.confusable import Phones, Phrase, phones_of, phrases, sound_alike
from speech.asr.grammar import BOOK, GrammarBook
from speech.asr.pocketsphinx import SUPPLEMENT
from speech.asr.port import BadGrammar
from speech.asr.pronunciation import Lexicon
from speech.asr.sphinx_model import DICTIONARY

Said = dict[Phrase, Sequence[Phones]]


def grammar_problems(scripts: Path, script: str) -> Iterator[Problem]:
    """At once where the script has no grammar of its own; else a second, most of it for the dictionary."""
    for language, path in BOOK.items():
        own = scripts / script / f"grammar.{language}.jsgf"
        if own.exists():
            catalogue = PromptCatalogue.load(scripts / script, scripts / SHARED)
            questions = {one.expectation for one in catalogue.prompts() if one.expectation.answer is not None}
            try:
                yield from _problems(own, GrammarBook.load([path, own]), GrammarBook.load([path]), questions)
            except BadGrammar as error:
                yield _unreadable(own, str(error))


def _problems(own: Path, book: GrammarBook, usual: GrammarBook, questions: set[Expectation]) -> Iterator[Problem]:
    lexicon = Lexicon.load([DICTIONARY, SUPPLEMENT])
    rules = jsgf.parse(own.read_text(encoding="utf-8"), str(own))
    inner = {reference.rule for rule in rules for reference in jsgf.references(rule.expansion)}
    for rule in rules:
        line = int(rule.where.rpartition(":")[2])
        if rule.name not in {*usual.names, *Intent, *inner}:
            message = f"<{rule.name}> is no intent and no answer: nothing listens for it"
            yield Problem(str(own), line, message, Rule.UNKNOWN_NAME)
        for word in dict.fromkeys(word for word in jsgf.words(rule.expansion) if word not in lexicon):
            yield Problem(
                str(own), line, f"nobody knows how `{word}` is pronounced: write another word", Rule.NOT_WORDS
            )
        yield from _alike(own, line, rule, book, questions, lexicon)


def _alike(
    own: Path, line: int, rule: jsgf.Rule, book: GrammarBook, questions: set[Expectation], lexicon: Lexicon
) -> Iterator[Problem]:
    """Phrases of the rule beside those of every other rule that is listened for at the same question."""
    added = _said(rule, book, lexicon)
    beside = dict.fromkeys(
        name
        for expectation in sorted(questions, key=repr)
        if expectation.answer is not Answer.FREE and rule.name in (names := listened_for(book, expectation))
        for name in names
        if name != rule.name and not _one_of_the_other(book, rule.name, name)
    )
    for name in beside:
        others = _said(book.rules[name], book, lexicon)
        for phrase, ways in added.items():
            taken = next((other for other, others_ways in others.items() if sound_alike(ways, others_ways)), None)
            if taken is not None:
                message = f"`{' '.join(phrase)}` of <{rule.name}> sounds like `{' '.join(taken)}` of <{name}>"
                yield Problem(str(own), line, message, Rule.SOUNDS_ALIKE)


def _one_of_the_other(book: GrammarBook, one: str, other: str) -> bool:
    """A rating given unasked is a rating."""
    pairs = ((one, other), (other, one))
    return any(
        within in {found.rule for found in jsgf.references(book.rules[rule].expansion)} for rule, within in pairs
    )


def _said(rule: jsgf.Rule, book: GrammarBook, lexicon: Lexicon) -> Said:
    return {one: list(phones_of(one, lexicon)) for one in sorted(phrases(rule.expansion, book.rules))}


def _unreadable(own: Path, told: str) -> Problem:
    """The grammar's own message begins with file and line."""
    place = re.match(rf"{re.escape(str(own))}:(\d+): (.*)", told, flags=re.DOTALL)
    return Problem(str(own), int(place[1]) if place else None, place[2] if place else told, Rule.STRUCTURE)
