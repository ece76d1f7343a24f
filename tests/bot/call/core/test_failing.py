"""What breaks in a call, and what the customer hears of it."""

from __future__ import annotations

import pytest

from bot.call.core import events
from bot.call.core.barge_in import REWIND
from bot.call.core.commands import Consider, ConsiderKeys, EndCall, Finalise, HangUpLeg, RecordOutcome, Speak
from bot.call.core.steps import Conclude, HangUp, Say
from bot.call.weighing import Bearing
from bot.vocabulary import Failure, Outcome
from dialogue.protocol import Answer
from speech.end_of_turn import Words
from tests.bot.call.core.virtual_call import BOT_LEFT, DISCLOSURE, GOODBYE, QUESTION, VirtualCall, of, prompt, spoken

pytestmark = pytest.mark.unit


def test_a_playout_that_never_ends_is_a_failure() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    made = call.wait(60_000)
    assert spoken(made) == ["apology"]
    assert of(EndCall, made) == [EndCall(Outcome.TECHNICAL_FAILURE)]


@pytest.mark.parametrize(
    "failure", [Failure.DIALOGUE, Failure.UNDERSTANDING, Failure.RECOGNITION, Failure.MEDIA, Failure.TAPE]
)
def test_whatever_breaks_the_customer_hears_a_sentence_and_the_call_ends(failure: Failure) -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    assert spoken(call.tell(events.Broken(failure, "detail"))) == ["apology"]
    assert of(HangUpLeg, call.hear_out())
    assert of(EndCall, call.tell(BOT_LEFT)) == [EndCall(Outcome.TECHNICAL_FAILURE)]


def test_when_not_even_the_apology_can_be_played_the_call_ends() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.DIALOGUE, "gone"))
    playing = call.state.queue[0].playout_id
    assert of(HangUpLeg, call.tell(events.PlayoutEnded(playing, 0, completed=False, problem="FILE NOT FOUND")))


def test_a_switch_out_of_reach_is_waited_for_and_the_question_asked_again() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    assert not of(HangUpLeg, call.tell(events.Broken(Failure.CONTROL, "connection reset")))
    call.wait(2000)
    assert spoken(call.tell(events.ControlRestored())) == ["one moment", "is that you"]


def test_a_decision_made_while_the_switch_was_out_of_reach_is_said_when_it_is_back() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("no")
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    assert spoken(call.decide(Say(GOODBYE), Conclude(Outcome.WRONG_PERSON), HangUp())) == []
    assert spoken(call.tell(events.ControlRestored())) == ["one moment", "goodbye"]
    assert of(HangUpLeg, call.hear_out())


def test_a_switch_that_stays_out_of_reach_ends_the_call_for_us() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    assert of(EndCall, call.wait(call.timing.control_ms)) == [EndCall(Outcome.TECHNICAL_FAILURE)]


def test_only_what_was_cut_is_said_again_when_the_switch_is_back() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    call.tell(events.PlayoutStarted("p2"))
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    call.wait(2000)
    assert spoken(call.tell(events.ControlRestored())) == ["one moment", "is that you"]


@pytest.mark.parametrize(("heard", "start"), [(10_880, 10_880 - REWIND), (0, 0)])
def test_a_cut_prompt_is_said_on_from_where_it_stopped_when_prompts_can_be_played_again(heard: int, start: int) -> None:
    """A broken media link tells how far it was heard; a lost event socket does not."""
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.Broken(Failure.CONTROL, "prompts cannot be played"))
    assert call.tell(events.PlayoutEnded("p1", heard, completed=False)) == []
    said = of(Speak, call.tell(events.ControlRestored()))
    assert [(one.prompt.name, one.start) for one in said] == [("one moment", 0), ("is that you", start)]


def test_a_prompt_that_ends_while_the_switch_is_out_of_reach_has_been_said_and_what_it_concludes_stands() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("explanation")), Conclude(Outcome.WRONG_PERSON), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    made = call.tell(events.PlayoutEnded("p1", 8000, completed=True))
    assert of(RecordOutcome, made) == [RecordOutcome(Outcome.WRONG_PERSON)]
    assert spoken(call.tell(events.ControlRestored())) == ["one moment", "is that you"]


def test_nothing_is_said_while_the_switch_is_out_of_reach() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    call.voice()
    made = [*call.partial("", Words.NONE, Bearing.NOTHING, settled=True), *call.wait(1000), *call.hears("")]
    assert spoken(made) == []


def test_a_legal_prompt_that_was_cut_is_said_on_before_the_answer() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    call.tell(events.PlayoutEnded("p1", 4000, completed=False, problem="control was lost"))
    made = call.tell(events.ControlRestored())
    assert spoken(made) == ["one moment", "disclosure"]
    assert spoken([*made, *call.hear_out()]) == ["one moment", "disclosure", "is that you"]


def test_words_heard_while_the_switch_is_out_of_reach_are_considered_and_answered_when_it_is_back() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    call.voice()
    call.partial("yes", Words.COMPLETE)
    assert of(Finalise, call.wait(1000))
    (consider,) = of(Consider, call.hears("yes"))
    assert not consider.premature
    assert spoken(call.decide(Say(GOODBYE), HangUp())) == []
    assert spoken(call.tell(events.ControlRestored())) == ["one moment", "goodbye"]


