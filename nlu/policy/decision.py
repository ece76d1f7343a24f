"""The rule of the decision, and the thresholds it is made with. Pure; the thresholds come with the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from nlu.inventory import Intent

BEYOND = (Intent.OUT_OF_SCOPE, Intent.OTHER_BANKING)
"""What no script of ours can do: nothing to do with the bank, and a bank matter that this call is not about."""

HAND_OVER = (Intent.ASK_HUMAN, Intent.HARDSHIP, Intent.COMPLAIN, Intent.OTHER_BANKING)
"""A colleague does these better than any sentence of ours."""


class Action(StrEnum):
    ACT = "act"
    CONFIRM = "confirm"  # "did you say ...?"
    ASK_AGAIN = "ask_again"
    HAND_OVER = "hand_over"


class Policy(BaseModel):
    """Thresholds on calibrated probabilities.

    `gate`: an utterance whose likeliest intent within scope is less likely than this is about something else.
    `act`, `confirm`: from here on the likeliest intent is acted upon, or asked back; below, the question is repeated.
    `hand_over`: the same as `act` for intents a colleague takes over. `safety`: from here on such an intent is asked
    back although another one is likelier; one without an entry has to be the likeliest, as any other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gate: float = Field(ge=0, le=1)
    act: float = Field(ge=0, le=1)
    confirm: float = Field(ge=0, le=1)
    hand_over: float = Field(ge=0, le=1)
    safety: dict[Intent, float] = {}


@dataclass(frozen=True, slots=True)
class Decision:
    """`intent` differs from the likeliest one only where a safety intent came close to it."""

    action: Action
    intent: Intent
    probability: float


def decide(ranking: Sequence[tuple[Intent, float]], policy: Policy) -> Decision:
    """`ranking` names the likeliest intent first, and is not empty."""
    intent, probability = ranking[0]
    close = [(i, p) for i, p in ranking if p >= policy.safety.get(i, 2.0)]
    if close and intent not in policy.safety:
        return Decision(Action.CONFIRM, *close[0])
    return Decision(_action(intent, probability, ranking, policy), intent, probability)


def _action(intent: Intent, probability: float, ranking: Sequence[tuple[Intent, float]], policy: Policy) -> Action:
    if intent not in BEYOND and in_scope(ranking) < policy.gate and intent not in policy.safety:
        return Action.ASK_AGAIN
    if intent in HAND_OVER and probability >= policy.hand_over:
        return Action.HAND_OVER
    if probability >= policy.act:
        return Action.ACT
    # A safety intent that is the likeliest is asked back however unsure the model is: to miss it costs most.
    return Action.CONFIRM if probability >= policy.confirm or intent in policy.safety else Action.ASK_AGAIN


def in_scope(ranking: Sequence[tuple[Intent, float]]) -> float:
    """The out-of-scope score: how likely the likeliest intent is that a script can do something about."""
    return max((p for intent, p in ranking if intent not in BEYOND), default=0.0)
