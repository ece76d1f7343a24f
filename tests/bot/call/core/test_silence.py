"""Silence on either side: who waits how long, and what is said into it."""

from __future__ import annotations

import pytest

from bot.call.core.commands import Absence, ConsiderAbsence, Listen, StopSpeaking
from bot.call.core.steps import Say
from dialogue.protocol import Answer
from tests.bot.call.core.virtual_call import QUESTION, VirtualCall, of, prompt, spoken

pytestmark = pytest.mark.unit


def test_silence_is_told_to_the_script() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    assert not of(ConsiderAbsence, call.wait(call.timing.no_input_ms - 1))
    assert of(ConsiderAbsence, call.wait(1)) == [ConsiderAbsence(1, Absence.SILENCE)]


def test_a_prompt_may_ask_for_more_patience() -> None:
    call = VirtualCall()
    call.asked(prompt("card digits", Answer.NUMBER, patience_ms=10_000))
    assert not of(ConsiderAbsence, call.wait(9_999))
    assert of(ConsiderAbsence, call.wait(1))


def test_a_reply_without_a_question_leaves_the_open_one_open() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("one moment please")
    commands = call.decide(Say(prompt("take your time", patience_ms=20_000)))
    assert of(Listen, commands) == [Listen(QUESTION.expectation)]
    call.hear_out()
    assert not of(ConsiderAbsence, call.wait(19_000))
    assert of(ConsiderAbsence, call.wait(1_000))


def test_a_cough_does_not_restart_the_customers_time() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.wait(4000)
    call.voice(ms=100)  # 4300 ms of the customer's 5000 are gone
    call.wait(700)
    assert not of(ConsiderAbsence, call.hears(""))
    assert of(ConsiderAbsence, call.wait(1000))


def test_a_slow_mind_is_excused_and_its_answer_follows() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("yes")
    assert spoken(call.wait(call.timing.slow_ms)) == ["one moment"]
    commands = call.decide(Say(prompt("next question", Answer.YES_NO)))
    assert spoken(commands) == ["next question"]
    assert not of(StopSpeaking, commands)


def test_a_mind_that_never_answers_is_a_failure() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("yes")
    call.wait(call.timing.slow_ms)
    call.hear_out()
    assert spoken(call.wait(call.timing.decision_limit_ms))[-1] == "apology"


def test_a_mind_that_stays_slow_is_excused_again_before_two_seconds_of_silence() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("yes")
    call.wait(call.timing.slow_ms)
    call.hear_out()
    assert spoken(call.wait(call.timing.slow_ms)) == ["one moment"]


def test_a_slow_recogniser_is_excused_too() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    assert spoken(call.wait(call.timing.slow_ms - 200)) == [
        "one moment"
    ]  # 200 ms of silence were in the voice's report