def test_words_that_were_being_recognised_when_the_switch_went_out_of_reach_are_considered() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    assert of(Consider, call.hears("yes"))


def test_words_heard_out_of_reach_while_the_mind_is_busy_are_considered_after_its_reply() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.voice()
    call.wait(1000)
    call.hears("yes")
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    assert not of(Consider, call.hears("a human please"))
    (consider,) = of(Consider, call.decide(Say(QUESTION)))
    assert consider.utterance.text == "a human please"


def test_a_recogniser_that_hangs_out_of_reach_is_excused_when_the_switch_is_back() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    call.voice()
    call.wait(5000)
    assert spoken(call.tell(events.ControlRestored())) == ["apology"]


def test_a_switch_that_does_not_say_that_a_prompt_is_over_is_noticed_before_the_silence_is_long() -> None:
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1", samples=24_000))
    assert spoken(call.wait(3000)) == []
    assert spoken(call.wait(1500)) == ["apology"]


def test_each_prompt_has_its_own_time_to_end() -> None:
    call = VirtualCall()
    call.answer(Say(prompt("long explanation")), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1", samples=24_000))
    call.wait(3000)
    call.tell(events.PlayoutEnded("p1", 24_000, completed=True))
    call.tell(events.PlayoutStarted("p2", samples=80_000))
    assert spoken(call.wait(10_000)) == []
    assert spoken(call.wait(1500)) == ["apology"]


def test_what_breaks_while_the_switch_is_out_of_reach_is_excused_when_it_is_back() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.Broken(Failure.CONTROL, "connection reset"))
    assert spoken(call.tell(events.Broken(Failure.MEDIA, "closed"))) == []
    assert spoken(call.tell(events.ControlRestored())) == ["apology"]


def test_keys_pressed_out_of_reach_answer_the_question_that_was_cut_when_prompts_can_be_played_again() -> None:
    """Without an event socket none come; with a broken media link they do."""
    call = VirtualCall()
    call.answer(Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.Broken(Failure.CONTROL, "prompts cannot be played"))
    assert call.tell(events.KeyPressed("1")) == []
    made = call.tell(events.ControlRestored())
    assert [one.keys for one in of(ConsiderKeys, made)] == ["1"]
    assert spoken(made) == ["one moment"]
    assert spoken(call.decide(Say(GOODBYE), HangUp())) == ["goodbye"]


def test_keys_pressed_out_of_reach_join_those_from_before_it_and_those_from_after() -> None:
    call = VirtualCall()
    call.asked(prompt("card digits", Answer.NUMBER, length=4))
    call.tell(events.KeyPressed("0"))
    call.tell(events.Broken(Failure.CONTROL, "prompts cannot be played"))
    call.tell(events.KeyPressed("4"))
    assert spoken(call.tell(events.ControlRestored())) == []
    call.tell(events.KeyPressed("2"))
    (keys,) = of(ConsiderKeys, call.tell(events.KeyPressed("1")))
    assert keys.keys == "0421"


def test_somebody_who_began_to_type_out_of_reach_is_not_waited_for_for_ever() -> None:
    call = VirtualCall()
    call.asked(prompt("card digits", Answer.NUMBER, length=4))
    call.tell(events.Broken(Failure.CONTROL, "prompts cannot be played"))
    call.tell(events.KeyPressed("4"))
    call.tell(events.ControlRestored())
    (keys,) = of(ConsiderKeys, call.wait(call.timing.key_pause_ms))
    assert keys.keys == "4"


def test_keys_pressed_out_of_reach_wait_for_the_end_of_a_legal_prompt() -> None:
    call = VirtualCall()
    call.answer(Say(DISCLOSURE), Say(QUESTION))
    call.tell(events.PlayoutStarted("p1"))
    call.tell(events.Broken(Failure.CONTROL, "prompts cannot be played"))
    call.tell(events.KeyPressed("0"))
    made = call.tell(events.ControlRestored())
    assert (spoken(made), of(ConsiderKeys, made)) == (["one moment", "disclosure"], [])
    call.tell(events.PlayoutStarted("p2"))
    assert not of(ConsiderKeys, call.tell(events.PlayoutEnded("p2", 8000, completed=True)))
    call.tell(events.PlayoutStarted("p3"))
    after = call.tell(events.PlayoutEnded("p3", 8000, completed=True))
    assert [one.keys for one in of(ConsiderKeys, after)] == ["0"]


def test_keys_pressed_out_of_reach_while_the_mind_is_busy_answer_its_next_question() -> None:
    call = VirtualCall()
    call.asked(QUESTION)
    call.tell(events.KeyPressed("1"))
    call.tell(events.Broken(Failure.CONTROL, "prompts cannot be played"))
    call.tell(events.KeyPressed("0"))
    call.tell(events.ControlRestored())
    (keys,) = of(ConsiderKeys, call.decide(Say(QUESTION)))
    assert keys.keys == "0"
