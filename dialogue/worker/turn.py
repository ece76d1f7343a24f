"""One turn while it runs: what Rasa's parts need to know and what they leave behind.

Rasa builds its parts once per model and shares them among conversations; the turn reaches them through a
context variable, which follows the task that plays it.
"""

from __future__ import annotations

from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasa.shared.core.trackers import DialogueStateTracker

Json = dict[str, Any]


@dataclass
class Memory:
    """What a conversation remembers beside Rasa's tracker.

    `spoken` counts prompts, to rotate their variations; `last_said` are the prompts that `action_repeat` says
    again; `state` is the prompt that asked the open question, `state_before` the one that the turn before this met.
    """

    spoken: Counter[str] = field(default_factory=Counter)
    last_said: tuple[str, ...] = ()
    state: str | None = None
    state_before: str | None = None
    intent: str | None = None

    def copy(self) -> Memory:
        return replace(self, spoken=Counter(self.spoken))


@dataclass
class RunningTurn:
    tracker: DialogueStateTracker
    language: str
    day: str
    intent: str
    memory: Memory
    steps: list[Json] = field(default_factory=list)
    repeat: bool = False
    hints: list[str] = field(default_factory=list)  # prompts to say before the question
    rules: list[str] = field(default_factory=list)  # titles of those that ran to their end
    stories: list[str] = field(default_factory=list)  # likewise
    failure: str | None = None


RUNNING: ContextVar[RunningTurn] = ContextVar("running_turn")
