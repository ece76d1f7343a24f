"""When the customer's turn is over, and what becomes of what they said."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.commands import Absence, Consider, ConsiderAbsence, Finalise, Timer, TransferLeg
from bot.call.core.steps import Conclude, HandOver, Say
from bot.call.weighing import Bearing
from bot.vocabulary import Outcome
from dialogue.protocol import Answer
from speech.end_of_turn import Words
from tests.bot.call.core.virtual_call import QUESTION, VirtualCall, of, prompt, spoken

pytestmark = pytest.mark.unit


def test_a_complete_yes_ends_the_turn_sooner_than_half_an_answer() -> None:
    waits = []
    for words in (Words.COMPLETE, Words.INCOMPLETE):
        call = VirtualCall()
        call.asked(QUESTION)
        call.tell(events.VoiceStarted(0))
        call.partial("yes", words)
        call.tell(events.VoiceStopped(0, silence_ms=100))
        due, _ = call.timers[Timer.END_OF_TURN]
        waits.append(due - call.now)
    assert waits == [120, 600]  # 220 and 700 ms after the voice stopped, 100 of which have passed


def test_words_that_complete_the_answer_after_the_voice_stopped_shorten_the_wait() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.partial("yes", Words.COMPLETE)
    assert of(Finalise, call.wait(20))


@pytest.mark.parametrize(("confidence", "ends"), [(0.35, False), (0.9, True), (None, True)])
def test_half_an_answer_that_was_only_made_whole_keeps_the_turn(confidence: float | None, ends: bool) -> None:
    """What the recogniser makes of "next ...", were it to end here."""
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.partial("you have", Words.INCOMPLETE)
    call.partial("june fifth", Words.COMPLETE, settled=True, confidence=confidence)
    assert bool(of(Finalise, call.wait(200))) is ends


def test_a_voice_that_goes_on_keeps_the_turn() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.tell(events.VoiceStarted(0))
    assert not of(Finalise, call.wait(3000))


def test_what_was_heard_is_considered_with_the_question_it_answers() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    assert of(Finalise, call.wait(1000))
    (consider,) = of(Consider, call.hears("yes"))
    assert (consider.turn, consider.utterance.text, consider.expectation) == (1, "yes", QUESTION.expectation)


def test_words_outside_the_grammar_are_a_no_match() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    assert of(ConsiderAbsence, call.hears("mumble", accepted=False)) == [ConsiderAbsence(1, Absence.NO_MATCH)]


def test_a_free_answer_without_recognised_words_is_told_to_the_script() -> None:
    call = VirtualCall()
    call.asked(prompt("anything else", Answer.FREE))
    call.voice(ms=2000)
    call.wait(2000)
    assert of(ConsiderAbsence, call.hears("")) == [ConsiderAbsence(1, Absence.NO_MATCH)]


def test_words_during_the_minds_delay_do_not_void_its_reply() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("a human please")
    call.wait(call.timing.slow_ms)
    call.voice()
    call.wait(1000)
    assert not of(Consider, call.hears("okay"))
    commands = call.decide(Say(prompt("bridge")), Conclude(Outcome.HANDED_OVER), HandOver("collections"))
    commands += call.hear_out()
    assert of(TransferLeg, commands)
    assert not of(Consider, commands)  # a colleague hears what is said into the promise


def test_a_recogniser_that_never_answers_is_a_failure() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    assert spoken(call.wait(5000)) == ["one moment", "apology"]


def test_a_customer_who_pauses_is_given_more_time_in_the_same_call() -> None:
    call = VirtualCall()
    call.asked(prompt("digits", Answer.NUMBER, length=6))
    call.voice()
    call.wait(690)  # 890 ms after the voice: the next sound comes just in time
    call.tell(events.VoiceStarted(round(call.now * 8)))
    call.tell(events.VoiceStopped(round(call.now * 8), silence_ms=0))
    due, _ = call.timers[Timer.END_OF_TURN]
    assert due - call.now > 900


def test_a_turn_that_was_ended_too_soon_makes_the_bot_more_patient() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.partial("yes", Words.COMPLETE)
    assert of(Finalise, call.wait(100))
    call.tell(events.VoiceStarted(round(call.now * 8)))
    call.tell(events.VoiceStopped(round(call.now * 8), silence_ms=0))
    call.partial("yes", Words.COMPLETE)
    due, _ = call.timers[Timer.END_OF_TURN]
    assert due - call.now > 220


def test_a_voice_that_never_stops_ends_the_turn_at_last() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.VoiceStarted(0))
    assert not of(Finalise, call.wait(call.timing.turn_limit_ms - 1))
    assert of(Finalise, call.wait(1))


def test_the_echo_of_a_prompts_end_is_no_answer() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    assert not of(ConsiderAbsence, call.hears("is that you", Bearing.ECHO))
    assert Timer.NO_INPUT in call.timers


def test_what_the_bot_had_just_said_is_remembered_for_telling_its_echo() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.wait(300)
    call.tell(events.VoiceStarted(0))
    assert call.state.sounding == ("is that you",)
    call.tell(events.VoiceStopped(0, silence_ms=200))
    call.wait(1000)
    call.hears("is that you", Bearing.ECHO)
    call.wait(3000)
    call.tell(events.VoiceStarted(0))
    assert call.state.sounding == ()
