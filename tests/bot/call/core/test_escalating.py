"""What is tried when the mind or the hearing breaks, before the call says goodbye."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import Consider, ConsiderKeys, EndCall, HangUpLeg, RecordFailure, RecordOutcome, TransferLeg
from bot.call.core.state import CallState, FailurePolicy, Phase
from bot.call.core.steps import Conclude, HangUp, Say
from bot.vocabulary import Failure, Outcome
from dialogue.protocol import Answer
from telephony_bridge.line_status import HandOverFailure
from tests.bot.call.core.virtual_call import (
    CUSTOMER_LEFT,
    DISCLOSURE,
    FAILURE_POLICY,
    GOODBYE,
    QUESTION,
    SAFE,
    VirtualCall,
    of,
    prompt,
    spoken,
)

pytestmark = pytest.mark.unit

COMMENT = prompt("a comment", Answer.FREE)


def call_with(policy: FailurePolicy = FAILURE_POLICY) -> VirtualCall:
    return VirtualCall(state=CallState(SAFE, on_failure=policy))


def broken(call: VirtualCall, failure: Failure) -> list[str]:
    return spoken(call.tell(events.Broken(failure, "detail")))


@pytest.mark.parametrize("failure", [Failure.DIALOGUE, Failure.UNDERSTANDING])
def test_a_call_whose_mind_is_dead_goes_to_the_scripts_queue(failure: Failure) -> None:
    call = call_with()
    call.asked(QUESTION)
    assert broken(call, failure) == ["putting you through"]
    assert of(TransferLeg, call.hear_out()) == [TransferLeg("service")]
    assert of(EndCall, call.tell(events.HandedOver())) == [EndCall(Outcome.HANDED_OVER)]
    assert of(RecordFailure, call.commands) == [RecordFailure(failure)]


def test_a_call_that_nobody_takes_over_from_a_dead_mind_ends_with_an_apology() -> None:
    call = call_with()
    call.asked(QUESTION)
    broken(call, Failure.DIALOGUE)
    call.hear_out()
    assert spoken(call.tell(events.HandOverFailed(HandOverFailure.NOBODY_FREE))) == ["apology"]
    assert of(HangUpLeg, call.hear_out())
    assert call.state.outcome is Outcome.TECHNICAL_FAILURE


def test_a_conclusion_stands_when_nobody_takes_over_from_a_dead_mind() -> None:
    call = call_with()
    call.answer(Say(prompt("your payment is due")), Conclude(Outcome.REMINDED), Say(QUESTION))
    call.hear_out()
    broken(call, Failure.DIALOGUE)
    call.hear_out()
    call.tell(events.HandOverFailed(HandOverFailure.NOBODY_FREE))
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.REMINDED)]


def test_nobody_is_handed_over_before_the_sentence_has_been_heard() -> None:
    call = call_with()
    call.asked(QUESTION)
    broken(call, Failure.DIALOGUE)
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.TECHNICAL_FAILURE)]
    assert not of(RecordOutcome, call.commands)


def test_a_hand_over_that_cannot_be_announced_is_made_all_the_same() -> None:
    call = call_with()
    call.asked(QUESTION)
    broken(call, Failure.DIALOGUE)
    unheard = events.PlayoutEnded(call.state.queue[0].playout_id, 0, completed=False, problem="FILE NOT FOUND")
    assert of(TransferLeg, call.tell(unheard)) == [TransferLeg("service")]


def test_a_mind_that_dies_out_of_reach_is_replaced_by_a_colleague_when_the_switch_is_back() -> None:
    call = call_with()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    assert broken(call, Failure.DIALOGUE) == []
    assert spoken(call.tell(events.ControlRestored())) == ["putting you through"]
    assert of(TransferLeg, call.hear_out())


@pytest.mark.parametrize("failure", [Failure.MEDIA, Failure.TAPE, Failure.SYNTHESIS, Failure.UNKNOWN])
def test_what_takes_more_than_mind_or_hearing_ends_the_call(failure: Failure) -> None:
    call = call_with()
    call.asked(QUESTION)
    assert broken(call, failure) == ["apology"]


def test_a_farewell_needs_no_colleague() -> None:
    call = call_with()
    call.answer(Conclude(Outcome.PROMISED), Say(GOODBYE), HangUp())
    assert broken(call, Failure.RECOGNITION) == ["apology"]
    assert call.state.outcome is Outcome.PROMISED


def test_a_call_that_has_lost_its_hearing_goes_on_with_keys() -> None:
    call = call_with()
    call.asked(QUESTION)
    call.voice()
    assert broken(call, Failure.RECOGNITION) == ["keys please", "is that you"]
    call.hear_out()
    assert call.state.phase is Phase.LISTENING
    (asked,) = of(ConsiderKeys, call.tell(events.KeyPressed("1")))
    assert asked.keys == "1"
    assert spoken(call.decide(Say(prompt("your number", Answer.NUMBER, length=4)))) == ["your number"]


def test_a_voice_that_cannot_be_heard_stops_nothing_and_breaks_nothing_again() -> None:
    call = call_with()
    call.asked(QUESTION)
    broken(call, Failure.RECOGNITION)
    playing = call.state.queue
    call.voice()
    assert broken(call, Failure.RECOGNITION) == []
    assert call.state.queue == playing
    assert of(RecordFailure, call.commands) == [RecordFailure(Failure.RECOGNITION)]


def test_a_legal_prompt_is_heard_out_before_keys_are_asked_for() -> None:
    call = call_with()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    assert broken(call, Failure.RECOGNITION) == []
    assert spoken(call.hear_out()) == ["keys please", "is that you"]


def test_a_question_that_keys_cannot_answer_needs_a_colleague() -> None:
    call = call_with()
    call.asked(COMMENT)
    assert broken(call, Failure.RECOGNITION) == ["putting you through"]


def test_a_later_question_that_keys_cannot_answer_needs_a_colleague() -> None:
    call = call_with()
    call.asked(QUESTION)
    broken(call, Failure.RECOGNITION)
    call.hear_out()
    call.tell(events.KeyPressed("1"))
    assert spoken(call.decide(Say(prompt("thank you")), Say(COMMENT))) == ["putting you through"]
    assert of(TransferLeg, call.hear_out())


def test_a_customer_who_presses_no_key_is_treated_as_silent() -> None:
    call = call_with()
    call.asked(QUESTION)
    broken(call, Failure.RECOGNITION)
    call.hear_out()
    call.voice()
    call.wait(call.timing.no_input_ms)
    assert call.state.awaiting
    assert not of(Consider, call.commands)


def test_a_script_that_wants_nothing_tried_says_goodbye() -> None:
    call = call_with(FailurePolicy())
    call.asked(QUESTION)
    assert broken(call, Failure.RECOGNITION) == ["apology"]
