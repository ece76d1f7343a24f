"""One turn of a customer as a recorded call tells it: words, question, what the models made of it, what followed."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Why(StrEnum):
    """Why a turn is worth a label."""

    UNCERTAIN = "uncertain"  # another intent was nearly as likely
    SHADOW_DISAGREES = "shadow_disagrees"
    NOT_UNDERSTOOD = "not_understood"  # the bot asked again
    THEN_NOT_UNDERSTOOD = "then_not_understood"  # it had to at the customer's next turn
    TAKEN_BACK = "taken_back"  # what was read back was denied, corrected or had to be repeated
    THEN_HANDED_OVER = "then_handed_over"  # to a colleague, at one of the next turns


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Guess(Part):
    """What a model made of the words; `decision` is None on tapes from before models had a policy."""

    model: str
    intent: str
    probability: float = Field(ge=0, le=1)
    decision: str | None = None


class Turn(Part):
    """`asked` is the name of the question, `heard_in` the tape and the number of the turn on it.

    `expects`, `state_intents`: as in `nlu.understanding.Context`. `ranking`: the live model's, likeliest first.
    """

    text: str = Field(min_length=1)
    lang: str
    expects: str | None = None
    state_intents: tuple[str, ...] = ()
    asked: str | None = None
    live: Guess
    ranking: tuple[tuple[str, float], ...] = Field(min_length=1)
    sentiment: str
    shadow: Guess | None = None
    why: tuple[Why, ...] = ()
    heard_in: tuple[str, ...]

    @property
    def margin(self) -> float:
        """How much likelier the likeliest intent was than the next one."""
        return self.ranking[0][1] - (self.ranking[1][1] if len(self.ranking) > 1 else 0.0)
