"""What a call shows about its script is read off its tape."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from bot.call.core.commands import Consider, ConsiderAbsence
from bot.call.core.state import CallState, Timing
from bot.call.core.steps import HangUp, Say
from bot.call.measures import EARLY_MS, CallMeasures, HandOver, QuestionMeasures, TurnKind
from bot.call.measuring import measure
from bot.call.mind import Considered, Mind, Thought, Told
from bot.call.session import CallSession
from bot.call.tape import Tape, read_tape
from bot.call.weighing import Bearing, Weight
from bot.rehearsal import virtual_time
from bot.rehearsal.leg import RehearsalLeg, SteadyPace
from bot.rehearsal.line import Line
from bot.rehearsal.text import TextEars, TextMouth
from bot.vocabulary import Answerer, Outcome
from dialogue.protocol import Answer, Source
from nlu.inventory import Sentiment
from speech.asr.port import Hints
from speech.end_of_turn import Words
from telephony_bridge.line_status import HungUpBy
from tests.bot.call.core.virtual_call import QUESTION, SAFE, prompt
from tests.bot.call.made_calls import (
    CODE,
    DISCLOSURE,
    GOODBYE,
    HAND_OVER,
    HANG_UP,
    PAUSE_MS,
    PAY,
    PURPOSE,
    WHO,
    MadeCall,
    statement,
)
from tests.needs import ROOT

pytestmark = pytest.mark.unit


def measured(call: MadeCall) -> CallMeasures:
    return measure(call.header, call.rows)


def at(call: MadeCall, name: str) -> QuestionMeasures:
    return next(question for question in measured(call).questions if question.state == name)


def answered() -> MadeCall:
    return MadeCall().opens(DISCLOSURE, WHO)


def test_a_call_that_goes_well() -> None:
    call = answered().says("yes that is me", "affirm", PAY).says("I will", "affirm", GOODBYE, HANG_UP).ends("promised")
    found = measured(call)
    assert (found.script, found.version, found.language, found.outcome) == ("reminder", "v1", "en", Outcome.PROMISED)
    assert (found.hung_up_by, found.left_early, found.hand_over) == (HungUpBy.BOT, False, HandOver.NOT_TRIED)
    assert found.duration_ms == call.t
    assert [question.state for question in found.questions] == ["utter_ask_who", "utter_ask_pay"]
    assert all(one.asked and one.answered and not one.hung_up_here for one in found.questions)
    assert [one.waited_ms for one in found.questions] == [PAUSE_MS, PAUSE_MS]
    assert found.human_asked_at is None


def test_what_is_no_answer_belongs_to_the_question_that_stays_open() -> None:
    call = answered().is_silent(WHO).mumbles("grmbl", WHO).says("what is it about", "ask_purpose", PURPOSE, WHO)
    call.says("blue", "no_match", WHO, meant="out_of_scope").says("yes", "affirm", GOODBYE, HANG_UP).ends("reminded")
    question = at(call, "utter_ask_who")
    kinds = [TurnKind.SILENCE, TurnKind.NO_MATCH, TurnKind.WISH, TurnKind.NO_MATCH, TurnKind.ANSWER]
    assert [turn.kind for turn in question.turns] == kinds
    assert (question.silences, question.no_matches, question.answered) == (1, 2, True)
    assert [(turn.text, turn.understood) for turn in question.turns][:2] == [("[silence]", True), ("grmbl", False)]
    assert question.turns[3].meant == "out_of_scope"
    found = measured(call)
    assert (found.silences, found.no_matches, len(found.questions)) == (1, 2, 1)


def test_a_human_is_asked_for_in_a_turn() -> None:
    call = answered().says("who", "ask_identity", WHO).says("a person please", "ask_human", GOODBYE, HAND_OVER)
    found = measured(call.hands_over())
    assert (found.human_asked_at, found.hand_over) == (2, HandOver.TAKEN)
    assert found.questions[0].human_asked
    assert not found.questions[0].answered


def test_who_takes_the_human_that_is_offered_answers() -> None:
    offer = {**WHO, "expectation": {"answer": "yes_no", "choices": ["affirm", "deny", "ask_human"]}}
    found = measured(MadeCall().opens(offer).says("a person please", "ask_human", GOODBYE, HAND_OVER).hands_over())
    assert (found.human_asked_at, found.questions[0].answered) == (None, True)


def test_nobody_takes_the_call_over_and_the_bot_asks_on() -> None:
    call = answered().says("a person", "ask_human", GOODBYE, HAND_OVER).hands_over(taken=False)
    call.nobody_took_over(PAY).hangs_up()
    found = measured(call)
    assert found.hand_over is HandOver.FAILED
    assert [(one.state, one.hung_up_here) for one in found.questions] == [
        ("utter_ask_who", False),
        ("utter_ask_pay", True),
    ]


def test_who_leaves_the_queue_was_not_handed_over_and_left_no_question() -> None:
    call = answered().says("a person", "ask_human", GOODBYE, HAND_OVER)
    call.rows.append({"t": call.t, "kind": "transfer_leg", "queue": "service"})
    found = measured(call.hangs_up(30_000))
    assert found.hand_over is HandOver.ABANDONED
    assert not any(question.hung_up_here for question in found.questions)


@pytest.mark.parametrize(("after_ms", "early"), [(EARLY_MS - 4000, True), (EARLY_MS - 3999, False)])
def test_early_is_within_ten_seconds_of_the_greeting(after_ms: float, early: bool) -> None:
    call = answered().hangs_up(after_ms)
    assert measured(call).left_early == early
    assert at(call, "utter_ask_who").hung_up_here


def test_who_hangs_up_into_a_goodbye_has_heard_the_bot_out() -> None:
    call = answered().says("wrong number", "wrong_person", GOODBYE, HANG_UP)
    found = measured(call.hangs_up(0, outcome="wrong_person"))
    assert (found.left_early, found.hung_up_by) == (False, HungUpBy.CUSTOMER)
    assert not found.questions[0].hung_up_here


def test_a_script_that_asks_nothing_can_be_left_early_too() -> None:
    found = measured(MadeCall().opens(DISCLOSURE).hangs_up(1000))
    assert (found.left_early, found.questions) == (True, ())


def test_what_leads_to_a_question_belongs_to_it() -> None:
    """The customer hangs up before the question itself has sounded."""
    call = answered().says("yes", "affirm", statement("utter_amount"), PAY)
    while call.rows[-1].get("prompt", {}).get("name") != "utter_ask_pay":
        call.rows.pop()
    question = at(call.hangs_up(), "utter_ask_pay")
    assert (question.asked, question.hung_up_here) == (False, True)


def test_an_interruption_is_a_sentence_cut_short_by_the_customer() -> None:
    call = answered().says("yes yes", "affirm", PAY, into=True)
    assert at(call, "utter_ask_who").interruptions == 1
    assert at(call, "utter_ask_who").waited_ms == 0.0
    left = answered().hangs_up_into_the_prompt()
    assert measured(left).interruptions == 0


def test_the_wait_for_keys_ends_with_the_first() -> None:
    call = answered().says("yes", "affirm", CODE).presses("1234", "inform", GOODBYE, HANG_UP)
    assert at(call, "utter_ask_code").waited_ms == PAUSE_MS


def test_feelings_are_counted_where_they_were_shown() -> None:
    call = answered().says("what now", "no_match", WHO, meant="complain", sentiment="angry")
    call.says("yes", "affirm", PAY, sentiment="positive")
    question = at(call, "utter_ask_who")
    assert question.sentiments == (Sentiment.ANGRY, Sentiment.POSITIVE)
    assert (question.negative_turns, measured(call).negative_turns) == (1, 1)


def test_words_before_the_question_come_to_nothing() -> None:
    call = answered().says("yes", "affirm", PAY)
    call.rows = [one for one in call.rows if one["kind"] not in {"told", "decided"}]
    assert at(call, "utter_ask_who").turns[0].kind is TurnKind.UNKNOWN


@pytest.mark.parametrize(
    ("answerer", "confidence", "outcome", "with_person"),
    [
        ("human", 0.95, "promised", True),
        ("uncertain", 1.0, "promised", True),
        ("machine", 0.95, "answered_by_machine", False),
        ("machine", 0.6, "promised", True),  # the call went on as with a person
        ("screener", 0.95, "answered_by_machine", False),
        ("screener", 0.95, "promised", True),
    ],
)
def test_whether_a_person_was_there(answerer: str, confidence: float, outcome: str, with_person: bool) -> None:
    assert measured(answered().is_(answerer, confidence).ends(outcome)).with_person == with_person


def test_a_dial_that_reached_nobody() -> None:
    call = MadeCall()
    call.rows.append({"t": 0.0, "kind": "dial_ended", "status": "busy", "fault": "callee", "cause": "USER_BUSY"})
    found = measured(call)
    assert (found.picked_up, found.with_person, found.outcome) == (False, False, Outcome.NOT_REACHED)
    assert (found.duration_ms, found.questions, found.hung_up_by) == (0.0, (), None)


def test_a_tape_that_breaks_off_tells_what_it_can() -> None:
    call = answered().says("yes", "affirm", PAY)
    found = measured(call)
    assert (found.outcome, found.hung_up_by, found.duration_ms) == (Outcome.UNCERTAIN, None, call.t)


def test_a_rehearsed_call() -> None:
    found = measure(*read_tape(ROOT / "tests" / "tapes" / "has_paid_already_zh.jsonl"))
    assert (found.answerer, found.outcome, found.hung_up_by) == (Answerer.HUMAN, Outcome.ALREADY_PAID, HungUpBy.BOT)
    assert [(one.state, one.answered, one.waited_ms) for one in found.questions] == [
        ("utter_ask_right_person", True, 630.0),
        ("utter_ask_last4_given", True, 500.0),
        ("utter_ask_will_pay", True, 630.0),
    ]
    assert found.turns[1].text == "[keys <4 digits #1>]"


class OneQuestion:
    """Asks again where nothing is said, and thanks for whatever else."""

    async def consider(self, command: Considered) -> Thought:
        if isinstance(command, ConsiderAbsence):
            told = Told(command.turn, command.absence.value, Source.EVENT, QUESTION.name, 0.0)
            return Thought((Say(QUESTION),), (told,))
        assert isinstance(command, Consider)
        told = Told(command.turn, "inform", Source.SPEECH, None, 0.0)
        return Thought((Say(prompt("thank you")), HangUp()), (told,))

    def weigh(self, text: str, *moment: object) -> Weight:
        return Weight(Words.COMPLETE, Bearing.MEANT) if text else Weight(Words.NONE, Bearing.NOTHING)


@dataclass
class Caller:
    """Lets the first question pass, talks into the second one, and stays to the end."""

    waited_ms: float = 0.0

    async def take_part(self, line: Line) -> None:
        await line.until(lambda: len(line.said) == 2)
        await line.pause(200)
        await line.say("five")
        await line.until(lambda: False)


async def _hold(tape: Tape, lines: list[Line]) -> None:
    leg = RehearsalLeg("call", SteadyPace())
    session = CallSession(
        leg, cast(Mind, OneQuestion()), tape, None, CallState(SAFE), Timing(), lambda *_: Hints("en"), {}
    )
    session.attach(TextMouth(leg, session.tell))
    ears = TextEars(session.tell, session.weigh)
    lines.append(line := Line(leg, ears))

    async def at_once() -> TextEars:
        return ears

    taking_part = asyncio.ensure_future(Caller().take_part(line))
    await session.run((Say(QUESTION),), at_once)
    taking_part.cancel()


def test_of_a_call_held_in_text(tmp_path: Path) -> None:
    lines = list[Line]()
    path = tmp_path / "call.jsonl"
    header = {"call": "one", "script": "survey", "script_version": "v1", "language": "en"}
    virtual_time.run(_hold(Tape(path, header, observe=lambda row: lines[0].observe(row)), lines))
    found = measure(*read_tape(path))
    (question,) = found.questions
    assert QUESTION.expectation.answer is not None
    assert QUESTION.expectation.answer is not Answer.FREE
    assert (question.state, question.silences, question.answered) == (QUESTION.name, 1, True)
    assert (question.interruptions, question.waited_ms) == (1, 0.0)
    assert found.hung_up_by is HungUpBy.BOT
