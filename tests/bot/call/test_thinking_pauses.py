"""A free answer that sounds unfinished is waited for, and nothing waits for the model: in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from bot.call.core.events import Partial
from bot.call.thinking_pauses import ThinkingPauses
from bot.call.weighing import Bearing, Weight, weigh
from bot.rehearsal import virtual_time
from bot.rehearsal.virtual_time import InlineExecutor
from dialogue.prompts import Expectation
from dialogue.protocol import Answer
from nlu.inventory import Intent, Sentiment
from nlu.policy.decision import Action, Decision
from nlu.understanding import Understanding
from speech.audio import TELEPHONE, Frame, silence
from speech.end_of_turn import Words, patience_ms
from speech.turn_model import MODEL_FILE, EndOfTurnModel, SmartTurnModel
from tests.speech.test_turn_model import write_model

pytestmark = pytest.mark.integration

FREE = Weight(Words.INCOMPLETE, Bearing.MEANT, free=True)
UNFINISHED, FINISHED = -1000.0, 1000.0


@pytest.fixture
def model(request: pytest.FixtureRequest, tmp_path: Path) -> EndOfTurnModel:
    """The real adapter on a tiny model that always says the same."""
    return SmartTurnModel(write_model(tmp_path / MODEL_FILE, bias=request.param))


class Broken:
    def probability(self, turn: Frame) -> float:
        raise RuntimeError("no memory")


def told_at_a_pause(
    model: EndOfTurnModel | None,
    weight: Weight = FREE,
    goes_on: Callable[[], bool] = lambda: True,
    executor: Executor | None = None,
) -> list[Partial]:
    told: list[Partial] = []

    async def pause() -> None:
        pauses = ThinkingPauses(model, executor or InlineExecutor(), told.append)
        pauses.begin()
        pauses.accept(silence(TELEPHONE, 1500))
        pauses.weighed("the staff were", weight)
        pauses.paused(goes_on)
        await asyncio.sleep(1)
        pauses.close()

    virtual_time.run(pause())
    return told


@pytest.mark.parametrize("model", [UNFINISHED], indirect=True)
def test_an_answer_that_sounds_unfinished_trails_off(model: EndOfTurnModel) -> None:
    assert told_at_a_pause(model) == [Partial("the staff were", Words.TRAILING, Bearing.MEANT)]
    assert patience_ms("free", FREE.words) < patience_ms("free", Words.TRAILING) <= 1500


@pytest.mark.parametrize("model", [FINISHED], indirect=True)
def test_an_answer_that_sounds_finished_is_left_to_its_words(model: EndOfTurnModel) -> None:
    assert told_at_a_pause(model) == []


@pytest.mark.parametrize("model", [UNFINISHED], indirect=True)
@pytest.mark.parametrize(
    "weight",
    [Weight(Words.INCOMPLETE, Bearing.MEANT), Weight(Words.TRAILING, Bearing.MEANT, free=True)],
    ids=["no free answer", "trails off anyway"],
)
def test_other_words_are_not_listened_to(model: EndOfTurnModel, weight: Weight) -> None:
    assert told_at_a_pause(model, weight) == []


@pytest.mark.parametrize("model", [UNFINISHED], indirect=True)
def test_what_is_known_too_late_counts_for_nothing(model: EndOfTurnModel) -> None:
    assert told_at_a_pause(model, goes_on=lambda: False) == []


def test_the_model_is_asked_off_the_event_loop() -> None:
    class Noted(InlineExecutor):
        asked = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            self.asked += 1
            return super().submit(fn, *args, **kwargs)

    executor = Noted()
    told_at_a_pause(Broken(), executor=executor)
    assert executor.asked == 1


def test_a_model_that_fails_is_a_hint_less() -> None:
    assert told_at_a_pause(Broken()) == []


def test_without_a_model_nothing_is_told() -> None:
    assert told_at_a_pause(None) == []


@pytest.mark.parametrize(("answer", "free"), [(Answer.FREE, True), (Answer.YES_NO, False), (None, False)])
def test_only_an_open_question_for_a_free_answer_is_free(answer: Answer | None, free: bool) -> None:
    decision = Decision(Action.ACT, Intent.OUT_OF_SCOPE, 0.9)
    meaning = Understanding(Intent.OUT_OF_SCOPE, 0.9, (), Sentiment.NEUTRAL, 0.9, (), "", decision=decision)
    assert weigh("the staff were", True, meaning, Expectation(answer=answer), "en").free is free
    assert not weigh("the staff were", True, meaning, Expectation(answer=answer), "en", asked=False).free
