"""What the mind has decided, ready for the core: prompts with their words, and what to do after them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.vocabulary import Outcome
from dialogue.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Say:
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Conclude:
    """The outcome of the call, unless a later step says otherwise."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class HandOver:
    queue: str


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


Step = Say | Conclude | HandOver | HangUp
