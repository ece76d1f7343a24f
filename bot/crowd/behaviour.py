"""What a simulated customer does at their turn: by who they are, what was asked, and chance. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from bot.crowd.person import ANSWER, OTHERS, Person
from bot.crowd.words import Words
from dialogue.protocol import Answer, Signal
from nlu.inventory import Intent

INSISTS = 0.8
"""How likely who has asked for a human asks again, while there is none."""

YES_NO_KEYS = {Intent.AFFIRM.value: "1", Intent.DENY.value: "2"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is open, as a prompt's expectation says it; no `answer` where nothing was asked yet."""

    answer: str | None = None
    choices: tuple[str, ...] = ()
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What they do, and what they mean by it: an intent or a signal. With neither words nor keys, nothing.

    `proves`: these are the digits that show who the customer is.
    """

    meant: str
    say: str | None = None
    keys: str | None = None
    hang_up: bool = False
    proves: bool = False


SILENCE = Act(Signal.SILENCE.value)
HANG_UP = Act("hang_up", hang_up=True)


class Behaviour:
    """Of one customer in one call. `secret`: the digits they may be asked for, where the script has any."""

    def __init__(self, person: Person, words: Words, secret: str | None, chance: random.Random) -> None:
        self._person, self._words, self._secret, self._chance = person, words, secret, chance
        self._own = person.words.get(words.language, {})
        self._wants_human = False

    def next(self, question: Question) -> Act:
        habits, chance = self._person.habits, self._chance
        if chance.random() < habits.hangs_up:
            return HANG_UP
        if chance.random() < habits.silent:
            return SILENCE
        if self._wants_human and chance.random() < INSISTS:
            return self._says(Intent.ASK_HUMAN.value)
        meant = self._one_of(self._person.turns)
        return self._answer(question) if meant == ANSWER else self._says(meant)

    def interjection(self) -> Act | None:
        """What they say into the bot's next words, if they do."""
        if self._chance.random() >= self._person.habits.interrupts:
            return None
        return self._says(self._one_of(self._person.interjects), keys=False)

    def pause_ms(self) -> float:
        """How much longer than the quickest they take to begin."""
        return self._chance.uniform(0, 1200)

    def into_ms(self) -> float:
        """How far into the bot's words an interjection comes."""
        return self._chance.uniform(200, 1800)

    def _answer(self, question: Question) -> Act:
        match question.answer:
            case Answer.NUMBER:
                return self._digits(question)
            case Answer.AMOUNT:
                return Act(Signal.INFORM.value, keys=str(self._chance.randrange(20, 2000)))
            case Answer.RATING if self._presses():
                return Act(Signal.INFORM.value, keys=self._chance.choice("12345"))
            case None:
                return self._says(Intent.GREET.value)
        choices = question.choices or _BY_KIND[Answer(question.answer)]
        meant = self._choice(choices)
        keys = self._keys_for(meant, question)
        return Act(meant, keys=keys) if keys is not None and self._presses() else self._says(meant)

    def _choice(self, choices: tuple[str, ...]) -> str:
        if Intent.WRONG_PERSON in choices:  # asked who they are
            if self._chance.random() < self._person.says_it_is_me:
                return Intent.AFFIRM.value
            choices = tuple(choice for choice in choices if choice != Intent.AFFIRM)
        weights = {choice: self._weight(choice) for choice in choices}
        return self._one_of(weights) if any(weights.values()) else self._chance.choice(choices)

    def _digits(self, question: Question) -> Act:
        weights = self._person.digits
        kind = self._one_of({"right": weights.right, "wrong": weights.wrong, "refused": weights.refused})
        if kind == "refused":
            return self._says(self._chance.choice([Intent.DENY.value, Intent.DONT_KNOW.value]))
        secret = self._secret if kind == "right" and len(self._secret or "") == (question.length or 0) else None
        digits = secret or self._other_digits(question.length or 1)
        if self._presses():
            return Act(Signal.INFORM.value, keys=digits, proves=secret is not None)
        said = self._words.as_heard(self._words.digits(digits), self._chance)
        return Act(Signal.INFORM.value, say=said, proves=secret is not None)

    def _other_digits(self, length: int) -> str:
        while True:
            digits = "".join(self._chance.choice("0123456789") for _ in range(length))
            if digits != self._secret:
                return digits

    def _keys_for(self, meant: str, question: Question) -> str | None:
        if question.answer == Answer.YES_NO:
            return YES_NO_KEYS.get(meant)
        if question.answer == Answer.CHOICE and meant in question.choices[:9]:
            return str(question.choices.index(meant) + 1)
        return None

    def _says(self, meant: str, *, keys: bool = True) -> Act:
        if meant == Intent.ASK_HUMAN:
            self._wants_human = True
            if keys and self._presses():
                return Act(meant, keys="0")
        text = self._words.utterance(meant, self._own, self._chance)
        return Act(meant, say=self._words.as_heard(text, self._chance))

    def _presses(self) -> bool:
        return self._chance.random() < self._person.habits.keys

    def _weight(self, choice: str) -> float:
        answers = self._person.answers
        return answers.get(choice, answers.get(OTHERS, 0))

    def _one_of(self, weights: Mapping[str, float]) -> str:
        return self._chance.choices(list(weights), list(weights.values()))[0]


_BY_KIND = {
    Answer.YES_NO: (Intent.AFFIRM.value, Intent.DENY.value),
    Answer.RATING: (Intent.GIVE_RATING.value,),
    Answer.DATE: (Intent.PROMISE_TO_PAY.value,),
    Answer.CHOICE: (Intent.AFFIRM.value, Intent.DENY.value),
    Answer.FREE: (Intent.GIVE_FEEDBACK.value,),
}
"""The intents that answer a question that names no choices."""
