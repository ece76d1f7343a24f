"""How a call begins and ends."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import Consider, ConsiderKeys, EndCall, HangUpLeg, Listen, StopSpeaking, Timer
from bot.call.core.steps import Conclude, HangUp, Say
from bot.vocabulary import Outcome
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus
from tests.bot.call.core.virtual_call import (
    BOT_LEFT,
    CUSTOMER_LEFT,
    DISCLOSURE,
    GOODBYE,
    QUESTION,
    VirtualCall,
    of,
    prompt,
    spoken,
)

pytestmark = pytest.mark.unit


def test_the_greeting_goes_out_with_the_answer_and_the_ears_know_the_question() -> None:
    call = VirtualCall()
    commands = call.answer(Say(DISCLOSURE), Say(QUESTION))
    assert spoken([*commands, *call.hear_out()]) == ["disclosure", "is that you"]
    assert spoken(commands) == ["disclosure"]
    assert of(Listen, commands) == [Listen(QUESTION.expectation)]


def test_a_hang_up_waits_until_the_farewell_has_been_heard() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("no")
    commands = call.decide(Say(GOODBYE), Conclude(Outcome.WRONG_PERSON), HangUp())
    assert not of(HangUpLeg, commands)
    assert of(HangUpLeg, call.hear_out())
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.WRONG_PERSON)]


def test_the_farewell_is_not_interrupted() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("goodbye")), HangUp())
    assert not of(StopSpeaking, call.tell(events.VoiceStarted(0)))


def test_a_customer_who_hangs_up_before_a_conclusion_has_hung_up() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.HUNG_UP)]


def test_a_conclusion_stands_when_the_customer_hangs_up_during_the_farewell() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.PROMISED), Say(GOODBYE), HangUp())
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.PROMISED)]


def test_the_longest_call_ends_with_a_sentence() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    due, token = call.timers[Timer.CALL_LIMIT]
    call.now = due
    assert spoken(call.tell(events.TimerFired(Timer.CALL_LIMIT.value, token))) == ["apology"]


def test_a_timer_that_was_set_anew_does_not_fire_for_its_old_self() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    _, token = call.timers[Timer.NO_INPUT]
    call.tell(events.VoiceStarted(0))
    assert call.tell(events.TimerFired(Timer.NO_INPUT.value, token)) == []


def test_an_outcome_stands_once_the_prompts_before_it_have_been_heard() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("your payment is due")), Conclude(Outcome.REMINDED), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    assert call.state.outcome is None
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.REMINDED)]


def test_who_says_goodbye_into_the_sentence_that_would_have_concluded_the_call_has_left_it() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("your payment is due")), Conclude(Outcome.REMINDED), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("goodbye")
    call.decide(Say(GOODBYE), HangUp())
    call.hear_out()
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.HUNG_UP)]


def test_what_the_customer_wants_during_the_farewell_is_considered_before_the_bot_leaves() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.PROMISED), Say(GOODBYE), HangUp())
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("do not call me again")
    commands = call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert [consider.utterance.text for consider in of(Consider, commands)] == ["do not call me again"]
    assert not of(HangUpLeg, commands)
    commands = call.decide(Conclude(Outcome.DO_NOT_CALL), Say(prompt("noted", interruptible=False)), HangUp())
    assert spoken(commands) == ["noted"]
    call.hear_out()
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.DO_NOT_CALL)]


def test_a_thank_you_during_the_farewell_does_not_keep_the_bot() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.PROMISED), Say(GOODBYE), HangUp())
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("thank you")
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert of(HangUpLeg, call.decide())


def test_a_customer_who_still_speaks_after_the_farewell_is_heard_out_but_not_for_ever() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.PROMISED), Say(GOODBYE), HangUp())
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    assert not of(HangUpLeg, call.tell(events.PlayoutEnded("p1", 8000, completed=True)))
    assert of(HangUpLeg, call.wait(call.timing.farewell_ms))


def test_a_zero_during_the_bridge_sentence_of_a_goodbye_asks_for_a_human() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.PROMISED), Say(GOODBYE), HangUp())
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.KeyPressed("0"))
    commands = call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert [keys.keys for keys in of(ConsiderKeys, commands)] == ["0"]


def test_a_switch_that_went_down_is_a_technical_failure_unless_there_is_a_conclusion() -> None:
    crashed = events.Gone(HungUpBy.UNKNOWN, LineStatus.NETWORK_FAILURE, Fault.US, "CRASH")
    call = VirtualCall()
    call.asked(QUESTION)
    assert call.tell(crashed)[-1] == EndCall(Outcome.TECHNICAL_FAILURE)
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("no")
    call.decide(Say(GOODBYE), Conclude(Outcome.WRONG_PERSON), HangUp())
    call.hear_out()
    assert call.tell(crashed)[-1] == EndCall(Outcome.WRONG_PERSON)
