"""Interruptions: what stops the bot, and what lets it go on."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import Consider, Finalise, Speak, StopSpeaking
from bot.call.core.state import Phase
from bot.call.core.steps import Say
from bot.call.weighing import Bearing
from bot.vocabulary import Failure
from dialogue.protocol import Answer
from speech.end_of_turn import Words
from tests.bot.call.core.virtual_call import DISCLOSURE, QUESTION, VirtualCall, of, prompt, spoken

pytestmark = pytest.mark.unit


def test_a_voice_stops_the_prompt_at_once() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    assert of(StopSpeaking, call.tell(events.VoiceStarted(0)))
    assert call.state.queue == ()


def test_a_sound_without_words_lets_the_prompt_go_on_where_it_stopped() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("long explanation")), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.wait(3000)
    call.tell(events.VoiceStarted(0))
    call.tell(events.PlayoutEnded("p1", 24_000, completed=False))
    call.tell(events.PlayoutEnded("p2", 0, completed=False))
    call.tell(events.VoiceStopped(3000, silence_ms=192))
    again = of(Speak, call.partial("", Words.NONE, Bearing.NOTHING, settled=True))
    assert [(speak.prompt.name, speak.start) for speak in again] == [("long explanation", 22_000), ("is that you", 0)]


@pytest.mark.parametrize("bearing", [Bearing.BACKCHANNEL, Bearing.ECHO, Bearing.ASIDE, Bearing.NOTHING])
def test_what_is_not_meant_for_the_bot_does_not_cancel_its_prompt(bearing: Bearing) -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    assert spoken(call.partial("mhm", Words.INCOMPLETE, bearing, settled=True)) == ["is that you"]
    call.wait(1000)
    assert not of(Consider, call.hears("mhm", bearing))
    assert not of(StopSpeaking, call.commands[-3:])


def test_words_that_are_meant_drop_the_prompt() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    assert spoken(call.partial("a human please", Words.COMPLETE, settled=True)) == []
    call.wait(1000)
    assert of(Consider, call.hears("a human please"))
    commands = call.decide(Say(prompt("of course")))
    assert spoken(commands) == ["of course"]
    assert call.state.paused == ()


def test_a_second_voice_in_the_same_turn_stops_the_prompt_again_and_keeps_the_words() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.partial("i", Words.INCOMPLETE, Bearing.NOTHING, settled=True)
    assert of(StopSpeaking, call.tell(events.VoiceStarted(8000)))
    assert not of(Finalise, call.commands)


def test_a_voice_that_goes_on_without_a_word_to_the_bot_is_talked_over() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    assert spoken(call.wait(call.timing.talk_over_ms)) == ["is that you"]


def test_a_prompt_that_ended_as_the_voice_began_is_not_said_again() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    call.tell(events.VoiceStopped(0, silence_ms=192))
    assert spoken(call.partial("", Words.NONE, Bearing.NOTHING, settled=True)) == []
    assert call.state.phase is Phase.LISTENING


def test_an_answer_that_is_ready_while_the_customer_speaks_again_waits_for_them() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("yes")
    call.tell(events.VoiceStarted(round(call.now * 8)))
    assert spoken(call.decide(Say(prompt("next question", Answer.YES_NO)))) == []
    call.tell(events.VoiceStopped(round(call.now * 8), silence_ms=192))
    assert spoken(call.partial("", Words.NONE, Bearing.NOTHING, settled=True)) == ["next question"]


def test_a_legal_prompt_is_not_interrupted_and_what_was_said_meanwhile_is_used_afterwards() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    assert not of(StopSpeaking, call.tell(events.VoiceStarted(0)))
    call.tell(events.VoiceStopped(0, silence_ms=200))
    call.wait(1000)
    assert not of(Consider, call.hears("do not call me again"))
    after = call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    (consider,) = of(Consider, after)
    assert spoken(after) == [], "of the question not even the beginning is heard"
    assert consider.premature
    assert consider.utterance.text == "do not call me again"


def test_premature_words_that_call_for_nothing_leave_the_question_playing() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.voice()
    call.wait(1000)
    call.hears("hello")
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert not of(StopSpeaking, call.decide())
    assert [playing.prompt.name for playing in call.state.queue] == ["is that you"]


def test_a_yes_that_began_before_the_question_sounded_is_not_its_answer() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    call.tell(events.PlayoutStarted("p2"))
    call.tell(events.VoiceStopped(0, silence_ms=200))
    call.wait(1000)
    (consider,) = of(Consider, call.hears("yes"))
    assert consider.premature


def test_an_answer_to_a_question_that_has_begun_is_one() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    (consider,) = of(Consider, call.hears("yes"))
    assert not consider.premature


def test_words_over_an_earlier_prompt_that_call_for_nothing_let_it_be_said_again() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("thank you")), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("hello")
    assert spoken(call.decide()) == ["thank you", "is that you"]


def test_a_prompt_that_was_stopped_goes_on_although_a_slow_mind_was_excused_meanwhile() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("put the kettle on")
    assert spoken(call.wait(call.timing.slow_ms)) == ["one moment"]
    assert spoken(call.decide()) == ["is that you"]


def test_a_filler_does_not_make_the_bot_forget_what_it_was_saying() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("put the kettle on")
    call.wait(call.timing.slow_ms)  # "one moment" is on the line
    call.tell(events.VoiceStarted(16_000))
    call.tell(events.VoiceStopped(17_000, silence_ms=192))
    call.decide()
    assert spoken(call.partial("", Words.NONE, Bearing.NOTHING, settled=True)) or [
        playing.prompt.name for playing in call.state.queue
    ] == ["is that you"]


def test_a_question_does_not_begin_over_a_customer_who_already_speaks() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    assert spoken(call.tell(events.PlayoutEnded("p1", 8000, completed=True))) == []
    call.tell(events.VoiceStopped(0, silence_ms=192))
    assert spoken(call.partial("", Words.NONE, Bearing.NOTHING, settled=True)) == ["is that you"]


def test_a_prompt_that_begins_over_a_customer_who_already_speaks_is_stopped() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    call.tell(events.VoiceStarted(0))
    call.tell(events.ControlRestored())
    assert of(StopSpeaking, call.tell(events.PlayoutStarted(call.state.queue[0].playout_id)))


def test_words_at_the_very_end_of_a_legal_prompt_are_heard_before_what_follows_it_is_said() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.partial("a human please", Words.COMPLETE)
    assert spoken(call.tell(events.PlayoutEnded("p1", 8000, completed=True))) == []
    assert spoken(call.wait(1000)) == []
    assert of(Consider, call.hears("a human please"))
    assert spoken(call.decide(Say(prompt("of course", interruptible=False)))) == ["of course"]
    assert not of(StopSpeaking, call.commands)


def test_a_customer_who_talks_to_somebody_else_after_a_legal_prompt_hears_what_follows_it_soon() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert spoken(call.wait(call.timing.talk_over_ms)) == ["is that you"]


def test_a_radio_is_talked_over_once_and_for_all() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.VoiceStarted(0))
    call.wait(call.timing.talk_over_ms)
    assert not of(StopSpeaking, call.tell(events.PlayoutStarted("p2")))


def test_a_legal_prompt_behind_the_one_that_was_interrupted_is_said_before_the_answer() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("hello")), Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("who is this")
    made = call.decide(Say(prompt("a bank")), Say(QUESTION))
    assert spoken(made) == ["disclosure"]
    assert spoken([*made, *call.hear_out()]) == ["disclosure", "a bank", "is that you"]


def test_words_over_a_legal_prompt_wait_for_the_legal_prompt_behind_it() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(prompt("second", legal=True, interruptible=False)), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.voice()
    call.wait(1000)
    call.hears("a human please")
    assert not of(Consider, call.tell(events.PlayoutEnded("p1", 8000, completed=True)))
    call.tell(events.PlayoutStarted("p2"))
    assert of(Consider, call.tell(events.PlayoutEnded("p2", 8000, completed=True)))


def test_everything_that_was_meant_over_a_legal_prompt_is_considered() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    for words in ("do not call me again", "who is this"):
        call.voice()
        call.wait(1000)
        call.hears(words)
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    call.decide()
    considered = [consider.utterance.text for consider in of(Consider, call.commands)]
    assert considered == ["do not call me again", "who is this"]
