"""What the model makes of one utterance, and the port that makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from nlu.inventory import EntityType, Intent, Sentiment
from nlu.policy.decision import Decision


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed value in the text; `text` is the words it came from, `currency` only for amounts (ISO 4217)."""

    type: EntityType
    value: str | int | float
    text: str
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the dialogue knows before the customer speaks.

    `expects` is the answer type of the question asked (`dialogue.protocol.Answer` by value), `choices` the
    intents that would answer it: a prior, never a filter. `reference` is the day the words were said,
    `length` the number of digits asked for.
    """

    language: str
    reference: date
    expects: str | None = None
    choices: tuple[Intent, ...] = ()
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """Intent with its calibrated probability (and the runners-up), sentiment, entities.

    `answer` is the entity that answers the question asked, if there is one; `decision` is what the model's policy says
    to do about the intent.
    """

    intent: Intent
    probability: float
    ranking: tuple[tuple[Intent, float], ...]
    sentiment: Sentiment
    sentiment_probability: float
    entities: tuple[Entity, ...]
    model: str
    answer: Entity | None = None
    decision: Decision = field(kw_only=True)


class Understander(Protocol):
    """A loaded model. `version` goes on the tape. Thread-safe; a call takes a few milliseconds of CPU."""

    @property
    def version(self) -> str: ...

    def understand(self, text: str, context: Context) -> Understanding:
        """Never raises for odd text: empty, endless or foreign text is `out_of_scope` with low probability."""
        ...
