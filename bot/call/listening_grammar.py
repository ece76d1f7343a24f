"""Which grammar rules the recogniser listens with: those of the open question and those that always hold."""

from __future__ import annotations

from dialogue.prompts import Expectation
from dialogue.protocol import Answer
from nlu.inventory import Intent
from speech.asr.grammar import ANSWER_RULES, GLOBAL_MOVES, NOT_A_PERSON, GrammarBook

_NOTHING_ASKED = ANSWER_RULES[Answer.YES_NO.value]


def listening_grammar(book: GrammarBook, expectation: Expectation, answerer_known: bool = True) -> str | None:
    """JSGF for the answers to the open question and the moves of every state; None where free speech is expected.

    Until it is known who answered, a "hello" and what machines say belong to it.

    A choice without a rule of its name has no words of its own: "a rating" is said as the rating.
    """
    if expectation.answer is Answer.FREE:
        return None
    return book.compose(listened_for(book, expectation, answerer_known), length=expectation.length)


def listened_for(book: GrammarBook, expectation: Expectation, answerer_known: bool = True) -> tuple[str, ...]:
    """The rules of that grammar: the answers to the question first."""
    answer = expectation.answer
    expected = ANSWER_RULES.get(answer.value, ()) if answer is not None else _NOTHING_ASKED
    first_words = () if answerer_known else (*NOT_A_PERSON, Intent.GREET.value)
    named = (*expected, *expectation.choices, *GLOBAL_MOVES, *first_words)
    known = set(book.names)
    return tuple(name for name in dict.fromkeys(named) if name in known)


def beside_free_speech(book: GrammarBook, expectation: Expectation) -> str:
    """JSGF for what may be said instead of a free answer: "no", the question's choices, or a move of any state."""
    names = dict.fromkeys((Intent.DENY.value, *expectation.choices, *GLOBAL_MOVES))
    return book.compose(tuple(name for name in names if name in book.names))
