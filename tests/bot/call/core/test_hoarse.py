"""A prompt that was sent to the line and does not begin to sound."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import HangUpLeg, StopSpeaking
from bot.call.core.state import CallState
from bot.call.core.steps import Say
from tests.bot.call.core.virtual_call import (
    POLICY,
    QUESTION,
    SAFE,
    VOICE_MAIL,
    VirtualCall,
    of,
    prompt,
    spoken,
)

pytestmark = pytest.mark.unit

LATE = prompt("late")


def with_a_late_reply(thinking_ms: float = 0) -> VirtualCall:
    """The customer has answered, the mind has decided, and what the bot says does not sound."""
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()  # its report comes 200 ms after it
    call.hears("yes")
    call.wait(thinking_ms)
    call.mute = True
    call.decide(Say(LATE))
    return call


def starts(call: VirtualCall) -> list[str]:
    """The switch begins what is first in its queue."""
    return spoken(call.tell(events.PlayoutStarted(call.state.queue[0].playout_id)))


def test_the_customer_is_asked_for_a_moment_and_the_prompt_is_sent_again() -> None:
    call = with_a_late_reply()
    assert not spoken(call.wait(1499))
    made = call.wait(1)
    assert of(StopSpeaking, made)
    assert spoken(made) == ["one moment", "late"]


def test_what_the_mind_took_counts_too() -> None:
    call = with_a_late_reply(thinking_ms=1000)
    assert spoken(call.wait(500)) == ["one moment", "late"]


def test_a_prompt_that_sounds_is_left_alone() -> None:
    call = with_a_late_reply()
    call.wait(1000)
    starts(call)
    assert not spoken(call.wait(3000))


def test_what_comes_after_one_moment_is_said_and_the_call_goes_on() -> None:
    call = with_a_late_reply()
    call.wait(1500)
    call.mute = False
    assert not spoken(call.hear_out())
    call.voice()
    call.hears("yes")
    call.mute = True
    call.decide(Say(LATE))
    assert spoken(call.wait(1500)) == ["one moment", "late"]


def test_what_does_not_sound_the_second_time_is_a_failure() -> None:
    call = with_a_late_reply()
    call.wait(1500)
    one_moment = call.state.queue[0].playout_id
    starts(call)
    call.wait(1000)
    call.tell(events.PlayoutEnded(one_moment, 8000, completed=True))
    assert not spoken(call.wait(1499))  # its last 200 ms were silent
    assert spoken(call.wait(1)) == ["apology"]


def test_where_not_even_the_apology_sounds_the_call_ends() -> None:
    call = with_a_late_reply()
    call.wait(1500)
    assert spoken(call.wait(1700)) == ["apology"]
    assert of(HangUpLeg, call.wait(1700))


def test_the_gap_between_two_prompts_is_watched_too() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION), Say(LATE))
    first = call.state.queue[0].playout_id
    starts(call)
    call.wait(1000)
    call.mute = True
    call.tell(events.PlayoutEnded(first, 8000, completed=True))
    assert spoken(call.wait(1700)) == ["one moment", "late"]


def test_nobody_is_interrupted_for_it() -> None:
    call = with_a_late_reply()
    call.wait(1000)
    call.tell(events.VoiceStarted(80_000))
    assert "one moment" not in spoken(call.wait(2000))


def test_the_message_on_a_machine_is_left_alone() -> None:
    call = VirtualCall(state=CallState(SAFE, "en", POLICY))
    call.answer(Say(QUESTION))
    call.voice(4000)
    call.hears(VOICE_MAIL)
    assert spoken(call.wait(2500)) == ["message"]
    assert not spoken(call.wait(4000))
