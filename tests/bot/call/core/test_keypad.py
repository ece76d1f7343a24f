"""The keypad, twin of speech."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import ConsiderKeys, Discard, Speak, StopSpeaking
from bot.call.core.steps import Say
from dialogue.protocol import Answer
from tests.bot.call.core.virtual_call import DISCLOSURE, QUESTION, VirtualCall, of, prompt, spoken

pytestmark = pytest.mark.unit


def test_keys_void_what_was_being_said() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    assert of(Discard, call.tell(events.KeyPressed("1")))


def test_zero_asks_for_a_human_at_a_question_that_takes_no_digits() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    (keys,) = of(ConsiderKeys, call.tell(events.KeyPressed("0")))
    assert keys.keys == "0"


def test_keys_of_a_known_length_are_the_answer_when_complete() -> None:
    call = VirtualCall()
    call.asked(prompt("card digits", Answer.NUMBER, length=4))
    made = [command for digit in "0421" for command in call.tell(events.KeyPressed(digit))]
    (keys,) = of(ConsiderKeys, made)
    assert keys.keys == "0421"


def test_a_lone_zero_at_a_number_question_asks_for_a_human_after_a_pause() -> None:
    call = VirtualCall()
    call.asked(prompt("card digits", Answer.NUMBER, length=4))
    assert not of(ConsiderKeys, call.tell(events.KeyPressed("0")))
    (keys,) = of(ConsiderKeys, call.wait(call.timing.lone_zero_ms))
    assert keys.keys == "0"


def test_somebody_typing_is_not_talked_over() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("card digits", Answer.NUMBER, length=4)))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.KeyPressed("1"))
    call.wait(2000)
    call.tell(events.KeyPressed("2"))
    assert not of(Speak, call.wait(2000))


def test_a_key_stops_the_prompt() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    commands = call.tell(events.KeyPressed("1"))
    assert of(StopSpeaking, commands)
    assert of(ConsiderKeys, commands)


def test_a_key_during_a_legal_prompt_waits_for_its_end() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    commands = call.tell(events.KeyPressed("0"))
    assert not of(StopSpeaking, commands)
    assert not of(ConsiderKeys, call.wait(call.timing.key_pause_ms))
    after = call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert of(ConsiderKeys, after)
    assert spoken(after) == []


def test_keys_pressed_while_the_mind_is_busy_answer_its_next_question() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.KeyPressed("1"))
    for digit in "0421":
        call.tell(events.KeyPressed(digit))
    commands = call.decide(Say(prompt("card digits", Answer.NUMBER, length=4)))
    (keys,) = of(ConsiderKeys, commands)
    assert keys.keys == "0421"


def test_a_zero_pressed_while_the_mind_is_busy_asks_for_a_human() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.KeyPressed("1"))
    call.tell(events.KeyPressed("0"))
    (keys,) = of(ConsiderKeys, call.decide(Say(QUESTION)))
    assert keys.keys == "0"
