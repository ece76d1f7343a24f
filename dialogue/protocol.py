"""What the platform and a dialogue worker say to each other: JSON over HTTP, version 1.

    POST   /v1/conversations                 Start  -> Started      begin a conversation
    POST   /v1/conversations/{id}/turns      Turn   -> Replied      the customer's turn, the bot's answer
    DELETE /v1/conversations/{id}                   -> 204          forget it; also for an unknown id
    GET    /v1/health                               -> Health

Errors come as `Problem` with HTTP 4xx for what the caller got wrong and 5xx for what broke in the worker.
`turn` counts from 1 and makes a repeated request safe: the worker answers the same turn with the same reply.
The worker validates what it receives and sends against the JSON schema that `schema()` makes from these models
(`python -m dialogue.protocol > dialogue/protocol.v1.json`); this file is the description, there is no second one.
"""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

PROTOCOL_VERSION = 1

SlotValue = str | int | float | bool | None


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(StrEnum):
    """The kind of answer a question expects (`expects` in a prompt's metadata)."""

    YES_NO = "yes_no"
    NUMBER = "number"  # with `length`: a string of that many digits
    RATING = "rating"
    DATE = "date"
    AMOUNT = "amount"
    CHOICE = "choice"
    FREE = "free"


class Source(StrEnum):
    """Where the customer's turn came from."""

    SPEECH = "speech"
    KEYPAD = "keypad"
    EVENT = "event"  # silence, no match, a failed hand-over: nothing was said that could be used


class Signal(StrEnum):
    """Intents that no model predicts: the call itself sends them.

    With `hand_over_failed` comes an entity of type `reason`, its value one of nobody_free, busy, declined, closed,
    unreachable, unknown.
    """

    INFORM = "inform"  # the answer to the question, as an entity, whatever the words around it
    SILENCE = "silence"  # the customer said nothing in time
    NO_MATCH = "no_match"  # something was said that could not be understood
    HAND_OVER_FAILED = "hand_over_failed"  # nobody took over; the customer is with the bot again


class WireEntity(Message):
    """`type` is one of `nlu.inventory.EntityType`, `text` (the words of a free answer), or `reason` (`Signal`)."""

    type: str
    value: str | int | float
    text: str = ""
    currency: str | None = None


class Start(Message):
    protocol: Literal[1] = 1
    conversation: str
    script: str
    version: str | None = None  # None: the newest the worker has
    language: str
    day: date  # "today" in the conversation
    slots: dict[str, SlotValue] = {}


class Turn(Message):
    """`intent` is one of `nlu.inventory.Intent` or a `Signal`."""

    protocol: Literal[1] = 1
    turn: int = Field(ge=1)
    source: Source
    intent: str
    sentiment: str = "neutral"
    entities: tuple[WireEntity, ...] = ()


class Say(Message):
    """Say a prompt: its name, which of its variations, and the slot values it needs."""

    kind: Literal["say"] = "say"
    prompt: str
    variation: int = 0
    slots: dict[str, SlotValue] = {}


class SetOutcome(Message):
    """How the call has ended for the business, unless something later says otherwise."""

    kind: Literal["outcome"] = "outcome"
    outcome: str


class Transfer(Message):
    kind: Literal["transfer"] = "transfer"
    queue: str


class HangUp(Message):
    kind: Literal["hang_up"] = "hang_up"


Step = Annotated[Say | SetOutcome | Transfer | HangUp, Field(discriminator="kind")]


class Reply(Message):
    """What the bot does now, in order. For people and reports: `state` names the question that is open, `rules` and
    `stories` what ran to its end, by their titles.
    """

    steps: tuple[Step, ...]
    state: str | None = None
    slots: dict[str, SlotValue] = {}
    rules: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()


class Started(Message):
    protocol: Literal[1] = 1
    conversation: str
    script: str
    version: str
    reply: Reply


class Replied(Message):
    protocol: Literal[1] = 1
    turn: int
    reply: Reply


class ScriptVersion(Message):
    script: str
    version: str
    languages: tuple[str, ...]


class Health(Message):
    protocol: Literal[1] = 1
    worker: str
    scripts: tuple[ScriptVersion, ...]
    conversations: int


class ProblemCode(StrEnum):
    BAD_REQUEST = "bad_request"
    UNKNOWN_SCRIPT = "unknown_script"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_CONVERSATION = "unknown_conversation"
    CONVERSATION_EXISTS = "conversation_exists"
    UNKNOWN_INTENT = "unknown_intent"
    UNKNOWN_SLOT = "unknown_slot"
    MISSING_SLOT = "missing_slot"
    WRONG_TURN = "wrong_turn"
    ACTION_FAILED = "action_failed"
    NO_REPLY = "no_reply"  # the script has no rule for what happened
    INTERNAL = "internal"


class Problem(Message):
    protocol: Literal[1] = 1
    code: ProblemCode
    message: str


def schema() -> dict[str, Any]:
    """The JSON schema of every message, each under `$defs` by its name."""
    messages = (Start, Started, Turn, Replied, Health, Problem)
    _, definitions = models_json_schema([(message, "validation") for message in messages])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **definitions}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=1, sort_keys=True))
