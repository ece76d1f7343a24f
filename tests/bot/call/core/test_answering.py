"""Who picked up: the greeting does not wait for it, and a machine is treated as the script wants."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import EndCall, HangUpLeg, Listen, RecordAnswerer, StopSpeaking
from bot.call.core.state import CallState
from bot.call.core.steps import Say
from bot.vocabulary import Answerer, Outcome
from speech.tones import Tone
from tests.bot.call.core.virtual_call import (
    BOT_LEFT,
    CUSTOMER_LEFT,
    DISCLOSURE,
    POLICY,
    QUESTION,
    SAFE,
    SCREENING,
    VOICE_MAIL,
    VirtualCall,
    of,
    spoken,
)

pytestmark = pytest.mark.unit


def answered() -> VirtualCall:
    """The bot has begun to greet."""
    call = VirtualCall(state=CallState(SAFE, "en", POLICY))
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    return call


def at_voice_mail() -> VirtualCall:
    call = answered()
    call.voice(4000)
    call.hears(VOICE_MAIL)
    return call


def test_the_greeting_does_not_wait_for_it() -> None:
    call = VirtualCall(state=CallState(SAFE, "en", POLICY))
    assert spoken([*call.answer(Say(DISCLOSURE), Say(QUESTION)), *call.hear_out()]) == ["disclosure", "is that you"]


def test_a_person_is_talked_to() -> None:
    call = answered()
    call.voice(600)
    call.hears("yes speaking")
    call.wait(5000)
    assert [found.detection.answerer for found in of(RecordAnswerer, call.commands)] == [Answerer.HUMAN]
    assert not of(HangUpLeg, call.commands)


def test_who_presses_a_key_is_a_person() -> None:
    call = answered()
    found = of(RecordAnswerer, call.tell(events.KeyPressed("1", None)))
    assert [record.detection.answerer for record in found] == [Answerer.HUMAN]


def test_once_it_is_known_who_answered_only_answers_are_listened_for() -> None:
    """The ears were told to listen for greetings too, for as long as this was not known."""
    call = answered()
    made = call.tell(events.KeyPressed("1", None))
    assert made.index(Listen(QUESTION.expectation)) == made.index(of(RecordAnswerer, made)[0]) + 1


def test_at_voice_mail_the_bot_falls_silent_and_leaves_its_message_after_the_beep() -> None:
    call = at_voice_mail()
    assert of(StopSpeaking, call.commands)
    assert spoken(call.tell(events.ToneHeard(Tone.BEEP, 0))) == ["message"]
    call.hear_out()
    assert of(HangUpLeg, call.commands)
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.MESSAGE_LEFT)]


def test_a_beep_that_was_not_heard_is_taken_for_granted_after_a_silence() -> None:
    call = at_voice_mail()
    assert spoken(call.wait(call.timing.machine_quiet_ms)) == ["message"]


def test_a_late_beep_begins_the_message_anew() -> None:
    call = at_voice_mail()
    call.wait(call.timing.machine_quiet_ms)
    commands = call.tell(events.ToneHeard(Tone.BEEP, 0))
    assert of(StopSpeaking, commands)
    assert spoken(commands) == ["message"]
    call.hear_out()
    assert len(of(HangUpLeg, call.commands)) == 1


def test_a_machine_that_talks_and_talks_is_left_alone() -> None:
    call = at_voice_mail()
    call.tell(events.VoiceStarted(0))
    commands = call.wait(call.timing.machine_limit_ms)
    assert of(HangUpLeg, commands)
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.ANSWERED_BY_MACHINE)]


def test_a_screener_is_told_who_calls_and_whoever_follows_is_greeted_from_the_beginning() -> None:
    call = answered()
    call.voice(3000)
    call.hears(SCREENING)
    assert spoken(call.wait(call.timing.screener_quiet_ms)) == ["who is calling"]
    call.hear_out()
    call.wait(4000)
    call.tell(events.VoiceStarted(0))
    made = call.tell(events.VoiceStopped(0, silence_ms=192))
    assert spoken(made) == ["disclosure"]
    assert spoken([*made, *call.hear_out()]) == ["disclosure", "is that you"]


def test_nobody_behind_the_screener() -> None:
    call = answered()
    call.voice(3000)
    call.hears(SCREENING)
    call.wait(call.timing.screener_quiet_ms)
    call.hear_out()
    assert of(HangUpLeg, call.wait(call.timing.machine_limit_ms))
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.ANSWERED_BY_MACHINE)]


def test_a_fax_is_hung_up_on_at_once() -> None:
    call = answered()
    assert of(HangUpLeg, call.tell(events.ToneHeard(Tone.FAX, 0)))
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.ANSWERED_BY_MACHINE)]


def test_a_long_speech_alone_is_not_sure_enough_to_hang_up_on() -> None:
    call = answered()
    call.tell(events.VoiceStarted(0))
    call.wait(12_000)
    assert not of(HangUpLeg, call.commands)


def test_a_script_without_a_policy_goes_on() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.ToneHeard(Tone.FAX, 0))
    assert of(RecordAnswerer, call.commands)
    assert not of(HangUpLeg, call.commands)


def test_a_message_that_was_not_heard_to_its_end_was_not_left() -> None:
    call = at_voice_mail()
    call.tell(events.ToneHeard(Tone.BEEP, 0))
    assert of(EndCall, call.tell(CUSTOMER_LEFT)) == [EndCall(Outcome.ANSWERED_BY_MACHINE)]


def test_whoever_presses_a_key_is_no_machine() -> None:
    call = at_voice_mail()
    made = call.tell(events.KeyPressed("1"))
    assert spoken(made) == ["disclosure"]
    assert spoken([*made, *call.hear_out()]) == ["disclosure", "is that you"]


def test_a_hello_while_the_screener_is_told_who_calls_is_answered() -> None:
    call = answered()
    call.voice(3000)
    call.hears(SCREENING)
    call.wait(call.timing.screener_quiet_ms)
    call.voice(400)
    assert spoken(call.hear_out())[-2:] == ["disclosure", "is that you"]
