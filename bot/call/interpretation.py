"""From what was understood to what the dialogue is told: pure rules over intent, expected answer and keys."""

from __future__ import annotations

from dataclasses import dataclass

from dialogue.prompts import Expectation
from dialogue.protocol import Answer, Signal, Source, WireEntity
from nlu.inventory import EntityType, Intent, Sentiment
from nlu.policy.decision import Action
from nlu.understanding import Understanding

STEERING = frozenset(
    {
        Intent.ASK_HUMAN,
        Intent.REPEAT,
        Intent.DO_NOT_CALL,
        Intent.WRONG_PERSON,
        Intent.THIRD_PARTY,
        Intent.BUSY_CALL_LATER,
        Intent.ASK_IDENTITY,
        Intent.ASK_IS_ROBOT,
        Intent.ASK_PURPOSE,
        Intent.SUSPECT_FRAUD,
        Intent.HARDSHIP,
        Intent.ABUSE,
        Intent.COMPLAIN,
    }
)
"""What the customer wants of the call itself: it counts at any time, and before any value in the same words."""

OVERRIDING = STEERING | {Intent.DISPUTE, Intent.ALREADY_PAID, Intent.CANNOT_PAY}
"""Intents whose words may hold a date or a number that is no answer: "I paid on Friday"."""

STEER_FROM = 0.8
"""Free speech is full of words that look like a wish; only a sure one leaves the question."""


BARE_WORDS = 3
BARE_CHARACTERS = 20
"""What yes and no may be wrapped in at a free question: "no thank you". Mandarin has no spaces to count words by."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One turn for the dialogue."""

    intent: str
    source: Source
    sentiment: Sentiment = Sentiment.NEUTRAL
    entities: tuple[WireEntity, ...] = ()


def of_speech(
    text: str, understanding: Understanding, expectation: Expectation, *, premature: bool = False
) -> Interpretation | None:
    """None where the words call for nothing: said before the question was heard, and not about the call itself."""
    if premature and not volunteered(understanding, expectation):
        return None
    intent, entities = _intent_and_entities(text, understanding, expectation)
    return Interpretation(intent, Source.SPEECH, understanding.sentiment, entities)


def volunteered(understanding: Understanding, expectation: Expectation) -> bool:
    """Whether words count before the question was heard: about the call itself, or surely what it will ask.

    A yes is no answer to a question that nobody has heard; "I have paid already" says the same at any time.
    """
    intent = understanding.intent
    sure = understanding.probability >= STEER_FROM and intent.value in expectation.choices
    return intent in STEERING or (intent in OVERRIDING and sure)


def _intent_and_entities(
    text: str, understanding: Understanding, expectation: Expectation
) -> tuple[str, tuple[WireEntity, ...]]:
    entities = tuple(
        WireEntity(type=e.type.value, value=e.value, text=e.text, currency=e.currency) for e in understanding.entities
    )
    intent, probability = understanding.intent, understanding.probability
    if expectation.answer is Answer.FREE:
        if probability >= STEER_FROM and (intent in STEERING or _bare(intent, text)):
            return intent.value, entities
        return Signal.INFORM.value, (WireEntity(type="text", value=text, text=text),)
    if understanding.answer is not None and intent not in OVERRIDING:
        return Signal.INFORM.value, entities
    if not acted_upon(understanding):
        return Signal.NO_MATCH.value, ()
    return intent.value, entities


def acted_upon(understanding: Understanding) -> bool:
    """Whether the policy of the model stands by the intent.

    To confirm is left to the script, which reads back what counts; but a safety intent that is not the likeliest one
    has no sentence of its own there, and is asked for again.
    """
    decision = understanding.decision
    return decision.action is not Action.ASK_AGAIN and decision.intent is understanding.intent


def _bare(intent: Intent, text: str) -> bool:
    """A yes or no that stands alone is an answer; within a longer comment it is part of it."""
    return intent in {Intent.AFFIRM, Intent.DENY} and len(text.split()) <= BARE_WORDS and len(text) <= BARE_CHARACTERS


def of_keys(keys: str, expectation: Expectation) -> Interpretation:
    """0 asks for a human; otherwise keys answer the open question, or are not understood."""
    if keys == "0":
        return Interpretation(Intent.ASK_HUMAN.value, Source.KEYPAD)
    match expectation.answer:
        case Answer.YES_NO if keys in {"1", "2"}:
            return Interpretation((Intent.AFFIRM if keys == "1" else Intent.DENY).value, Source.KEYPAD)
        case Answer.CHOICE if keys.isdigit() and 1 <= int(keys) <= len(expectation.choices):
            return Interpretation(expectation.choices[int(keys) - 1], Source.KEYPAD)
        case Answer.NUMBER if keys.isdigit() and (expectation.length is None or len(keys) == expectation.length):
            return _inform(EntityType.DIGITS, keys, keys)
        case Answer.RATING if keys in {"1", "2", "3", "4", "5"}:
            return _inform(EntityType.RATING, int(keys), keys)
        case Answer.AMOUNT if keys.isdigit():
            return _inform(EntityType.AMOUNT, int(keys), keys)
        case _:
            return Interpretation(Signal.NO_MATCH.value, Source.KEYPAD)


def _inform(kind: EntityType, value: str | int, keys: str) -> Interpretation:
    return Interpretation(
        Signal.INFORM.value, Source.KEYPAD, entities=(WireEntity(type=kind.value, value=value, text=keys),)
    )
