"""Hand-over to a queue, and back from it."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import ConsiderHandOverFailure, EndCall, Timer, TransferLeg
from bot.call.core.state import Phase
from bot.call.core.steps import Conclude, HandOver, Say
from bot.vocabulary import Failure, Outcome
from dialogue.protocol import Answer
from telephony_bridge.line_status import HandOverFailure
from tests.bot.call.core.virtual_call import CUSTOMER_LEFT, VirtualCall, of, prompt, spoken

pytestmark = pytest.mark.unit


def test_a_hand_over_is_not_undone_by_the_end_of_the_media() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    call.hear_out()
    assert call.tell(events.Broken(Failure.MEDIA, "closed")) == []


def test_a_hand_over_follows_the_bridge_sentence() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    assert of(TransferLeg, call.hear_out()) == [TransferLeg("collections")]
    assert of(EndCall, call.tell(events.HandedOver())) == [EndCall(Outcome.HANDED_OVER)]


def test_a_hand_over_that_fails_comes_back_to_the_conversation() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    call.hear_out()
    (asked,) = of(ConsiderHandOverFailure, call.tell(events.HandOverFailed(HandOverFailure.NOBODY_FREE)))
    assert asked.reason is HandOverFailure.NOBODY_FREE
    assert spoken(call.decide(Say(prompt("may we call back", Answer.YES_NO)))) == ["may we call back"]
    call.hear_out()
    assert call.state.phase is Phase.LISTENING
    assert call.state.outcome is None


def test_a_customer_who_hangs_up_in_the_queue_was_not_handed_over() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    call.hear_out()
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.HUNG_UP)]


def test_what_a_customer_said_stands_whoever_hangs_up_in_the_queue() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.TRANSACTION_DENIED), Say(prompt("one moment")), HandOver("fraud"))
    call.hear_out()
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.TRANSACTION_DENIED)]


def test_what_a_customer_said_stands_after_a_hand_over_that_fails() -> None:
    call = VirtualCall()
    call.answer(Conclude(Outcome.TRANSACTION_DENIED), Say(prompt("one moment")), HandOver("fraud"))
    call.hear_out()
    call.tell(events.HandOverFailed(HandOverFailure.CLOSED))
    assert call.state.outcome is Outcome.TRANSACTION_DENIED


def test_what_is_said_in_the_queue_is_not_for_the_bot() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    call.hear_out()
    call.voice()
    assert not of(ConsiderHandOverFailure, call.hears("hello"))
    assert call.state.phase is Phase.HANDING_OVER


def test_a_queue_that_never_says_what_became_of_the_customer_keeps_them() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    call.hear_out()
    assert of(EndCall, call.wait(call.timing.hand_over_ms)) == [EndCall(Outcome.UNCERTAIN)]
    assert call.state.with_switch


def test_a_customer_in_the_queue_is_not_hung_up_on_by_the_limit_of_the_call() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), HandOver("collections"))
    call.hear_out()
    assert Timer.CALL_LIMIT not in call.timers


def test_losing_sight_of_the_switch_does_not_take_the_customer_from_the_queue() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), HandOver("collections"), Conclude(Outcome.HANDED_OVER))
    call.hear_out()
    assert call.tell(events.Broken(Failure.CONTROL, "connection reset")) == []
    assert of(EndCall, call.tell(events.HandedOver())) == [EndCall(Outcome.HANDED_OVER)]


def test_audio_that_broke_in_the_queue_is_told_when_the_leg_comes_back() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("one moment")), HandOver("collections"))
    call.hear_out()
    call.tell(events.Broken(Failure.MEDIA, "closed"))
    assert spoken(call.tell(events.HandOverFailed(HandOverFailure.NOBODY_FREE))) == ["apology"]
