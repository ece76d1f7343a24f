"""The mind and a model on trial: the shadow is noted and never obeyed, and its trouble is nobody's."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from bot.call.core.commands import Consider
from bot.call.core.events import Utterance
from bot.call.mind import DialogueTurns, Mind, Shadowed
from dialogue.prompts import Expectation, PromptCatalogue
from dialogue.protocol import Answer, Reply
from nlu.inventory import Intent, Sentiment
from nlu.policy.decision import Action, Decision
from nlu.understanding import Context, Understanding

pytestmark = pytest.mark.unit


class Says:
    """A model that always understands the same."""

    def __init__(self, version: str, intent: Intent, broken: bool = False) -> None:
        self.version = version
        self._intent = intent
        self._broken = broken

    def understand(self, text: str, context: Context) -> Understanding:
        if self._broken:
            raise RuntimeError("no more")
        decision = Decision(Action.ACT, self._intent, 0.9)
        return Understanding(self._intent, 0.9, (), Sentiment.NEUTRAL, 0.9, (), self.version, decision=decision)


class Worker:
    """A dialogue that remembers what it was told and answers nothing."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def turn(self, intent: str, *_: Any) -> Reply:
        self.told.append(intent)
        return Reply(steps=())


def mind(live: Says, shadow: Says | None, worker: Worker) -> Mind:
    catalogue = cast(PromptCatalogue, None)  # nothing is rendered
    return Mind(cast(DialogueTurns, worker), live, catalogue, "reminder", "en", date(2026, 7, 15), shadow)


HEARD = Consider(1, Utterance("i will pay", 0, 8000, 0.9, True), Expectation(Answer.YES_NO))


async def test_a_shadow_is_noted_and_not_obeyed() -> None:
    worker = Worker()
    thought = await mind(Says("m1", Intent.AFFIRM), Says("m2", Intent.DENY), worker).consider(HEARD)
    assert worker.told == ["affirm"]
    assert [note for note in thought.notes if isinstance(note, Shadowed)] == [Shadowed(1, "deny", 0.9, "act", "m2")]


async def test_a_shadow_that_breaks_is_let_go() -> None:
    worker = Worker()
    thinking = mind(Says("m1", Intent.AFFIRM), Says("m2", Intent.DENY, broken=True), worker)
    for _ in range(2):
        thought = await thinking.consider(HEARD)
        assert not [note for note in thought.notes if isinstance(note, Shadowed)]
    assert worker.told == ["affirm", "affirm"]
